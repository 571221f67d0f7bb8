import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { objectsOf } from '../support/objects.ts';
import { animatedPng, bomb, form, png, withText } from '../support/pictures.ts';
import { Caller, logIn, type Member, registerMember } from '../support/people.ts';
import { Backend, eventually, Sandbox } from '../support/program.ts';

let sandbox: Sandbox;
let backend: Backend;
beforeAll(async () => {
  sandbox = await Sandbox.start();
  backend = await Backend.start({ environment: { NXG_MDS_URL: sandbox.url, NXG_MDS_TOKEN: 'sandbox' } });
});
afterAll(async () => {
  await backend.stop();
  await sandbox.stop();
});

async function consenting(url = backend.url): Promise<Member> {
  const member = await registerMember(url);
  await member.expect(201, 'POST', '/api/users/me/consents', { type: 'health_data', version: '1', granted: true });
  return member;
}
const photograph = (member: Caller, image = png({ seed: Math.floor(Math.random() * 1e6) }), fields: Record<string, string> = {}, headers = {}) =>
  member.upload('/api/nutrition/upload-meal', form(image, fields), headers);
const rice = { name: 'Rice', quantity: 200, unit: 'g', energyKcal: 260, carbsG: 56, proteinG: 5.4, fatG: 0.6 };
const enter = (member: Caller, more: object = {}, items: object[] = [rice]) => member.expect(201, 'POST', '/api/nutrition/meals', { items, ...more });
const seen = async () => (await (await fetch(`${sandbox.url}/requests`)).json() as any).requests.filter((one: any) => one.service === 'mds');
const points = async (member: Caller) => (await member.expect(200, 'GET', '/api/nxg-points/balance')).balance;

/** The service is asked again after faults have opened the breaker. */
async function well() {
  await sandbox.fault('none');
  await backend.advance(31_000);
}

