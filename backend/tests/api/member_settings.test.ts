import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Backend } from '../support/program.ts';
import { makeAdmin, registerMember } from '../support/people.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await Backend.start();
});
afterAll(() => backend.stop());

describe('preferences', () => {
  test('have defaults, and keep what is not sent', async () => {
    const member = await registerMember(backend.url);
    const defaults = await member.expect(200, 'GET', '/api/users/preferences');
    expect(defaults).toEqual({
      notifications: { workoutReminders: true, mealReminders: true, achievementAlerts: true, socialUpdates: false, weeklyReports: true, pushNotifications: true, emailNotifications: true, smsNotifications: false },
      appConfiguration: { theme: 'auto', language: 'en', timezone: 'UTC', units: 'metric', startOfWeek: 'monday', autoSync: true },
      workout: { restTimerSound: true, formTips: true, autoProgressPhotos: false, defaultRestTime: 60 },
      diet: { calorieGoalReminders: true, mealPlanNotifications: true, nutritionInsights: true, waterReminders: true },
    });
    const changed = await member.expect(200, 'PUT', '/api/users/preferences', { notifications: { socialUpdates: true }, appConfiguration: { theme: 'dark', timezone: 'Europe/Berlin' } });
    expect(changed).toEqual({ ...defaults, notifications: { ...defaults.notifications, socialUpdates: true }, appConfiguration: { ...defaults.appConfiguration, theme: 'dark', timezone: 'Europe/Berlin' } });
    expect((await member.expect(200, 'GET', '/api/users/me')).timeZone).toBe('Europe/Berlin');
    await member.expect(200, 'PUT', '/api/users/preferences', { workout: { defaultRestTime: 90 } });
    const now = await member.expect(200, 'GET', '/api/users/preferences');
    expect(now).toEqual({ ...changed, workout: { ...changed.workout, defaultRestTime: 90 } });
  });

  test('that are wrong are all named, and change nothing', async () => {
    const member = await registerMember(backend.url);
    const refused = await member.put('/api/users/preferences', { appConfiguration: { theme: 'pink', language: 'english', timezone: 'Mars/Base' }, workout: { defaultRestTime: 5 }, friends: {} });
    expect(refused.status).toBe(400);
    expect(refused.body.errors.map((one: any) => one.pointer).sort()).toEqual(['/appConfiguration/language', '/appConfiguration/theme', '/appConfiguration/timezone', '/friends', '/workout/defaultRestTime']);
    for (const nothing of [{}, { diet: {} }]) expect((await member.put('/api/users/preferences', nothing)).status).toBe(400);
    expect((await member.expect(200, 'GET', '/api/users/preferences')).appConfiguration.theme).toBe('auto');
  });

  test('based on an older version lose', async () => {
    const member = await registerMember(backend.url);
    const etag = (await member.get('/api/users/preferences')).headers.get('etag')!;
    expect((await member.put('/api/users/preferences', { diet: { waterReminders: false } }, { 'if-match': etag })).status).toBe(200);
    expect((await member.put('/api/users/preferences', { diet: { waterReminders: true } }, { 'if-match': etag })).status).toBe(412);
  });
});

describe('privacy', () => {
  test('is careful by default, and keeps what is not sent', async () => {
    const member = await registerMember(backend.url);
    const defaults = await member.expect(200, 'GET', '/api/users/privacy');
    expect(defaults).toEqual({ shareBasicMetrics: true, shareBodyComposition: false, shareHealthConditions: false, shareProgressPhotos: false, shareWorkoutData: true, shareNutritionData: false, profileVisibility: 'friends', allowHealthDataExport: true });
    const changed = await member.expect(200, 'PUT', '/api/users/privacy', { profileVisibility: 'private', shareWorkoutData: false });
    expect(changed).toEqual({ ...defaults, profileVisibility: 'private', shareWorkoutData: false });
    expect((await member.put('/api/users/privacy', {})).status).toBe(400);
    expect(await member.expect(200, 'GET', '/api/users/privacy')).toEqual(changed);
  });
});

test('settings of somebody else are an admin\'s business only, who is recorded', async () => {
  const member = await registerMember(backend.url);
  const other = await registerMember(backend.url);
  const admin = await makeAdmin(backend);
  for (const what of ['preferences', 'privacy']) {
    expect((await other.get(`/api/users/${member.id}/${what}`)).status).toBe(404);
    expect((await admin.get(`/api/users/${member.id}/${what}`)).status).toBe(200);
    expect((await member.get(`/api/users/${member.id}/${what}`)).status).toBe(200);
  }
  expect((await other.put(`/api/users/${member.id}/privacy`, { shareWorkoutData: false })).status).toBe(404);
  expect((await other.put(`/api/users/${member.id}/preferences`, { diet: { waterReminders: false } })).status).toBe(404);
  await admin.expect(200, 'PUT', `/api/users/${member.id}/privacy`, { shareWorkoutData: false });
  expect((await member.expect(200, 'GET', '/api/users/privacy')).shareWorkoutData).toBe(false);
  expect(await backend.keeps('"event":"privacy_update"')).toBe(true);
});
