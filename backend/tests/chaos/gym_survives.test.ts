import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { expectExact, reportOf, samplesTaken, startGym } from '../support/gym.ts';
import { Liar } from '../support/liar.ts';
import { makeAdmin } from '../support/people.ts';
import { Backend, eventually, run } from '../support/program.ts';

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
    // A request that had to be repeated, as on a busy machine, disturbs everybody who trains just then.
    const { requestsRepeated, workouts } = result.report;
    if (requestsRepeated === 0) expect(workouts.undisturbed).toBe(workouts.count);
  }, 150_000);

  test('what is stored or told otherwise is found out', async () => {
    const liar = await Liar.before(backend.url, (path, { data }, method) => {
      if (method !== 'GET') return;
      if (path.startsWith('/api/workouts?')) data.pop();
      const [first] = path.startsWith('/api/events') ? data.events : [data].flat();
      if (!first) return;
      if (/\/samples\?/.test(path)) first.heartRateBpm += 1;
      if (path.startsWith('/api/workouts/progress')) first.reps += 7;
      if (path.startsWith('/api/nxg-points/transactions')) first.amount += 1_000;
      if (path.startsWith('/api/events')) first.data.at = new Date(0).toISOString();
    });
    onTestFinished(() => liar.close());
    const { code, report } = await reportOf(startGym(liar.url, admin, ['--machines', '2', '--speed', '5', '--seconds', '5']));
    expect(code).toBe(1);
    const lies = [/is stored differently/, /0 workouts are listed, 1 were made/, /tells reps 7, its workouts 0/, /1001 points for workout/, /points entries sum to 1001/, /otherwise than the inbox/];
    for (const lie of lies) expect(report.problems.filter((one) => lie.test(one)), `${lie} of each member`).toHaveLength(2);
    expect(report.problems).toHaveLength(2 * lies.length);
  }, 150_000);

  test('machines that lose their network sync afterwards', async () => {
    expectExact(await reportOf(startGym(backend.url, admin, ['--machines', '10', '--speed', '10', '--seconds', '10', '--drop-network', '0.1'])));
  }, 200_000);

  test(`kill -9 of the backend, ${kills} times in a row at full speed, loses and doubles nothing`, async () => {
    const gym = startGym(backend.url, admin, ['--machines', '20', '--speed', '50', '--seconds', '0']);
    await eventually('samples flow', async () => (await samplesTaken(backend)) > 0, 60_000);
    for (let i = 0; i < kills; ++i) {
      const before = await samplesTaken(backend);
      await eventually('samples flow again', async () => (await samplesTaken(backend)) > before + 500 || gym.ended, 60_000);
      await backend.kill();
      await backend.start();
    }
    expect(gym.ended, 'it was killed while they trained').toBe(false);
    gym.kill('SIGINT');
    // While workouts become final and their consequences are drawn, too: the moment it says that one more is.
    await gym.line(/Waiting for the last workouts/, 300_000);
    const saysMore = () => Promise.race([once(gym.child.stderr!, 'data'), gym.exit]);
    do {
      await saysMore();
      await backend.kill();
      await backend.start();
    } while (!/^(\d+) of \1 workouts are final$/m.test(gym.output) && !gym.ended);
    expectExact(await reportOf(gym));
    // What is derived of it is right also where no route shows it, once what a killed one had begun has come true: its claims last 30 s.
    await eventually('no event is still to be delivered', async () => {
      const { code, output } = await run('nxg-connect', ['check-store'], backend.environment);
      expect(code, output).toBe(0);
      return !output.includes('still to be delivered');
    }, 90_000);
  }, 600_000);
});
