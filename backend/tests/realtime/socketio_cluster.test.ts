import { createAdapter } from '@socket.io/redis-adapter';
import { createServer, type Server as HttpServer } from 'node:http';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually, Program } from '../support/program.ts';
import { Redis } from '../support/redis.ts';

// One cluster: two processes of our library and one of Node's official server with its official Redis adapter.

class NodeServer {
  readonly http: HttpServer = createServer();
  readonly io = new Server(this.http, { transports: ['websocket'] });
  port = 0;
  #clients: { close(): Promise<void> }[] = [];

  async start(url: string) {
    const publisher = createClient({ url });
    const subscriber = publisher.duplicate();
    for (const client of [publisher, subscriber]) {
      client.on('error', () => {}); // Redis is taken away on purpose
      await client.connect();
      this.#clients.push({ close: () => client.close() });
    }
    this.io.adapter(createAdapter(publisher, subscriber));
    for (const name of ['/', '/chat']) {
      this.io.of(name).on('connection', (socket) => {
        socket.on('join', async (room, done) => {
          await socket.join(room);
          done();
        });
        socket.on('others', (room, _except, event, content) => socket.to(room).emit(event, content));
      });
    }
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve));
    this.port = (this.http.address() as { port: number }).port;
  }

  async stop() {
    await this.io.close();
    for (const client of this.#clients) await client.close(); // after the adapter's unsubscriptions
  }
}

