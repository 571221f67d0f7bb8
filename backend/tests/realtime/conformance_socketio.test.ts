import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { eventually } from '../support/program.ts';
import { type EchoServer, repeats, servers, timing } from '../support/reference_server.ts';
import { Wire } from '../support/wire.ts';
import { patiently } from '../support/patience.ts';

// Socket.IO 5 over both transports, against the same server written twice: ours, and with Node's library.

const event = (socket: Socket, name: string): Promise<any[]> => new Promise((resolve) => socket.once(name, (...args) => resolve(args)));

/** A raw client over polling: what it sends is one packet a request, what it hears is read packet by packet. */
class Poller {
  #arrived: string[] = [];
  private constructor(readonly url: string) {}

  static async open(port: number) {
    const url = `http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`;
    const text = await (await fetch(url)).text();
    return new Poller(`${url}&sid=${JSON.parse(text.slice(1)).sid}`);
  }

  send(...packets: string[]) {
    return fetch(this.url, { method: 'POST', body: packets.join('\x1e') });
  }

  /** The next packet that is no ping, "end" when the session is gone. */
  async nextAnswer(): Promise<string> {
    for (;;) {
      const packet = this.#arrived.shift();
      if (packet === '2') await this.send('3');
      else if (packet !== undefined) return packet;
      if (this.#arrived.length > 0) continue;
      const answer = await fetch(this.url);
      if (answer.status !== 200) return 'end';
      this.#arrived.push(...(await answer.text()).split('\x1e'));
    }
  }
}

/** The same over a WebSocket; attachments look as they do over polling. */
class WireTalker {
  private constructor(readonly wire: Wire) {}

