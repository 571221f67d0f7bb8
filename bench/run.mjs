// All rows of docs/benchmarks.md, measured in one run on one machine, as ratios.
//   node bench/run.mjs [ROW...]      rows: http telemetry broadcast idle socketio start store store-mongodb telemetry-mongodb cluster coordination pictures foods planning outage; none: all, and docs/benchmarks.md is written
import { execFileSync, spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { haproxy, mongodb, redis } from './engines.mjs';
import { foodSearch } from './foods.mjs';
import { Gym } from './gym.mjs';
import { outage, planning } from './planning.mjs';
import { socketio } from './socketio.mjs';
import { built, endAll, folder, load, onEnd, start, stop, top, until, wrk } from './programs.mjs';

const rows = [];
const row = (what, ours, peer, ratio, target) => {
  rows.push({ what, ours, peer, ratio, target });
  console.log(`${what}\n  ours ${ours}   ${peer}   ratio ${ratio}   target ${target}`);
};
const percent = (value) => `${(100 * value).toFixed(0)} %`;
const times = (value) => `${value.toFixed(2)}x`;
const perSecond = (value) => `${Math.round(value).toLocaleString('en')}/s`;
const figures = { row, percent, times, perSecond };

async function nginx(body) {
  const prefix = folder('nginx');
  const port = 20000 + Math.floor(Math.random() * 20000);
  const configuration = join(prefix, 'nginx.conf');
  writeFileSync(configuration, `daemon off; worker_processes 1; pid ${prefix}/pid; error_log ${prefix}/error.log; events { worker_connections 1024; }
    http { access_log off; keepalive_requests 100000000; client_body_temp_path ${prefix}/b; proxy_temp_path ${prefix}/p; fastcgi_temp_path ${prefix}/f; uwsgi_temp_path ${prefix}/u; scgi_temp_path ${prefix}/s;
    server { listen 127.0.0.1:${port}; location / { default_type application/json; return 200 '${body}'; } } }`);
  const child = spawn('nginx', ['-p', prefix, '-c', configuration], { stdio: 'ignore' });
  onEnd(() => stop(child));
  await until('nginx answers', async () => (await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined))?.ok);
  return `http://127.0.0.1:${port}/`;
}

async function http() {
  const gym = await Gym.start({ NXG_IO_THREADS: '1' });
  const member = await gym.member('http');
  const storeless = '/api/nxg-points/awards';
  const body = await (await fetch(gym.url + storeless, { headers: { authorization: `Bearer ${member.token}` } })).text();
  const bare = wrk(await nginx(body));
  const chain = wrk(gym.url + storeless, { token: member.token });
  row('GET without store, known token, whole chain, one core', perSecond(chain), `nginx return 200: ${perSecond(bare)}`, percent(chain / bare), '>= 50 %');

  const me = wrk(`${gym.url}/api/users/me`, { token: member.token });
  const express = await start('node', [join(top, 'bench/peers/users_server.mjs'), folder('express')]);
  const expressMe = wrk(`http://127.0.0.1:${express.port}/api/users/me`, { token: express.token });
  row('GET /api/users/me, from the store each time', perSecond(me), `nginx: ${perSecond(bare)}`, percent(me / bare), '>= 25 %');
  row('GET /api/users/me, from the store each time', perSecond(me), `Express + better-sqlite3: ${perSecond(expressMe)}`, times(me / expressMe), '>= 3x');
  await stop(express.child);

  const tokens = [];
  for (let i = 0; i < 200; ++i) tokens.push((await gym.member(`t${i}`)).token);
  const script = join(folder('wrk'), 'tokens.lua');
  writeFileSync(script, `local tokens = {${tokens.map((one) => `"Bearer ${one}"`).join(',')}}\nlocal n = 0\nrequest = function() n = n % #tokens + 1; wrk.headers["Authorization"] = tokens[n]; return wrk.format("GET", "/api/users/me") end`);
  const many = wrk(`${gym.url}/api/users/me`, { script });
  row('GET /api/users/me, 200 tokens in turn', perSecond(many), `one token: ${perSecond(me)}`, percent(many / me), 'report');
  await gym.stop();
}

