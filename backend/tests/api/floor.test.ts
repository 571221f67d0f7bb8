import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Backend, eventually } from '../support/program.ts';
import { Caller, logIn, makeAdmin, registerMember } from '../support/people.ts';
import { checkIn, connected, Inbox, Machine, openBranch, type Floor } from '../support/floor.ts';
import { patiently } from '../support/patience.ts';
import { Plain } from '../support/plain.ts';

let backend: Backend;
let admin: Caller;
let floor: Floor;
beforeAll(async () => {
  backend = await Backend.start();
  admin = await makeAdmin(backend);
  floor = await openBranch(admin);
});
afterAll(() => backend.stop());

const code = async (where = floor) => (await where.screen.expect(200, 'GET', `/api/sessions/check-in-code/${where.branchId}`)).token as string;
const start = (member: Caller, token: string) => member.post('/api/sessions/start', { method: 'qr', token });

/** Somebody who works there. */
async function staffOf(where: Floor) {
  const { id, email, password } = await registerMember(backend.url);
  await admin.expect(200, 'PUT', `/api/users/${id}/role`, { role: 'staff', branches: [where.branchId] });
  return logIn(backend.url, email, password);
}

describe('branches', () => {
  test('are made by admins, listed page by page, read by anybody signed in', async () => {
    const member = await registerMember(backend.url);
    expect((await member.post('/api/branches', { name: 'Mine', address: 'a', city: 'b', timeZone: 'UTC', capacity: 1 })).status).toBe(403);
    for (let i = 0; i < 5; ++i) await openBranch(admin);
    const names = new Set<string>();
    for (let path = '/api/branches?limit=2'; path;) {
      const { body } = await member.get(path);
      expect(body.data.length).toBeLessThanOrEqual(2);
      for (const branch of body.data) names.add(branch.id);
      path = body.meta?.nextCursor ? `/api/branches?limit=2&cursor=${encodeURIComponent(body.meta.nextCursor)}` : '';
    }
    expect(names.size).toBeGreaterThanOrEqual(6);
    expect((await member.expect(200, 'GET', `/api/branches/${floor.branchId}`)).id).toBe(floor.branchId);
    expect((await new Caller(backend.url).get('/api/branches')).status).toBe(401);
  });

  test('are refused with everything that is wrong with them, hours and time zone too', async () => {
    const monday = { weekday: 1, openMinute: 360, closeMinute: 1320 };
    const { status, body } = await admin.post('/api/branches', {
      name: '', address: 'a', city: 'b', timeZone: 'Mars', hours: [{ ...monday, weekday: 9, openMinute: -1 }, monday, { ...monday, closeMinute: 1441 }],
    });
    expect(status).toBe(400);
    expect(body.errors.map((one: any) => `${one.pointer} ${one.code}`).sort()).toEqual([
      '/hours/0/openMinute too_small', '/hours/0/weekday too_large', '/hours/2/closeMinute too_large', '/hours/2/weekday duplicate',
      '/name too_short', '/timeZone bad_format',
    ]);
  });
});

