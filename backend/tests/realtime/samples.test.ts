import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Backend, eventually } from '../support/program.ts';
import { Caller, makeAdmin, registerMember } from '../support/people.ts';
import { patiently } from '../support/patience.ts';
import { type Ack, checkIn, connected, Inbox, Machine, memberTraining, openBranch, type Floor } from '../support/floor.ts';

let backend: Backend;
let admin: Caller;
let floor: Floor;
beforeAll(async () => {
  backend = await Backend.start();
  admin = await makeAdmin(backend);
  floor = await openBranch(admin);
});
afterAll(() => backend.stop());

const storedSeqs = async (member: Caller, workoutId: string) =>
  (await member.expect(200, 'GET', `/api/workouts/${workoutId}/samples?limit=100`)).map((one: any) => one.seq);
const some = (count: number, first = 1) => Array.from({ length: count }, (_unused, i) => first + i);

describe('what was acknowledged is stored', () => {
  test('also when a machine sends more messages than may be under way before its link is known', async () => {
    for (let round = 0; round < 5; ++round) {
      const { machine, member, phone, link } = await memberTraining(admin, floor);
      const messages = some(4).map(() => some(10).map(() => machine.sample(link.linkId)));
      const acks: Ack[] = await Promise.all(messages.map((samples) => machine.emit('telemetry:batch', { samples })));
      expect(acks.at(-1)!.retryAfterMs).toBeGreaterThan(0);
      const through = Math.max(...acks.map((one) => one.through));
      expect(await storedSeqs(member, link.workoutId)).toEqual(expect.arrayContaining(some(through)));
      const rest = messages.flat().filter((one) => one.seq > through);
      expect(await machine.sendBatch(rest)).toEqual({ epoch: machine.epoch, through: 40, refused: [] });
      expect(await storedSeqs(member, link.workoutId)).toEqual(some(40));
      phone.socket.close();
      machine.socket!.close();
    }
  });

  test('also when it speaks of many epochs at once', async () => {
    const { machine, member, phone, link } = await memberTraining(admin, floor);
    await machine.send(machine.sample(link.linkId));
    const epochs = some(8).map((n) => n.toString(16).padStart(32, '0'));
    const say = (epoch: string, more: Record<string, unknown>) => machine.socket!.timeout(patiently(10_000)).emitWithAck('telemetry', { epoch, sample: { ...machine.sample(link.linkId, more), seq: 2 } });
    const [kept, ...refused] = await Promise.all([say(machine.epoch, {}), ...epochs.map((epoch) => say(epoch, { heartRateBpm: 900 }))]);
    expect(kept).toEqual({ epoch: machine.epoch, through: 2, refused: [] });
    for (const [i, one] of refused.entries()) expect(one).toEqual({ epoch: epochs[i], through: 2, refused: [{ seq: 2, code: 'value_out_of_range' }] });
    expect(await storedSeqs(member, link.workoutId)).toEqual([1, 2]);
    phone.socket.close();
    machine.socket!.close();
  });

  test('and what a machine sends below where its connection began is not taken for acknowledged', async () => {
    const { machine, member, phone, link } = await memberTraining(admin, floor);
    const samples = some(12).map(() => machine.sample(link.linkId));
    await machine.sendBatch(samples.slice(0, 3));
    machine.socket!.close();
    await machine.connect();
    expect(await machine.send(samples[9]!)).toMatchObject({ through: 10 });
    expect(await machine.sendBatch(samples.slice(3, 6))).toEqual({ epoch: machine.epoch, through: 6, refused: [] });
    expect(await machine.sendBatch(samples.slice(6, 9))).toEqual({ epoch: machine.epoch, through: 10, refused: [] });
    expect(await machine.sendBatch(samples.slice(10))).toEqual({ epoch: machine.epoch, through: 12, refused: [] });
    expect(await storedSeqs(member, link.workoutId)).toEqual(some(12));
    phone.socket.close();
    machine.socket!.close();
  });
});

test('samples that fill a hole are held against the limits and shown live', async () => {
  const { machine, member, phone, link } = await memberTraining(admin, floor);
  const samples = some(8).map((seq) => machine.sample(link.linkId, seq === 5 ? { heartRateBpm: 900 } : {}));
  await machine.sendBatch(samples.slice(0, 3));
  await machine.sendBatch(samples.slice(6));
  const late = await machine.sendBatch(samples.slice(3, 6));
  expect(late).toEqual({ epoch: machine.epoch, through: 8, refused: [{ seq: 5, code: 'value_out_of_range' }] });
  expect(await machine.sendBatch(samples.slice(3, 6))).toMatchObject({ through: 8, refused: [] });
  await phone.next('workout:progress', (one) => one.samples.some((sample: any) => sample.seq === 6));
  const shown = phone.of('workout:progress').flatMap((one) => one.samples.map((sample: any) => sample.seq));
  expect(shown.toSorted((one: number, other: number) => one - other)).toEqual([1, 2, 3, 4, 6, 7, 8]);
  expect(await storedSeqs(member, link.workoutId)).toEqual([1, 2, 3, 4, 6, 7, 8]);
  phone.socket.close();
  machine.socket!.close();
});

