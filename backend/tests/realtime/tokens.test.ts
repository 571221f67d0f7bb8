import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkIn, connected, Inbox, Machine, memberTraining, openBranch, type Floor } from '../support/floor.ts';
import { Caller, makeAdmin, registerMember } from '../support/people.ts';
import { Backend, eventually } from '../support/program.ts';

let backend: Backend;
let admin: Caller;
let floor: Floor;
beforeAll(async () => {
  backend = await Backend.start();
  admin = await makeAdmin(backend);
  floor = await openBranch(admin);
});
afterAll(() => backend.stop());

const ask = (of: Inbox, event: string, data: unknown) => of.socket.timeout(5_000).emitWithAck(event, data);
const on = async (namespace: string, token?: string) => new Inbox(await connected(backend.url, namespace, token));

describe('a token while its socket lives', () => {
  test('revoked, says so, and nothing more is heard', async () => {
    const { machine, member, phone, link } = await memberTraining(admin, floor);
    const notifications = await on('/notifications', member.token);
    await phone.next('workout:started');
    await member.expect(204, 'POST', '/api/auth/logout-all', {});
    for (const device of [phone, notifications]) {
      await eventually('it is closed', () => !device.socket.connected, 5_000);
      expect(device.events.at(-1)).toMatchObject({ event: 'token_revoked', payload: { success: false, code: 'token_revoked' } });
    }
    const heard = phone.events.length;
    expect(await machine.send(machine.sample(link.linkId))).toMatchObject({ through: 1 });
    expect(phone.events).toHaveLength(heard);
    await expect(connected(backend.url, '/workouts', member.token)).rejects.toThrow(/token_(revoked|expired)/);
    machine.socket!.close();
  });

  test('of an account that is suspended ends at once, whatever it listens to', async () => {
    const member = await registerMember(backend.url);
    const devices = await Promise.all(['/workouts', '/notifications', '/machines'].map((namespace) => on(namespace, member.token)));
    await admin.expect(200, 'PUT', `/api/users/${member.id}/status`, { isActive: false });
    for (const device of devices) {
      await eventually('it is closed', () => !device.socket.connected, 5_000);
      expect(device.of('token_revoked')).toHaveLength(1);
    }
    await expect(connected(backend.url, '/workouts', member.token)).rejects.toThrow('token_revoked');
  });

  test('of a machine whose secret was rotated ends its connection', async () => {
    const machine = await Machine.enrol(admin, floor);
    const heard = new Inbox(await machine.connect());
    await admin.expect(201, 'POST', `/api/machines/${machine.id}/credentials`, {});
    await eventually('it is closed', () => !heard.socket.connected, 5_000);
    expect(heard.of('token_revoked')).toHaveLength(1);
    await expect(machine.connect()).rejects.toThrow(/token_revoked/);
  });
});

describe('who may say and hear what', () => {
  test('a namespace takes only its own kind', async () => {
    const machine = await Machine.enrol(admin, floor);
    for (const token of [machine.token, floor.screen.token]) {
      for (const namespace of ['/workouts', '/notifications']) await expect(connected(backend.url, namespace, token), namespace).rejects.toThrow('forbidden');
    }
  });

  test('machines do not watch branches, people do not speak for machines', async () => {
    const machine = new Inbox(await (await Machine.enrol(admin, floor)).connect());
    const member = await on('/machines', (await registerMember(backend.url)).token);
    const screen = await on('/machines', floor.screen.token);
    for (const device of [machine, screen]) {
      for (const event of ['branch:subscribe', 'branch:unsubscribe']) expect(await ask(device, event, { branchId: floor.branchId })).toMatchObject({ success: false, code: 'forbidden' });
    }
    for (const device of [member, screen]) {
      for (const event of ['telemetry', 'telemetry:batch', 'heartbeat', 'maintenance']) expect(await ask(device, event, {}), event).toMatchObject({ success: false, code: 'forbidden' });
    }
    [machine, member, screen].forEach((one) => one.socket.close());
  });

  test('who watches one branch hears nothing of another, nor of one that is no more watched', async () => {
    const watcher = await on('/machines', (await registerMember(backend.url)).token);
    const elsewhere = await openBranch(admin);
    await ask(watcher, 'branch:subscribe', { branchId: elsewhere.branchId });
    const here = await memberTraining(admin, floor);
    await here.phone.next('workout:started');
    const there = await memberTraining(admin, elsewhere);
    await watcher.next('machine:status', (one) => one.machineId === there.machine.id);
    expect(watcher.of('machine:status').filter((one) => one.branchId !== elsewhere.branchId)).toEqual([]);
    await ask(watcher, 'branch:unsubscribe', { branchId: elsewhere.branchId });
    const heard = watcher.events.length;
    await there.member.expect(200, 'POST', '/api/machines/unlink', { machineId: there.machine.id });
    await there.phone.next('workout:ended');
    expect(watcher.events).toHaveLength(heard);
    expect(await ask(watcher, 'branch:subscribe', { branchId: 'here' })).toMatchObject({ success: false, code: 'invalid_request' });
    [watcher, here.phone, there.phone].forEach((one) => one.socket.close());
    [here.machine, there.machine].forEach((one) => one.socket!.close());
  });

  test('a machine hears of its own link only, and cannot send samples for another’s', async () => {
    const first = await memberTraining(admin, floor);
    const other = await Machine.enrol(admin, floor);
    const heard = new Inbox(await other.connect());
    await first.machine.send(first.machine.sample(first.link.linkId));
    expect(await other.send(other.sample(first.link.linkId))).toMatchObject({ refused: [{ seq: 1, code: 'unknown_link' }] });
    await first.member.expect(200, 'POST', '/api/machines/unlink', { machineId: first.machine.id });
    await first.phone.next('workout:ended');
    expect(heard.events).toEqual([]);
    first.phone.socket.close();
    [first.machine, other].forEach((one) => one.socket!.close());
  });

  test('what no namespace knows is refused, and the socket lives on', async () => {
    const phone = await on('/workouts', (await registerMember(backend.url)).token);
    for (const event of ['telemetry', 'admin:everything', 'workout:progress', 'join']) expect(await ask(phone, event, {}), event).toMatchObject({ success: false, code: 'unknown_event' });
    expect(await ask(phone, 'events:after', {})).toMatchObject({ events: [] });
    phone.socket.close();
  });
});

describe('at the end of its life', () => {
  test('is renewed only by one of the same account', async () => {
    const member = await registerMember(backend.url);
    const other = await registerMember(backend.url);
    const machine = await Machine.enrol(admin, floor);
    const phone = await on('/workouts', member.token);
    for (const [token, code] of [[other.token, 'forbidden'], [admin.token, 'forbidden'], [machine.token, 'forbidden'], ['nonsense', 'token_invalid'], [undefined, 'invalid_request']] as const) {
      expect(await ask(phone, 'auth:renew', { token }), String(token)).toMatchObject({ success: false, code });
    }
    expect(await ask(phone, 'auth:renew', null)).toMatchObject({ success: false, code: 'invalid_request' });
    // None of it lengthened anything, nor made it hear somebody else.
    await checkIn(other, floor);
    await backend.advance(16 * 60_000);
    await eventually('it is closed', () => !phone.socket.connected);
    expect(phone.events.map((one) => one.event)).toEqual(['token_expired']);
  });
});