describe('a photographed meal', () => {
  test('is told, kept, shown by a link of an hour, and belongs to nobody else', async () => {
    await well();
    const member = await consenting();
    const { status, body, headers } = await photograph(member, png({ width: 1600, height: 1200 }), { mealType: 'Snack 1', notes: 'from the market' });
    expect(status, JSON.stringify(body)).toBe(201);
    const meal = body.data;
    expect(meal).toMatchObject({ source: 'scan', mealType: 'morning_snack', notes: 'from the market', detection: 'done', detectedBy: 'service', isVerified: false, canCorrect: true });
    expect(meal.items.length).toBeGreaterThan(0);
    expect(meal.totalNutrition.energyKcal).toBeGreaterThan(0);
    expect(headers.get('location')).toBe(`/api/nutrition/meals/${meal.mealId}`);

    const link = meal.imageUrl.startsWith('http') ? meal.imageUrl : backend.url + meal.imageUrl;
    const picture = await fetch(link.replace(/^https?:\/\/[^/]+(?=\/api\/)/, backend.url));
    expect(picture.status).toBe(200);
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    const bytes = Buffer.from(await picture.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    expect(bytes.length).toBeLessThanOrEqual(1 << 20);

    const other = await consenting();
    for (const [method, path, sent] of [
      ['GET', `/api/nutrition/meals/${meal.mealId}`], ['DELETE', `/api/nutrition/meals/${meal.mealId}`], ['PUT', `/api/nutrition/meals/${meal.mealId}/confirm`],
      ['POST', `/api/nutrition/correct-meal/${meal.mealId}`, { correction: 'it was only salad', items: [rice] }],
      ['POST', '/api/nutrition/log-previous-meal', { mealId: meal.mealId }],
    ] as const) {
      const answer = await other.call(method, path, sent);
      expect([answer.status, answer.body.code], `${method} ${path}`).toEqual([404, 'meal_not_found']);
    }
    expect((await other.get('/api/nutrition/meal-history')).body.data).toEqual([]);
  });

  test('goes outside without anything but pixels, and never with a name', async () => {
    const member = await consenting();
    const { status } = await photograph(member, withText('taken at 52.5163 N, 13.3777 E'));
    expect(status).toBe(201);
    const asked = JSON.stringify(await seen());
    for (const secret of [member.id, member.email, member.username, '52.5163']) expect(asked).not.toContain(secret);
    expect(await backend.keeps('52.5163')).toBe(false);
  });

  test('needs consent, which can be withdrawn', async () => {
    const member = await registerMember(backend.url);
    const { status, body } = await photograph(member);
    expect([status, body.code]).toEqual([403, 'consent_required']);
    expect((await member.get('/api/nutrition/meal-history')).body.data).toEqual([]);
    await enter(member);
  });

  test('is told once: the same picture, also smaller, is recognised for that member alone', async () => {
    const member = await consenting();
    const first = await photograph(member, png({ width: 900, height: 600, seed: 77 }));
    const before = (await seen()).length;
    const again = await photograph(member, png({ width: 900, height: 600, seed: 77 }));
    const smaller = await photograph(member, png({ width: 450, height: 300, seed: 77 }));
    for (const one of [again, smaller]) {
      expect(one.body.data).toMatchObject({ detection: 'done', detectedBy: 'earlier_meal', items: first.body.data.items });
    }
    expect(await seen()).toHaveLength(before);
    await photograph(await consenting(), png({ width: 900, height: 600, seed: 77 }));
    expect(await seen()).toHaveLength(before + 1);
  });

  test('repeated under its key is one meal', async () => {
    const member = await consenting();
    const key = { 'idempotency-key': crypto.randomUUID() };
    const image = png({ seed: 5 });
    // The same octets: a form made anew would have another boundary.
    const body = await new Response(form(image)).blob();
    const send = () => fetch(`${backend.url}/api/nutrition/upload-meal`, {
      method: 'POST', headers: { connection: 'close', authorization: `Bearer ${member.token}`, 'content-type': body.type, ...key }, body,
    });
    const ids = [];
    for (let i = 0; i < 2; i++) ids.push((await (await send()).json() as any).data.mealId);
    expect(new Set(ids).size).toBe(1);
    expect((await member.get('/api/nutrition/meal-history')).body.data).toHaveLength(1);
  });

  test('can be looked at without a trace', async () => {
    const member = await consenting();
    const { status, body } = await member.upload('/api/integrations/meal-detection', form(png({ seed: 9 })));
    expect(status).toBe(200);
    expect(body.data.detectedFoods.length).toBeGreaterThan(0);
    expect(['service', 'cache']).toContain(body.data.source);
    expect((await member.get('/api/nutrition/meal-history')).body.data).toEqual([]);
  });
});

describe('bad pictures are refused, and nothing is kept', () => {
  const whole = png({ width: 600, height: 400 });
  test.each([
    ['cut off', whole.subarray(0, whole.length / 2), 'damaged'],
    ['a bomb', bomb(), 'too_many_pixels'],
    ['moving', animatedPng(), 'animated'],
    ['a GIF that says it is a PNG', Buffer.from(`GIF89a${'\x01'.repeat(100)}`), 'unsupported'],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 'unsupported'],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'unsupported'],
    ['tiny', png({ width: 4, height: 4 }), 'too_small'],
    ['a JPEG in its first bytes only', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(2000, 7)]), 'damaged'],
    ['too many bytes', Buffer.concat([png({ width: 32, height: 32 }), Buffer.alloc(10 << 20)]), 'too_large'],
  ])('%s', async (_, image, code) => {
    const member = await consenting();
    for (const path of ['/api/nutrition/upload-meal', '/api/integrations/meal-detection']) {
      const { status, body } = await member.upload(path, form(Buffer.from(image)));
      expect([status, body.code]).toEqual([422, 'meal_picture_unusable']);
      expect(body.errors).toEqual([expect.objectContaining({ pointer: '/image', code })]);
    }
    expect((await member.get('/api/nutrition/meal-history')).body.data).toEqual([]);
  });

  test('no picture, a text for a picture, an unknown field, a meal nobody eats', async () => {
    const member = await consenting();
    const text = new FormData();
    text.append('image', 'a picture of rice');
    for (const bad of [form(undefined), text, form(png(), { colour: 'red' }), form(png(), { mealType: 'elevenses' })]) {
      const { status, body } = await member.upload('/api/nutrition/upload-meal', bad);
      expect(status, JSON.stringify(body)).toBe(400);
      expect(body.errors.length).toBeGreaterThan(0);
    }
    const huge = await member.upload('/api/nutrition/upload-meal', form(Buffer.alloc(12 << 20))).catch(() => undefined);
    expect(huge?.status ?? 413).toBe(413);
  });
});