const machineCount = 200;
function nodeCredentials() {
  const result = { machines: [], devices: [] };
  for (let i = 0; i < machineCount; ++i) {
    result.machines.push({ auth: { machine: `m${i}`, member: `u${i}` }, linkId: '018f0000-0000-7000-8000-000000000001' });
    result.devices.push({ auth: { member: `u${i}` } });
  }
  return result;
}
function credentialsFile(credentials) {
  const file = join(folder('credentials'), 'credentials.json');
  writeFileSync(file, JSON.stringify(credentials));
  return file;
}
const perSample = (one) => (1e6 * (one.cpuUserSeconds + one.cpuSystemSeconds)) / one.acknowledged;
const userPerSample = (one) => (1e6 * one.cpuUserSeconds) / one.acknowledged;
const microseconds = (value) => `${value.toFixed(1)} us`;

async function telemetry() {
  const node = await start('node', [join(top, 'bench/peers/telemetry_server.mjs'), folder('telemetry')]);
  const nodeFile = credentialsFile(nodeCredentials());
  const nodeUrl = `http://127.0.0.1:${node.port}`;
  const nodeMax = load('telemetry', '--url', nodeUrl, '--credentials', nodeFile, '--pid', node.pid, '--seconds', 8);
  const nodeRate = nodeMax.acknowledged / nodeMax.seconds;

  const gym = await Gym.start();
  const file = credentialsFile(await gym.training(machineCount));
  const max = load('telemetry', '--url', gym.url, '--credentials', file, '--pid', gym.child.pid, '--seconds', 8);
  const rate = max.acknowledged / max.seconds;
  row('telemetry, as fast as acknowledged, durable before ack', perSecond(rate), `Node: ${perSecond(nodeRate)}`, times(rate / nodeRate), 'report');

  // At half of what the slower one sustains, beside Node; at half of our own, beside the floor.
  const common = Math.floor(Math.min(nodeRate, rate) / 2);
  const ours = load('telemetry', '--url', gym.url, '--credentials', file, '--pid', gym.child.pid, '--seconds', 10, '--rate', common);
  const theirs = load('telemetry', '--url', nodeUrl, '--credentials', nodeFile, '--pid', node.pid, '--seconds', 10, '--rate', common);
  await stop(node.child);
  row(`telemetry at ${perSecond(common)}: user CPU per sample`, microseconds(userPerSample(ours)), `Node: ${microseconds(userPerSample(theirs))}`, times(userPerSample(ours) / userPerSample(theirs)), '<= 0.125x');
  const half = load('telemetry', '--url', gym.url, '--credentials', file, '--pid', gym.child.pid, '--seconds', 10, '--rate', Math.floor(rate / 2));
  row('machine to device at half of the maximum load, p99', `${half.deliveryP99Ms.toFixed(1)} ms`, `Node at half of its own: ${theirs.deliveryP99Ms.toFixed(1)} ms`, times(half.deliveryP99Ms / theirs.deliveryP99Ms), '< 20 ms');
  row('the same, p50', `${half.deliveryP50Ms.toFixed(2)} ms`, `Node: ${theirs.deliveryP50Ms.toFixed(2)} ms`, times(half.deliveryP50Ms / theirs.deliveryP50Ms), 'report');
  const floor = await start(built('floor'), ['telemetry']);
  const bare = load('raw-telemetry', '--floor', `127.0.0.1:${floor.port}`, '--machines', machineCount, '--pid', floor.pid, '--seconds', 10, '--rate', Math.floor(rate / 2));
  await stop(floor.child);
  row(`telemetry at ${perSecond(rate / 2)}: CPU per sample`, microseconds(perSample(half)), `floor: ${microseconds(perSample(bare))}`, times(perSample(half) / perSample(bare)), '<= 1.5x');
  await gym.stop();
}

async function broadcast() {
  const echo = await start(built('socketio_broadcast'), []);
  const ours = load('broadcast', '--url', `http://127.0.0.1:${echo.port}`, '--pid', echo.pid);
  await stop(echo.child);
  const node = await start('node', [join(top, 'bench/peers/broadcast_server.mjs')]);
  const theirs = load('broadcast', '--url', `http://127.0.0.1:${node.port}`, '--pid', node.pid);
  await stop(node.child);
  const floor = await start(built('floor'), ['broadcast']);
  const bare = load('raw-broadcast', '--floor', `127.0.0.1:${floor.port}`, '--pid', floor.pid);
  await stop(floor.child);
  const rate = (one) => one.delivered / one.seconds;
  row('broadcast to 2,000 sockets, messages/s', perSecond(rate(ours)), `floor: ${perSecond(rate(bare))}`, percent(rate(ours) / rate(bare)), '>= 80 %');
  row('broadcast to 2,000 sockets, messages/s', perSecond(rate(ours)), `Node socket.io: ${perSecond(rate(theirs))}`, times(rate(ours) / rate(theirs)), '> 1x');
}