describe('screens', () => {
  const path = (where: Floor, id = '') => `/api/branches/${where.branchId}/screens${id && `/${id}`}`;
  const works = async (token: string, where: Floor) => (await new Caller(backend.url, token).get(`/api/sessions/check-in-code/${where.branchId}`)).status;

  test('enrolled anew under their name leave the token before worth nothing', async () => {
    const where = await openBranch(admin);
    expect(await works(where.screen.token!, where)).toBe(200);
    const side = await admin.expect(201, 'POST', path(where), { name: 'Side door' });
    const again = await admin.expect(201, 'POST', path(where), { name: ' entrance ' });
    const refused = await where.screen.get(`/api/sessions/check-in-code/${where.branchId}`);
    expect([refused.status, refused.body.code]).toEqual([401, 'token_revoked']);
    expect(await works(side.accessToken, where)).toBe(200);
    expect(await works(again.accessToken, where)).toBe(200);
    expect(await works(floor.screen.token!, floor)).toBe(200);
    const listed = await admin.expect(200, 'GET', path(where));
    expect(listed).toHaveLength(2);
    expect(new Set(listed.map((one: any) => one.id))).toEqual(new Set([side.id, again.id]));
    const { id: by } = await admin.expect(200, 'GET', '/api/users/me');
    expect(listed.map((one: any) => one.enrolledBy)).toEqual([by, by]);
    expect(JSON.stringify(listed)).not.toContain(again.accessToken);
    await backend.restart();
    expect(await works(where.screen.token!, where)).toBe(401);
  });

  test('are removed by those who work there, at once, on record', async () => {
    const where = await openBranch(admin);
    const staff = await staffOf(where);
    const elsewhere = await staffOf(await openBranch(admin));
    const [screen] = await staff.expect(200, 'GET', path(where));
    expect(screen).toMatchObject({ branchId: where.branchId, name: 'Entrance' });
    for (const refused of [await elsewhere.get(path(where)), await elsewhere.delete(path(where, screen.id)), await elsewhere.post(path(where), { name: 'Entrance' })]) {
      expect([refused.status, refused.body.code]).toEqual([404, 'branch_not_found']);
    }
    expect((await (await registerMember(backend.url)).get(path(where))).status).toBe(403);
    expect((await admin.delete(path(floor, screen.id))).body.code).toBe('screen_not_found');
    expect(await works(where.screen.token!, where)).toBe(200);
    expect((await staff.delete(path(where, screen.id))).status).toBe(204);
    expect(await works(where.screen.token!, where)).toBe(401);
    expect(await staff.expect(200, 'GET', path(where))).toEqual([]);
    expect((await staff.delete(path(where, screen.id))).body.code).toBe('screen_not_found');
    expect(await backend.keeps(`"detail":"removeScreen screenId=${screen.id}"`)).toBe(true);
  });
});

describe('checking in', () => {
  test('opens one visit; a second one is refused, also when both come at once', async () => {
    const member = await registerMember(backend.url);
    const tokens = await Promise.all([code(), code(), code()]);
    const answers = await Promise.all(tokens.map((token) => start(member, token)));
    expect(answers.filter((one) => one.status === 201)).toHaveLength(1);
    for (const one of answers.filter((other) => other.status !== 201)) expect(one.status).toBe(409);
    const current = await member.expect(200, 'GET', '/api/sessions/current');
    expect(current.session).toMatchObject({ branchId: floor.branchId, status: 'active' });
    await member.expect(200, 'POST', '/api/sessions/end', {});
    expect((await member.post('/api/sessions/end', {})).status).toBe(404);
    const history = await member.expect(200, 'GET', '/api/sessions/history');
    expect(history[0]).toMatchObject({ branchId: floor.branchId, status: 'completed' });
  });

  test('takes a code once per member, for a minute, only as it was signed', async () => {
    const member = await registerMember(backend.url);
    const token = await code();
    expect((await start(member, token)).status).toBe(201);
    await member.expect(200, 'POST', '/api/sessions/end', {});
    expect((await start(member, token)).body.code).toBe('check_in_code_used');
    const friend = await registerMember(backend.url);
    expect((await start(friend, token)).status).toBe(201);

    const late = await registerMember(backend.url);
    const old = await code();
    await backend.advance(61_000);
    expect((await start(late, old)).body.code).toBe('check_in_code_expired');
    const fresh = await code();
    for (const forged of [fresh.slice(0, -3) + 'AAA', `x${fresh}`, '', 'nxg', fresh.slice(0, 20)]) {
      expect([400, 422], forged).toContain((await start(late, forged)).status);
    }
  });

  test('the code is shown by the branch’s own screen and staff only', async () => {
    const member = await registerMember(backend.url);
    const elsewhere = await openBranch(admin);
    expect((await member.get(`/api/sessions/check-in-code/${floor.branchId}`)).status).toBe(403);
    expect([403, 404]).toContain((await elsewhere.screen.get(`/api/sessions/check-in-code/${floor.branchId}`)).status);
  });

  test('ends by itself after four hours', async () => {
    const member = await registerMember(backend.url);
    await checkIn(member, floor);
    await backend.advance(4 * 3_600_000 + 120_000);
    const again = await registerMember(backend.url);
    await checkIn(again, floor);
    await eventually('the visit is over', async () => {
      const { body } = await new Caller(backend.url).post('/api/auth/refresh', { refreshToken: member.refreshToken });
      member.token = body.data?.tokens.accessToken ?? member.token;
      member.refreshToken = body.data?.tokens.refreshToken ?? member.refreshToken;
      return (await member.get('/api/sessions/history')).body.data?.[0]?.status === 'expired';
    });
    floor = await openBranch(admin = await makeAdmin(backend));
  });
});