describe('a cluster with Node servers', () => {
  let redis: Redis;
  const ours: { program: Program; port: number }[] = [];
  const node = new NodeServer();
  const sockets: Socket[] = [];

  beforeAll(async () => {
    redis = await Redis.start();
    for (let i = 0; i < 2; ++i) {
      const program = new Program('socketio-cluster', [redis.url]);
      const [, port] = await program.line(/^(\d+)\n/);
      ours.push({ program, port: Number(port) });
    }
    await node.start(redis.url);
  });
  afterEach(() => sockets.splice(0).forEach((socket) => socket.disconnect()));
  afterAll(async () => {
    await node.stop();
    await Promise.all(ours.map((one) => one.program.kill()));
    await redis.kill();
  });

  /** A client that writes down what it hears; in these rooms. */
  async function client(port: number, rooms: string[] = [], name = '/') {
    const socket = io(`http://127.0.0.1:${port}${name}`, { transports: ['websocket'], forceNew: true });
    sockets.push(socket);
    const heard: [string, ...any[]][] = [];
    socket.onAny((event, ...args) => heard.push([event, ...args]));
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('connect_error', reject);
    });
    for (const room of rooms) await socket.emitWithAck('join', room);
    return { socket, heard };
  }
  const everywhere = (rooms: string[] = [], name = '/') =>
    Promise.all([ours[0].port, ours[1].port, node.port].map((port) => client(port, rooms, name)));

  /** All have heard this; whatever its sender published before has arrived then. */
  async function until(all: { heard: any[][] }[], event: string) {
    await eventually(`all hear ${event}`, () => all.every((one) => one.heard.some(([name]) => name === event)));
  }

  test('ours tell everybody, once', async () => {
    const all = await everywhere();
    all[0].socket.emit('tell', '', '', 'news', { text: 'grüße 😀', list: [1, -2, 1.5, true, null, []], big: 2 ** 40 });
    all[0].socket.emit('tell', '', '', 'end', 0);
    await until(all, 'end');
    const news = ['news', { text: 'grüße 😀', list: [1, -2, 1.5, true, null, []], big: 2 ** 40 }];
    for (const one of all) expect(one.heard).toEqual([news, ['end', 0]]);
  });

  test('Node tells everybody, once', async () => {
    const all = await everywhere();
    node.io.emit('news', { at: new Date(500), text: 'a"\\\n', deep: { er: [{}] } }, undefined, 'x'.repeat(70_000));
    node.io.emit('end');
    await until(all, 'end');
    const news = ['news', { at: '1970-01-01T00:00:00.500Z', text: 'a"\\\n', deep: { er: [{}] } }, null, 'x'.repeat(70_000)];
    for (const one of all) expect(one.heard).toEqual([news, ['end']]);
  });

  test('bytes go both ways', async () => {
    const all = await everywhere();
    const bytes = Buffer.from([0, 255, 1, 128]);
    node.io.emit('file', { name: 'a', content: bytes, again: [bytes] });
    all[1].socket.emit('tell', '', '', 'raw', bytes);
    await until(all, 'file');
    await until(all, 'raw');
    for (const one of all) {
      const file = one.heard.find(([name]) => name === 'file')![1];
      expect(Buffer.from(file.content)).toEqual(bytes);
      expect(Buffer.from(file.again[0])).toEqual(bytes);
      expect(Buffer.from(one.heard.find(([name]) => name === 'raw')![1])).toEqual(bytes);
    }
  });

  test.each([['ours', 0], ['Node', 2]] as const)('rooms, exceptions and senders reach across, from %s', async (_who, from) => {
    const inside = await everywhere(['red']);
    const both = await everywhere(['red', 'blue']);
    const outside = await everywhere();
    if (from === 0) {
      inside[0].socket.emit('tell', 'red', 'blue', 'only-red', 1);
    } else {
      node.io.to('red').except('blue').emit('only-red', 1);
    }
    inside[from].socket.emit('others', 'red', '', 'not-me', 2);
    node.io.emit('end');
    inside[0].socket.emit('tell', '', '', 'end-too', 0);
    for (const group of [inside, both, outside]) {
      await until(group, 'end');
      await until(group, 'end-too');
    }
    const names = (one: { heard: any[][] }) => one.heard.map(([name]) => name).filter((name) => !name.startsWith('end'));
    expect(inside.map(names)).toEqual([0, 1, 2].map((i) => (i === from ? ['only-red'] : ['only-red', 'not-me'])));
    expect(both.map(names)).toEqual([['not-me'], ['not-me'], ['not-me']]);
    expect(outside.map(names)).toEqual([[], [], []]);
  });

  test('several rooms at once reach each socket once; a socket is a room', async () => {
    const all = await everywhere(['a', 'b']);
    node.io.to('a').to('b').emit('once');
    node.io.to(all[0].socket.id!).emit('you');
    all[0].socket.emit('tell', all[2].socket.id!, '', 'you', null);
    node.io.emit('end');
    all[0].socket.emit('tell', '', '', 'end-too', 0);
    await until(all, 'end');
    await until(all, 'end-too');
    const names = (i: number) => all[i].heard.map(([name]) => name).filter((name) => !name.startsWith('end')).sort();
    expect([0, 1, 2].map(names)).toEqual([['once', 'you'], ['once'], ['once', 'you']]);
  });

  test('namespaces are apart, and what is local stays', async () => {
    const main = await everywhere();
    const chat = await everywhere([], '/chat');
    node.io.of('/chat').emit('chat');
    chat[0].socket.emit('tell', '', '', 'chat-too', 1);
    node.io.local.emit('here');
    node.io.emit('end');
    main[1].socket.emit('tell', '', '', 'end-too', 0);
    await until(chat, 'chat');
    await until(chat, 'chat-too');
    await until(main, 'end');
    await until(main, 'end-too');
    expect(main.map((one) => one.heard.filter(([name]) => !name.startsWith('end')).map(([name]) => name))).toEqual([[], [], ['here']]);
    for (const one of chat) expect(one.heard.length).toBe(2);
  });

  test('without Redis each process tells its own; afterwards they are one again', async () => {
    const all = await everywhere();
    const neighbour = await client(ours[0].port);
    await redis.kill();
    all[0].socket.emit('tell', '', '', 'alone', 1);
    await until([all[0], neighbour], 'alone');
    await redis.start();
    let count = 0;
    await eventually('broadcasts cross again', () => {
      all[0].socket.emit('tell', '', '', 'together', ++count);
      return all.every((one) => one.heard.some(([name]) => name === 'together'));
    });
    expect(all[1].heard.some(([name]) => name === 'alone')).toBe(false);
  });
});
