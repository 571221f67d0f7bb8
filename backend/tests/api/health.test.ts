import { afterAll, beforeAll, expect, test } from 'vitest';
import { Backend, run, temporaryFolder } from '../support/program.ts';
import { Caller } from '../support/people.ts';
import { Redis } from '../support/redis.ts';
import { S3 } from '../support/s3.ts';

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

test('any origin may be allowed, also where localhost is anyway', async () => {
  const open = await Backend.start({ environment: { NXG_CORS_ORIGINS: '*' } });
  const answer = await fetch(`${open.url}/api/health`, { headers: { origin: 'https://anywhere.example' } });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  await open.stop();
});

test('an outside engine that cannot be used stops the start, and the setting is named', async () => {
  const start = (environment: Record<string, string>) =>
    run('nxg-connect', ['serve'], { NXG_ENV: 'test', NXG_PORT: '0', NXG_ADMIN_PORT: '0', NXG_DATA_DIR: temporaryFolder('unusable'), ...environment });
  const s3 = await S3.start();
  const objects = { NXG_S3_URL: s3.endpoint, NXG_S3_BUCKET: s3.bucket, NXG_S3_ACCESS_KEY: S3.accessKeyId, NXG_S3_SECRET_KEY: S3.secretAccessKey };
  const redis = await Redis.start();
  for (const [setting, environment] of [
    ['NXG_MONGODB_URL', { NXG_MONGODB_URL: 'http://127.0.0.1/gym' }],
    ['NXG_MONGODB_URL', { NXG_MONGODB_URL: 'mongodb://127.0.0.1:1/gym' }],
    ['NXG_REDIS_URL', { NXG_REDIS_URL: 'mongodb://127.0.0.1' }],
    ['NXG_REDIS_URL', { NXG_REDIS_URL: `${redis.url}/9999` }],
    ['NXG_S3_URL', { ...objects, NXG_S3_URL: 'ftp://127.0.0.1' }],
    ['NXG_S3_BUCKET', { ...objects, NXG_S3_BUCKET: 'there-is-none' }],
    ['NXG_S3_ACCESS_KEY', { ...objects, NXG_S3_SECRET_KEY: 'not this one' }],
  ] as [string, Record<string, string>][]) {
    const { code, output } = await start(environment);
    expect(code, setting).toBe(1);
    expect(output).toContain(setting);
    expect(output).not.toContain('not this one');
  }
  await Promise.all([s3.kill(), redis.kill()]);
});

test('an object store that is away does not', async () => {
  const backendWithout = await Backend.start({
    environment: { NXG_S3_URL: 'http://127.0.0.1:1', NXG_S3_BUCKET: 'gym', NXG_S3_ACCESS_KEY: 'a', NXG_S3_SECRET_KEY: 'b' },
  });
  const state: any = await (await fetch(`${backendWithout.adminUrl}/health/ready`)).json();
  expect(state.checks.find((one: any) => one.name === 'objects')).toMatchObject({ status: 'degraded' });
  await backendWithout.stop();
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
