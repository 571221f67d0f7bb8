import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Backend, eventually, run, temporaryFolder } from '../support/program.ts';
import { Caller, registerMember } from '../support/people.ts';
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
  for (const door of ['/machines', '/workouts', '/notifications', '/staff', '/api/ws/machines', '/api/ws/workouts']) expect(page).toContain(`<code>${door}</code>`);
  const links = [...page.matchAll(/href="([^"]+)"/g)].map((one) => one[1]);
  expect(links).toEqual(expect.arrayContaining(['/api/docs', '/api/docs/errors', '/api/docs/events']));
  for (const link of [...links, '/api/docs/']) expect((await fetch(backend.url + link)).status, link).toBe(200);
  const icon = await fetch(`${backend.url}/favicon.ico`);
  expect([icon.status, icon.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
});

test('the type of a problem leads to what it means and what to do about it', async () => {
  const page = await (await fetch(`${backend.url}/api/docs/errors`)).text();
  const told = (code: string) => page.match(new RegExp(`<section id="${code}">(.*?)</section>`, 's'))?.[1];
  const { body } = await new Caller(backend.url).get('/api/users/me');
  expect(body.type).toBe('/api/docs/errors#unauthenticated');
  expect(told('unauthenticated')).toContain('<code>Authorization: Bearer TOKEN</code>');
  expect(told('forbidden')).toContain('Any operation with roles');
  expect(told('machine_in_use')).toMatch(/Wait until it is free.*linkMachine/s);
  for (const [, section] of page.matchAll(/<section id="[^"]+">(.*?)<\/section>/gs)) expect(section).toMatch(/<p>.*\.<\/p>/);
});

test('the access log says who called and what went wrong where there is something to say', async () => {
  const caller = await registerMember(backend.url);
  const lineOf = (path: string, status: number) => eventually(`${path} is in the log`, () => {
    const line = backend.program.output.split('\n').findLast((one) => one.includes(`"route":"${path}"`) && one.includes(`"status":${status}`) && one.endsWith('}'));
    return line && JSON.parse(line);
  });
  await caller.get('/api/users/me');
  const known = await lineOf('/api/users/me', 200);
  expect(known.userId).toBe(caller.id);
  expect(known).not.toHaveProperty('code');
  await new Caller(backend.url).get('/api/users/me');
  const stranger = await lineOf('/api/users/me', 401);
  expect(stranger.code).toBe('unauthenticated');
  expect(stranger).not.toHaveProperty('userId');
});

test('a mistyped command is named, with those there are', async () => {
  const { code, output } = await run('nxg-connect', ['serv']);
  expect(code).not.toBe(0);
  expect(output).toMatch(/unknown command serv; commands are serve, create-admin, .*check-store/);
});

test('a port that is taken stops the start before there is a store', async () => {
  const other = createServer();
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  for (const taken of ['NXG_PORT', 'NXG_ADMIN_PORT']) {
    const folder = temporaryFolder('busy_port');
    const free = { NXG_BIND_ADDRESS: '127.0.0.1', NXG_PORT: '0', NXG_ADMIN_PORT: '0', NXG_DATA_DIR: folder };
    const { code, output } = await run('nxg-connect', ['serve'], { ...backend.environment, ...free, [taken]: `${port}` });
    expect(code, taken).toBe(1);
    expect(output).toContain(`cannot listen on 127.0.0.1:${port}`);
    expect(output).not.toMatch(/"level":"(warn|error)"/);
    expect(existsSync(join(folder, 'store.sqlite'))).toBe(false);
  }
});

test('bad settings stop the start with every problem named', async () => {
  const { code, output } = await run('nxg-connect', ['serve'], { NXG_PORT: 'eighty', NXG_ENV: 'staging' });
  expect(code).not.toBe(0);
  expect(output).toContain("NXG_PORT: 'eighty' is not a whole number");
  expect(output).toContain("NXG_ENV: 'staging' is none of");
});

test('any origin may be allowed, also where localhost is anyway', async () => {
  const open = await Backend.start({ environment: { NXG_CORS_ORIGINS: '*' } });
  onTestFinished(() => open.stop());
  const answer = await fetch(`${open.url}/api/health`, { headers: { origin: 'https://anywhere.example' } });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
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
  onTestFinished(() => backendWithout.stop());
  const state: any = await (await fetch(`${backendWithout.adminUrl}/health/ready`)).json();
  expect(state.checks.find((one: any) => one.name === 'objects')).toMatchObject({ status: 'degraded' });
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
