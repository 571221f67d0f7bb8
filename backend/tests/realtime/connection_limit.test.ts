import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import WebSocket from 'ws';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Backend, bin, eventually, temporaryFolder } from '../support/program.ts';

// Whoever opens WebSockets and never says who he is takes places like anybody else, and cannot take the health checks along.

const limit = 16;
let backend: Backend;
const opened: WebSocket[] = [];
beforeAll(async () => {
  backend = await Backend.start({ environment: { NXG_MAX_CONNECTIONS: `${limit}` } });
});
afterEach(() => opened.splice(0).forEach((one) => one.terminate()));
afterAll(() => backend.stop());

/** Whether it was let in. */
async function open(path = '/socket.io/?EIO=4&transport=websocket') {
  const socket = new WebSocket(backend.url.replace('http', 'ws') + path, { perMessageDeflate: false });
  const isIn = await new Promise<boolean>((resolve) => {
    socket.on('open', () => resolve(true));
    socket.on('error', () => resolve(false));
  });
  if (isIn) opened.push(socket);
  return isIn;
}

const held = async () => Number((await backend.metrics()).match(/^nxg_http_connections_held (\d+)$/m)![1]);
const isAlive = async () => (await fetch(`${backend.adminUrl}/health/ready`, { headers: { connection: 'close' } })).status === 200;

test('WebSockets are counted from their beginning to their end', async () => {
  for (let i = 0; i < limit; ++i) expect(await open(i % 2 === 0 ? undefined : '/api/ws/machines')).toBe(true);
  expect(await held()).toBe(limit);
  expect(await open()).toBe(false);
  expect(await isAlive()).toBe(true);

  opened.pop()!.terminate();
  await eventually('one is gone', async () => (await held()) < limit);
  expect(await open()).toBe(true);
  expect(await open()).toBe(false);
  opened.splice(0).forEach((one) => one.close());
  await eventually('all are gone', async () => (await held()) === 0);
});

/** The program as it is where a process may open 300 files. */
function withFewFiles(setting = '') {
  const few = join(temporaryFolder('few-files'), 'nxg-connect');
  writeFileSync(few, `#!/bin/sh\nulimit -n 300\n${setting} exec '${bin('nxg-connect')}' "$@"\n`);
  chmodSync(few, 0o755);
  return few;
}

test('a process that may open few files holds fewer connections, says so, and stays healthy when they are taken', async () => {
  await backend.program.kill();
  backend.file = withFewFiles('NXG_MAX_CONNECTIONS=1000');
  await backend.start();
  await backend.program.line(/"level":"warn","message":"NXG_MAX_CONNECTIONS is lowered from 1000 to 44/);
  const answers = await Promise.all(Array.from({ length: 60 }, () => open()));
  expect(answers.filter(Boolean)).toHaveLength(44);
  expect(await isAlive()).toBe(true);
});

test('nobody is warned of a number of connections nobody asked for', async () => {
  const other = await Backend.start();
  onTestFinished(() => other.stop());
  await other.program.kill();
  other.file = withFewFiles();
  await other.start();
  await other.program.line(/"level":"info","message":"NXG_MAX_CONNECTIONS is lowered from 20000 to 44/);
  // Whoever started it reads the ports in the first line, whatever else there is to say.
  const [first] = other.program.output.split('\n');
  expect(JSON.parse(first)).toMatchObject({ message: 'serving', http: expect.any(Number), admin: expect.any(Number) });
});