describe('machines', () => {
  test('have an identity of their own: a secret shown once, a token for it, rotation that ends the old ones', async () => {
    const machine = await Machine.enrol(admin, floor);
    const read = await admin.expect(200, 'GET', `/api/machines/${machine.id}`);
    expect(JSON.stringify(read)).not.toContain(machine.secret);
    expect((await new Caller(backend.url).post('/api/machines/token', { machineId: machine.id, secret: 'wrong' })).status).toBe(401);
    const rotated = await admin.expect(201, 'POST', `/api/machines/${machine.id}/credentials`, {});
    expect((await new Caller(backend.url).post('/api/machines/token', { machineId: machine.id, secret: machine.secret })).status).toBe(401);
    await backend.advance(1_500);
    expect((await machine.caller.post('/api/machines/heartbeat', { status: 'idle', at: new Date().toISOString() })).status).toBe(401);
    await new Caller(backend.url).expect(200, 'POST', '/api/machines/token', { machineId: machine.id, secret: rotated.secret });
  });

  test('get their tokens whatever others on their network ask for', async () => {
    const own = await Backend.start({ environment: { NXG_LIMIT_PUBLIC: '3' } });
    try {
      const owner = await makeAdmin(own);
      const machine = await Machine.enrol(owner, await openBranch(owner));
      const stranger = new Caller(own.url);
      for (let asked = 0; asked < 3; ++asked) await stranger.get('/api/formulas');
      expect((await stranger.get('/api/formulas')).status).toBe(429);
      await stranger.expect(200, 'POST', '/api/machines/token', { machineId: machine.id, secret: machine.secret });
      expect((await stranger.post('/api/machines/token', { machineId: machine.id, secret: 'wrong' })).status).toBe(401);
    } finally {
      await own.stop();
    }
  });

  test('are linked by one member at a time, who must be there', async () => {
    const machine = await Machine.enrol(admin, floor);
    const outside = await registerMember(backend.url);
    expect((await outside.post('/api/machines/link', { machineId: machine.id })).body.code).toBe('visit_required');
    const members = await Promise.all(Array.from({ length: 4 }, () => registerMember(backend.url)));
    for (const one of members) await checkIn(one, floor);
    const answers = await Promise.all(members.map((one) => one.post('/api/machines/link', { machineId: machine.id })));
    expect(answers.map((one) => one.status).sort()).toEqual([201, 409, 409, 409]);
    const winner = members[answers.findIndex((one) => one.status === 201)];
    const second = await Machine.enrol(admin, floor);
    expect((await winner.post('/api/machines/link', { machineId: second.id })).body.code).toBe('member_already_linked');

    const availability = await outside.expect(200, 'GET', `/api/machines/availability?branchId=${floor.branchId}`);
    const shown = availability.find((one: any) => one.id === machine.id);
    expect(shown.status).toBe('occupied');
    for (const one of members) expect(JSON.stringify(availability)).not.toContain(one.id);

    const loser = members.find((one) => one !== winner)!;
    expect((await loser.post('/api/machines/unlink', { machineId: machine.id })).status).toBeGreaterThanOrEqual(400);
    await winner.expect(200, 'POST', '/api/sessions/end', {});
    await eventually('checking out frees the machine', async () =>
      (await outside.expect(200, 'GET', `/api/machines/availability?branchId=${floor.branchId}`)).find((one: any) => one.id === machine.id).status === 'available');
  });

  test('are linked once by a member who asks twice at the same time', async () => {
    const machine = await Machine.enrol(admin, floor);
    const member = await registerMember(backend.url);
    await checkIn(member, floor);
    const answers = await Promise.all([1, 2, 3].map(() => member.post('/api/machines/link', { machineId: machine.id })));
    expect(answers.map((one) => one.status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map((one) => one.body.data.linkId)).size).toBe(1);
  });

  test('let go of a member for a machine or staff, who learn when and nothing of the body', async () => {
    const machine = await Machine.enrol(admin, floor);
    const staff = await staffOf(floor);
    const members = await Promise.all([registerMember(backend.url), registerMember(backend.url)]);
    for (const one of members) await checkIn(one, floor);
    const link = async (member: Caller) => (await member.expect(201, 'POST', '/api/machines/link', { machineId: machine.id })).linkId as string;
    const unlink = (by: Caller, linkId?: string) => by.post('/api/machines/unlink', { machineId: machine.id, ...(linkId ? { linkId } : {}) });
    const linked = async () => (await machine.caller.expect(200, 'POST', '/api/machines/heartbeat', { status: 'idle' })).link?.linkId;

    const first = await link(members[0]);
    await machine.post([machine.sample(first), machine.sample(first)]);
    const ended = await unlink(machine.caller, first);
    expect(ended.status).toBe(200);
    expect(ended.body.data).toEqual({ linkId: first, machineId: machine.id, endedAt: expect.any(String), durationSeconds: expect.any(Number) });
    const second = await link(members[1]);
    for (const by of [machine.caller, staff]) expect((await unlink(by, first)).body.data).toEqual(ended.body.data);
    expect(await linked()).toBe(second);
    expect((await unlink(members[1], first)).body.code).toBe('machine_not_linked');
    expect(await linked()).toBe(second);

    const byStaff = await unlink(staff);
    expect(Object.keys(byStaff.body.data).sort()).toEqual(['durationSeconds', 'endedAt', 'linkId', 'machineId']);
    expect((await unlink(machine.caller)).body.data).toEqual(byStaff.body.data);
    expect(await backend.keeps(`"detail":"machineId=${machine.id} linkId=${second}"`)).toBe(true);
    expect(await backend.keeps(`"detail":"machineId=${machine.id} linkId=${first}"`)).toBe(false);
    expect((await unlink(members[0])).body.data).toMatchObject({ id: first, samples: 2, averageHeartRateBpm: 120 });
  });

  test('are offline when their heartbeat stops, and back with the next', async () => {
    const machine = await Machine.enrol(admin, floor);
    const watcher = await registerMember(backend.url);
    const status = async () => (await watcher.expect(200, 'GET', `/api/machines/availability?branchId=${floor.branchId}`)).find((one: any) => one.id === machine.id).status;
    await machine.caller.expect(200, 'POST', '/api/machines/heartbeat', { status: 'idle', at: new Date().toISOString() });
    expect(await status()).toBe('available');
    await backend.advance(60_000);
    await eventually('it is offline', async () => (await status()) === 'offline');
    await machine.caller.expect(200, 'POST', '/api/machines/heartbeat', { status: 'idle', at: new Date().toISOString() });
    await eventually('it is back', async () => (await status()) === 'available');
  });

  test('keep the status people are shown, and since when, while their network comes and goes under a workout', async () => {
    const own = await openBranch(admin);
    const machine = await Machine.enrol(admin, own);
    const beat = (one: Machine) => one.caller.expect(200, 'POST', '/api/machines/heartbeat', {});
    const member = await registerMember(backend.url);
    await checkIn(member, own);
    const idle = await Machine.enrol(admin, own);
    const watcher = new Inbox(await connected(backend.url, '/machines', member.token));
    const watch = () => watcher.socket.timeout(patiently(5_000)).emitWithAck('branch:subscribe', { branchId: own.branchId });
    await watch();
    await member.expect(201, 'POST', '/api/machines/link', { machineId: machine.id });
    const taken = await watcher.next('machine:status', (one) => one.machineId === machine.id && one.status === 'occupied');

    // Whoever was silent longest is found first: what would be said of the machine is said before that of the idle one.
    await beat(idle);
    for (let i = 0; i < 4; ++i) {
      await backend.advance(15_000);
      await watch();
    }
    await watcher.next('machine:status', (one) => one.machineId === idle.id && one.status === 'offline');
    const shown = async () => (await member.expect(200, 'GET', `/api/machines/availability?branchId=${own.branchId}`)).find((one: any) => one.id === machine.id);
    expect(await shown()).toMatchObject({ status: 'occupied', since: taken.since });
    await beat(machine);
    await beat(idle);
    await watcher.next('machine:status', (one) => one.machineId === idle.id && one.status === 'available');
    expect(await shown()).toMatchObject({ status: 'occupied', since: taken.since });
    expect(watcher.of('machine:status').filter((one) => one.machineId === machine.id)).toEqual([taken]);
    watcher.socket.close();
  });

  test('say the same of themselves at every door', async () => {
    const machine = await Machine.enrol(admin, floor);
    const plain = await Plain.in(backend.url, '/api/ws/machines', machine.token);
    const doors: ((report: object) => Promise<any>)[] = [
      (report) => machine.caller.post('/api/machines/heartbeat', report).then(({ body }) => body.data ?? body),
      (report) => plain.ask('heartbeat', report),
    ];
    const report = { status: 'idle', firmware: '2.1', seq: 12, errors: ['E7: belt slips'], at: new Date().toISOString() };
    for (const door of doors) {
      expect(await door(report)).toHaveProperty('serverTime');
      const refused = await door({ ...report, seq: -1, errors: ['x'.repeat(201)] });
      expect(refused.errors.map((one: any) => one.pointer)).toEqual(['/seq', '/errors/0']);
    }
    plain.socket.close();
  });

  test('spell their epoch as it comes back: in lower case, at every door', async () => {
    const machine = await Machine.enrol(admin, floor);
    const plain = await Plain.in(backend.url, '/api/ws/machines', machine.token);
    const upper = { epoch: 'AB'.repeat(16), samples: [machine.sample()] };
    const wrong = { code: 'invalid_request', errors: [{ pointer: '/epoch', code: 'bad_format' }] };
    expect((await machine.caller.post('/api/machines/workout-data', upper)).body).toMatchObject(wrong);
    expect(await plain.ask('telemetry:batch', upper)).toMatchObject(wrong);
    const again = await Machine.enrol(admin, floor);
    await again.connect();
    again.epoch = upper.epoch;
    expect(await again.send(again.sample())).toMatchObject(wrong);
    again.epoch = upper.epoch.toLowerCase();
    again.seq = 0;
    expect(await again.send(again.sample())).toMatchObject({ epoch: again.epoch, through: 1 });
    again.socket!.close();
    plain.socket.close();
  });

  test('a member’s token is no machine’s and the other way round', async () => {
    const machine = await Machine.enrol(admin, floor);
    const member = await registerMember(backend.url);
    expect((await member.post('/api/machines/workout-data', { epoch: machine.epoch, samples: [machine.sample()] })).status).toBe(403);
    expect((await machine.caller.get('/api/users/me')).status).toBe(403);
    expect((await machine.caller.post('/api/sessions/start', { method: 'qr', token: await code() })).status).toBe(403);
  });
});

