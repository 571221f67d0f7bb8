import { afterAll, beforeAll, expect, test } from 'vitest';
import { Backend, eventually } from '../support/program.ts';
import { type Caller, makeAdmin, registerMember } from '../support/people.ts';
import { connected, listening, Machine, openBranch, type Floor } from '../support/floor.ts';
import { Plain } from '../support/plain.ts';
import { patiently } from '../support/patience.ts';

const most = 40;
const mostSockets = 3;
let backend: Backend;
let admin: Caller;
let floor: Floor;
beforeAll(async () => {
  backend = await Backend.start({ environment: { NXG_LIMIT_MEMBER: String(most), NXG_MAX_SOCKETS_PER_ACCOUNT: String(mostSockets) } });
  admin = await makeAdmin(backend);
  floor = await openBranch(admin);
});
afterAll(() => backend.stop());

test('what an account asks over sockets counts with its requests', async () => {
  const member = await registerMember(backend.url);
  const socket = await connected(backend.url, '/machines', member.token);
  const ask = () => socket.timeout(patiently(10_000)).emitWithAck('branch:subscribe', { branchId: floor.branchId });
  const answers = await Promise.all(Array.from({ length: most + 10 }, ask));
  const served = answers.filter((one) => one.machines !== undefined);
  expect(served.length).toBeGreaterThan(0);
  expect(served.length).toBeLessThan(most);
  const refused = answers.filter((one) => one.machines === undefined);
  expect(refused.length + served.length).toBe(answers.length);
  for (const one of refused) expect(one).toMatchObject({ success: false, code: 'rate_limited', retryAfterMs: expect.any(Number) });
  expect((await member.get('/api/users/me')).status).toBe(429);
  await expect(connected(backend.url, '/workouts', member.token)).rejects.toThrow('rate_limited');
  socket.close();

  const other = await registerMember(backend.url);
  expect((await other.get('/api/users/me')).status).toBe(200);
});

test('an account holds so many sockets, in all namespaces together, and may have another one when one ended', async () => {
  const member = await registerMember(backend.url);
  const held = await Promise.all(['/workouts', '/notifications', '/machines'].map((one) => connected(backend.url, one, member.token)));
  const more = await listening(backend.url, '/workouts', { token: member.token });
  expect(await more.next('too_many_sockets')).toMatchObject({ success: false, code: 'too_many_sockets' });
  await eventually('it is ended', () => !more.socket.connected);
  const plain = await Plain.in(backend.url, '/api/ws/workouts', member.token);
  expect(await plain.end()).toEqual({ code: 4410, reason: 'too_many_sockets' });
  // Those it held before live on, and so do those of others.
  const renewed = await held[0].timeout(patiently(10_000)).emitWithAck('auth:renew', { token: member.token });
  expect(renewed).toMatchObject({ success: true });
  const other = await connected(backend.url, '/workouts', (await registerMember(backend.url)).token);

  held[2].close();
  const another = await eventually('there is room again', async () => {
    const socket = await connected(backend.url, '/workouts', member.token);
    const answer = await socket.timeout(patiently(2_000)).emitWithAck('auth:renew', { token: member.token }).catch(() => undefined);
    return answer?.success ? socket : undefined;
  });
  [other, another, ...held].forEach((one) => one.close());
});

test('a machine that comes back again and again is not one too many', async () => {
  const machine = await Machine.enrol(admin, floor);
  for (let times = 0; times < 3 * mostSockets; ++times) await machine.connect();
  expect(await machine.socket!.timeout(patiently(10_000)).emitWithAck('heartbeat', {})).toHaveProperty('serverTime');
  machine.socket!.close();
});
