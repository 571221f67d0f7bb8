import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import { Cluster } from '../support/cluster.ts';
import { type Fault, FaultProxy } from '../support/fault_proxy.ts';
import { expectExact, reportOf, samplesTaken, startGym } from '../support/gym.ts';
import { patiently } from '../support/patience.ts';
import { type Caller, makeAdmin, registerMember } from '../support/people.ts';
import { type Backend, eventually, type Program } from '../support/program.ts';
import { Watch } from '../support/watch.ts';

/** A request answers within its deadline of 10 s, whatever the engines do; the rest is the test machine's own time. */
const deadlineMs = 10_000 + patiently(5_000);
const stallMs = 20_000;
const mostResidentBytes = 400 * 2 ** 20;

let cluster: Cluster;
let mongodbCable: FaultProxy;
let redisCable: FaultProxy;
let admin: Awaited<ReturnType<typeof makeAdmin>>;
let member: Caller;
let gym: Program;
let watches: Watch[];

beforeAll(async () => {
  cluster = await Cluster.start(2, async (mongodb, redis) => {
    mongodbCable = await FaultProxy.start(mongodb.socket);
    redisCable = await FaultProxy.start(redis.port);
    return { mongodb: `mongodb://127.0.0.1:${mongodbCable.port}/gym`, redis: `redis://127.0.0.1:${redisCable.port}` };
  });
  admin = await makeAdmin(cluster.backends[1]);
  member = await registerMember(cluster.url);
}, 120_000);
afterAll(async () => {
  await cluster.stop();
  mongodbCable.close();
  redisCable.close();
}, 120_000);

beforeEach(async () => {
  await Promise.all(cluster.backends.map((backend) => readiness(backend, well)));
  const before = await samplesAtAll();
  gym = startGym(cluster.url, admin, ['--machines', '10', '--speed', '10', '--seconds', '0', '--faults']);
  await eventually('samples flow', async () => (await samplesAtAll()) > before + 200, 60_000);
  watches = cluster.backends.map((backend) => new Watch(Object.assign(Object.create(Object.getPrototypeOf(member)), member, { url: backend.url }), '/api/users/me'));
});

/** Whatever was done: nothing is lost, nobody waited too long, no process grew, all are well again. */
afterEach(async () => {
  gym.kill('SIGINT');
  expectExact(await reportOf(gym));
  for (const watch of await Promise.all(watches.map((one) => one.stop()))) {
    expect(watch.slowestMs).toBeLessThan(deadlineMs);
    for (const status of watch.statuses.keys()) expect([200, 503, 504]).toContain(status);
    expect(watch.statuses.get(200)).toBeGreaterThan(0);
  }
  for (const backend of cluster.backends) {
    expect(await metric(backend, 'process_resident_memory_bytes')).toBeLessThan(mostResidentBytes);
  }
}, 240_000);

async function samplesAtAll() {
  return (await Promise.all(cluster.backends.map(samplesTaken))).reduce((sum, one) => sum + one, 0);
}

type State = { status: number; body: any };
async function readiness(backend: Backend, isSo: (state: State) => boolean) {
  return eventually('readiness says so', async () => {
    const answer = await fetch(`${backend.adminUrl}/health/ready`);
    return isSo({ status: answer.status, body: await answer.json() });
  }, 40_000);
}

async function metric(backend: Backend, name: string) {
  const line = (await backend.metrics()).match(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm'));
  return Number(line?.[1]);
}

const degraded = (state: State) => state.status === 200 && state.body.checks.some((one: any) => one.status === 'degraded');
const well = (state: State) => state.status === 200 && state.body.checks.every((one: any) => one.status === 'ok');
/** From a machine at one backend to a phone at the other. */
async function aSampleCrosses(between = cluster.backends) {
  const { machine, member, phone } = await cluster.trainingApart(admin, undefined, between);
  const link = await member.expect(201, 'POST', '/api/machines/link', { machineId: machine.id });
  await machine.send(machine.sample(link.linkId));
  await phone.next('workout:progress');
  phone.socket.close();
  machine.socket!.close();
}

const failing = (state: State) => state.status === 503;

/** Breaks something, sees that those it concerns say so, mends it, and sees that all is well without a hand. */
async function during(fault: () => unknown, told: () => Promise<unknown>, end: () => unknown) {
  await fault();
  await told();
  await end();
  await Promise.all(cluster.backends.map((backend) => readiness(backend, well)));
  await aSampleCrosses();
}
const everyBackend = (state: (one: State) => boolean) => () => Promise.all(cluster.backends.map((backend) => readiness(backend, state)));
const firstOnly = (state: (one: State) => boolean) => async () => {
  await readiness(cluster.backends[0], state);
  await readiness(cluster.backends[1], well);
};
const stallAfter = (told: () => Promise<unknown>) => async () => {
  await told();
  await new Promise((resolve) => setTimeout(resolve, stallMs));
};
const lineFaults: Fault[] = ['cut', 'stall', 'swallow_replies'];

test('Redis fails in every way: limits and messages stay in each process, readiness says so, nothing is lost', async () => {
  const allDegraded = everyBackend(degraded);
  await during(() => cluster.redis.pause(), stallAfter(allDegraded), () => cluster.redis.resume());
  await during(() => cluster.redis.kill(), allDegraded, () => cluster.redis.start());
  for (const fault of lineFaults) await during(() => redisCable.set(fault), firstOnly(degraded), () => redisCable.set('none'));
}, 300_000);

test('MongoDB fails in every way: callers hear so in time, machines keep their samples, nothing is lost', async () => {
  const allFailing = everyBackend(failing);
  await during(() => cluster.mongodb.pause(), stallAfter(allFailing), () => cluster.mongodb.resume());
  await during(() => cluster.mongodb.kill(), allFailing, () => cluster.mongodb.start());
  for (const fault of lineFaults) await during(() => mongodbCable.set(fault), firstOnly(failing), () => mongodbCable.set('none'));
}, 300_000);

test('S3 is gone: readiness says so, and the gym goes on', async () => {
  const allDegraded = everyBackend(degraded);
  await during(() => cluster.s3.kill(), allDegraded, () => cluster.s3.start());
}, 120_000);

test('one backend’s lines are slow: so is it, and no more than that', async () => {
  mongodbCable.set('none', 50);
  redisCable.set('none', 50);
  const before = await samplesAtAll();
  await eventually('the gym’s samples go on', async () => (await samplesAtAll()) > before + 200, 60_000);
  // haproxy may have given all of the gym's machines to one backend: these go to both.
  await aSampleCrosses();
  await aSampleCrosses(cluster.backends.toReversed());
  await readiness(cluster.backends[0], (state) => state.status === 200);
  mongodbCable.set('none');
  redisCable.set('none');
}, 120_000);
