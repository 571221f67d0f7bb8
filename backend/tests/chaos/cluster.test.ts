import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Cluster } from '../support/cluster.ts';
import { connected, Inbox, openBranch, type Floor } from '../support/floor.ts';
import { expectExact, reportOf, samplesTaken, startGym } from '../support/gym.ts';
import { Caller, makeAdmin, registerMember } from '../support/people.ts';
import { eventually, nextVersion } from '../support/program.ts';

let cluster: Cluster;
let admin: Awaited<ReturnType<typeof makeAdmin>>;
beforeAll(async () => {
  cluster = await Cluster.start(3);
  admin = await makeAdmin(cluster.backends[0]);
}, 120_000);
afterAll(() => cluster.stop());

/** The same caller at another backend. */
const at = <T extends Caller>(index: number, who: T): Caller => new Caller(cluster.backends[index].url, who.token);

describe('three backends are one gym', () => {
  let floor: Floor;
  beforeAll(async () => {
    floor = await openBranch(admin);
  });

  test('a machine at one is live on a phone at another, linked through a third', async () => {
    const { machine, member, phone } = await cluster.trainingApart(admin, floor);
    const linked = new Inbox(machine.socket!);
    const link = await at(2, member).expect(201, 'POST', '/api/machines/link', { machineId: machine.id });
    expect((await linked.next('machine:linked')).linkId).toBe(link.linkId);

    expect(await machine.send(machine.sample(link.linkId))).toMatchObject({ through: 1, refused: [] });
    expect(await phone.next('workout:progress')).toMatchObject({ workoutId: link.workoutId, machineId: machine.id });
    for (const index of [0, 1, 2]) {
      const stored = await at(index, member).expect(200, 'GET', `/api/workouts/${link.workoutId}/samples?limit=10`);
      expect(stored.map((one: any) => one.seq)).toEqual([1]);
    }
    await at(2, member).expect(200, 'POST', '/api/machines/unlink', { machineId: machine.id });
    await phone.next('workout:ended');
    await linked.next('machine:unlinked');
    phone.socket.close();
    machine.socket!.close();
  });

  test('who is sent away at one is sent away at all, sockets too', async () => {
    const member = await registerMember(cluster.backends[0].url);
    const phone = await connected(cluster.backends[1].url, '/workouts', member.token);
    const closed = new Promise((resolve) => phone.once('disconnect', resolve));
    await at(2, member).expect(204, 'POST', '/api/auth/logout-all', {});
    await closed;
    await eventually('its token is worth nothing anywhere', async () => {
      const answers = await Promise.all([0, 1, 2].map((index) => at(index, member).get('/api/users/me')));
      return answers.every((answer) => answer.status === 401);
    }, 5_000);
  });

  test('limits are counted together', async () => {
    const member = await registerMember(cluster.url);
    const wrong = (index: number) => new Caller(cluster.backends[index].url).post('/api/auth/login', { email: member.email, password: 'not this one 1!' });
    const statuses = [];
    for (let i = 0; i < 9; ++i) statuses.push((await wrong(i % 3)).status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(6);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('through the load balancer', () => {
  const manners: [string, object][] = [['polling only', { transports: ['polling'] }], ['polling, then WebSocket', { transports: ['polling', 'websocket'] }], ['WebSocket only', { transports: ['websocket'] }]];

  test('every manner of the official client stays with the backend that has it, and comes back elsewhere when that is killed', async () => {
    const member = await registerMember(cluster.url);
    const phones = manners.map(([name, options]) => {
      const socket = io(`${cluster.url}/workouts`, { ...options, auth: { token: member.token }, forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 500 });
      const phone = { name, socket, connects: 0 };
      socket.on('connect', () => (phone.connects += 1));
      return phone;
    });
    const all = (what: string, holds: (phone: (typeof phones)[number]) => boolean) => eventually(what, () => phones.every(holds), 60_000);
    await all('all are in', (one) => one.socket.connected);
    await all('the second has changed over', (one) => one.socket.io.engine.transport.name === (one.name === 'polling only' ? 'polling' : 'websocket'));
    // Each of many requests finds its own backend.
    const ids = phones.map((one) => one.socket.id);
    for (let round = 0; round < 20; ++round) {
      for (const one of phones) await one.socket.timeout(10_000).emitWithAck('auth:renew', { token: member.token });
    }
    expect(phones.map((one) => one.socket.id)).toEqual(ids);

    for (const backend of cluster.backends) {
      await backend.kill();
      await eventually('all are in, on the others', async () => {
        if (!phones.every((one) => one.socket.connected)) return false;
        const answers = await Promise.all(phones.map((one) => one.socket.timeout(2_000).emitWithAck('auth:renew', { token: member.token }).catch(() => undefined)));
        return answers.every((answer) => answer !== undefined);
      }, 60_000);
      await backend.start();
    }
    expect(phones.reduce((sum, one) => sum + one.connects, 0), 'whoever was cut off came back').toBeGreaterThanOrEqual(2 * phones.length);
    phones.forEach((one) => one.socket.close());
  }, 240_000);
});

describe('under load', () => {
  const gym = (seconds: number) => startGym(cluster.url, admin, ['--machines', '15', '--speed', '20', '--seconds', String(seconds)]);
  const taken = async () => (await Promise.all(cluster.backends.map(samplesTaken))).reduce((sum, one) => sum + one, 0);
  /** At all of them together: haproxy need not have given a machine to any one. */
  const flowing = async (samples = 1) => {
    const before = await taken();
    await eventually('samples flow', async () => (await taken()) >= before + samples, 60_000);
  };

  test('a rolling restart of all loses nothing', async () => {
    const running = gym(20);
    await flowing();
    for (const backend of cluster.backends) await backend.restart();
    expectExact(await reportOf(running));
  }, 240_000);

  test('a rolling restart to the next schema version, and of one of them back, loses nothing', async () => {
    const running = gym(25);
    await flowing();
    const present = cluster.backends[0].file;
    for (const backend of cluster.backends) {
      backend.file = nextVersion();
      await backend.restart();
    }
    // Machines stay where they are: the one that goes back reads and folds what the others write.
    cluster.backends[1].file = present;
    await cluster.backends[1].restart();
    expectExact(await reportOf(running));
    for (const backend of cluster.backends) backend.file = present;
  }, 240_000);

  test('kill -9 of any one, one after the other, loses nothing', async () => {
    const running = gym(0);
    for (const backend of cluster.backends) {
      await flowing(100);
      await backend.kill();
      await backend.start();
    }
    await flowing(100);
    expect(running.ended, 'they were killed while it trained').toBe(false);
    running.kill('SIGINT');
    expectExact(await reportOf(running));
  }, 240_000);
});
