import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { io } from 'socket.io-client';
import { Backend, eventually } from '../support/program.ts';
import { Caller, makeAdmin, type Member, registerMember } from '../support/people.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await Backend.start();
});
afterAll(() => backend.stop());

const profile = { dateOfBirth: '1990-01-01', gender: 'male', activityLevel: 'moderately_active', goal: 'weight_loss' };

async function memberWithConsent(): Promise<Member> {
  const member = await registerMember(backend.url);
  await member.expect(201, 'POST', '/api/users/me/consents', { type: 'health_data', version: '1', granted: true });
  return member;
}
const enter = (member: Caller, body: object, headers?: Record<string, string>) => member.put('/api/users/body-metrics', body, headers);
const history = async (member: Caller, query = '') => member.expect<any[]>(200, 'GET', `/api/users/body-metrics/history${query}`);

describe('formulas', () => {
  test('are published for anybody, with examples and sources', async () => {
    const all = await new Caller(backend.url).expect<any[]>(200, 'GET', '/api/formulas');
    expect(all.length).toBeGreaterThan(25);
    const one = all.find((formula) => formula.id === 'bmr_harris_benedict_revised');
    expect(one).toMatchObject({ version: 1, unit: 'kcal/day', differsBySex: true, source: expect.stringContaining('1984') });
    expect(one.inputs.map((input: any) => input.name)).toEqual(['weightKg', 'heightCm', 'ageYears']);
    expect(one.examples[0]).toMatchObject({ inputs: { weightKg: 76, heightCm: 180, ageYears: 28, sex: 'male' }, value: 1811.398 });
  });
});

