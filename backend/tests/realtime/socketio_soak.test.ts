import { expect, test } from 'vitest';
import { run } from '../support/program.ts';

// The short form of `make soak`: some hundreds of sockets that connect, join, emit and die at random, in every manner.
test('sockets that come and go leave nothing behind', async () => {
  const { code, output } = await run('socketio-soak', ['400', '15']);
  expect(code, output).toBe(0);
  expect(output).toMatch(/"events":[1-9]\d{3}/); // it was no idle time
}, 150_000);
