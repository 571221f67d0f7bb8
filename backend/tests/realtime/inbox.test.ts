import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { patiently } from '../support/patience.ts';
import { checkIn, type Inbox, listening, openBranch, type Floor } from '../support/floor.ts';
import { Caller, makeAdmin, registerMember } from '../support/people.ts';
import { Backend, eventually } from '../support/program.ts';

let backend: Backend;
let admin: Caller;
let floor: Floor;
beforeAll(async () => {
  backend = await Backend.start({ environment: { NXG_LIMIT_MEMBER: '100000', NXG_LIMIT_MACHINE_RATE: '10000', NXG_LIMIT_MACHINE_BURST: '10000' } });
  admin = await makeAdmin(backend);
  floor = await openBranch(admin);
});
afterAll(() => backend.stop());

/** Two events: a visit begun and ended. */
async function visit(member: Caller) {
  await checkIn(member, floor);
  await member.expect(200, 'POST', '/api/sessions/end', {});
}

const device = (member: Caller, more: { after?: unknown } = {}) => listening(backend.url, '/workouts', { token: member.token, ...more });
const cursors = (of: Inbox) => of.events.map((one) => one.payload.cursor);
const listed = (member: Caller, query = '') => member.expect(200, 'GET', `/api/events${query}`);
/** An event whose claim was killed stays away until that has ended, after 30 s. */
const told = (member: Caller, count: number) => eventually('all of it is in the inbox', async () => {
  const found = await listed(member, '?limit=256');
  return found.events.length >= count ? found : undefined;
}, 45_000);

describe('what a member is told', () => {
  test('has its place, rising by one, the same live and listed', async () => {
    const member = await registerMember(backend.url);
    const phone = await device(member);
    await visit(member);
    await eventually('both arrive', () => phone.events.length === 2);
    const [started, ended] = phone.events;
    expect([started.event, ended.event]).toEqual(['session:started', 'session:ended']);
    expect(ended.payload.cursor).toBe(started.payload.cursor + 1);
    const all = await listed(member);
    expect(all).toMatchObject({ more: false, cursor: ended.payload.cursor });
    expect(all.gap).toBeUndefined();
    expect(all.events).toEqual(phone.events.map((one) => ({ cursor: one.payload.cursor, event: one.event, namespace: '/workouts', data: one.payload })));
    phone.socket.close();
  });

  test('is had again after a cursor, by HTTP and by the socket, in parts where it is much', async () => {
    const member = await registerMember(backend.url);
    for (let i = 0; i < 3; ++i) await visit(member);
    const all = await told(member, 6);
    const after = all.events[1].cursor;
    expect((await listed(member, `?after=${after}`)).events).toEqual(all.events.slice(2));
    const part = await listed(member, `?after=${after}&limit=3`);
    expect(part).toMatchObject({ more: true, cursor: all.events[4].cursor });
    expect((await listed(member, `?after=${part.cursor}`)).events).toEqual(all.events.slice(5));

    const phone = await device(member);
    const answer = await phone.socket.timeout(5_000).emitWithAck('events:after', { cursor: after });
    expect(answer.events).toEqual(all.events.slice(2));
    expect(await phone.socket.timeout(5_000).emitWithAck('events:after', {})).toMatchObject({ events: { length: 6 } });
    expect(phone.events, 'who says nothing of what it has seen starts with what is new').toEqual([]);
    phone.socket.close();
  });

  test('comes first when a device comes back and says what it has seen', async () => {
    const member = await registerMember(backend.url);
    const phone = await device(member);
    await visit(member);
    await eventually('both arrive', () => phone.events.length === 2);
    phone.socket.close();
    await visit(member);
    await told(member, 4);
    const back = await device(member, { after: cursors(phone).at(-1) });
    await visit(member);
    await eventually('it has the missed ones and the new ones', () => back.events.length === 4);
    expect([...cursors(phone), ...cursors(back)]).toEqual(Array.from({ length: 6 }, (_unused, i) => cursors(phone)[0] + i));
    back.socket.close();
  });

  test('has an explicit gap where something is no more to be had', async () => {
    const member = await registerMember(backend.url);
    await visit(member);
    const first = (await told(member, 2)).events[0].cursor;
    for (let i = 0; i < 129; ++i) await visit(member);
    const all = await eventually('the last four of 260 pushed the first four out', async () => {
      const found = await listed(member, '?limit=256');
      return found.events.at(-1).cursor === first + 259 && found;
    });
    expect(all.events.length).toBe(256);
    const oldest = all.events[0].cursor;
    expect((await listed(member, '?after=1')).gap.oldestCursor).toBe(oldest);
    const gap = await listed(member, `?after=${oldest - 3}&limit=1`);
    expect(gap.gap.oldestCursor).toBeGreaterThan(oldest - 2);
    const phone = await device(member, { after: 1 });
    await eventually('it is told of the gap, then of what there is', () => phone.events.length === 257);
    expect(phone.events[0]).toMatchObject({ event: 'events:gap', payload: { oldestCursor: phone.events[1].payload.cursor } });
    phone.socket.close();
  }, patiently(120_000));

  test('is nobody else’s, and nonsense is refused', async () => {
    const member = await registerMember(backend.url);
    const other = await registerMember(backend.url);
    const theirs = await device(other, { after: 0 });
    await visit(member);
    await told(member, 2);
    expect((await listed(other)).events).toEqual([]);
    expect(theirs.events).toEqual([]);
    expect((await new Caller(backend.url).get('/api/events')).status).toBe(401);
    for (const query of ['?after=-1', '?after=x', '?limit=0', '?limit=257', '?member=1']) expect((await member.get(`/api/events${query}`)).status, query).toBe(400);
    for (const wrong of [{ cursor: -1 }, { cursor: 'x' }, { limit: 1_000 }, { user: other.id }]) {
      expect(await theirs.socket.timeout(5_000).emitWithAck('events:after', wrong)).toMatchObject({ success: false, code: 'invalid_request' });
    }
    await expect(device(member, { after: 'yesterday' })).rejects.toThrow(/invalid_request/);
    theirs.socket.close();
  });

  test('survives kill -9 at any moment: each device has every event once, in order', async () => {
    const member = await registerMember(backend.url);
    const devices: Inbox[] = [];
    const seen = () => devices.flatMap(cursors);
    const listen = async () => devices.push(await device(member, { after: seen().at(-1) ?? 0 }));
    await listen();
    for (let i = 0; i < 4; ++i) {
      await checkIn(member, floor);
      const ending = member.post('/api/sessions/end', {}).catch(() => undefined);
      if (i % 2 === 0) await ending;
      await backend.kill();
      await backend.start();
      await listen();
      await ending;
      await eventually('the visit is over', async () => {
        const { session } = await member.expect(200, 'GET', '/api/sessions/current');
        if (session) await member.post('/api/sessions/end', {});
        return !session;
      });
    }
    const all = await told(member, 8);
    await eventually('the device has all of it', () => seen().at(-1) === all.cursor);
    expect(seen()).toEqual(all.events.map((one: any) => one.cursor));
    expect(new Set(all.events.map((one: any) => one.data.id)).size).toBe(8);
    devices.forEach((one) => one.socket.close());
  }, patiently(120_000));
});
