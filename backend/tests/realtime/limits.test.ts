import { afterAll, beforeAll, expect, test } from 'vitest';
import { Backend } from '../support/program.ts';
import { makeAdmin, registerMember } from '../support/people.ts';
import { connected, openBranch, type Floor } from '../support/floor.ts';
import { patiently } from '../support/patience.ts';

const most = 40;
let backend: Backend;
let floor: Floor;
beforeAll(async () => {
  backend = await Backend.start({ environment: { NXG_LIMIT_MEMBER: String(most) } });
  floor = await openBranch(await makeAdmin(backend));
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