async function idle() {
  const ours = await start(built('socketio_broadcast'), []);
  const mine = load('idle', '--url', `http://127.0.0.1:${ours.port}`, '--pid', ours.pid);
  await stop(ours.child);
  const node = await start('node', [join(top, 'bench/peers/broadcast_server.mjs')]);
  const theirs = load('idle', '--url', `http://127.0.0.1:${node.port}`, '--pid', node.pid);
  await stop(node.child);
  const kib = (one) => one.bytesPerConnection / 1024;
  row('idle WebSocket connection, resident', `${kib(mine).toFixed(1)} KiB`, `Node socket.io: ${kib(theirs).toFixed(1)} KiB`, times(kib(mine) / kib(theirs)), '<= 10 KiB');
}

async function startUp() {
  // The first keys take a matter of luck to make: the median of several starts, each in an empty folder.
  const starts = [];
  for (let i = 0; i < 7; ++i) {
    const gym = await Gym.start();
    starts.push(gym);
    await gym.stop();
  }
  starts.sort((one, other) => one.readyMs - other.readyMs);
  const middle = starts[3];
  row('start to ready, embedded, empty, median of 7', `${middle.readyMs.toFixed(0)} ms`, '–', '–', '< 300 ms');
  row('resident after the start', `${middle.residentMiB.toFixed(0)} MiB`, '–', '–', '< 60 MiB');
}

function store() {
  const out = JSON.parse(execFileSync(built('store_bench'), [folder('store')], { encoding: 'utf8' }));
  row('durable inserts, 64 callers at once', perSecond(out.oursPerSecond), `raw SQLite, a row per transaction: ${perSecond(out.rawSinglePerSecond)}`, times(out.oursPerSecond / out.rawSinglePerSecond), 'report');
  row('durable inserts, bulks of 1,000', perSecond(out.oursBulkPerSecond), `raw SQLite, 1,000 rows per transaction: ${perSecond(out.rawBulkPerSecond)}`, percent(out.oursBulkPerSecond / out.rawBulkPerSecond), 'report');
  row('journal segments (64 samples each), inserts/s', perSecond(out.segmentsPerSecond), `raw SQLite, documents of that size: ${perSecond(out.rawSegmentsPerSecond)}`, percent(out.segmentsPerSecond / out.rawSegmentsPerSecond), '>= 50 %');
}

/** GETs per second of redis-benchmark from 256 connections. */
function redisBenchmark(port, ...more) {
  const out = execFileSync('redis-benchmark', ['-p', port, '-t', 'get', '-d', '100', '-c', '256', '-n', '300000', '--csv', ...more].map(String), { encoding: 'utf8' });
  return Number(out.match(/"GET","([\d.]+)"/)[1]);
}

async function coordination() {
  const port = await redis();
  const plain = redisBenchmark(port);
  const pipelined = redisBenchmark(port, '-P', 16);
  const out = JSON.parse(execFileSync(built('coordination_bench'), [`redis://127.0.0.1:${port}`], { encoding: 'utf8' }));
  row('cache reads from Redis, 256 coroutines on one core', perSecond(out.getsPerSecond), `redis-benchmark, 256 connections: ${perSecond(plain)}`, percent(out.getsPerSecond / plain), 'report');
  row('cache reads from Redis, 256 coroutines on one core', perSecond(out.getsPerSecond), `redis-benchmark, pipelines of 16: ${perSecond(pipelined)}`, percent(out.getsPerSecond / pipelined), 'report');
  row('rate limit answered from a leased slice', perSecond(out.leasedTakesPerSecond), `each asks Redis: ${perSecond(out.takesPerSecond)}`, times(out.leasedTakesPerSecond / out.takesPerSecond), 'report');
}

/** Clouds, three bytes to the pixel, as a camera would save them. */
function photograph(type, quality, width, height) {
  const at = folder('pictures');
  const bands = [1, 2, 3].map((band) => {
    execFileSync('vips', ['perlin', join(at, `${band}.v`), width, height, '--cell-size', 60 + 40 * band, '--uchar', '--seed', band].map(String));
    return join(at, `${band}.v`);
  });
  execFileSync('vips', ['bandjoin', bands.join(' '), join(at, 'all.v')]);
  execFileSync('vips', ['copy', join(at, 'all.v'), join(at, `meal.${type}[${quality}]`), '--interpretation', 'srgb']);
  return join(at, `meal.${type}`);
}

