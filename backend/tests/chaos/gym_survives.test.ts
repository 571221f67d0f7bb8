import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Backend, eventually, Program } from '../support/program.ts';
import { makeAdmin, type Caller } from '../support/people.ts';

/** The long form (make soak) kills more often and runs longer. */
const soak = process.env.NXG_SOAK === '1';
const kills = soak ? 30 : 10;

type Report = {
  exact: boolean;
  samples: { made: number; acknowledged: number; refused: number; stored: number; live: number };
  workouts: { count: number; final: number };
  problems: string[];
};

function startGym(backend: Backend, admin: Caller & { email: string; password: string }, args: string[]) {
  return new Program('nxg-gym', ['--url', backend.url, '--admin-email', admin.email, '--admin-password-stdin', '--report', 'json', ...args], {}, admin.password);
}

async function reportOf(gym: Program): Promise<{ code: number | null; report: Report }> {
  const { code } = await gym.exit;
  const line = gym.output.split('\n').findLast((one) => one.startsWith('{'));
  if (!line) throw new Error(`the gym reported nothing:\n${gym.output}`);
  return { code, report: JSON.parse(line) };
}

function expectExact({ code, report }: { code: number | null; report: Report }) {
  expect(report.problems).toEqual([]);
  expect(report.exact).toBe(true);
  expect(code).toBe(0);
  expect(report.samples.made).toBeGreaterThan(0);
  expect(report.samples.acknowledged).toBe(report.samples.made);
  expect(report.samples.stored).toBe(report.samples.made);
  expect(report.workouts.final).toBe(report.workouts.count);
}

describe('a simulated gym', () => {
  let backend: Backend;
  let admin: Awaited<ReturnType<typeof makeAdmin>>;

  beforeAll(async () => {
    backend = await Backend.start();
    admin = await makeAdmin(backend);
  });
  afterAll(() => backend.stop());

  test('without a fault every sample is stored once and was live', async () => {
    const result = await reportOf(startGym(backend, admin, ['--machines', '10', '--speed', '5', '--seconds', '8']));
    expectExact(result);
    expect(result.report.samples.live).toBe(result.report.samples.made);
  }, 150_000);

  test('machines that lose their network sync afterwards', async () => {
    expectExact(await reportOf(startGym(backend, admin, ['--machines', '10', '--speed', '10', '--seconds', '10', '--drop-network', '0.1'])));
  }, 200_000);

  test(`kill -9 of the backend, ${kills} times in a row at full speed, loses and doubles nothing`, async () => {
    const gym = startGym(backend, admin, ['--machines', '20', '--speed', '50', '--seconds', String(kills * 2)]);
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

/** What this process of the backend has accepted since its start. */
async function samplesTaken(backend: Backend) {
  const line = (await backend.metrics()).match(/^nxg_samples_accepted_total(?:\{[^}]*\})? (\S+)/m);
  return line ? Number(line[1]) : 0;
}
