import { createAdapter } from '@socket.io/redis-adapter';
import { createServer } from 'node:http';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { FaultProxy } from '../support/fault_proxy.ts';
import { eventually, Program } from '../support/program.ts';
import { Redis } from '../support/redis.ts';

// Clients whose connection breaks and who come back at another process: examples/cluster.cpp with --recovery, twice, the
// official client, a real Redis. Either nothing is missed and nothing comes twice, or the client is told that it is new.

class Client {
  readonly heard: any[] = [];
  readonly socket: Socket;

  constructor(port: number, transports = ['websocket']) {
    this.socket = io(`http://127.0.0.1:${port}`, { transports, forceNew: true, reconnection: false });
    this.socket.on('said', (what) => this.heard.push(what));
  }
  connected() {
    return new Promise<void>((resolve, reject) => {
      this.socket.once('connect', resolve);
      this.socket.once('connect_error', reject);
    });
  }
  /** Cut without a word of Socket.IO, as a network does. */
  async broken() {
    const gone = new Promise((resolve) => this.socket.once('disconnect', resolve));
    this.socket.io.engine.close();
    await gone;
  }
  async backAt(port: number) {
    (this.socket.io as any).uri = `http://127.0.0.1:${port}`;
    const back = this.connected();
    this.socket.connect();
    await back;
    return this.socket.recovered;
  }
}

