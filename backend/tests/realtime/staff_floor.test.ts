import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Backend } from '../support/program.ts';
import { Caller, logIn, makeAdmin, type Member, registerMember } from '../support/people.ts';
import { checkIn, connected, type Floor, Inbox, Machine, openBranch } from '../support/floor.ts';
import { patiently } from '../support/patience.ts';

// `/staff`: who is where, and what is wrong with machines; for those who work in the branch and nobody else.

let backend: Backend;
let admin: Caller;
let floor: Floor;
let elsewhere: Floor;
beforeAll(async () => {
  backend = await Backend.start();
  admin = await makeAdmin(backend);
  [floor, elsewhere] = [await openBranch(admin), await openBranch(admin)];
});
afterAll(() => backend.stop());

/** Somebody with that role from now on, logged in. */
async function hire(role: string, ...branches: string[]) {
  const person = await registerMember(backend.url);
  return employ(person, role, ...branches);
}
async function employ(person: Member, role: string, ...branches: string[]) {
  await admin.expect(200, 'PUT', `/api/users/${person.id}/role`, { role, ...(branches.length ? { branches } : {}) });
  const { token } = await logIn(backend.url, person.email, person.password);
  await new Caller(backend.url, token).expect(200, 'GET', '/api/users/me');
  return Object.assign(person, { token });
}
const open = async (who: Caller) => new Inbox(await connected(backend.url, '/staff', who.token));
const ask = (from: Inbox, event: string, branchId: unknown) => from.socket.timeout(patiently(5000)).emitWithAck(event, { branchId });

/** Somebody comes, trains, is disturbed by a fault, and goes. */
async function visitOf(where: Floor) {
  const machine = await Machine.enrol(admin, where);
  await machine.connect();
  const member = await registerMember(backend.url, { name: 'Kim Example' });
  const session = await checkIn(member, where);
  const link = await member.expect(201, 'POST', '/api/machines/link', { machineId: machine.id });
  return { machine, member, session, link };
}

