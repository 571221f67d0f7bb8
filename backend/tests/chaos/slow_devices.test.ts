import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkIn, connected, Inbox, memberTraining, openBranch, type Floor } from '../support/floor.ts';
import { Caller, makeAdmin, type Member, registerMember } from '../support/people.ts';
import { Plain } from '../support/plain.ts';
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

async function visit(member: Caller) {
  await checkIn(member, floor);
  await member.expect(200, 'POST', '/api/sessions/end', {});
}

async function newest(member: Caller, events: number) {
  return eventually('all of it is in the inbox', async () => {
    const found = await member.expect(200, 'GET', '/api/events?limit=256');
    return found.events.length >= events ? (found.cursor as number) : undefined;
  });
}

const residentBytes = (metrics: string) => Number(metrics.match(/^process_resident_memory_bytes (\S+)/m)![1]);

describe('a device that does not read', () => {
  test('holds a bounded share, is let go with the reason, and has everything when it comes back', async () => {
    const member = await registerMember(backend.url);
    for (let i = 0; i < 128; ++i) await visit(member);
    const last = await newest(member, 256);
    const deaf = await Plain.open(backend.url, `/api/ws/workouts?after=${last}`, { authorization: `Bearer ${member.token}` });
    await deaf.next('connected');
    const before = residentBytes(await backend.metrics());
    deaf.socket.pause();
    // Answers of some 70 KB each: far more than the kernel's buffers and the bound hold.
    for (let i = 0; i < 400; ++i) deaf.say({ event: 'events:after', data: { limit: 256 }, id: i });
    await visit(member);
    const after = await eventually('it is let go', async () => {
      const metrics = await backend.metrics();
      return /^nxg_sockets(?:\{[^}]*\})? 0$/m.test(metrics) && metrics;
    });
    // At once: the reason is there for a moment only.
    deaf.socket.resume();
    expect(residentBytes(after) - before).toBeLessThan(48 * 1024 * 1024);
    expect(await deaf.end()).toEqual({ code: 1008, reason: 'slow client' });
    expect((await new Caller(backend.url).get('/api/health')).status).toBe(200);
    expect(deaf.frames.filter((one) => one.event?.startsWith('session:')).length).toBeLessThan(2);

    const back = await Plain.open(backend.url, `/api/ws/workouts?after=${last}`, { authorization: `Bearer ${member.token}` });
    await back.next('session:ended');
    expect(back.frames.map((one) => one.event)).toEqual(['connected', 'session:started', 'session:ended']);
    expect(back.of('session:ended')[0].cursor).toBe(last + 2);
    back.close();
  }, 120_000);

  test('misses samples but the newest, and no event', async () => {
    const { machine, member, phone, link } = await memberTraining(admin, floor);
    const quick = new Inbox(await connected(backend.url, '/workouts', member.token));
    const wire = (phone.socket.io.engine as any).transport.ws;
    await phone.next('workout:started');
    wire._socket.pause();
    // Some 100 KB of live samples each.
    const rounds = 120;
    for (let i = 0; i < rounds; ++i) {
      const samples = Array.from({ length: 500 }, () => machine.sample(link.linkId, { elapsedSeconds: machine.seq / 100, distanceMeters: machine.seq / 100 }));
      const answer = await machine.sendBatch(samples);
      expect(answer).toMatchObject({ through: machine.seq, refused: [] });
    }
    await member.expect(200, 'POST', '/api/machines/unlink', { machineId: machine.id });
    await quick.next('workout:ended');
    expect(quick.of('workout:progress').reduce((sum, one) => sum + one.samples.length, 0)).toBe(rounds * 500);
    wire._socket.resume();
    await phone.next('workout:ended');
    expect(phone.socket.connected).toBe(true);
    const seen = phone.of('workout:progress');
    expect(seen.length).toBeLessThan(rounds);
    expect(seen.at(-1).samples.at(-1).seq).toBe(machine.seq);
    // Of the visit and of points it is told as well, when their turn comes.
    const [started, ended] = phone.events.filter((one) => one.event.startsWith('workout:') && one.payload.cursor);
    expect([started.event, ended.event]).toEqual(['workout:started', 'workout:ended']);
    expect(ended.payload.cursor).toBeGreaterThan(started.payload.cursor);
    expect(ended.payload).toEqual(quick.of('workout:ended')[0]);
    [phone, quick].forEach((one) => one.socket.close());
    machine.socket!.close();
  }, 120_000);
});
