import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { form, png } from '../support/pictures.ts';
import { type Member, registerMember } from '../support/people.ts';
import { Backend, eventually } from '../support/program.ts';

const profile = { dateOfBirth: '1992-05-04', gender: 'female', heightCm: 171, weightKg: 66, level: 'intermediate', goal: 'muscle_building', restDay: 'sunday' };

/** All four services, none of which is ever well: what they are asked is counted, and something happens meanwhile. */
let services: Server;
let asked: string[];
let meanwhile: () => Promise<unknown>;
let backend: Backend;
beforeAll(async () => {
  services = createServer((request, answer) => {
    request.resume().on('end', async () => {
      if (request.url!.endsWith('/oauth/token')) {
        answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ access_token: 'ours', token_type: 'Bearer', expires_in: 3600 }));
        return;
      }
      asked.push(`${request.method} ${request.url}`);
      await meanwhile();
      answer.writeHead(503).end();
    });
  });
  await new Promise<void>((resolve) => services.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(services.address() as AddressInfo).port}`;
  backend = await Backend.start({
    environment: {
      NXG_WPS_URL: url, NXG_WPS_API_KEY: 'k', NXG_NPS_URL: url, NXG_NPS_API_KEY: 'k', NXG_NPS_SECRET: 's', NXG_MDS_URL: url, NXG_MDS_TOKEN: 't',
      NXG_SCS_URL: url, NXG_SCS_CLIENT_ID: 'i', NXG_SCS_CLIENT_SECRET: 's', NXG_SCS_WEBHOOK_SECRET: 's',
    },
  });
});
afterAll(async () => {
  await backend.stop();
  services.closeAllConnections();
  services.close();
});

let member: Member;
const decide = (granted: boolean) => member.expect(201, 'POST', '/api/users/me/consents', { type: 'health_data', version: '1', granted });
const tries = () => asked.filter((one) => one.startsWith('POST')).length;
beforeEach(async () => {
  asked = [];
  meanwhile = async () => {};
  member = await registerMember(backend.url);
  await member.expect(200, 'PUT', '/api/users/profile', profile);
  await decide(true);
});

function scanForm() {
  const sent = new FormData();
  sent.append('file', new Blob(['v 0 0 0\nv 0 1 0\nv 1 0 0\nf 1 2 3\n']), 'scan.obj');
  return sent;
}

const flows: [string, () => Promise<unknown>][] = [
  ['a workout plan', () => member.post('/api/integrations/workout-plans', { weeklyWorkoutDays: 4 })],
  ['a diet plan', () => member.post('/api/integrations/diet-plans', {})],
  ['a look at a picture', () => member.upload('/api/integrations/meal-detection', form(png({ seed: Math.floor(Math.random() * 1e6) })))],
  ['a scan', async () => {
    const { scanId } = await member.expect(202, 'POST', '/api/scans/upload', scanForm());
    await eventually('it was tried', async () => (await member.expect(200, 'GET', `/api/scans/${scanId}`)).lastError);
  }],
];

test.each(flows)('%s is asked for again while the service fails', async (_what, ask) => {
  await ask();
  expect(tries()).toBeGreaterThan(1);
});

test.each(flows)('%s is not asked for again once the consent is withdrawn', async (_what, ask) => {
  meanwhile = () => decide(false);
  await ask();
  expect(tries()).toBe(1);
});