describe('body metrics', () => {
  test('are entered, merged, calculated, and kept as one record per change', async () => {
    const member = await memberWithConsent();
    await member.expect(200, 'PUT', '/api/users/profile', profile);
    const first = await enter(member, { demographics: { heightCm: 180, weightKg: 78, targetWeightKg: 74 }, bodyComposition: { bodyFatPercentage: 20, mineralsMg: 3100 }, notes: 'before breakfast' });
    expect(first.status, JSON.stringify(first.body)).toBe(200);
    expect(first.body.data).toMatchObject({
      demographics: { heightCm: 180, weightKg: 78, targetWeightKg: 74, goalWeightDiffKg: -4, gender: 'male' },
      bodyComposition: { bodyFatPercentage: 20, mineralsGrams: 3100 },
      calculated: { bmi: 24.07, bmiCategory: 'normal_weight' },
      validation: { isValid: true, warnings: [] },
      source: 'manual',
    });
    expect(first.body.data.calculated.estimates[0]).toMatchObject({ formula: 'bmi', version: 1, inputs: { weightKg: 78, heightCm: 180 } });

    await backend.advance(1000);
    const second = await enter(member, { demographics: { weightKg: 76 }, bodyComposition: { bodyFatPercentage: 18 }, source: 'smart_scale' });
    expect(second.body.data.bodyComposition).toEqual({ bodyFatPercentage: 18, mineralsGrams: 3100 });
    expect(await member.expect(200, 'GET', '/api/users/body-metrics')).toEqual(second.body.data);
    expect(await member.expect(200, 'GET', `/api/users/${member.id}/body-metrics`)).toEqual(second.body.data);
    expect((await member.expect(200, 'GET', '/api/users/me')).weightKg).toBe(76);

    const records = await history(member);
    expect(records.map((one) => [one.source, one.demographics.weightKg, one.changed])).toEqual([
      ['smart_scale', 76, ['weightKg', 'bodyFatPercentage']],
      ['manual', 78, ['heightCm', 'weightKg', 'targetWeightKg', 'bodyFatPercentage', 'mineralsGrams', 'notes']],
    ]);
    expect(records[1]).toMatchObject({ notes: 'before breakfast', calculated: { bmi: 24.07 } });

    const progress = await member.expect(200, 'GET', '/api/users/body-metrics/progress');
    expect(progress.lastChange).toMatchObject({ weight: { from: 78, to: 76, change: -2, percent: -2.56 }, bodyFat: { percent: -10 } });
    expect(progress.lastChange.muscleMass).toBeUndefined();
    const some = await member.expect(200, 'GET', '/api/users/body-metrics/progress?metrics=weight,bmi');
    expect(Object.keys(some.range).sort()).toEqual(['bmi', 'from', 'to', 'weight']);
  });

  test('are paged by a cursor and by days of the member', async () => {
    const member = await registerMember(backend.url);
    for (const weightKg of [80, 79, 78, 77, 76]) {
      await backend.advance(1000);
      expect((await enter(member, { demographics: { weightKg } })).status).toBe(200);
    }
    const seen: number[] = [];
    let cursor = '';
    do {
      const page = await member.get(`/api/users/body-metrics/history?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      expect(page.status).toBe(200);
      seen.push(...page.body.data.map((one: any) => one.demographics.weightKg));
      cursor = page.body.meta?.nextCursor ?? '';
    } while (cursor);
    expect(seen).toEqual([76, 77, 78, 79, 80]);
    expect(await history(member, '?endDate=2001-01-01')).toEqual([]);
    expect(await history(member, '?startDate=2001-01-01')).toHaveLength(5);
    const wrong = await member.get('/api/users/body-metrics/history?startDate=2026-02-01&endDate=2026-01-01');
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ pointer: '/query/startDate' }] } });
  });

  test('that are impossible are refused with every one of them, and change nothing', async () => {
    const member = await memberWithConsent();
    const refused = await enter(member, { demographics: { heightCm: 20, weightKg: 900, age: 5 }, bodyComposition: { bodyFatPercentage: 101, bodyAge: 5 }, measurements: { waistCm: -1 } });
    expect(refused.status).toBe(400);
    expect(refused.body.errors.map((one: any) => one.pointer).sort()).toEqual([
      '/bodyComposition/bodyAge', '/bodyComposition/bodyFatPercentage', '/demographics/age', '/demographics/heightCm', '/demographics/weightKg', '/measurements/waistCm']);
    for (const nothing of [{}, { demographics: {} }, { bodyComposition: {}, measurements: {} }]) expect((await enter(member, nothing)).status).toBe(400);
    expect((await enter(member, { bodyComposition: { mineralsMg: 3, mineralsGrams: 3 } })).status).toBe(400);
    expect(await history(member)).toEqual([]);
  });

  test('that are unusual are kept, and said to be so', async () => {
    const member = await memberWithConsent();
    const kept = await enter(member, { demographics: { heightCm: 180, weightKg: 160 }, bodyComposition: { bodyFatPercentage: 3 } });
    expect(kept.body.data.validation).toMatchObject({ isValid: false, warnings: [{ code: 'bmi_unusual' }, { code: 'body_fat_unusual' }] });
    expect(await history(member)).toHaveLength(1);
  });

  test('need a consent for what was measured, and are sealed where they are kept', async () => {
    const member = await registerMember(backend.url);
    expect(await enter(member, { bodyComposition: { bodyFatPercentage: 31.4159 } })).toMatchObject({ status: 403, body: { code: 'consent_required' } });
    await member.expect(201, 'POST', '/api/users/me/consents', { type: 'health_data', version: '1', granted: true });
    expect((await enter(member, { bodyComposition: { bodyFatPercentage: 31.4159 }, notes: 'zwieback77' })).status).toBe(200);
    expect((await history(member))[0].notes).toBe('zwieback77');
    expect(await backend.keeps('zwieback77')).toBe(false);
    expect(await backend.keeps('31.4159')).toBe(false);
    expect(await backend.keeps('bodyFatPercentage')).toBe(true); // its name is in the list of what changed
  });

  test('based on an older version lose', async () => {
    const member = await registerMember(backend.url);
    const shown = await member.get('/api/users/body-metrics');
    const etag = shown.headers.get('etag')!;
    const first = await enter(member, { demographics: { weightKg: 70 } }, { 'if-match': etag });
    expect(first.status).toBe(200);
    expect(await enter(member, { demographics: { weightKg: 71 } }, { 'if-match': etag })).toMatchObject({ status: 412 });
    expect((await enter(member, { demographics: { weightKg: 71 } }, { 'if-match': first.headers.get('etag')! })).status).toBe(200);
    expect(await history(member)).toHaveLength(2);
  });

  test('entered at once by many devices are all kept', async () => {
    const member = await registerMember(backend.url);
    const weights = [70, 71, 72, 73, 74, 75];
    const answers = await Promise.all(weights.map((weightKg) => enter(member, { demographics: { weightKg } })));
    const kept = answers.filter((one) => one.status === 200).length;
    for (const one of answers) expect([200, 412]).toContain(one.status);
    const records = await history(member);
    expect(records).toHaveLength(kept);
    expect(records[0].demographics.weightKg).toBe((await member.expect(200, 'GET', '/api/users/body-metrics')).demographics.weightKg);
  });

  test('of somebody else are nobody\'s business but an admin\'s, who is recorded', async () => {
    const member = await registerMember(backend.url);
    const other = await registerMember(backend.url);
    const admin = await makeAdmin(backend);
    for (const path of ['', '/history', '/progress']) expect((await other.get(`/api/users/${member.id}/body-metrics${path}`)).status).toBe(404);
    expect((await other.put(`/api/users/${member.id}/body-metrics`, { demographics: { weightKg: 70 } })).status).toBe(404);
    expect((await other.post(`/api/users/${member.id}/body-metrics/recalculate-macros`)).status).toBe(404);
    const entered = await admin.put(`/api/users/${member.id}/body-metrics`, { demographics: { weightKg: 70 } });
    expect(entered.body.data).toMatchObject({ source: 'admin_entry', demographics: { weightKg: 70 } });
    expect((await admin.get(`/api/users/${member.id}/body-metrics/history`)).status).toBe(200);
    expect(await backend.keeps('"event":"health_data_read"')).toBe(true);
    expect((await admin.get('/api/users/01890000-0000-7000-8000-000000000000/body-metrics')).status).toBe(404);
  });

  test('are told to the member\'s devices', async () => {
    const member = await registerMember(backend.url);
    const device = io(`${backend.url}/notifications`, { auth: { token: member.token }, transports: ['websocket'], forceNew: true });
    try {
      const told: any[] = [];
      device.on('metrics:updated', (message) => told.push(message));
      await eventually('the device is connected', () => device.connected);
      await enter(member, { demographics: { heightCm: 200, weightKg: 100 } });
      const message = await eventually('the device is told', () => told[0]);
      expect(message).toMatchObject({ changed: ['heightCm', 'weightKg'], bmi: 25, weightKg: 100, recordedAt: expect.any(String) });
    } finally {
      device.close();
    }
  });

  test('survive a kill at once after they were answered for', async () => {
    // A backend of its own: where the clock was moved, tokens are of a time that a restart has not come to.
    const killed = await Backend.start();
    try {
      const member = await registerMember(killed.url);
      for (const weightKg of [70, 69]) expect((await enter(member, { demographics: { weightKg } })).status).toBe(200);
      await killed.kill();
      await killed.start();
      expect((await history(member)).map((one) => one.demographics.weightKg)).toEqual([69, 70]);
    } finally {
      await killed.stop();
    }
  });
});

describe('macros', () => {
  test('name what the profile lacks, then follow its goal, and are kept', async () => {
    const member = await registerMember(backend.url);
    const lacking = await member.post('/api/users/body-metrics/recalculate-macros');
    expect(lacking).toMatchObject({ status: 400, body: { code: 'profile_incomplete' } });
    expect(lacking.body.errors.map((one: any) => one.pointer).sort()).toEqual(['/activityLevel', '/dateOfBirth', '/goal', '/heightCm', '/weightKg']);
    await member.expect(200, 'PUT', '/api/users/profile', { ...profile, goal: 'maintenance', heightCm: 180, weightKg: 80, targetWeightKg: 75 });
    const made = await member.expect(200, 'POST', '/api/users/body-metrics/recalculate-macros?formula=mifflin_st_jeor');
    const { currentMacros } = made;
    expect(currentMacros).toMatchObject({ formula: 'macro_targets', proteinG: 120, goalFactor: 1, bmr: { formula: 'bmr_mifflin_st_jeor' }, notes: [] });
    expect(currentMacros.calories).toBe(Math.round(currentMacros.bmr.value * 1.55));
    expect(Math.abs(currentMacros.proteinG * 4 + currentMacros.carbsG * 4 + currentMacros.fatG * 9 - currentMacros.calories)).toBeLessThan(9);
    expect(currentMacros.validTill).toEqual(expect.any(String));
    expect((await member.expect(200, 'GET', '/api/users/body-metrics')).currentMacros).toEqual(currentMacros);
  });

  test('are no deficit for a body that must not have one', async () => {
    const member = await memberWithConsent();
    await member.expect(200, 'PUT', '/api/users/profile', { ...profile, gender: 'female', heightCm: 170, weightKg: 65, healthConditions: ['Pregnancy'] });
    const { currentMacros } = await member.expect(200, 'POST', '/api/users/body-metrics/recalculate-macros');
    expect(currentMacros).toMatchObject({ goalFactor: 1, notes: expect.arrayContaining(['no_deficit_condition']) });
  });

  test('that no formula holds for are refused with a reason', async () => {
    const member = await registerMember(backend.url);
    await member.expect(200, 'PUT', '/api/users/profile', { ...profile, dateOfBirth: '1935-01-01', heightCm: 170, weightKg: 65 });
    const refused = await member.post('/api/users/body-metrics/recalculate-macros?formula=mifflin_st_jeor');
    expect(refused).toMatchObject({ status: 422, body: { code: 'figures_out_of_range', errors: [{ pointer: '/ageYears' }] } });
    expect((await member.post('/api/users/body-metrics/recalculate-macros')).status).toBe(200);
  });
});