describe.each(['http_500', 'hang', 'cut_body', 'wrong_json', 'http_429'])('when the service answers with %s', (kind) => {
  test('the meal is there within the deadline and is told later; meals can be entered', async () => {
    await well();
    const member = await consenting();
    await sandbox.fault(kind);
    const began = performance.now();
    const { status, body } = await photograph(member);
    expect(performance.now() - began).toBeLessThan(26_000);
    expect(status, JSON.stringify(body)).toBe(201);
    expect(body.data).toMatchObject({ detection: 'pending', items: [], detectionTrouble: expect.any(String), betterAnswerAt: expect.any(String) });
    await enter(member);
    for (const [method, path, sent] of [
      ['PUT', `/api/nutrition/meals/${body.data.mealId}/confirm`], ['POST', '/api/nutrition/log-previous-meal', { mealId: body.data.mealId }],
      ['POST', `/api/nutrition/correct-meal/${body.data.mealId}`, { correction: 'it was twice as much' }],
    ] as const) {
      const early = await member.call(method, path, sent);
      expect([early.status, early.body.code], `${method} ${path}`).toEqual([409, 'meal_not_analyzed']);
    }

    const look = await member.upload('/api/integrations/meal-detection', form(png({ seed: 4711 })));
    expect([look.status, look.body.code]).toEqual([503, 'meal_detection_unavailable']);
    expect(Number(look.headers.get('retry-after'))).toBeGreaterThan(0);

    await sandbox.fault('none');
    const told = await eventually('it is told', async () => {
      await backend.advanceNowAndThen(60_000);
      // Tokens end in the time of the backend.
      const found = await (await logIn(backend.url, member.email, member.password)).expect(200, 'GET', `/api/nutrition/meals/${body.data.mealId}`);
      return found.detection === 'done' ? found : undefined;
    }, 30_000);
    expect(told.items.length).toBeGreaterThan(0);
  }, 90_000);
});

test('a service that lies is never believed, and counted', async () => {
  await well();
  await sandbox.fault('wrong_json');
  const member = await consenting();
  for (let i = 0; i < 3; i++) {
    await backend.advance(31_000);
    expect((await photograph(member)).body.data.items).toEqual([]);
  }
  expect(await backend.metrics()).toMatch(/nxg_outside_answers_refused_total\{[^}]*service="mds"[^}]*\} [1-9]/);
  await well();
});

test('with no service at all pictures are kept and meals entered by hand', async () => {
  const alone = await Backend.start();
  const member = await consenting(alone.url);
  const { body } = await photograph(member);
  expect(body.data).toMatchObject({ detection: 'failed', detectionTrouble: 'not_configured' });
  const corrected = await member.expect(200, 'POST', '/api/nutrition/correct-meal', { mealId: body.data.mealId, correction: 'it was a bowl of rice', items: [rice] });
  expect(corrected.correctedMeal).toMatchObject({ detection: 'done', isVerified: true, totalNutrition: { energyKcal: 260 } });
  await alone.stop();
});