function pictures() {
  // Nobody's upload is larger than 10 MiB, which a PNG of twelve megapixels would be.
  for (const [type, quality, width, height] of [['jpg', 'Q=90', 4000, 3000], ['png', 'compression=6', 2000, 1500], ['webp', 'Q=85', 4000, 3000]]) {
    const megapixels = (width * height) / 1e6;
    const file = photograph(type, quality, width, height);
    const out = JSON.parse(execFileSync(built('pictures_bench'), [file, '15'], { encoding: 'utf8' }));
    const took = [];
    for (let i = 0; i < 15; ++i) {
      const begun = performance.now();
      execFileSync('vips', ['thumbnail', file, `${file}.small.jpg[Q=85,strip]`, '1024', '--height', '1024', '--size', 'down', '--vips-concurrency=1']);
      took.push(performance.now() - begun);
    }
    const command = took.sort((a, b) => a - b)[7];
    const each = (ms) => `${(ms / megapixels).toFixed(1)} ms per megapixel`;
    row(`a ${type} of ${megapixels} megapixels, checked, made small, hashed`, each(out.medianMs), `the vips command, with its start: ${each(command)}`, times(out.medianMs / command), 'report');
  }
}

function storeOnMongodb() {
  const out = JSON.parse(execFileSync(built('store_mongodb'), [], { encoding: 'utf8' }));
  const beside = (what, one) => row(`${what} on MongoDB`, perSecond(one.ours), `raw libmongoc: ${perSecond(one.raw)}`, percent(one.ratio), '>= 80 %');
  beside('find by id, 64 callers', out.find);
  beside('insert, 64 callers', out.insert);
  beside('bulks of 1,000, documents inserted', out.bulk);
}

/** Telemetry with its documents in MongoDB: beside Node on the same engine, and beside the floor. */
async function telemetryOnMongodb() {
  const engine = await mongodb();
  const node = await start('node', [join(top, 'bench/peers/telemetry_server.mjs'), engine('node')]);
  const nodeFile = credentialsFile(nodeCredentials());
  const nodeMax = load('telemetry', '--url', `http://127.0.0.1:${node.port}`, '--credentials', nodeFile, '--pid', node.pid, '--seconds', 8);
  const nodeRate = nodeMax.acknowledged / nodeMax.seconds;
  await stop(node.child);

  const gym = await Gym.start({ NXG_MONGODB_URL: engine('ours') });
  const file = credentialsFile(await gym.training(machineCount));
  const max = load('telemetry', '--url', gym.url, '--credentials', file, '--pid', gym.child.pid, '--seconds', 8);
  const rate = max.acknowledged / max.seconds;
  row('telemetry on MongoDB, durable before ack', perSecond(rate), `Node, insertMany every 20 ms: ${perSecond(nodeRate)}`, times(rate / nodeRate), 'report');
  const half = load('telemetry', '--url', gym.url, '--credentials', file, '--pid', gym.child.pid, '--seconds', 10, '--rate', Math.floor(rate / 2));
  const floor = await start(built('floor'), ['telemetry']);
  const bare = load('raw-telemetry', '--floor', `127.0.0.1:${floor.port}`, '--machines', machineCount, '--pid', floor.pid, '--seconds', 10, '--rate', Math.floor(rate / 2));
  await stop(floor.child);
  row(`telemetry on MongoDB at ${perSecond(rate / 2)}: CPU per sample`, microseconds(perSample(half)), `floor: ${microseconds(perSample(bare))}`, times(perSample(half) / perSample(bare)), 'report');
  await gym.stop();
}

