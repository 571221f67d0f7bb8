import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectExact, reportOf, samplesTaken, startGym } from '../support/gym.ts';
import { makeAdmin } from '../support/people.ts';
import { Backend, eventually } from '../support/program.ts';

/** The long form (make soak) kills more often and runs longer. */
const soak = process.env.NXG_SOAK === '1';
const kills = soak ? 30 : 10;

describe('a simulated gym', () => {
  let backend: Backend;
  let admin: Awaited<ReturnType<typeof makeAdmin>>;

  beforeAll(async () => {
    backend = await Backend.start();
    admin = await makeAdmin(backend);
  });
  afterAll(() => backend.stop());

  test('without a fault every sample is stored once and was live', async () => {
    const result = await reportOf(startGym(backend.url, admin, ['--machines', '10', '--speed', '5', '--seconds', '8']));
    expectExact(result);
    expect(result.report.samples.live).toBe(result.report.samples.made);
  }, 150_000);

  test('machines that lose their network sync afterwards', async () => {
    expectExact(await reportOf(startGym(backend.url, admin, ['--machines', '10', '--speed', '10', '--seconds', '10', '--drop-network', '0.1'])));
  }, 200_000);

  test(`kill -9 of the backend, ${kills} times in a row at full speed, loses and doubles nothing`, async () => {
    const gym = startGym(backend.url, admin, ['--machines', '20', '--speed', '50', '--seconds', String(kills * 2)]);
    await eventually('samples flow', async () => (await samplesTaken(backend)) > 0, 60_000);
    for (let i = 0; i < kills; ++i) {
      const before = await samplesTaken(backend);
      await eventually('samples flow again', async () => (await samplesTaken(backend)) > before + 500 || gym.ended, 60_000);
      await backend.kill();
      await backend.start();
    }
    expectExact(await reportOf(gym));
  }, 400_000);
});
