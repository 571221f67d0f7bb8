import { createAdapter } from '@socket.io/redis-adapter';
import { Emitter } from '@socket.io/redis-emitter';
import { createServer, type Server as HttpServer } from 'node:http';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually, Program } from '../support/program.ts';
import { Redis } from '../support/redis.ts';
import { patiently } from '../support/patience.ts';

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
        socket.data.kind = 'node';
        socket.on('others', (room, _except, event, content) => socket.to(room).emit(event, content));
      });
    }
    this.io.on('greet', (what) => this.io.local.emit('greeted', what));
    this.io.on('who', (what, answer) => answer({ node: what }));
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
    // Node has it from its socket, and publishes it when that has come: only then is what it publishes next the end.
    await until([...inside.filter((_, i) => i !== from), ...both], 'not-me');
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

  const names = (one: { heard: any[][] }) => one.heard.map(([name]) => name);

  test.each([['ours', 0], ['Node', 2]] as const)('sockets are moved, listed and dismissed wherever they are, by %s', async (_who, by) => {
    const all = await everywhere(['start']);
    const operator = await client(ours[0].port);
    const fetched = async (room: string) => by === 0
      ? (await operator.socket.emitWithAck('list', room)).map((one: any) => [one.id, one.data.kind, one.rooms.toSorted(), one.address])
      : (await node.io.in(room).fetchSockets()).map((one) => [one.id, one.data.kind, [...one.rooms].filter((r) => r !== one.id).toSorted(), one.handshake.address]);
    const expected = (rooms: string[]) => all.map((one, i) => [one.socket.id, i === 2 ? 'node' : 'ours', rooms, '127.0.0.1']).toSorted();
    expect((await fetched('start')).toSorted()).toEqual(expected(['start']));

    if (by === 0) operator.socket.emit('gather', 'start', 'next');
    else node.io.in('start').socketsJoin('next');
    await eventually('all have moved', async () => (await fetched('next')).length === 3);
    expect((await fetched('next')).toSorted()).toEqual(expected(['next', 'start']));

    if (by === 0) operator.socket.emit('scatter', 'next', 'start');
    else node.io.in('next').socketsLeave('start');
    await eventually('all have left', async () => (await fetched('start')).length === 0);
    expect((await fetched('next')).toSorted()).toEqual(expected(['next']));

    const gone = all.map((one) => new Promise((resolve) => one.socket.once('disconnect', resolve)));
    if (by === 0) operator.socket.emit('dismiss', 'next', false);
    else node.io.in('next').disconnectSockets();
    expect(await Promise.all(gone)).toEqual(Array(3).fill('io server disconnect'));
    expect(operator.socket.connected).toBe(true);
  });

  test.each([['ours', 0], ['Node', 2]] as const)('everybody answers %s, wherever they are', async (_who, by) => {
    const all = await everywhere(['table']);
    const operator = await client(ours[0].port);
    all.forEach((one, i) => one.socket.on('question', (what, answer) => answer({ from: i, what })));
    const ask = async (ms: number) => {
      if (by === 2) return [await node.io.in('table').timeout(ms).emitWithAck('question', 'tea?').catch((error) => error.responses), 0, true];
      return new Promise<any[]>((resolve) => operator.socket.emit('ask', 'table', 'tea?', ms, (...some: any[]) => resolve(some)));
    };
    const [answers, missing, complete] = await ask(10_000);
    expect(answers.toSorted((a: any, b: any) => a.from - b.from)).toEqual([0, 1, 2].map((from) => ({ from, what: 'tea?' })));
    expect([missing, complete]).toEqual([0, true]);
    all[2].socket.off('question');
    const [fewer, one] = await ask(patiently(1_500));
    expect(fewer).toHaveLength(2);
    if (by === 0) expect(one).toBe(1);
  });

  test('bytes are answered with bytes, both ways', async () => {
    const all = await everywhere(['bytes']);
    for (const one of all) one.socket.on('question', (_what, answer) => answer(Buffer.from([1, 255])));
    const answers = await node.io.in('bytes').timeout(patiently(10_000)).emitWithAck('question', Buffer.from([7]));
    expect(answers.map((one: any) => Buffer.from(one))).toEqual(Array(3).fill(Buffer.from([1, 255])));
  });

  test('servers talk to one another', async () => {
    const all = await everywhere();
    all[0].socket.emit('greet-servers', { from: 'ours' });
    await until(all.slice(1), 'greeted');
    node.io.serverSideEmit('greet', { from: 'node' });
    await eventually('ours have heard Node', () => all.slice(0, 2).every((one) => one.heard.some(([, what]) => what?.from === 'node')));
    expect(all.map(names)).toEqual([['greeted'], ['greeted', 'greeted'], ['greeted']]);
    const answered = await all[0].socket.emitWithAck('servers', 7);
    expect(answered.toSorted((a: any, b: any) => (a.node ? 1 : 0) - (b.node ? 1 : 0))).toEqual([{ ours: 7 }, { node: 7 }]);
    expect(await node.io.serverSideEmitWithAck('who', 'x')).toEqual([{ ours: 'x' }, { ours: 'x' }]);
  });

  test('what is local stays with ours too; ids and rooms are known everywhere', async () => {
    const all = await everywhere(['known']);
    all[0].socket.emit('here', 'mine');
    await until([all[0]], 'mine');
    node.io.emit('end');
    await until(all, 'end');
    expect(all.map(names)).toEqual([['mine', 'end'], ['end'], ['end']]);
    const adapter = node.io.of('/').adapter as any;
    expect([...(await adapter.sockets(new Set(['known'])))].length).toBeGreaterThan(0);
    expect(await adapter.allRooms()).toContain('known');
  });

  test("Node's emitter, which is no server, reaches all", async () => {
    const all = await everywhere(['red']);
    const publisher = createClient({ url: redis.url });
    await publisher.connect();
    const emitter = new Emitter(publisher);
    emitter.to('red').emit('hello', { a: [1] }, Buffer.from([9]));
    await until(all, 'hello');
    for (const one of all) expect([one.heard[0][1], Buffer.from(one.heard[0][2])]).toEqual([{ a: [1] }, Buffer.from([9])]);
    emitter.in('red').socketsJoin('blue');
    await eventually('all are in the other room', async () => (await node.io.in('blue').fetchSockets()).length === 3);
    emitter.serverSideEmit('greet', 'emitter');
    await until(all, 'greeted');
    const gone = all.map((one) => new Promise((resolve) => one.socket.once('disconnect', resolve)));
    emitter.in('blue').disconnectSockets();
    await Promise.all(gone);
    await publisher.close();
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