/** What a sample costs when machines and phones are spread over several processes behind a load balancer. */
async function cluster() {
  const engine = await mongodb();
  const port = await redis();
  const rate = 2_000;
  let alone;
  for (const count of [1, 2, 3]) {
    const shared = { NXG_MONGODB_URL: engine(`gym${count}`), NXG_REDIS_URL: `redis://127.0.0.1:${port}`, NXG_REDIS_PREFIX: `gym${count}:` };
    const gyms = [];
    for (let i = 0; i < count; ++i) gyms.push(await Gym.start(shared));
    const door = await haproxy(gyms.map((one) => one.url));
    gyms[0].url = door;
    const file = credentialsFile(await gyms[0].training(machineCount));
    const pids = gyms.flatMap((one) => ['--pid', one.child.pid]);
    const measured = load('telemetry', '--url', door, '--credentials', file, ...pids, '--seconds', 10, '--rate', rate);
    alone ??= measured;
    const name = count === 1 ? 'one backend' : `${count} backends`;
    row(`cluster at ${perSecond(rate)}, ${name}: CPU per sample`, microseconds(perSample(measured)), `one backend: ${microseconds(perSample(alone))}`, times(perSample(measured) / perSample(alone)), 'report');
    row(`the same, machine to device through haproxy, p99`, `${measured.deliveryP99Ms.toFixed(1)} ms`, `one backend: ${alone.deliveryP99Ms.toFixed(1)} ms`, times(measured.deliveryP99Ms / alone.deliveryP99Ms), 'report');
    for (const one of gyms) await one.stop();
  }
}

/** A target in times or percent is one of the ratio, any other one of our figure. */
function isMissed({ ours, ratio, target }) {
  const [, compare, limit, unit] = /^(<=|>=|<|>) ([\d.]+) ?(\S*)$/.exec(target) ?? [];
  const figure = parseFloat((['x', '%'].includes(unit) ? ratio : ours).replaceAll(',', ''));
  if (!compare || Number.isNaN(figure)) return false;
  const bound = unit === 's' ? 1_000 * Number(limit) : Number(limit);
  return !{ '<=': figure <= bound, '>=': figure >= bound, '<': figure < bound, '>': figure > bound }[compare];
}

/** None where this is no checkout. */
function commit() {
  try {
    return `, commit ${execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', cwd: top, stdio: ['ignore', 'pipe', 'ignore'] }).trim()}`;
  } catch {
    return '';
  }
}

function report() {
  const table = rows.map((one) => `| ${one.what} | ${one.ours} | ${one.peer} | ${one.ratio} | ${one.target}${isMissed(one) ? ', **missed**' : ''} |`).join('\n');
  return `# Benchmarks

\`make bench\` measures everything below in one run and writes this page. Ratios travel between machines; absolute figures do
not. The load runs on the same machine as what it measures. ${cpus().length} cores (${cpus()[0].model.trim()})${commit()}.

| What | Ours | Beside it | Ratio | Target |
|---|---|---|---|---|
${table}

What stands beside us: \`bench/floor\` (bare C loops doing only the system calls of the job), nginx, for the Socket.IO library Node's
socket.io and socketioxide (Rust, one thread), each on one core with the load on the other, and under \`bench/peers\` Express
reading from the same engine and a Node Socket.IO server that batches its SQLite writes for 20 ms (WAL, FULL, before its acks) and
checks no tokens. How both flows of planning bear a service that hangs, second by second:

![p50 and p99 while the planning service hangs](outage.svg)

\`node bench/run.mjs ROW\` measures one row: ${Object.keys(all).join(', ')}.
`;
}

const all = { start: startUp, store, 'store-mongodb': storeOnMongodb, coordination, pictures, http, telemetry, 'telemetry-mongodb': telemetryOnMongodb, cluster, broadcast, idle,
  socketio: () => socketio(row), foods: () => foodSearch(figures), planning: () => planning(figures), outage: () => outage(figures) };
const chosen = process.argv.slice(2);

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    interrupted = true;
    void endAll().finally(() => process.exit(130));
  });
}
/** Signals are heard between events only, and much of measuring waits for a program: after each row there is time to hear one. */
async function unlessInterrupted() {
  await new Promise((resolve) => setTimeout(resolve, 100));
  if (interrupted) await new Promise(() => {});  // who heard it ends the process
}

try {
  for (const [name, measure] of Object.entries(all)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    try {
      await measure();
    } catch (error) {
      await unlessInterrupted();
      // One row less is no reason to have none; it is named.
      console.error(error);
      row(`${name}: could not be measured in this run`, '–', String(error.message).split('\n')[0].replaceAll(top, '').slice(0, 120), '–', '–');
    }
    await unlessInterrupted();
    // After each: a run that is ended early leaves what it has measured.
    if (chosen.length === 0) writeFileSync(join(top, 'docs/benchmarks.md'), report());
  }
  if (chosen.length === 0) console.log('\nWritten: docs/benchmarks.md');
} finally {
  await endAll();
}
process.exit(0);
