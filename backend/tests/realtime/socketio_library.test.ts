import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { Program } from '../support/program.ts';
import { refusal, Wire } from '../support/wire.ts';
import { patiently } from '../support/patience.ts';

// The server library by itself, through its example: the official client unmodified, and the protocol word by word.

const pingInterval = patiently(300);
const pingTimeout = patiently(1_000);
const connectTimeout = patiently(1_000);
const maxPayload = 100_000;

async function start(...more: string[]) {
  const program = new Program('socketio-echo', [
    '--port', '0', '--ping-interval', `${pingInterval}`, '--ping-timeout', `${pingTimeout}`,
    '--connect-timeout', `${connectTimeout}`, '--max-payload', `${maxPayload}`, '--cores', '2', ...more,
  ]);
  const [, port] = await program.line(/^(\d+)\n/);
  return { program, port: Number(port) };
}

const event = (socket: Socket, name: string): Promise<any[]> => new Promise((resolve) => socket.once(name, (...args) => resolve(args)));

describe('Socket.IO', () => {
  let server: Awaited<ReturnType<typeof start>>;
  const sockets: Socket[] = [];
  const wires: Wire[] = [];

  beforeAll(async () => {
    server = await start();
  });
  afterEach(() => {
    for (const one of sockets.splice(0)) one.disconnect();
    for (const one of wires.splice(0)) one.socket.terminate();
  });
  afterAll(async () => {
    await server.program.kill();
  });

  function client(namespace = '/', auth?: object) {
    const socket = io(`http://127.0.0.1:${server.port}${namespace}`, {
      transports: ['websocket'], forceNew: true, reconnection: false, ...(auth ? { auth } : {}),
    });
    sockets.push(socket);
    return socket;
  }

  function wire(target = '/socket.io/?EIO=4&transport=websocket', options: WebSocket.ClientOptions = {}) {
    const one = new Wire(`ws://127.0.0.1:${server.port}${target}`, options);
    wires.push(one);
    return one;
  }

  async function openWire() {
    const one = wire();
    await one.next();
    return one;
  }

  async function joinedWire() {
    const one = await openWire();
    one.send('40');
    await one.nextAnswer();
    await one.nextAnswer();
    return one;
  }

  describe('the official client', () => {
    test('connects without auth and is greeted with an empty object', async () => {
      const socket = client();
      expect(await event(socket, 'auth')).toEqual([{}]);
      expect(socket.connected).toBe(true);
      expect(socket.id).toMatch(/^[\w-]{22}$/);
    });

    test('shows its auth payload, on the default and on a custom namespace', async () => {
      expect(await event(client('/', { token: 'größe "1"' }), 'auth')).toEqual([{ token: 'größe "1"' }]);
      expect(await event(client('/custom', { token: '2' }), 'auth')).toEqual([{ token: '2' }]);
    });

    test('is kept out of a namespace that does not exist', async () => {
      const [error] = await event(client('/nowhere'), 'connect_error');
      expect(error.message).toBe('Invalid namespace');
    });

    test('has several namespaces on one connection, and leaves one without the other', async () => {
      const socket = io(`http://127.0.0.1:${server.port}/`, { transports: ['websocket'], forceNew: true, reconnection: false });
      const custom = socket.io.socket('/custom');
      sockets.push(socket, custom);
      await Promise.all([event(socket, 'auth'), event(custom, 'auth')]);
      expect(custom.id).not.toBe(socket.id);
      custom.disconnect();
      expect(await socket.timeout(patiently(2_000)).emitWithAck('message-with-ack', 1)).toBe(1);
      const again = event(custom, 'auth');
      custom.connect();
      await again;
    });

    test('gets back what it sends, of every JSON type', async () => {
      const socket = client();
      await event(socket, 'connect');
      const args = [1, -2.5e3, 'a "b" \u2028 😀', null, true, { a: [1, { b: [] }] }, []];
      const answer = event(socket, 'message-back');
      socket.emit('message', ...args);
      expect(await answer).toEqual(args);
      const none = event(socket, 'message-back');
      socket.emit('message');
      expect(await none).toEqual([]);
    });

    test('gets back binary, at the top and inside', async () => {
      const socket = client();
      await event(socket, 'connect');
      const answer = event(socket, 'message-back');
      socket.emit('message', Buffer.from([1, 2, 3]), 'x', { inner: [Buffer.from([255, 0])] }, Buffer.alloc(0));
      expect(await answer).toEqual([Buffer.from([1, 2, 3]), 'x', { inner: [Buffer.from([255, 0])] }, Buffer.alloc(0)]);
    });

    test('is acknowledged, with values and with binary', async () => {
      const socket = client();
      await event(socket, 'connect');
      const answers = await new Promise<any[]>((resolve) =>
        socket.emit('message-with-ack', 1, '2', { 3: [true] }, Buffer.from([4]), (...args: any[]) => resolve(args)));
      expect(answers).toEqual([1, '2', { 3: [true] }, Buffer.from([4])]);
    });

    test('keeps the order of a burst', async () => {
      const socket = client();
      await event(socket, 'connect');
      const seen: number[] = [];
      const done = new Promise<void>((resolve) => socket.on('message-back', (n: number) => {
        seen.push(n);
        if (seen.length === 2_000) resolve();
      }));
      for (let n = 0; n < 2_000; n += 1) socket.emit('message', n);
      await done;
      expect(seen).toEqual([...Array(2_000).keys()]);
    });

    test('sends and receives messages of many fragments of TCP', async () => {
      const socket = client();
      await event(socket, 'connect');
      const text = 'ü'.repeat(45_000);
      expect(await socket.timeout(patiently(5_000)).emitWithAck('message-with-ack', text)).toBe(text);
    });

    test('stays connected over many heartbeats', async () => {
      const socket = client();
      await event(socket, 'connect');
      let pings = 0;
      await new Promise<void>((resolve) => socket.io.on('ping', () => {
        pings += 1;
        if (pings === 4) resolve();
      }));
      expect(socket.connected).toBe(true);
    });

    test('is told "transport close" when the server goes', async () => {
      const other = await start();
      const socket = io(`http://127.0.0.1:${other.port}`, { transports: ['websocket'], forceNew: true, reconnection: false });
      sockets.push(socket);
      await event(socket, 'connect');
      const reason = event(socket, 'disconnect');
      await other.program.kill();
      expect((await reason)[0]).toBe('transport close');
    });
  });

  describe('the words of the protocol', () => {
    test('connect and event', async () => {
      const one = await openWire();
      one.send('40');
      expect(await one.nextAnswer()).toMatch(/^40\{"sid":"[\w-]{22}"\}$/);
      expect(await one.nextAnswer()).toBe('42["auth",{}]');
      one.send('42["message",1,"2",{"3":[]}]');
      expect(await one.nextAnswer()).toBe('42["message-back",1,"2",{"3":[]}]');
      one.send('42456["message-with-ack",1]');
      expect(await one.nextAnswer()).toBe('43456[1]');
    });

    test('a namespace with auth, and one that does not exist', async () => {
      const one = await openWire();
      one.send('40/custom,{"a":"b"}');
      expect(await one.nextAnswer()).toMatch(/^40\/custom,\{"sid":"[\w-]{22}"\}$/);
      expect(await one.nextAnswer()).toBe('42/custom,["auth",{"a":"b"}]');
      one.send('40/random');
      expect(await one.nextAnswer()).toBe('44/random,{"message":"Invalid namespace"}');
    });

    test('binary with placeholders', async () => {
      const one = await joinedWire();
      one.send('452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
      one.send(Buffer.from([1, 2, 3]));
      one.send(Buffer.from([4, 5]));
      expect(await one.nextAnswer()).toBe('452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
      expect(await one.nextAnswer()).toEqual(Buffer.from([1, 2, 3]));
      expect(await one.nextAnswer()).toEqual(Buffer.from([4, 5]));
      one.send('451-789["message-with-ack",{"_placeholder":true,"num":0}]');
      one.send(Buffer.from([6]));
      expect(await one.nextAnswer()).toBe('461-789[{"_placeholder":true,"num":0}]');
      expect(await one.nextAnswer()).toEqual(Buffer.from([6]));
    });

    test('after leaving a namespace nothing more may be sent to it', async () => {
      const one = await joinedWire();
      one.send('41');
      one.send('42["message",1]');
      await one.closed;
    });

    test('one namespace left, the other still works', async () => {
      const one = await joinedWire();
      one.send('40/custom');
      await one.nextAnswer();
      await one.nextAnswer();
      one.send('41/custom');
      one.send('42["message","still here"]');
      expect(await one.nextAnswer()).toBe('42["message-back","still here"]');
    });

    test.each([
      ['an unknown packet type', '4abc'],
      ['a connect packet whose auth is no object', '40"x"'],
      ['a connect packet with broken JSON', '40{'],
      ['an event before connecting', '42["message"]'],
      ['a connect error from a client', '44{"message":"x"}'],
    ])('%s closes the connection', async (_what, packet) => {
      const one = await openWire();
      one.send(packet);
      await one.closed;
    });

    test.each([
      ['an event that is no array', '42{}'],
      ['an event without name', '42[]'],
      ['an event whose name is no string', '42[{"a":1}]'],
      ['an event with a reserved name', '42["disconnect"]'],
      ['an event with broken JSON', '42["message",]'],
      ['something behind the array', '42["message"]x'],
      ['an event of a namespace that was not joined', '42/custom,["message"]'],
      ['an acknowledgement without id', '43[]'],
      ['an id that is too long', '42123456789012345678901["message"]'],
      ['nesting without end', `42["message",${'['.repeat(1_000)}${']'.repeat(1_000)}]`],
      ['too many attachments', '45100-["message",{"_placeholder":true,"num":0}]'],
      ['a placeholder for an attachment that is not announced', '451-["message",{"_placeholder":true,"num":1}]'],
      ['a binary event without number', '45["message"]'],
      ['joining twice', '40'],
      ['an empty message', ''],
      ['a ping in the wrong direction', '2'],
      ['no packet at all', 'x'],
    ])('%s closes the connection', async (_what, packet) => {
      const one = await joinedWire();
      one.send(packet);
      await one.closed;
    });

    test('a binary message nobody announced closes the connection', async () => {
      const one = await joinedWire();
      one.send(Buffer.from([1]));
      await one.closed;
    });

    test('text where an attachment is due closes the connection', async () => {
      const one = await joinedWire();
      one.send('451-["message",{"_placeholder":true,"num":0}]');
      one.send('42["message"]');
      await one.closed;
    });

    test('a client that joins nothing is closed after the connect time-out, not before', async () => {
      const one = await openWire();
      const begun = performance.now();
      void (async () => {
        for (;;) await one.nextAnswer();
      })();
      await one.closed;
      expect(performance.now() - begun).toBeGreaterThan(connectTimeout * 0.9);
    });

    test('a client that has left its namespace is closed after the connect time-out, unless it comes in again', async () => {
      const one = await joinedWire();
      one.send('41');
      one.send('40');
      expect(await one.nextAnswer()).toMatch(/^40/);
      const begun = performance.now();
      one.send('41');
      void (async () => {
        for (;;) await one.nextAnswer();
      })();
      await one.closed;
      expect(performance.now() - begun).toBeGreaterThan(connectTimeout * 0.9);
    });
  });

  describe('Engine.IO', () => {
    test('opens with its figures', async () => {
      const open = (await wire().next()) as string;
      expect(open[0]).toBe('0');
      const session = JSON.parse(open.slice(1));
      expect(Object.keys(session).sort()).toEqual(['maxPayload', 'pingInterval', 'pingTimeout', 'sid', 'upgrades']);
      expect(session).toMatchObject({ pingInterval, pingTimeout, maxPayload, upgrades: [] });
      expect(session.sid).toMatch(/^[\w-]{22}$/);
    });

    test('sends a ping every interval while pongs come', async () => {
      const one = await joinedWire();
      const times: number[] = [];
      for (let i = 0; i < 4; i += 1) {
        expect(await one.next()).toBe('2');
        times.push(performance.now());
        one.send('3');
      }
      for (let i = 1; i < times.length; i += 1) expect(times[i] - times[i - 1]).toBeGreaterThan(pingInterval * 0.9);
    });

    test('closes when no pong comes, in time', async () => {
      const one = await joinedWire();
      expect(await one.next()).toBe('2');
      const asked = performance.now();
      await one.closed;
      expect(performance.now() - asked).toBeGreaterThan(pingTimeout * 0.9);
    });

    test('closes when the client says so', async () => {
      const one = await joinedWire();
      one.send('1');
      await one.closed;
    });

    test.each([
      ['no version', '/socket.io/?transport=websocket', 400, 5],
      ['another version', '/socket.io/?EIO=3&transport=websocket', 400, 5],
      ['an unknown transport', '/socket.io/?EIO=4&transport=pigeon', 400, 0],
      ['no transport', '/socket.io/?EIO=4', 400, 0],
      ['an unknown session', '/socket.io/?EIO=4&transport=websocket&sid=zzz', 400, 1],
    ])('refuses %s', async (_what, target, status, code) => {
      const answer = await refusal(`ws://127.0.0.1:${server.port}${target}`);
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.body).code).toBe(code);
    });

    test('serves nothing on other paths, nor plain requests', async () => {
      expect((await refusal(`ws://127.0.0.1:${server.port}/elsewhere/?EIO=4&transport=websocket`)).status).toBe(404);
      expect((await fetch(`http://127.0.0.1:${server.port}/socket.io/?EIO=4&transport=websocket`)).status).toBe(400);
    });
  });

  describe('WebSocket', () => {
    test('answers pings of the peer', async () => {
      const one = await joinedWire();
      const pong = new Promise<string>((resolve) => one.socket.once('pong', (data: Buffer) => resolve(data.toString())));
      one.socket.ping('hello');
      expect(await pong).toBe('hello');
    });

    test('puts fragments together', async () => {
      const one = await joinedWire();
      one.socket.send('42["mess', { fin: false });
      one.socket.ping();
      one.socket.send('age","in ', { fin: false });
      one.socket.send('three"]', { fin: true });
      expect(await one.nextAnswer()).toBe('42["message-back","in three"]');
    });

    test('a message that is too big is refused with 1009', async () => {
      const one = await joinedWire();
      one.send(`42["message","${'x'.repeat(maxPayload)}"]`);
      expect((await one.closed).code).toBe(1009);
    });

    test('answers a close with the same code', async () => {
      const one = await joinedWire();
      one.socket.close(4_321, 'bye');
      expect((await one.closed).code).toBe(4_321);
    });

    test('does not offer compression', async () => {
      const one = wire('/socket.io/?EIO=4&transport=websocket', { perMessageDeflate: true });
      await one.next();
      expect(one.socket.extensions).toBe('');
    });

    test('refuses another version of WebSocket, and says which it speaks', async () => {
      const answer = await refusal(`ws://127.0.0.1:${server.port}/socket.io/?EIO=4&transport=websocket`, { protocolVersion: 8 });
      expect(answer.status).toBe(426);
    });
  });
});

describe('Engine.IO alone', () => {
  let server: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    server = await start('--engine-only');
  });
  afterAll(async () => {
    await server.program.kill();
  });

  test('sends every message back, text and binary', async () => {
    const one = new Wire(`ws://127.0.0.1:${server.port}/engine.io/?EIO=4&transport=websocket`);
    expect((await one.next()).toString()[0]).toBe('0');
    one.send('4hello');
    expect(await one.nextAnswer()).toBe('4hello');
    one.send('4');
    expect(await one.nextAnswer()).toBe('4');
    one.send(Buffer.from([1, 2, 3]));
    expect(await one.nextAnswer()).toEqual(Buffer.from([1, 2, 3]));
    one.socket.terminate();
  });
});