test('one message may hold samples of many links', async () => {
  const machine = await Machine.enrol(admin, floor, { class: 'strength', name: 'Chest Press' });
  const links = [];
  for (const _ of some(12)) {
    const member = await registerMember(backend.url);
    await checkIn(member, floor);
    const link = await member.expect(201, 'POST', '/api/machines/link', { machineId: machine.id });
    await member.expect(200, 'POST', '/api/machines/unlink', { machineId: machine.id });
    links.push({ member, link });
  }
  await machine.connect();
  const samples = links.map(({ link }) => {
    const { seq, at, linkId, elapsedSeconds } = machine.sample(link.linkId);
    return { seq, at, linkId, elapsedSeconds, set: { number: 1, reps: 8, weightKg: 40 } };
  });
  expect(await machine.sendBatch(samples)).toEqual({ epoch: machine.epoch, through: 12, refused: [] });
  for (const [i, { member, link }] of links.entries()) expect(await storedSeqs(member, link.workoutId)).toEqual([i + 1]);
  machine.socket!.close();
});

describe('a link', () => {
  test('is renewed by its first sample, however late that comes', async () => {
    const { machine, member, phone, link } = await memberTraining(admin, floor);
    await backend.advance(9 * 60_000);
    expect(await machine.send(machine.sample(link.linkId))).toMatchObject({ through: 1 });
    const linked = async () => (await machine.caller.expect(200, 'POST', '/api/machines/heartbeat', {})).link;
    await eventually('the link ends later', async () => Date.parse((await linked()).expiresAt) > Date.parse(link.expiresAt));
    await backend.advance(2 * 60_000);
    expect((await linked()).linkId).toBe(link.linkId);
    expect(await member.expect(200, 'GET', `/api/workouts/${link.workoutId}`)).toMatchObject({ status: 'live' });
    phone.socket.close();
    machine.socket!.close();
  });

  test('of a final workout is not shown live any more', async () => {
    const { machine, member, phone, link } = await memberTraining(admin, floor);
    await machine.send(machine.sample(link.linkId));
    await phone.next('workout:progress');
    await member.expect(200, 'POST', '/api/machines/unlink', { machineId: machine.id });
    await backend.advance(31_000);
    await phone.next('workout:summary', (one) => one.samples === 1);
    await backend.advance(31_000);
    if (!machine.socket!.connected) await machine.connect();
    const late = machine.sample(link.linkId);
    expect(await machine.send(late)).toMatchObject({ through: 2, refused: [] });
    await eventually('it counts', async () => (await member.expect(200, 'GET', `/api/workouts/${link.workoutId}`)).samples === 2);
    expect(phone.of('workout:progress').flatMap((one) => one.samples.map((sample: any) => sample.seq))).toEqual([1]);
    phone.socket.close();
    machine.socket!.close();
  });
});

describe('a machine whose clock is wrong', () => {
  const hour = 3_600_000;
  const slow = async (machine: Machine) => {
    const { serverTime } = await machine.caller.expect(200, 'POST', '/api/machines/heartbeat', {});
    return new Date(Date.parse(serverTime) - hour).toISOString();
  };

  test('says so when it connects, and may be off by decades', async () => {
    const { machine, member, phone, link } = await memberTraining(admin, floor);
    machine.socket!.close();
    const dead = new Date(60_000).toISOString();
    machine.socket = await connected(backend.url, '/machines', undefined, { auth: { token: machine.token, at: dead } });
    expect(await machine.send(machine.sample(link.linkId, { at: new Date(61_000).toISOString() }))).toMatchObject({ through: 1 });
    const [stored] = await member.expect(200, 'GET', `/api/workouts/${link.workoutId}/samples`);
    const corrected = Date.parse(stored.at) + stored.clockOffsetMs;
    expect(Math.abs(corrected - Date.parse(link.since))).toBeLessThan(hour);
    phone.socket.close();
    machine.socket.close();
  });

  test('is corrected by what it said in a heartbeat, also after a restart: samples without a link are the right member’s', async () => {
    const machine = await Machine.enrol(admin, floor);
    await machine.caller.expect(200, 'POST', '/api/machines/heartbeat', { at: await slow(machine) });
    const earlier = await registerMember(backend.url);
    await checkIn(earlier, floor);
    const before = await earlier.expect(201, 'POST', '/api/machines/link', { machineId: machine.id });
    await earlier.expect(200, 'POST', '/api/machines/unlink', { machineId: machine.id });
    await backend.advance(hour);
    await backend.restart();
    await machine.renewToken();
    const member = await registerMember(backend.url);
    await checkIn(member, floor);
    const link = await member.expect(201, 'POST', '/api/machines/link', { machineId: machine.id });
    const { linkId: _, ...sample } = machine.sample(undefined, { at: await slow(machine) });
    await machine.post([sample]);
    await backend.advance(6_000);
    await eventually('it is stored as the member’s', async () => (await storedSeqs(member, link.workoutId)).length === 1);
    expect(await storedSeqs(Object.assign(earlier, await renewed(earlier)), before.workoutId)).toEqual([]);
  });
});

async function renewed(member: { refreshToken: string }) {
  const tokens = await new Caller(backend.url).expect(200, 'POST', '/api/auth/refresh', { refreshToken: member.refreshToken });
  return { token: tokens.tokens?.accessToken ?? tokens.accessToken };
}