describe('clients that come back at another process', () => {
  let redis: Redis;
  const programs: { program: Program; port: number }[] = [];
  const clients: Client[] = [];
  const ports = () => programs.map((one) => one.port);

  async function another(url = redis.url, ...more: string[]) {
    const program = new Program('socketio-cluster', [url, '--recovery', ...more]);
    const [, port] = await program.line(/^(\d+)\n/);
    const one = { program, port: Number(port) };
    programs.push(one);
    return one;
  }
  /** One that may come back, in these rooms. */
  async function client(port: number, rooms: string[] = ['news'], transports?: string[]) {
    return eventually('a client that may come back', async () => {
      const one = new Client(port, transports);
      clients.push(one);
      await one.connected();
      if (!(one.socket as any)._pid) {
        one.socket.disconnect();
        return undefined;
      }
      for (const room of rooms) await one.socket.emitWithAck('join', room);
      return one;
    });
  }
  async function hears(one: Client, what: any) {
    await eventually(`it hears ${what}; it heard ${JSON.stringify(one.heard)}`, () => one.heard.includes(what));
  }
  const tell = (by: Client, room: string, what: any) => by.socket.emit('tell', room, '', 'said', what);

  beforeAll(async () => {
    redis = await Redis.start();
    await another();
    await another();
  });
  afterEach(() => clients.splice(0).forEach((one) => one.socket.disconnect()));
  afterAll(async () => {
    await Promise.all(programs.map((one) => one.program.kill()));
    await redis.kill();
  });

  test.each([['WebSocket', ['websocket']], ['polling', ['polling']]])('miss nothing and hear nothing twice, over %s, however often', async (_how, transports) => {
    const [here, there] = ports();
    const speaker = await client(here, []);
    const listener = await client(there, ['news'], transports);
    await listener.socket.emitWithAck('note', { name: 'anna' });
    const id = listener.socket.id;
    tell(speaker, 'news', 0);
    await hears(listener, 0);
    let said = 0;
    for (let round = 1; round <= 6; ++round) {
      tell(speaker, 'news', ++said); // may or may not arrive before the connection breaks
      await listener.broken();
      tell(speaker, 'news', ++said);
      tell(speaker, 'others', 'not for it');
      tell(speaker, '', ++said);
      const back = listener.backAt(round % 2 ? here : there);
      tell(speaker, 'news', ++said); // nor these: before or after it is in
      speaker.socket.emit('tell', id, '', 'said', ++said);
      expect(await back, `round ${round}`).toBe(true);
      tell(speaker, 'news', ++said);
      await hears(listener, said);
      expect(listener.heard).toEqual(Array.from({ length: said + 1 }, (_, n) => n));
      expect(listener.socket.id).toBe(id);
      expect(await listener.socket.timeout(5000).emitWithAck('noted')).toEqual({ name: 'anna' });
    }
  });

  test('hear of the rooms they were in when something was said, not of those before and after', async () => {
    const [here, there] = ports();
    const speaker = await client(here, []);
    const listener = await client(there, ['left']);
    tell(speaker, 'left', 1);
    await hears(listener, 1);
    await listener.socket.emitWithAck('leave', 'left');
    tell(speaker, 'left', 'after it left');
    tell(speaker, 'entered', 'before it entered');
    const witness = await client(there, []);
    tell(speaker, '', 2);
    await hears(witness, 2);
    await listener.socket.emitWithAck('join', 'entered');
    await listener.broken();
    tell(speaker, 'entered', 3);
    expect(await listener.backAt(here)).toBe(true);
    await hears(listener, 3);
    expect(listener.heard).toEqual([1, 2, 3]);
  });

  test('are told in the order of what was done: a farewell comes before the end', async () => {
    const one = await client(ports()[0]);
    const order: string[] = [];
    one.socket.on('farewell', (what) => order.push(what));
    one.socket.on('disconnect', (why) => order.push(why));
    one.socket.emit('bye', 'see you');
    await eventually('it is gone', () => order.length === 2);
    expect(order).toEqual(['see you', 'io server disconnect']);
    expect(await one.backAt(ports()[1])).toBe(false);
  });

  test('from anywhere to a process that started later', async () => {
    const [here] = ports();
    const speaker = await client(here, []);
    const listener = await client(here);
    tell(speaker, 'news', 1);
    await hears(listener, 1);
    tell(speaker, 'news', 2);
    await listener.broken();
    tell(speaker, 'news', 3);
    const late = await another();
    await client(late.port, []);
    expect(await listener.backAt(late.port)).toBe(true);
    tell(speaker, 'news', 4);
    await hears(listener, 4);
    expect(listener.heard).toEqual([1, 2, 3, 4]);
  });

  test('come back once with what they show, and not with what nobody gave out', async () => {
    const [here, there] = ports();
    const one = await client(here);
    tell(one, 'news', 1);
    await hears(one, 1);
    const socket = one.socket as any;
    const [pid, offset] = [socket._pid, socket._lastOffset];
    expect(offset).toMatch(/^[0-9a-f]+:\d+-\d+$/);
    await one.broken();
    expect(await one.backAt(there)).toBe(true);
    for (const [wrongPid, wrongOffset] of [[pid, offset], ['x'.repeat(10_000), offset], [pid, offset.replace(':', ':9')], [pid, 'x'], ['a b\r\nDEL', offset], ['😀', '\u0000']]) {
      const thief = new Client(there);
      clients.push(thief);
      (thief.socket as any)._pid = wrongPid;
      (thief.socket as any)._lastOffset = wrongOffset;
      await thief.connected();
      expect(thief.socket.recovered).toBe(false);
    }
    tell(one, 'news', 2);
    await hears(one, 2);
  });

  test('are refused when the stream does not reach back far enough', async () => {
    const small = await another(redis.url, '100');
    const one = await client(small.port);
    tell(one, 'news', 0);
    await hears(one, 0);
    await one.broken();
    const speaker = await client(small.port, []);
    for (let i = 0; i < 400; ++i) speaker.socket.emit('tell', 'somebody', '', 'said', i);
    speaker.socket.emit('tell', '', '', 'said', 'end');
    await hears(speaker, 'end');
    expect(await one.backAt(small.port)).toBe(false);
    const other = await client(small.port);
    tell(other, 'news', 1);
    await hears(other, 1);
    await other.broken();
    expect(await other.backAt(ports()[0]), 'what it missed is still there').toBe(true);
  });

  test('are refused when something was sent that has no number: by a server of Node', async () => {
    const http = createServer();
    const node = new Server(http);
    const publisher = createClient({ url: redis.url });
    const subscriber = publisher.duplicate();
    await Promise.all([publisher.connect(), subscriber.connect()]);
    node.adapter(createAdapter(publisher, subscriber));
    const [here, there] = ports();
    const one = await client(here);
    const two = await client(here);
    for (const each of [one, two]) {
      tell(each, 'news', 1);
      await eventually('it hears', () => each.heard.includes(1));
    }
    await one.broken();
    await two.broken();
    node.volatile.emit('said', 'in passing');
    expect(await two.backAt(there), 'what is volatile is not promised').toBe(true);
    node.to('news').emit('said', 'from Node');
    await hears(two, 'from Node');
    expect(await one.backAt(there)).toBe(false);
    // Node's clients hear what ours say, without a trace of the numbers.
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const theirs = new Client((http.address() as { port: number }).port);
    clients.push(theirs);
    await theirs.connected();
    const args: any[][] = [];
    theirs.socket.onAny((...all) => args.push(all));
    tell(two, '', 'to all');
    await hears(theirs, 'to all');
    expect(args).toEqual([['said', 'to all']]);
    await node.close();
    await Promise.all([publisher.close(), subscriber.close()]);
  });

  test('are refused after Redis was away, whose stream is another; later ones come back again', async () => {
    const [here, there] = ports();
    const one = await client(here);
    const stays = await client(here);
    tell(one, 'news', 1);
    await hears(one, 1);
    await hears(stays, 1);
    await one.broken();
    await redis.kill();
    tell(stays, 'news', 'alone'); // reaches its own process
    await hears(stays, 'alone');
    await redis.start();
    expect(await one.backAt(there)).toBe(false);
    // What was said without a number meanwhile may refuse a few more, until all processes are in touch again.
    const speaker = await client(there, []);
    const next = await eventually('clients come back again', async () => {
      const other = await client(there);
      tell(speaker, 'news', 'before');
      await hears(other, 'before');
      await other.broken();
      tell(speaker, 'news', 'missed');
      return (await other.backAt(here)) && other;
    });
    await hears(next, 'missed');
    expect(next.heard).toEqual(['before', 'missed']);
    expect(stays.socket.connected).toBe(true);
  });

  test('a process cut off from Redis gives its clients what it missed, in order, and they still come back', async () => {
    const cable = await FaultProxy.start(redis.port);
    const behind = await another(`redis://127.0.0.1:${cable.port}`);
    const [here] = ports();
    const speaker = await client(here, []);
    const listener = await client(behind.port);
    tell(speaker, 'news', 1);
    await hears(listener, 1);
    cable.set('cut');
    tell(speaker, 'news', 2);
    tell(speaker, 'news', 3);
    const near = await client(here);
    tell(speaker, 'news', 4);
    await hears(near, 4);
    cable.set('none');
    await hears(listener, 4);
    expect(listener.heard).toEqual([1, 2, 3, 4]);
    await listener.broken();
    tell(speaker, 'news', 5);
    expect(await listener.backAt(here)).toBe(true);
    await hears(listener, 5);
    expect(listener.heard).toEqual([1, 2, 3, 4, 5]);
    cable.close();
  });
});
