import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Backend, eventually } from '../support/program.ts';
import { Caller, makeAdmin, registerMember } from '../support/people.ts';
import { checkIn, connected, Inbox, Machine, memberTraining, openBranch, type Floor } from '../support/floor.ts';
import { patiently } from '../support/patience.ts';

let backend: Backend;
let admin: Caller;
let floor: Floor;
beforeAll(async () => {
  backend = await Backend.start();
  admin = await makeAdmin(backend);
  floor = await openBranch(admin);
});
afterAll(() => backend.stop());

describe('a device behind a proxy that takes no WebSockets', () => {
  test('is live by polling, on the connections its other requests use', async () => {
    const { machine, member, link } = await memberTraining(admin, floor);
    const tablet = new Inbox(await connected(backend.url, '/workouts', member.token, { transports: ['polling'] }));
    expect(tablet.socket.io.engine.transport.name).toBe('polling');
    expect(await machine.send(machine.sample(link.linkId))).toMatchObject({ through: 1 });
    expect(await tablet.next('workout:progress')).toMatchObject({ workoutId: link.workoutId });
    tablet.socket.close();
    machine.socket!.close();
  });

  test('is refused as everywhere without a token', async () => {
    const opened = await fetch(`${backend.url}/socket.io/?EIO=4&transport=polling`);
    const { sid } = JSON.parse((await opened.text()).slice(1));
    const session = `${backend.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    expect(await (await fetch(session, { method: 'POST', body: '40/workouts,' })).text()).toBe('ok');
    expect(await (await fetch(session)).text()).toMatch(/^44\/workouts,\{"message":/);
  });
});

describe('a machine’s workout', () => {
  test('is live on every phone of the member, acknowledged, stored, and ends with its consequences', async () => {
    const { machine, member, phone, link } = await memberTraining(admin, floor);
    const tablet = new Inbox(await connected(backend.url, '/workouts', member.token));
    const notifications = new Inbox(await connected(backend.url, '/notifications', member.token));

    const first = machine.sample(link.linkId);
    expect(await machine.send(first)).toEqual({ epoch: machine.epoch, through: 1, refused: [] });
    const more = Array.from({ length: 30 }, () => machine.sample(link.linkId));
    expect(await machine.sendBatch(more)).toEqual({ epoch: machine.epoch, through: 31, refused: [] });

    for (const device of [phone, tablet]) {
      const progress = await device.next('workout:progress');
      expect(progress).toMatchObject({ workoutId: link.workoutId, machineId: machine.id, epoch: machine.epoch });
      const { linkId: _, ...sent } = first;
      expect(progress.samples[0]).toMatchObject(sent);
      await device.next('workout:progress', (one) => one.samples.length === 30);
    }

    const provisional = await member.expect(200, 'POST', '/api/machines/unlink', { machineId: machine.id });
    expect(provisional).toMatchObject({ samples: 31 });
    await phone.next('workout:ended');

    await backend.advance(31_000);
    const summary = await phone.next('workout:summary', (one) => one.workoutId === link.workoutId);
    expect(summary).toMatchObject({ samples: 31, durationSeconds: 30 });
    const awarded = await notifications.next('points:awarded');
    expect(awarded.points).toBeGreaterThan(0);

    const workout = await member.expect(200, 'GET', `/api/workouts/${link.workoutId}`);
    expect(workout).toMatchObject({ status: 'final', samples: 31 });
    const stored = await member.expect(200, 'GET', `/api/workouts/${link.workoutId}/samples?limit=100`);
    expect(stored.map((one: any) => one.seq)).toEqual(Array.from({ length: 31 }, (_unused, i) => i + 1));
    const balance = await member.expect(200, 'GET', '/api/nxg-points/balance');
    expect(balance.balance).toBe(awarded.points);
    const days = await member.expect(200, 'GET', '/api/workouts/progress');
    expect(days.at(-1)).toMatchObject({ workouts: 1, durationSeconds: 30 });
    [phone, tablet, notifications].forEach((one) => one.socket.close());
    machine.socket!.close();
  });

  test('repeated samples change nothing, wrong ones are refused for good, holes are not acknowledged over', async () => {
    const { machine, member, phone, link } = await memberTraining(admin, floor);
    const samples = [machine.sample(link.linkId), machine.sample(link.linkId), machine.sample(link.linkId, { heartRateBpm: 900 }), machine.sample(link.linkId)];
    const ack = await machine.sendBatch(samples);
    expect(ack).toMatchObject({ through: 4, refused: [{ seq: 3, code: 'value_out_of_range' }] });
    expect(await machine.sendBatch(samples.slice(0, 2))).toMatchObject({ through: 4 });
    await phone.next('workout:progress');
    const stored = await member.expect(200, 'GET', `/api/workouts/${link.workoutId}/samples?limit=100`);
    expect(stored.map((one: any) => one.seq)).toEqual([1, 2, 4]);

    machine.seq = 10;
    const afterHole = await machine.send(machine.sample(link.linkId));
    expect(afterHole.through).toBe(4);
    phone.socket.close();
    machine.socket!.close();
  });

  test('late samples of a final workout recompute its summary', async () => {
    const { machine, member, phone, link } = await memberTraining(admin, floor);
    await machine.sendBatch(Array.from({ length: 10 }, () => machine.sample(link.linkId)));
    const late = Array.from({ length: 5 }, () => machine.sample(link.linkId));
    await member.expect(200, 'POST', '/api/machines/unlink', { machineId: machine.id });
    await backend.advance(31_000);
    await phone.next('workout:summary', (one) => one.samples === 10);
    await machine.renewToken();
    if (!machine.socket!.connected) await machine.connect();
    expect(await machine.sendBatch(late)).toMatchObject({ through: 15, refused: [] });
    await eventually('the summary holds the late samples', async () => {
      const workout = await member.expect(200, 'GET', `/api/workouts/${link.workoutId}`);
      return workout.status === 'final' && workout.samples === 15;
    });
    await eventually('the day row follows', async () => (await member.expect(200, 'GET', '/api/workouts/progress')).at(-1).durationSeconds === 14);
    phone.socket.close();
    machine.socket!.close();
  });

  test('on a strength station is told set by set, and ends once however often it is ended', async () => {
    const machine = await Machine.enrol(admin, floor, { class: 'strength', name: 'Leg Press' });
    const member = await registerMember(backend.url);
    await checkIn(member, floor);
    await machine.connect();
    const phone = new Inbox(await connected(backend.url, '/workouts', member.token));
    const link = await member.expect(201, 'POST', '/api/machines/link', { machineId: machine.id });
    const sets = Array.from({ length: 10 }, (_unused, i) => ({ number: i + 1, reps: 12 - i, weightKg: 40 + 5 * i, durationSeconds: 30, restSeconds: 90, exercise: 'Leg Press' }));
    for (const set of sets) {
      const sample = { seq: set.number, at: new Date().toISOString(), linkId: link.linkId, elapsedSeconds: 120 * set.number, set };
      expect(await machine.send(sample)).toEqual({ epoch: machine.epoch, through: set.number, refused: [] });
    }
    const told = sets.map((set) => ({ ...set, volumeKg: set.reps * set.weightKg }));
    const totals = { setCount: 10, reps: 75, volumeKg: told.reduce((sum, set) => sum + set.volumeKg, 0), sets: told };

    const provisional = await member.expect(200, 'POST', '/api/machines/unlink', { machineId: machine.id });
    expect(provisional).toMatchObject(totals);
    expect(await member.expect(200, 'POST', '/api/machines/unlink', { machineId: machine.id })).toMatchObject(totals);
    await backend.advance(31_000);
    expect(await phone.next('workout:summary', (one) => one.workoutId === link.workoutId)).toMatchObject(totals);
    expect(await member.expect(200, 'GET', `/api/workouts/${link.workoutId}`)).toMatchObject({ status: 'final', ...totals });
    expect(phone.of('workout:ended')).toHaveLength(1);
    phone.socket.close();
    machine.socket!.close();
  });

  test('goes through the HTTP door with the same acknowledgement', async () => {
    const { machine, phone, link } = await memberTraining(admin, floor);
    const data = await machine.caller.expect(200, 'POST', '/api/machines/workout-data', { epoch: machine.epoch, samples: [machine.sample(link.linkId), machine.sample(link.linkId)] });
    expect(data).toEqual({ epoch: machine.epoch, through: 2, refused: [] });
    await phone.next('workout:progress', (one) => one.samples.length === 2);
    phone.socket.close();
    machine.socket!.close();
  });
});

describe('who hears what', () => {
  test('another member hears nothing of a workout, and sees nothing of it', async () => {
    const { machine, phone, link } = await memberTraining(admin, floor);
    const stranger = await registerMember(backend.url);
    const strangersPhone = new Inbox(await connected(backend.url, '/workouts', stranger.token));
    await machine.send(machine.sample(link.linkId));
    await phone.next('workout:progress');
    expect(strangersPhone.events).toEqual([]);
    for (const path of [`/api/workouts/${link.workoutId}`, `/api/workouts/${link.workoutId}/samples`]) {
      expect((await stranger.get(path)).status).toBe(404);
    }
    [phone, strangersPhone].forEach((one) => one.socket.close());
    machine.socket!.close();
  });

  test('watchers of a branch see machines taken and freed, never by whom', async () => {
    const watcher = await registerMember(backend.url);
    const socket = await connected(backend.url, '/machines', watcher.token);
    const seen = new Inbox(socket);
    const snapshot = await socket.timeout(patiently(5_000)).emitWithAck('branch:subscribe', { branchId: floor.branchId });
    expect(snapshot.machines.length).toBeGreaterThan(0);
    const { machine, member, phone } = await memberTraining(admin, floor);
    const taken = await seen.next('machine:status', (one) => one.machineId === machine.id && one.status === 'occupied');
    expect(JSON.stringify(taken)).not.toContain(member.id);
    await member.expect(200, 'POST', '/api/machines/unlink', { machineId: machine.id });
    await seen.next('machine:status', (one) => one.machineId === machine.id && one.status === 'available');
    [socket, phone.socket, machine.socket!].forEach((one) => one.close());
  });

  test('a machine learns of its link by an alias, never an account', async () => {
    const machine = await Machine.enrol(admin, floor);
    const heard = new Inbox(await machine.connect());
    const member = await registerMember(backend.url);
    await checkIn(member, floor);
    const link = await member.expect(201, 'POST', '/api/machines/link', { machineId: machine.id });
    const linked = await heard.next('machine:linked');
    expect(linked.linkId).toBe(link.linkId);
    for (const secret of [member.id, member.email, member.username]) expect(JSON.stringify(linked)).not.toContain(secret);
    const beat = await machine.socket!.timeout(patiently(5_000)).emitWithAck('heartbeat', { status: 'in_use', at: new Date().toISOString() });
    expect(beat.link.linkId).toBe(link.linkId);
    machine.socket!.close();
  });

  test('strangers, wrong tokens and wrong roles are refused at the handshake or the message', async () => {
    const member = await registerMember(backend.url);
    const machine = await Machine.enrol(admin, floor);
    for (const [namespace, token] of [['/workouts', undefined], ['/workouts', 'nonsense'], ['/machines', 'a.b.c'], ['/workouts', machine.token], ['/nowhere', member.token]] as const) {
      await expect(connected(backend.url, namespace, token), `${namespace} ${token}`).rejects.toThrow();
    }
    const socket = await connected(backend.url, '/machines', member.token);
    const answer = await socket.timeout(patiently(5_000)).emitWithAck('telemetry', { epoch: machine.epoch, sample: machine.sample() });
    expect(answer).toMatchObject({ code: 'forbidden' });
    socket.close();
  });
});

describe('tokens end while sockets live', () => {
  test('without renewal the socket is closed as token_expired; with it, it stays', async () => {
    const careless = await registerMember(backend.url);
    const careful = await registerMember(backend.url);
    const lost = new Inbox(await connected(backend.url, '/workouts', careless.token));
    const kept = new Inbox(await connected(backend.url, '/workouts', careful.token));
    await backend.advance(10 * 60_000);
    const renewed = await new Caller(backend.url).expect(200, 'POST', '/api/auth/refresh', { refreshToken: careful.refreshToken });
    expect(await kept.socket.timeout(patiently(5_000)).emitWithAck('auth:renew', { token: renewed.tokens.accessToken })).toMatchObject({ success: true });
    await backend.advance(6 * 60_000);
    await eventually('the careless socket is closed', () => !lost.socket.connected);
    expect(kept.socket.connected).toBe(true);
    kept.socket.close();
  });

  test('logging out closes the sockets of that login within a second', async () => {
    const member = await registerMember(backend.url);
    const phone = await connected(backend.url, '/workouts', member.token);
    expect((await member.post('/api/auth/logout', { refreshToken: member.refreshToken })).status).toBe(204);
    await eventually('the socket is closed', () => !phone.connected, 5_000);
    expect((await member.get('/api/users/me')).status).toBe(401);
  });
});
