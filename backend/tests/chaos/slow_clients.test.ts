import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Backend, eventually } from '../support/program.ts';
import { Caller } from '../support/people.ts';

let backend: Backend;
let sockets: Socket[] = [];
beforeAll(async () => {
  backend = await Backend.start();
});
afterAll(async () => {
  sockets.forEach((one) => one.destroy());
  await backend.stop();
});

async function open(count: number) {
  const port = Number(new URL(backend.url).port);
  const opened = await Promise.all(Array.from({ length: count }, () => new Promise<Socket>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
    socket.on('error', () => {});
  })));
  sockets.push(...opened);
  return opened;
}

const closed = (socket: Socket) => eventually('the backend closes the connection', () => socket.destroyed || socket.readableEnded, 30_000);

test('clients that connect and say nothing are let go, and others are served meanwhile', async () => {
  const silent = await open(200);
  silent.forEach((one) => one.resume());
  expect((await new Caller(backend.url).get('/api/health')).status).toBe(200);
  await backend.advance(120_000);
  await Promise.all(silent.map(closed));
});

test('a request that dribbles in byte by byte ends at its deadline', async () => {
  const [slow] = await open(1);
  let answer = '';
  slow.on('data', (chunk) => (answer += chunk));
  slow.write('POST /api/auth/login HTTP/1.1\r\nHost: gym\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{');
  await backend.advance(11_000);
  await closed(slow);
  expect(answer === '' || answer.startsWith('HTTP/1.1 408')).toBe(true);
});

test('a reader that never reads holds a bounded share', async () => {
  const [deaf] = await open(1);
  deaf.pause();
  const request = 'GET /api/openapi.json HTTP/1.1\r\nHost: gym\r\n\r\n';
  const before = await residentBytes();
  // Far more answers than the kernel's buffers hold.
  for (let i = 0; i < 2_000 && !deaf.destroyed; ++i) deaf.write(request);
  expect((await new Caller(backend.url).get('/api/health')).status).toBe(200);
  expect((await residentBytes()) - before).toBeLessThan(32 * 1024 * 1024);
  await backend.advance(120_000);
  expect((await new Caller(backend.url).get('/api/health')).status).toBe(200);
});

async function residentBytes() {
  return Number((await backend.metrics()).match(/^process_resident_memory_bytes (\S+)/m)![1]);
}