describe('a member who is suspended', () => {
  test('is out of the gym and off the machine, also when the program is killed that moment', async () => {
    const gym = await Backend.start();
    onTestFinished(() => gym.stop());
    const boss = await makeAdmin(gym);
    const where = await openBranch(boss);
    const machine = await Machine.enrol(boss, where);
    const member = await registerMember(gym.url);
    await checkIn(member, where);
    await member.expect(201, 'POST', '/api/machines/link', { machineId: machine.id });
    await boss.expect(200, 'PUT', `/api/users/${member.id}/status`, { isActive: false });
    await gym.kill();
    await gym.start();
    await eventually('the machine is let go of', async () =>
      (await machine.caller.expect(200, 'POST', '/api/machines/heartbeat', { status: 'idle' })).link === undefined);
    await boss.expect(200, 'PUT', `/api/users/${member.id}/status`, { isActive: true });
    const again = await logIn(gym.url, member.email, member.password);
    expect((await again.expect(200, 'GET', '/api/sessions/current')).session).toBeUndefined();
    expect((await again.expect(200, 'GET', '/api/sessions/history'))[0]).toMatchObject({ status: 'completed', endReason: 'staff' });
    await checkIn(again, where);
    await again.expect(201, 'POST', '/api/machines/link', { machineId: machine.id });
  });
});