describe('entered meals', () => {
  test('count at once, appear in the day, and can be repeated, changed and removed', async () => {
    const member = await registerMember(backend.url);
    await member.expect(200, 'PUT', '/api/users/profile', { weightKg: 80, timeZone: 'Asia/Kolkata' });
    const meal = await enter(member, { mealType: 'Lunch', notes: 'with friends' });
    expect(meal).toMatchObject({ source: 'manual', mealType: 'lunch', timeZone: 'Asia/Kolkata', isVerified: true, needsConfirmation: false, totalNutrition: { energyKcal: 260, carbsG: 56, proteinG: 5.4, fatG: 0.6, fiberG: 0 } });
    const copy = await member.expect(201, 'POST', '/api/nutrition/log-previous-meal', { mealId: meal.mealId, mealType: 'dinner' });
    expect(copy).toMatchObject({ source: 'history', sourceMealId: meal.mealId, mealType: 'dinner', items: meal.items });
    expect(copy.mealId).not.toBe(meal.mealId);

    const today = await member.expect(200, 'GET', '/api/nutrition/today');
    expect(today).toMatchObject({ timeZone: 'Asia/Kolkata', consumed: { meals: 2, unconfirmedMeals: 0, nutrition: { energyKcal: 520 } }, targets: { waterMl: 2800 } });
    expect(today.meals).toHaveLength(2);

    const corrected = await member.expect(200, 'POST', `/api/nutrition/correct-meal/${copy.mealId}`, { correction: 'only half of it', items: [{ ...rice, quantity: 100, energyKcal: 130, carbsG: 28, proteinG: 2.7, fatG: 0.3 }] });
    expect(corrected.changes.calorieChange).toBe(-130);
    const details = await member.expect(200, 'GET', `/api/nutrition/meals/${copy.mealId}`);
    expect(details.corrections).toEqual([expect.objectContaining({ correction: 'only half of it', previousNutrition: expect.objectContaining({ energyKcal: 260 }) })]);

    expect((await member.delete(`/api/nutrition/meals/${meal.mealId}`)).status).toBe(204);
    expect((await member.get(`/api/nutrition/meals/${meal.mealId}`)).status).toBe(404);
    expect(await member.expect(200, 'GET', '/api/nutrition/today')).toMatchObject({ consumed: { meals: 1, nutrition: { energyKcal: 130 } } });
    await eventually('the day follows', async () => {
      const [day] = await member.expect(200, 'GET', '/api/nutrition/water');
      return day?.nutrition.energyKcal === 130 && day.meals === 1;
    });
  });

  test('with odd figures wait for confirmation', async () => {
    const member = await registerMember(backend.url);
    const odd = await enter(member, {}, [{ name: 'Mystery', energyKcal: 3500, carbsG: 1, proteinG: 1, fatG: 1 }]);
    expect(odd).toMatchObject({ isVerified: false, needsConfirmation: true, doubts: ['item_energy_out_of_range', 'energy_does_not_fit_macros'] });
    expect(await member.expect(200, 'PUT', `/api/nutrition/meals/${odd.mealId}/confirm`)).toMatchObject({ isVerified: true, needsConfirmation: false });
  });

  test('every fault of a body is named', async () => {
    const member = await registerMember(backend.url);
    const { status, body } = await member.post('/api/nutrition/meals', { items: [{ name: 'Rice' }, { quantity: -1, energyKcal: 1e9 }, {}], mealType: 'x'.repeat(30), secret: 1 });
    expect(status).toBe(400);
    expect(body.errors.map((one: any) => one.pointer)).toEqual(expect.arrayContaining(['/items/0/energyKcal', '/items/1/quantity', '/items/1/energyKcal', '/items/2', '/mealType', '/secret']));
    const unknown = await member.post('/api/nutrition/meals', { items: [{ foodId: crypto.randomUUID(), quantity: 100 }] });
    expect([unknown.status, unknown.body.errors[0].pointer]).toEqual([400, '/items/0/foodId']);
    const old = await member.post('/api/nutrition/meals', { items: [rice], eatenAt: '2020-01-01T12:00:00.000Z' });
    expect(old.status).toBe(400);
  });

  test('are paged by day, stable under new ones', async () => {
    const member = await registerMember(backend.url);
    for (let i = 0; i < 5; i++) await enter(member);
    const first = await member.get('/api/nutrition/meal-history?limit=3');
    await enter(member);
    const second = await member.get(`/api/nutrition/meal-history?limit=3&cursor=${encodeURIComponent(first.body.meta.nextCursor)}`);
    const ids = [...first.body.data, ...second.body.data].map((one: any) => one.mealId);
    expect(new Set(ids).size).toBe(5);
    expect((await member.get('/api/nutrition/meal-history?startDate=2020-01-01&endDate=2020-12-31')).body.data).toEqual([]);
    expect((await member.get('/api/nutrition/meal-history?startDate=2021-01-01&endDate=2020-12-31')).status).toBe(400);
  });
});