  static async open(port: number) {
    const wire = new Wire(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
    await wire.next();
    return new WireTalker(wire);
  }

  async send(...packets: string[]) {
    for (const one of packets) this.wire.send(one.startsWith('b') ? Buffer.from(one.slice(1), 'base64') : one);
  }

  async nextAnswer(): Promise<string> {
    const next = await Promise.race([this.wire.nextAnswer(), this.wire.closed.then(() => 'end')]);
    return typeof next === 'string' ? next : `b${next.toString('base64')}`;
  }
}

describe.each(servers)('Socket.IO 5, %s', { repeats }, (_name, start) => {
  let server: EchoServer;
  const sockets: Socket[] = [];
  const wires: Wire[] = [];

  beforeAll(async () => {
    server = await start(false);
  });
  afterEach(() => {
    sockets.splice(0).forEach((one) => one.disconnect());
    wires.splice(0).forEach((one) => one.socket.terminate());
  });
  afterAll(() => server.stop());

  describe.each(['polling', 'websocket'])('word by word over %s', (transport) => {
    async function open() {
      if (transport === 'polling') return Poller.open(server.port);
      const one = await WireTalker.open(server.port);
      wires.push(one.wire);
      return one;
    }

    async function joined(connect = '40') {
      const one = await open();
      await one.send(connect);
      await one.nextAnswer();
      await one.nextAnswer();
      return one;
    }

    test.each([
      ['the main namespace', '40', '40{', '42["auth",{}]'],
      ['the main namespace, with a payload', '40{"token":"123"}', '40{', '42["auth",{"token":"123"}]'],
      ['another namespace', '40/custom,', '40/custom,{', '42/custom,["auth",{}]'],
      ['another namespace, without the comma', '40/custom', '40/custom,{', '42/custom,["auth",{}]'],
      ['another namespace, with a payload', '40/custom,{"a":[1]}', '40/custom,{', '42/custom,["auth",{"a":[1]}]'],
    ])('a client joins %s', async (_what, packet, answer, greeting) => {
      const one = await open();
      await one.send(packet);
      const connected = await one.nextAnswer();
      expect(connected.slice(0, answer.length)).toBe(answer);
      expect(Object.keys(JSON.parse(connected.slice(answer.length - 1)))).toEqual(['sid']);
      expect(await one.nextAnswer()).toBe(greeting);
    });

    test('a client is kept out of a namespace that does not exist', async () => {
      const one = await open();
      await one.send('40/random');
      expect(await one.nextAnswer()).toBe('44/random,{"message":"Invalid namespace"}');
    });

    test.each([
      ['an event', ['42["message",1,"2",{"3":[true]}]'], ['42["message-back",1,"2",{"3":[true]}]']],
      ['an event that wants an answer', ['42456["message-with-ack",1,"2",{"3":[false]}]'], ['43456[1,"2",{"3":[false]}]']],
      ['an event with bytes',
        ['452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', 'bAQID', 'bBAUG'],
        ['452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', 'bAQID', 'bBAUG']],
      ['an event with bytes that wants an answer',
        ['452-789["message-with-ack",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', 'bAQID', 'bBAUG'],
        ['462-789[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', 'bAQID', 'bBAUG']],
    ])('%s comes back', async (_what, sent, expected) => {
      const one = await joined();
      await one.send(...sent);
      for (const packet of expected) expect(await one.nextAnswer()).toBe(packet);
    });

    test('leaving one namespace leaves the other', async () => {
      const one = await joined();
      await one.send('40/custom');
      expect((await one.nextAnswer()).slice(0, 10)).toBe('40/custom,');
      expect(await one.nextAnswer()).toBe('42/custom,["auth",{}]');
      await one.send('41/custom', '42["message","still here"]');
      expect(await one.nextAnswer()).toBe('42["message-back","still here"]');
    });

    test.each([
      ['no packet type', '4abc'],
      ['arguments that are no array', '42{}'],
      ['an id that is no number', '42abc["message-with-ack",1]'],
      ['an event of a name that is reserved', '42["connect"]'],
    ])('the session ends over %s', async (_what, packet) => {
      const one = await joined();
      await one.send(packet).catch(() => {}); // Node drops the connection of a request
      for (let said = ''; said !== 'end'; ) said = await one.nextAnswer().catch(() => 'end');
    });

    test('a client that joins nothing is sent away, when its time is over', async () => {
      const begun = performance.now();
      const one = await open();
      for (let said = ''; said !== 'end'; ) said = await one.nextAnswer();
      expect(performance.now() - begun).toBeGreaterThan(timing.connectTimeout * 0.9);
    });
  });

  describe.each([
    ['polling only', ['polling']],
    ['WebSocket only', ['websocket']],
    ['polling, then WebSocket', ['polling', 'websocket']],
  ])('the official client: %s', (_mode, transports) => {
    function client(namespace = '/', options: Partial<ManagerOptions & SocketOptions> = {}) {
      const socket = io(`http://127.0.0.1:${server.port}${namespace}`, { transports, forceNew: true, reconnection: false, ...options });
      sockets.push(socket);
      return socket;
    }
    async function connected(namespace = '/', options: Partial<ManagerOptions & SocketOptions> = {}) {
      const socket = client(namespace, options);
      await event(socket, 'connect');
      return socket;
    }

    test('connects with its auth payload, to both namespaces', async () => {
      expect(await event(client(), 'auth')).toEqual([{}]);
      expect(await event(client('/custom', { auth: { token: 'größe "1"' } }), 'auth')).toEqual([{ token: 'größe "1"' }]);
    });

    test('ends up on the transport it wants', async () => {
      const socket = await connected();
      const last = transports.at(-1);
      await eventually('it is there', () => socket.io.engine.transport.name === last);
      expect(await socket.timeout(patiently(2_000)).emitWithAck('message-with-ack', 1)).toBe(1);
    });

    test('is kept out of a namespace that does not exist', async () => {
      const [error] = await event(client('/nowhere'), 'connect_error');
      expect(error.message).toBe('Invalid namespace');
    });

    test('gets back what it sends, of every kind', async () => {
      const socket = await connected();
      const args = [1, -2.5e3, 'a "b" \u2028 😀', null, true, { a: [1, { b: [] }] }, Buffer.from([1, 2, 3]), { inner: [Buffer.from([255, 0])] }];
      const answer = event(socket, 'message-back');
      socket.emit('message', ...args);
      expect(await answer).toEqual(args);
      expect(await socket.timeout(patiently(2_000)).emitWithAck('message-with-ack', Buffer.from([4]))).toEqual(Buffer.from([4]));
    });

    test('keeps the order of a burst, also while it changes transport', async () => {
      const socket = client();
      const seen: number[] = [];
      const done = new Promise<void>((resolve) => socket.on('message-back', (n: number) => {
        seen.push(n);
        if (seen.length === 500) resolve();
      }));
      for (let n = 0; n < 100; n += 1) socket.emit('message', n);
      await event(socket, 'connect');
      for (let n = 100; n < 500; n += 1) {
        socket.emit('message', n);
        if (n % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await done;
      expect(seen).toEqual([...Array(500).keys()]);
    });

    test('sends and receives what is large', async () => {
      const socket = await connected();
      const text = 'ü'.repeat(45_000);
      expect(await socket.timeout(patiently(5_000)).emitWithAck('message-with-ack', text)).toBe(text);
    });

    test('stays connected over many heartbeats', async () => {
      const socket = await connected();
      let pings = 0;
      await new Promise<void>((resolve) => socket.io.on('ping', () => {
        pings += 1;
        if (pings === 4) resolve();
      }));
      expect(await socket.timeout(patiently(2_000)).emitWithAck('message-with-ack', 1)).toBe(1);
    });

    test('goes and comes back', async () => {
      const socket = await connected();
      const id = socket.id;
      socket.disconnect();
      const greeted = event(socket, 'auth');
      socket.connect();
      await greeted;
      expect(socket.id).not.toBe(id);
    });
  });
});
