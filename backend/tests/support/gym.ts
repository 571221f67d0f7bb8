import { expect } from 'vitest';
import { type Caller } from './people.ts';
import { type Backend, Program } from './program.ts';

export type Report = {
  exact: boolean;
  samples: { made: number; acknowledged: number; refused: number; stored: number; live: number };
  workouts: { count: number; final: number; undisturbed: number };
  requestsRepeated: number;
  problems: string[];
};

/** The simulated gym, whose report says whether every sample is accounted for. */
export function startGym(url: string, admin: Caller & { email: string; password: string }, args: string[]) {
  return new Program('nxg-gym', ['--url', url, '--admin-email', admin.email, '--admin-password-stdin', '--report', 'json', ...args], {}, admin.password);
}

export async function reportOf(gym: Program): Promise<{ code: number | null; report: Report }> {
  const { code } = await gym.exit;
  const line = gym.output.split('\n').findLast((one) => one.startsWith('{'));
  if (!line) throw new Error(`the gym reported nothing:\n${gym.output}`);
  return { code, report: JSON.parse(line) };
}

export function expectExact({ code, report }: { code: number | null; report: Report }) {
  expect(report.problems).toEqual([]);
  expect(report.exact).toBe(true);
  expect(code).toBe(0);
  expect(report.samples.made).toBeGreaterThan(0);
  expect(report.samples.acknowledged).toBe(report.samples.made);
  expect(report.samples.stored).toBe(report.samples.made);
  expect(report.workouts.final).toBe(report.workouts.count);
}

/** What this process of the backend has accepted since its start. */
export async function samplesTaken(backend: Backend) {
  const line = (await backend.metrics()).match(/^nxg_samples_accepted_total(?:\{[^}]*\})? (\S+)/m);
  return line ? Number(line[1]) : 0;
}
