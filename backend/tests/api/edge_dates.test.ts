import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerMember } from '../support/people.ts';
import { Backend } from '../support/program.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await Backend.start();
});
afterAll(() => backend.stop());

// Where local midnight lies before, and after, the first and the last midnight of UTC.
test.each(['UTC', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Europe/Berlin'])('the first and the last days of the calendar may be asked for, in %s', async (timeZone) => {
  const member = await registerMember(backend.url);
  await member.expect(200, 'PUT', '/api/users/profile', { timeZone });
  const ranges = [['/api/workouts/progress', 'from', 'to'], ...['meal-history', 'water'].map((one) => [`/api/nutrition/${one}`, 'startDate', 'endDate']),
    ...['history', 'progress'].map((one) => [`/api/users/body-metrics/${one}`, 'startDate', 'endDate'])];
  for (const [path, from, to] of ranges) {
    for (const date of ['0000-01-01', '0000-01-05', '9999-12-31']) {
      for (const query of [`${from}=${date}`, `${to}=${date}`, `${from}=${date}&${to}=${date}`]) {
        const { status, body } = await member.get(`${path}?${query}`);
        expect([path, query, body.code, status < 500]).toEqual([path, query, body.code, true]);
      }
    }
  }
});
