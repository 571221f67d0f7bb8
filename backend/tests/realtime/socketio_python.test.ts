import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EchoServer, startOurs } from '../support/reference_server.ts';

// The Python client (Debian's python3-socketio), which shares no code with the official one.

describe('the Python client', () => {
  let server: EchoServer;
  beforeAll(async () => {
    server = await startOurs(false, 2, ['--ping-timeout', '5000']); // Python may be slow to answer
  });
  afterAll(() => server.stop());

  test.each(['polling', 'websocket', 'upgrade'])('speaks with ours: %s', async (mode) => {
    const script = fileURLToPath(new URL('../support/python_client.py', import.meta.url));
    const { stdout } = await promisify(execFile)('/usr/bin/python3', [script, `http://127.0.0.1:${server.port}`, mode], { timeout: 50_000 });
    const said = Object.fromEntries(stdout.trim().split('\n').map((line) => JSON.parse(line)));
    expect(said).toEqual({
      auth: { token: '123' },
      custom: { token: '123' },
      transport: mode === 'polling' ? 'polling' : 'websocket',
      back: [1, 'größe 😀', { a: [true, null] }, { bytes: [0, 1, 255] }],
      ack: ['x', { bytes: [7] }],
      order: true,
      'still there': 'y',
      refused: true,
    });
  });
});
