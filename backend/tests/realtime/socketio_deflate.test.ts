import { constants, deflateRawSync } from 'node:zlib';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EchoServer, startOurs, timing } from '../support/reference_server.ts';
import { Wire } from '../support/wire.ts';

// permessage-deflate, which is off unless it is asked for, with the library Node's clients use.

describe('compressed WebSockets', () => {
  let server: EchoServer;
  beforeAll(async () => {
    server = await startOurs(false, 2, ['--deflate', '100']);
  });
  afterAll(() => server.stop());

  const url = (query = '') => `ws://127.0.0.1:${server.port}/socket.io/?EIO=4&transport=websocket${query}`;

  async function joined() {
    const one = new Wire(url(), { perMessageDeflate: { threshold: 0 } });
    await one.next();
    one.send('40');
    await one.nextAnswer();
    await one.nextAnswer();
    return one;
  }

  test('are agreed on, with nothing kept between messages', async () => {
    const one = new Wire(url());
    const plain = await new Promise<string | undefined>((resolve) => one.socket.on('upgrade', (answer) => resolve(answer.headers['sec-websocket-extensions'])));
    expect(plain).toBeUndefined();
    one.socket.terminate();
    const two = new Wire(url(), { perMessageDeflate: true });
    const agreed = await new Promise<string | undefined>((resolve) => two.socket.on('upgrade', (answer) => resolve(answer.headers['sec-websocket-extensions'])));
    expect(agreed).toBe('permessage-deflate; server_no_context_takeover; client_no_context_takeover');
    two.socket.terminate();
  });

  test('carry messages of every size both ways', async () => {
    const one = await joined();
    for (const size of [0, 10, 99, 100, 1_000, 65_600, 90_000]) {
      one.send(`42["message","${'ü'.repeat(size / 2)}"]`);
      expect(await one.nextAnswer()).toBe(`42["message-back","${'ü'.repeat(size / 2)}"]`);
    }
    one.socket.terminate();
  });

  test('carry what the official client says, also after a change of transport', async () => {
    for (const transports of [['websocket'], ['polling', 'websocket']]) {
      const socket = io(`http://127.0.0.1:${server.port}/`, { transports, forceNew: true, reconnection: false, perMessageDeflate: { threshold: 10 } });
      const args = ['x'.repeat(5_000), Buffer.alloc(3_000, 7), { a: [1] }];
      for (let i = 0; i < 5; i += 1) {
        const answer = new Promise((resolve) => socket.once('message-back', (...all) => resolve(all)));
        socket.emit('message', ...args);
        expect(await answer).toEqual(args);
      }
      socket.disconnect();
    }
  });

  /** Sends one compressed text frame, masked with zeros. */
  function sendRaw(one: Wire, payload: Buffer) {
    const head = payload.length < 126 ? [0xc1, 0x80 | payload.length] : [0xc1, 0x80 | 126, payload.length >> 8, payload.length & 255];
    (one.socket as any)._socket.write(Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload]));
  }

  test.each([
    ['a bomb', () => deflateRawSync(Buffer.alloc(timing.maxPayload * 100, 'x'), { finishFlush: constants.Z_SYNC_FLUSH }), 1009],
    ['what cannot be decompressed', () => Buffer.alloc(200, 0xff), 1002],
    ['text that is no UTF-8', () => deflateRawSync(Buffer.alloc(200, 0xff), { finishFlush: constants.Z_SYNC_FLUSH }), 1007],
  ])('are closed over %s', async (_what, make, code) => {
    const one = await joined();
    sendRaw(one, make());
    expect((await one.closed).code).toBe(code);
  });
});