test('a correction in words is worked out by the service, remembered, and waits for confirmation', async () => {
  await well();
  const member = await consenting();
  const { body } = await photograph(member);
  const [first] = body.data.items;
  const corrected = await member.expect(200, 'POST', '/api/nutrition/correct-meal', { mealId: body.data.mealId, correction: `there was no ${first.name.split(',')[0]}, I left it` });
  expect(corrected.correctedMeal.items.map((one: any) => one.name)).not.toContain(first.name);
  expect(corrected.correctedMeal).toMatchObject({ isVerified: false, correctionCount: 1 });
  expect(corrected.previousNutrition).toEqual(body.data.totalNutrition);

  await sandbox.fault('http_500');
  const away = await member.post('/api/nutrition/correct-meal', { mealId: body.data.mealId, correction: 'it was twice as much' });
  expect([away.status, away.body.code]).toEqual([503, 'meal_detection_unavailable']);
  expect((await member.expect(200, 'GET', `/api/nutrition/meals/${body.data.mealId}`)).correctionCount).toBe(1);
  await well();
});

test('water adds up by the day', async () => {
  const member = await registerMember(backend.url);
  await member.expect(201, 'POST', '/api/nutrition/water', { ml: 250 });
  expect(await member.expect(201, 'POST', '/api/nutrition/water', { ml: 500 })).toMatchObject({ totalMl: 750 });
  for (const ml of [0, 2001, 'much']) expect((await member.post('/api/nutrition/water', { ml })).status).toBe(400);
  await eventually('the day follows', async () => (await member.expect(200, 'GET', '/api/nutrition/water'))[0]?.waterMl === 750);
});

test('points: three confirmed meals a day, given back when a meal goes, never twice', async () => {
  const member = await registerMember(backend.url);
  const meals = [];
  for (let i = 0; i < 4; i++) meals.push(await enter(member));
  await eventually('three of them are rewarded', async () => (await points(member)) === 15);
  await member.expect(204, 'DELETE', `/api/nutrition/meals/${meals[0].mealId}`);
  await member.expect(204, 'DELETE', `/api/nutrition/meals/${meals[1].mealId}`);
  await eventually('two are left', async () => (await points(member)) === 10);
  const odd = await enter(member, {}, [{ name: 'Mystery', energyKcal: 900, carbsG: 1 }]);
  await member.expect(200, 'PUT', `/api/nutrition/meals/${odd.mealId}/confirm`);
  await eventually('three again', async () => (await points(member)) === 15);
});

test('the balance of the day is live', async () => {
  await well();
  const member = await consenting();
  const socket = io(`${backend.url}/notifications`, { auth: { token: member.token }, transports: ['websocket'] });
  const heard: [string, any][] = [];
  socket.onAny((event, payload) => heard.push([event, payload]));
  await eventually('the socket is there', () => socket.connected);
  await enter(member);
  const progress = await eventually('progress is told', () => heard.find(([event]) => event === 'nutrition:daily-progress'));
  expect(progress[1]).toMatchObject({ meals: 1, consumed: { energyKcal: 260 } });
  const { body } = await photograph(member);
  const told = await eventually('the analysis is told', () => heard.find(([event]) => event === 'nutrition:meal-analyzed'));
  expect(told[1]).toMatchObject({ mealId: body.data.mealId, status: 'done' });
  socket.disconnect();
});

