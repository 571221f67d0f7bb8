import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkIn, connected, Inbox, Machine, memberTraining, openBranch, type Floor } from '../support/floor.ts';
import { Caller, makeAdmin, registerMember } from '../support/people.ts';
import { Plain } from '../support/plain.ts';
import { Backend, eventually } from '../support/program.ts';

const machines = '/api/ws/machines';
const workouts = '/api/ws/workouts';

let backend: Backend;
let admin: Caller;
let floor: Floor;
beforeAll(async () => {
  backend = await Backend.start();
  admin = await makeAdmin(backend);
  floor = await openBranch(admin);
});
afterAll(() => backend.stop());

/** A member in the gym on a machine that speaks plain WebSocket. */
async function plainTraining() {
  const machine = await Machine.enrol(admin, floor);
  const member = await registerMember(backend.url);
  await checkIn(member, floor);
  const door = await Plain.in(backend.url, machines, machine.token);
  const link = await member.expect(201, 'POST', '/api/machines/link', { machineId: machine.id });
  return { machine, member, door, link };
}

describe('a machine without Socket.IO', () => {
  test('is told of its link, sends samples, and they are live at every kind of device', async () => {
    const { machine, member, door, link } = await plainTraining();
    const phone = new Inbox(await connected(backend.url, '/workouts', member.token));
    const watch = await Plain.in(backend.url, workouts, member.token);
    expect((await door.next('machine:linked')).linkId).toBe(link.linkId);

    const sample = machine.sample(link.linkId);
    expect(await door.ask('telemetry', { epoch: machine.epoch, sample }, 'first one')).toEqual({ epoch: machine.epoch, through: 1, refused: [] });
    const batch = Array.from({ length: 20 }, () => machine.sample(link.linkId));
    expect(await door.ask('telemetry:batch', { epoch: machine.epoch, samples: batch })).toMatchObject({ through: 21 });
    for (const device of [phone, watch]) {
      expect(await device.next('workout:progress', (one) => one.samples.length === 1)).toMatchObject({ workoutId: link.workoutId, samples: [{ seq: 1 }] });
      await device.next('workout:progress', (one) => one.samples.length === 20);
    }
    const beat = await door.ask('heartbeat', { at: new Date().toISOString() });
    expect(beat.link.linkId).toBe(link.linkId);
    [door, watch].forEach((one) => one.close());
    phone.socket.close();
  });

  test('gets its own id back, whatever kind it is, and no answer where it gave none', async () => {
    const machine = await Machine.enrol(admin, floor);
    const door = await Plain.in(backend.url, machines, machine.token);
    door.say({ event: 'heartbeat', data: {} });
    for (const id of [1, 'a "b" é', -2.5]) {
      door.say({ event: 'heartbeat', data: {}, id });
      await eventually('it is echoed', () => door.frames.some((one) => one.id === id));
    }
    expect(door.frames.filter((one) => one.event === undefined)).toHaveLength(3);
    door.close();
  });

  test('keeps what was not acknowledged over a kill -9 of the backend, and nothing is lost or doubled', async () => {
    const { machine, member, door, link } = await plainTraining();
    const kept = Array.from({ length: 40 }, () => machine.sample(link.linkId));
    let through = 0;
    let from = door;
    for (let i = 0; through < kept.length; ++i) {
      const next = kept.filter((one) => one.seq > through).slice(0, 7);
      const answer = from.ask('telemetry:batch', { epoch: machine.epoch, samples: next }).catch(() => undefined);
      if (i === 1 || i === 3) {
        // Whether this one is durable nobody knows: it is sent again.
        await backend.kill();
        await backend.start();
        from = await Plain.in(backend.url, machines, machine.token);
        continue;
      }
      through = (await answer)!.through;
    }
    const stored = await member.expect(200, 'GET', `/api/workouts/${link.workoutId}/samples?limit=100`);
    expect(stored.map((one: any) => one.seq)).toEqual(kept.map((one) => one.seq));
    from.close();
  });

  test('has one connection: the newest, by whichever door', async () => {
    const machine = await Machine.enrol(admin, floor);
    const first = await Plain.in(backend.url, machines, machine.token);
    const second = await Plain.in(backend.url, machines, machine.token);
    expect(await first.end()).toEqual({ code: 4409, reason: 'superseded' });
    expect(first.of('superseded')).toHaveLength(1);
    const third = await machine.connect();
    expect(await second.end()).toEqual({ code: 4409, reason: 'superseded' });
    const fourth = await Plain.in(backend.url, machines, machine.token);
    await eventually('Socket.IO gives way too', () => !third.connected);
    expect(await fourth.ask('heartbeat', {})).toHaveProperty('serverTime');
    fourth.close();
  });

  test('that sends too fast is read more slowly, not refused', async () => {
    const slow = await Backend.start({ environment: { NXG_LIMIT_MACHINE_BURST: '5', NXG_LIMIT_MACHINE_MESSAGES_PER_SECOND: '20' } });
    try {
      const its = await makeAdmin(slow);
      const machine = await Machine.enrol(its, await openBranch(its));
      const door = await Plain.in(slow.url, machines, machine.token);
      const began = Date.now();
      for (let i = 1; i <= 30; ++i) door.say({ event: 'telemetry', data: { epoch: machine.epoch, sample: machine.sample() }, id: i });
      await eventually('all are answered', () => door.frames.filter((one) => one.id !== undefined).length === 30);
      expect(Date.now() - began).toBeGreaterThan(500);
      expect(door.frames.some((one) => one.data?.success === false)).toBe(false);
      expect(door.closed).toBeUndefined();
      door.close();
    } finally {
      await slow.stop();
    }
  });
});

