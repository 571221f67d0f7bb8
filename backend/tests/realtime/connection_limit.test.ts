import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import WebSocket from 'ws';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
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

test('a process that may open few files holds fewer connections, says so, and stays healthy when they are taken', async () => {
  await backend.program.kill();
  const few = join(temporaryFolder('few-files'), 'nxg-connect');
  writeFileSync(few, `#!/bin/sh\nulimit -n 300\nNXG_MAX_CONNECTIONS=1000 exec '${bin('nxg-connect')}' "$@"\n`);
  chmodSync(few, 0o755);
  backend.file = few;
  await backend.start();
  await backend.program.line(/NXG_MAX_CONNECTIONS is lowered from 1000 to 44/);
  const answers = await Promise.all(Array.from({ length: 60 }, () => open()));
  expect(answers.filter(Boolean)).toHaveLength(44);
  expect(await isAlive()).toBe(true);
});
