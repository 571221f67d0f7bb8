import { afterAll, beforeAll, expect, test } from 'vitest';
import { Backend, run, temporaryFolder } from '../support/program.ts';
import { Caller } from '../support/people.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await Backend.start();
});
afterAll(() => backend.stop());

test('the public health tells a status and nothing of the inside', async () => {
  const { status, body } = await new Caller(backend.url).get('/api/health');
  expect(status).toBe(200);
  expect(Object.keys(body.data).sort()).toEqual(['status', 'timestamp', 'version']);
});

test('the admin port has liveness, readiness, start-up and metrics; the public one has none of them', async () => {
  for (const path of ['/health/live', '/health/ready', '/health/startup']) {
    expect((await fetch(backend.adminUrl + path)).status).toBe(200);
    expect((await fetch(backend.url + path)).status).toBe(404);
  }
  expect(await backend.metrics()).toMatch(/nxg_http_requests_total\{/);
  expect((await fetch(`${backend.url}/metrics`)).status).toBe(404);
  expect((await fetch(`${backend.url}/clock`, { method: 'POST' })).status).toBe(404);
});

test('the start page tells what runs and links to the reference', async () => {
  const answer = await fetch(`${backend.url}/`, { headers: { accept: 'text/html' } });
  const page = await answer.text();
  expect(answer.headers.get('content-type')).toMatch(/text\/html/);
  expect(page).toContain('/api/docs');
  expect(page).toContain('/api/health');
  expect((await fetch(`${backend.url}/api/docs`)).status).toBe(200);
});

test('bad settings stop the start with every problem named', async () => {
  const { code, output } = await run('nxg-connect', ['serve'], { NXG_PORT: 'eighty', NXG_ENV: 'staging' });
  expect(code).not.toBe(0);
  expect(output).toContain("NXG_PORT: 'eighty' is not a whole number");
  expect(output).toContain("NXG_ENV: 'staging' is none of");
});

test('production does not start without its secrets', async () => {
  const { code, output } = await run('nxg-connect', ['serve'], { NXG_ENV: 'production', NXG_DATA_DIR: temporaryFolder('production') });
  expect(code).not.toBe(0);
  expect(output).toContain('NXG_MASTER_KEY');
});

test('a second backend on the same folder is refused', async () => {
  const { code, output } = await run('nxg-connect', ['serve'], { ...backend.environment, NXG_PORT: '0', NXG_ADMIN_PORT: '0' });
  expect(code).not.toBe(0);
  expect(output).toMatch(/in use|another/i);
});