describe('getting in', () => {
  test('by a first frame', async () => {
    const machine = await Machine.enrol(admin, floor);
    const door = await Plain.open(backend.url, machines);
    door.say({ event: 'auth', data: { token: machine.token } });
    expect((await door.next('connected')).sid).toBeTypeOf('string');
    expect(await door.ask('heartbeat', {})).toHaveProperty('serverTime');
    door.close();
  });

  test('what is sent right behind it waits until it is in', async () => {
    const machine = await Machine.enrol(admin, floor);
    const door = await Plain.open(backend.url, machines);
    door.say({ event: 'auth', data: { token: machine.token } });
    expect(await door.ask('heartbeat', {})).toHaveProperty('serverTime');
    expect(door.frames[0].event).toBe('connected');
    door.close();
  });

  test('not without it, in time', async () => {
    const door = await Plain.open(backend.url, machines);
    await backend.advance(11_000);
    expect(await door.end()).toEqual({ code: 4408, reason: 'auth_timeout' });
  });

  test('not with anything else first', async () => {
    const door = await Plain.open(backend.url, machines);
    door.say({ event: 'heartbeat', data: {} });
    expect(await door.end()).toEqual({ code: 4401, reason: 'auth_first' });
  });

  test('not by the address: it would stand in every log', async () => {
    const machine = await Machine.enrol(admin, floor);
    const door = await Plain.open(backend.url, `${machines}?token=${machine.token}`);
    door.say({ event: 'heartbeat', data: {} });
    expect(await door.end()).toMatchObject({ code: 4401 });
  });

  test('not with a token that is none, of nobody, or of the wrong kind', async () => {
    const member = await registerMember(backend.url);
    const machine = await Machine.enrol(admin, floor);
    for (const [path, token, code] of [[machines, 'nonsense', 4401], [workouts, 'a.b.c', 4401], [workouts, machine.token, 4403], [workouts, floor.screen.token!, 4403]] as const) {
      const door = await Plain.open(backend.url, path, { authorization: `Bearer ${token}` });
      expect(await door.end(), `${path} ${token}`).toMatchObject({ code });
      expect(door.frames).toMatchObject([{ event: 'refused', data: { success: false, code: expect.any(String) } }]);
    }
    expect((await Plain.in(backend.url, workouts, member.token!)).closed).toBeUndefined();
  });

  test('not from a page of somebody else', async () => {
    const member = await registerMember(backend.url);
    const from = (origin: string) => Plain.open(backend.url, workouts, { origin, authorization: `Bearer ${member.token}` });
    await expect(from('https://elsewhere.example')).rejects.toThrow(/403/);
    await expect(fetch(`${backend.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin: 'https://elsewhere.example' } }).then((answer) => answer.status)).resolves.toBe(403);
    for (const origin of [backend.url, 'http://localhost:5173']) (await from(origin)).close();
  });
});

describe('what is no frame', () => {
  test.each([
    ['no JSON', '{"event":', 4400, 'malformed'],
    ['no object', '[1,2]', 4400, 'malformed'],
    ['no event', '{"data":{}}', 4400, 'malformed'],
    ['an event that is no text', '{"event":7}', 4400, 'malformed'],
    ['an event without end', JSON.stringify({ event: 'x'.repeat(65) }), 4400, 'malformed'],
    ['an id that is an object', '{"event":"heartbeat","id":{}}', 4400, 'malformed'],
    ['nested beyond reason', `{"event":"heartbeat","data":${'['.repeat(100)}${']'.repeat(100)}}`, 4400, 'malformed'],
    ['binary', Buffer.from('{"event":"heartbeat"}'), 1003, 'binary'],
  ])('%s ends the connection with its code', async (_what, bytes, code, reason) => {
    const machine = await Machine.enrol(admin, floor);
    const door = await Plain.in(backend.url, machines, machine.token);
    door.say(bytes);
    expect(await door.end()).toEqual({ code, reason });
  });

  test('too large a one ends it with 1009', async () => {
    const machine = await Machine.enrol(admin, floor);
    const door = await Plain.in(backend.url, machines, machine.token);
    door.say({ event: 'telemetry', data: 'x'.repeat(1_100_000) });
    expect(await door.end()).toMatchObject({ code: 1009 });
  });

  test('an event nobody knows, or with wrong data, is refused and the connection lives on', async () => {
    const machine = await Machine.enrol(admin, floor);
    const door = await Plain.in(backend.url, machines, machine.token);
    expect(await door.ask('coffee:brew', {})).toMatchObject({ success: false, code: 'unknown_event' });
    expect(await door.ask('telemetry', { epoch: 'no', sample: {} })).toMatchObject({ success: false, code: 'invalid_request', errors: expect.any(Array) });
    expect(await door.ask('maintenance', { kind: 'party' })).toMatchObject({ success: false, code: 'invalid_request' });
    expect(await door.ask('heartbeat', {})).toHaveProperty('serverTime');
    door.close();
  });
});

describe('while it lives', () => {
  test('the login is revoked', async () => {
    const member = await registerMember(backend.url);
    const door = await Plain.in(backend.url, workouts, member.token!);
    await member.expect(204, 'POST', '/api/auth/logout-all', {});
    expect(await door.end()).toEqual({ code: 4412, reason: 'token_revoked' });
  });

  test('the heartbeat is WebSocket’s own: who answers no ping is let go', async () => {
    const member = await registerMember(backend.url);
    const door = await Plain.in(backend.url, workouts, member.token!);
    let pings = 0;
    door.socket.on('ping', () => ++pings);
    // The clock moves on once the backend has read the pong: it has, when it answers what was said after it.
    const answered = async (count: number) => {
      await eventually('a ping comes', () => pings >= count);
      expect(await door.ask('auth:renew', { token: member.token })).toMatchObject({ success: true });
    };
    await backend.advance(25_500);
    await answered(1);
    await backend.advance(25_500);
    await answered(2);
    const deaf = await Plain.in(backend.url, workouts, member.token!);
    (deaf.socket as any).pong = () => {};
    (deaf.socket as any)._receiver.removeAllListeners('ping');
    const asked = once((deaf.socket as any)._receiver, 'ping');
    await backend.advance(25_500);
    await answered(3);
    await asked;
    await backend.advance(21_000);
    await deaf.end();
    expect(door.closed).toBeUndefined();
    door.close();
  });

  test('a device that was away gets what it missed, in order, before anything new', async () => {
    const { machine, member, phone, link } = await memberTraining(admin, floor);
    const started = await phone.next('workout:started');
    await member.expect(200, 'POST', '/api/machines/unlink', { machineId: machine.id });
    await phone.next('workout:ended');
    const back = await Plain.open(backend.url, `${workouts}?after=${started.cursor}`, { authorization: `Bearer ${member.token}` });
    expect(await back.next('workout:ended')).toMatchObject({ workoutId: link.workoutId, cursor: started.cursor + 1 });
    expect(back.frames.map((one) => one.event)).toEqual(['connected', 'workout:ended']);
    phone.socket.close();
    machine.socket!.close();
    back.close();
  });
});

describe('at the end of its life', () => {
  test('the token expires, unless it is renewed', async () => {
    const careless = await registerMember(backend.url);
    const careful = await registerMember(backend.url);
    const lost = await Plain.in(backend.url, workouts, careless.token!);
    const kept = await Plain.in(backend.url, workouts, careful.token!);
    await backend.advance(10 * 60_000);
    const renewed = await new Caller(backend.url).expect(200, 'POST', '/api/auth/refresh', { refreshToken: careful.refreshToken });
    expect(await kept.ask('auth:renew', { token: renewed.tokens.accessToken })).toMatchObject({ success: true });
    await backend.advance(6 * 60_000);
    expect(await lost.end()).toEqual({ code: 4411, reason: 'token_expired' });
    expect(kept.closed).toBeUndefined();
    const again = await Plain.open(backend.url, workouts, { authorization: `Bearer ${careless.token}` });
    expect(await again.end()).toEqual({ code: 4411, reason: 'token_expired' });
    kept.close();
  });
});
