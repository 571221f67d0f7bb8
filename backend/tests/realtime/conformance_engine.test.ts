import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type EchoServer, repeats, servers, timing } from '../support/reference_server.ts';
import { patiently } from '../support/patience.ts';
import { eventually } from '../support/program.ts';
import { refusal, Wire } from '../support/wire.ts';

// Engine.IO 4 as its protocol text has it, against a bare echo server: ours, and Node's, which proves the suite itself.

describe.each(servers)('Engine.IO 4, %s', { repeats }, (name, start) => {
  let server: EchoServer;
  const wires: Wire[] = [];

  beforeAll(async () => {
    server = await start(true);
  });
  afterEach(() => wires.splice(0).forEach((one) => one.socket.terminate()));
  afterAll(() => server.stop());

  const target = (query: string) => `http://127.0.0.1:${server.port}/engine.io/?${query}`;
  const polling = (sid: string) => target(`EIO=4&transport=polling&sid=${sid}`);
  const get = (sid: string, options: RequestInit = {}) => fetch(polling(sid), options);
  const post = (sid: string, body: string, headers: Record<string, string> = {}) => fetch(polling(sid), { method: 'POST', body, headers });

  function wire(query: string) {
    const one = new Wire(`ws://127.0.0.1:${server.port}/engine.io/?${query}`);
    wires.push(one);
    return one;
  }

  async function open() {
    const answer = await fetch(target('EIO=4&transport=polling'));
    return JSON.parse((await answer.text()).slice(1)).sid as string;
  }

  /** The packets of the next poll that has any but pings, which are answered. */
  async function next(sid: string): Promise<string> {
    for (;;) {
      const answer = await get(sid);
      if (answer.status !== 200) return `HTTP ${answer.status}`;
      const packets = (await answer.text()).split('\x1e');
      if (packets.includes('2')) await post(sid, '3');
      const rest = packets.filter((one) => one !== '2');
      if (rest.length > 0) return rest.join('\x1e');
    }
  }

  /** Until the session is gone; a poll that finds it there still hangs for a heartbeat at most. */
  const ended = (sid: string) => eventually('the session has ended', async () => {
    const answer = await get(sid).catch(() => undefined);
    if (answer?.status !== 400) return false;
    const { code } = await answer.json();
    return code === 1;
  });

  async function tried(sid: string) {
    const one = wire(`EIO=4&transport=websocket&sid=${sid}`);
    await new Promise<void>((resolve) => one.socket.once('open', () => resolve()));
    one.send('2probe');
    expect(await one.next()).toBe('3probe');
    return one;
  }

  async function upgraded(sid: string) {
    const one = await tried(sid);
    one.send('5');
    one.send('4changed');
    expect(await one.nextAnswer()).toBe('4changed');
    return one;
  }

  describe('a session is opened', () => {
    test('by polling', async () => {
      const answer = await fetch(target('EIO=4&transport=polling'), { headers: { origin: 'http://elsewhere.example' } });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/plain; charset=UTF-8');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      const text = await answer.text();
      expect(text[0]).toBe('0');
      const { sid, ...rest } = JSON.parse(text.slice(1));
      expect(sid).toMatch(/^[\w-]{20,}$/);
      const { pingInterval, pingTimeout, maxPayload } = timing;
      expect(rest).toEqual({ upgrades: ['websocket'], pingInterval, pingTimeout, maxPayload });
    });

    test('by WebSocket', async () => {
      const text = (await wire('EIO=4&transport=websocket').next()).toString();
      const { sid, ...rest } = JSON.parse(text.slice(1));
      expect(sid).toMatch(/^[\w-]{20,}$/);
      const { pingInterval, pingTimeout, maxPayload } = timing;
      expect(rest).toEqual({ upgrades: [], pingInterval, pingTimeout, maxPayload });
    });

    test('after a preflight of a page of another origin', async () => {
      const answer = await fetch(target('EIO=4&transport=polling'), {
        method: 'OPTIONS', headers: { origin: 'http://elsewhere.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-a' },
      });
      expect(answer.status).toBe(204);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
      expect(answer.headers.get('access-control-allow-headers')).toBe('x-a');
    });

    test.each([
      ['an unknown transport', 'GET', 'EIO=4&transport=pigeon', 0, 'Transport unknown'],
      ['no transport', 'GET', 'EIO=4', 0, 'Transport unknown'],
      ['a session nobody knows', 'GET', 'EIO=4&transport=polling&sid=zzz', 1, 'Session ID unknown'],
      ['a session nobody knows, with a message', 'POST', 'EIO=4&transport=polling&sid=zzz', 1, 'Session ID unknown'],
      ['a session that is to be opened by POST', 'POST', 'EIO=4&transport=polling', 2, 'Bad handshake method'],
      ['a session that is to be opened by PUT', 'PUT', 'EIO=4&transport=polling', 2, 'Bad handshake method'],
      ['a WebSocket without upgrade', 'GET', 'EIO=4&transport=websocket', 3, 'Bad request'],
      ['another version', 'GET', 'EIO=3&transport=polling', 5, 'Unsupported protocol version'],
      ['no version', 'GET', 'transport=polling', 5, 'Unsupported protocol version'],
    ])('but not for %s', async (_what, method, query, code, message) => {
      const answer = await fetch(target(query), { method });
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(await answer.json()).toEqual({ code, message });
    });

    test.each([
      ['an unknown transport', 'EIO=4&transport=pigeon'],
      ['a session nobody knows', 'EIO=4&transport=websocket&sid=zzz'],
    ])('nor over WebSocket for %s', async (_what, query) => {
      expect((await refusal(`ws://127.0.0.1:${server.port}/engine.io/?${query}`)).status).toBe(400);
    });

    test.each(['transport=websocket', 'EIO=abc&transport=websocket'])('nor over WebSocket in another version (%s)', async (query) => {
      await wire(query).closed;
    });
  });

  describe('messages over polling', () => {
    test.each([
      ['a text', '4hello'],
      ['several texts', '4one\x1e4two\x1e4three'],
      ['texts of more than ASCII', '4größe 😀\x1e4'],
      ['bytes among texts', '4hello\x1ebAQIDBA==\x1ebAA==\x1e4end'],
      ['no bytes', 'b'],
    ])('come back: %s', async (_what, payload) => {
      const sid = await open();
      const pushed = await post(sid, payload, { 'content-type': 'text/plain;charset=UTF-8' });
      expect(pushed.status).toBe(200);
      expect(await pushed.text()).toBe('ok');
      expect(await next(sid)).toBe(payload);
    });

    test('reach a request that waits', async () => {
      const sid = await open();
      const waiting = next(sid);
      await post(sid, '4hello');
      expect(await waiting).toBe('4hello');
    });

    test('wait for a request, in order', async () => {
      const sid = await open();
      for (const text of ['a', 'b', 'c']) await post(sid, `4${text}`);
      expect(await next(sid)).toBe('4a\x1e4b\x1e4c');
    });

    test('as large as allowed come back, larger ones are refused and end nothing', async () => {
      const sid = await open();
      const waiting = next(sid);
      expect((await post(sid, `4${'x'.repeat(timing.maxPayload - 1)}`)).status).toBe(200);
      expect(await waiting).toHaveLength(timing.maxPayload);
      const refused = await post(sid, `4${'x'.repeat(timing.maxPayload)}`).catch(() => undefined);
      if (refused) expect(refused.status).toBe(413); // unless the connection went while it was being sent
      expect((await post(sid, '4still here')).status).toBe(200);
      expect(await next(sid)).toBe('4still here');
    });

    test.each([
      ['of an unknown type', 'abc'],
      ['that is empty', '4a\x1e\x1e4b'],
    ])('end the session with a packet %s', async (_what, payload) => {
      const sid = await open();
      const answer = await post(sid, payload).catch(() => undefined); // Node may drop the connection
      if (answer && !name.startsWith('Node')) expect(answer.status).toBe(400);
      await ended(sid);
    });

    test('are not taken as application/octet-stream', async () => {
      const sid = await open();
      expect((await post(sid, '4hello', { 'content-type': 'application/octet-stream' })).status).toBe(400);
      await ended(sid);
    });
  });

  describe('one request at a time', () => {
    test('a second poll ends the session, and the first is told', async () => {
      const sid = await open();
      const answers = await Promise.all([get(sid), get(sid)]);
      const by = (status: number) => answers.find((one) => one.status === status);
      expect(await by(200)?.text()).toBe('1');
      expect(by(400)).toBeDefined();
      await ended(sid);
    });

    /** Sends the first bytes of a POST. */
    function half(sid: string) {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(`POST /engine.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n4he`);
      return socket;
    }

    test('a second message request ends the session', async () => {
      const sid = await open();
      const first = half(sid);
      await eventually('the second is refused, as soon as the first has begun', async () => {
        const second = await post(sid, '4x');
        return second.status === 400;
      });
      first.destroy();
      await ended(sid);
    });

    test('a message request that breaks off ends the session', async () => {
      const sid = await open();
      const first = half(sid);
      await new Promise<void>((resolve) => first.once('connect', () => first.end(() => resolve())));
      await ended(sid);
    });

    test('a poll whose client goes away ends the session', async () => {
      const sid = await open();
      const socket = connect(server.port, '127.0.0.1');
      socket.write(`GET /engine.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: h\r\n\r\n`);
      await new Promise<void>((resolve) => socket.once('connect', () => setImmediate(resolve)));
      socket.destroy();
      await ended(sid);
    });

    test('an answered poll may go away', async () => {
      const sid = await open();
      await post(sid, '4a');
      const answer = await get(sid, { headers: { connection: 'close' } });
      expect(await answer.text()).toBe('4a');
      await post(sid, '4b');
      expect(await next(sid)).toBe('4b');
    });
  });

  describe('heartbeat', () => {
    test('over polling', async () => {
      const sid = await open();
      for (let i = 0; i < 3; i += 1) {
        const begun = performance.now();
        const answer = await get(sid);
        expect(await answer.text()).toBe('2');
        expect(performance.now() - begun).toBeGreaterThan(timing.pingInterval * 0.8);
        const pushed = await post(sid, '3');
        expect(await pushed.text()).toBe('ok');
      }
    });

    test('over WebSocket', async () => {
      const one = wire('EIO=4&transport=websocket');
      await one.next();
      for (let i = 0; i < 3; i += 1) {
        expect(await one.next()).toBe('2');
        one.send('3');
      }
    });

    test('without pongs ends a polling session', async () => {
      const sid = await open();
      expect(await (await get(sid)).text()).toBe('2');
      const last = await get(sid);
      if (last.status === 200) expect(await last.text()).toBe('1');
      await ended(sid);
    });

    test('ends a polling session that never asks', async () => {
      const sid = await open();
      await new Promise((resolve) => setTimeout(resolve, timing.pingInterval + timing.pingTimeout + patiently(500))); // timers may be late
      expect((await get(sid)).status).toBe(400);
    });

    test('without pongs ends a WebSocket', async () => {
      const one = wire('EIO=4&transport=websocket');
      await one.next();
      expect(await one.next()).toBe('2');
      const asked = performance.now();
      await one.closed;
      expect(performance.now() - asked).toBeGreaterThan(timing.pingTimeout * 0.8);
    });
  });

  describe('a client ends its session', () => {
    test('over polling, and gets its request back', async () => {
      const sid = await open();
      const waiting = get(sid);
      // Whichever comes first: the other finds the session there or gone.
      await post(sid, '1');
      const answer = await waiting;
      if (answer.status === 200) expect(await answer.text()).toBe('6');
      await ended(sid);
    });

    test('over WebSocket', async () => {
      const one = wire('EIO=4&transport=websocket');
      await one.next();
      one.send('1');
      await one.closed;
    });
  });

  describe('from polling to WebSocket', () => {
    test('the request that waits comes back, and messages go on over the WebSocket', async () => {
      const sid = await open();
      const waiting = next(sid);
      const one = await tried(sid);
      expect(await waiting).toBe('6');
      one.send('5');
      one.send('4hello');
      expect(await one.nextAnswer()).toBe('4hello');
      one.send(Buffer.from([1, 2]));
      expect(await one.nextAnswer()).toEqual(Buffer.from([1, 2]));
    });

    test('a request made meanwhile comes back too', async () => {
      const sid = await open();
      const one = await tried(sid);
      expect(await next(sid)).toBe('6');
      one.send('5');
      one.send('4hello');
      expect(await one.nextAnswer()).toBe('4hello');
    });

    test('messages that nobody fetched come over the WebSocket, first', async () => {
      const sid = await open();
      await post(sid, '4one\x1ebAQI=');
      const one = await tried(sid);
      one.send('5');
      one.send('4two');
      expect([await one.nextAnswer(), await one.nextAnswer(), await one.nextAnswer()]).toEqual(['4one', Buffer.from([1, 2]), '4two']);
    });

    test('polling goes on while it is tried, and after it failed', async () => {
      const sid = await open();
      const one = await tried(sid);
      await post(sid, '4hello');
      let got = await next(sid);
      if (got === '6') got = await next(sid);
      expect(got).toBe('4hello');
      one.send('4not yet');
      await one.closed;
      await post(sid, '4again');
      expect(await next(sid)).toBe('4again');
      await upgraded(sid);
    });

    test('a WebSocket that leaves without a word changes nothing', async () => {
      const sid = await open();
      const one = await tried(sid);
      one.socket.close();
      await one.closed;
      await post(sid, '4hello');
      expect(await next(sid)).toMatch(/^(6|4hello)$/);
      await eventually('it may be tried again', async () => {
        const again = wire(`EIO=4&transport=websocket&sid=${sid}`);
        return Promise.race([again.closed.then(() => false), new Promise<boolean>((resolve) => again.socket.once('open', () => {
          again.send('2probe');
          void again.next().then(() => resolve(true));
        }))]);
      });
    });

    test('requests of the session are refused afterwards', async () => {
      const sid = await open();
      const one = await upgraded(sid);
      const pulled = await get(sid);
      expect(pulled.status).toBe(400);
      expect((await pulled.json()).code).toBe(3);
      expect((await post(sid, '4hello')).status).toBe(400);
      one.send('4hello');
      expect(await one.nextAnswer()).toBe('4hello');
    });

    test('a second WebSocket is refused, while the first is tried and afterwards', async () => {
      const sid = await open();
      const one = await tried(sid);
      await wire(`EIO=4&transport=websocket&sid=${sid}`).closed;
      one.send('5');
      one.send('4hello');
      expect(await one.nextAnswer()).toBe('4hello');
      await wire(`EIO=4&transport=websocket&sid=${sid}`).closed;
      one.send('4still here');
      expect(await one.nextAnswer()).toBe('4still here');
    });

    test('the heartbeat goes on', async () => {
      const one = await upgraded(await open());
      for (let i = 0; i < 3; i += 1) {
        expect(await one.next()).toBe('2');
        one.send('3');
      }
      await one.next();
      await one.closed;
    });

    test('the session ends with its WebSocket', async () => {
      const sid = await open();
      const one = await upgraded(sid);
      one.socket.close();
      await one.closed;
      await ended(sid);
    });
  });
});