describe('the floor of a branch', () => {
  test('its staff see who comes, trains where, what breaks, and who goes; those of another branch nothing', async () => {
    const desk = await open(await hire('staff', floor.branchId));
    const stranger = await open(await hire('staff', elsewhere.branchId));
    const chief = await open(admin);
    expect(await ask(desk, 'floor:watch', floor.branchId)).toEqual({ branchId: floor.branchId, occupancy: 0, capacity: 100, members: [] });
    expect(await ask(stranger, 'floor:watch', floor.branchId)).toMatchObject({ success: false, code: 'branch_not_found' });
    expect(await ask(stranger, 'floor:watch', elsewhere.branchId)).toMatchObject({ occupancy: 0 });
    expect(await ask(chief, 'floor:watch', floor.branchId)).toMatchObject({ occupancy: 0 });

    const { machine, member, session, link } = await visitOf(floor);
    for (const each of [desk, chief]) {
      expect(await each.next('member:arrived')).toMatchObject({ branchId: floor.branchId, sessionId: session.id, memberId: member.id, name: 'Kim Example' });
      expect(await each.next('machine:taken')).toMatchObject({ branchId: floor.branchId, machineId: machine.id, linkId: link.linkId, memberId: member.id });
    }
    // Who looks now sees the same.
    const late = await open(admin);
    expect(await ask(late, 'floor:watch', floor.branchId)).toMatchObject({
      occupancy: 1,
      members: [{ sessionId: session.id, memberId: member.id, name: 'Kim Example', machine: { machineId: machine.id, linkId: link.linkId, machineName: 'Treadmill 1' } }],
    });

    const report = { kind: 'fault', severity: 'high', notes: 'belt slips', outOfService: true };
    expect(await machine.socket!.timeout(patiently(5000)).emitWithAck('maintenance', report)).toEqual({ success: true });
    expect(await desk.next('machine:alert')).toMatchObject({ branchId: floor.branchId, machineId: machine.id, machineName: 'Treadmill 1', ...report });
    expect(await desk.next('machine:freed')).toMatchObject({ machineId: machine.id, linkId: link.linkId, memberId: member.id, reason: 'maintenance' });
    await member.expect(200, 'POST', '/api/sessions/end', {});
    expect(await desk.next('member:left')).toMatchObject({ sessionId: session.id, memberId: member.id, reason: 'member' });

    // What happens there does reach the stranger: what happened here would have come before.
    const there = await visitOf(elsewhere);
    expect(await stranger.next('member:arrived')).toMatchObject({ memberId: there.member.id });
    expect(stranger.events.filter((one) => one.payload.branchId !== elsewhere.branchId)).toEqual([]);
    expect(desk.events.filter((one) => one.payload.branchId !== floor.branchId)).toEqual([]);
    [desk, stranger, chief, late].forEach((one) => one.socket.close());
    [machine, there.machine].forEach((one) => one.socket!.close());
  });

  test('is seen as long as it is watched, by its staff, while they are', async () => {
    const person = await hire('staff', floor.branchId, elsewhere.branchId);
    const [desk, office] = [await open(person), await open(person)];
    for (const each of [desk, office]) expect(await ask(each, 'floor:watch', floor.branchId)).toHaveProperty('occupancy');
    expect(await ask(office, 'floor:unwatch', floor.branchId)).toEqual({ success: true });
    expect(await ask(office, 'floor:watch', elsewhere.branchId)).toHaveProperty('occupancy');
    await visitOf(floor).then(({ machine }) => machine.socket!.close());
    await desk.next('machine:taken');
    expect(office.of('member:arrived')).toEqual([]);

    // They work elsewhere now: the token of before, and with it the connection, is worth nothing any more.
    const gone = Promise.all([desk, office].map((one) => new Promise((resolve) => one.socket.once('disconnect', resolve))));
    const before = person.token!;
    await employ(person, 'staff', elsewhere.branchId);
    expect(await gone).toEqual(['io server disconnect', 'io server disconnect']);
    expect(desk.of('token_revoked')).toHaveLength(1);
    await expect(connected(backend.url, '/staff', before)).rejects.toThrow('token_revoked');
    const again = await open(person);
    expect(await ask(again, 'floor:watch', floor.branchId)).toMatchObject({ success: false, code: 'branch_not_found' });
    expect(await ask(again, 'floor:watch', elsewhere.branchId)).toHaveProperty('occupancy');
    again.socket.close();
  });

  test('may be that of a hundred branches', async () => {
    const others = [];
    for (let i = 0; i < 99; ++i) others.push((await openBranch(admin)).branchId);
    const person = await hire('staff', ...others, floor.branchId);
    await person.expect(200, 'GET', '/api/users/me');
    const desk = await open(person);
    expect(await ask(desk, 'floor:watch', floor.branchId)).toHaveProperty('occupancy');
    desk.socket.close();
    const onePlusTheHundred = { role: 'staff', branches: [...others, floor.branchId, crypto.randomUUID()] };
    expect((await admin.put(`/api/users/${person.id}/role`, onePlusTheHundred)).status).toBe(400);
  });

  test.each(['member', 'trainer'])('is not for a %s', async (role) => {
    const who = role === 'member' ? await registerMember(backend.url) : await hire(role, floor.branchId);
    await expect(connected(backend.url, '/staff', who.token)).rejects.toThrow('forbidden');
  });

  test('is not for machines, screens and strangers', async () => {
    const machine = await Machine.enrol(admin, floor);
    for (const token of [machine.token, floor.screen.token]) await expect(connected(backend.url, '/staff', token)).rejects.toThrow('forbidden');
    await expect(connected(backend.url, '/staff')).rejects.toThrow();
  });

  test.each([undefined, null, 7, 'x', {}, { branchId: 7 }, { branchId: 'x' }])('is not asked for by %j', async (what) => {
    const desk = await open(admin);
    for (const event of ['floor:watch', 'floor:unwatch']) expect(await desk.socket.timeout(patiently(5000)).emitWithAck(event, what)).toMatchObject({ success: false, code: 'invalid_request' });
    expect(await ask(desk, 'floor:watch', '01890a5d-ac96-774b-bcce-b302099a8057')).toMatchObject({ success: false, code: 'branch_not_found' });
    desk.socket.close();
  });
});