test('killed while the service hangs: the meal and its picture are there after the restart, and are told', async () => {
  const own = await Backend.start({ environment: { NXG_MDS_URL: sandbox.url, NXG_MDS_TOKEN: 'sandbox' } });
  const member = await consenting(own.url);
  await sandbox.fault('hang');
  const before = (await seen()).length;
  const lost = photograph(member).catch(() => undefined);
  await eventually('the service is asked', async () => (await seen()).length > before);
  await own.kill();
  await lost;
  await sandbox.fault('none');
  await own.start();
  const [meal] = (await member.get('/api/nutrition/meal-history')).body.data;
  expect(meal).toMatchObject({ source: 'scan', detection: 'pending' });
  await eventually('it is told', async () => {
    await own.advanceNowAndThen(61_000);
    return (await member.expect(200, 'GET', `/api/nutrition/meals/${meal.mealId}`)).detection === 'done';
  }, 30_000);
  await own.stop();
}, 120_000);

test('a picture no meal names goes after seven days, others stay; a removed meal takes its picture along', async () => {
  const own = await Backend.start({ environment: { NXG_MDS_URL: sandbox.url, NXG_MDS_TOKEN: 'sandbox' } });
  await sandbox.fault('none');
  const member = await consenting(own.url);
  const kept = (await photograph(member)).body.data;
  const removed = (await photograph(member)).body.data;
  const objects = objectsOf(own);
  const pictureOf = async (id: string) => (await objects.keys()).find((one) => one.endsWith(`${id}.jpg`));

  await member.expect(204, 'DELETE', `/api/nutrition/meals/${removed.mealId}`);
  await eventually('its picture is gone', async () => (await pictureOf(removed.mealId)) === undefined);

  // What a crash between picture and meal leaves behind.
  const picture = (await pictureOf(kept.mealId))!;
  const orphan = picture.replace(kept.mealId, crypto.randomUUID());
  await objects.copy(picture, orphan);
  await own.advance(25 * 3_600_000);
  expect(await objects.keys()).toContain(orphan);
  await eventually('the left picture is gone', async () => {
    await own.advanceNowAndThen(24 * 3_600_000);
    return !(await objects.keys()).includes(orphan);
  }, 40_000);
  expect(await objects.keys()).toContain(picture);
  await own.stop();
}, 120_000);

test('a day holds a hundred meals, and the next one is refused', async () => {
  const member = await registerMember(backend.url);
  const eatenAt = new Date(Date.now() - 86_400_000).toISOString();
  await Promise.all(Array.from({ length: 100 }, () => enter(member, { eatenAt })));
  const { status, body } = await member.post('/api/nutrition/meals', { items: [rice], eatenAt });
  expect([status, body.code]).toEqual([409, 'diary_full']);
  await enter(member);
}, 60_000);

test('a hundred meals entered at once keep nobody waiting for their points', async () => {
  const [crowd, other] = [await registerMember(backend.url), await registerMember(backend.url)];
  await Promise.all(Array.from({ length: 100 }, () => enter(crowd)));
  await enter(other);
  await eventually('the other one has points', async () => (await points(other)) === 5);
  const rewarded = async () => (await crowd.expect(200, 'GET', '/api/nxg-points/transactions?limit=100')).filter((one: any) => one.amount === 5).map((one: any) => one.sourceId);
  const first = await eventually('three are rewarded', async () => (await points(crowd)) === 15 && (await rewarded()));
  await crowd.expect(204, 'DELETE', `/api/nutrition/meals/${first[0]}`);
  await eventually('another takes the place of the one that went', async () => (await points(crowd)) === 15 && !(await rewarded()).includes(first[0]));
}, 60_000);
