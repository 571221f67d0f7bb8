import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually, Program } from '../support/program.ts';
import { Wire } from '../support/wire.ts';

// Rooms, answers, doorkeepers, namespaces by pattern and clients that come back, through examples/chat.cpp on two cores.

describe('a chat', () => {
  let program: Program;
  let port = 0;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    program = new Program('socketio-chat', ['0']);
    port = Number((await program.line(/^(\d+)\n/))[1]);
  });
  afterEach(() => sockets.splice(0).forEach((one) => one.disconnect()));
  afterAll(async () => {
    await program.kill();
  });

  const wired = { transports: ['websocket'], forceNew: true };
  function client(name: string, space = '/', options: object = wired) {
    const socket = io(`http://127.0.0.1:${port}${space}`, { auth: { name }, ...options });
    sockets.push(socket);
    return socket;
  }
  const event = (socket: Socket, name: string): Promise<any> => new Promise((resolve) => socket.once(name, resolve));
  async function connected(name: string, space = '/', options: object = wired) {
    const socket = client(name, space, options);
    await event(socket, 'connect');
    return socket;
  }

  test('has a doorkeeper, whose reason the client hears', async () => {
    const error = await event(client('nobody'), 'connect_error');
    expect(error.message).toBe('who are you?');
    expect(error.data).toEqual({ code: 'no_name' });
  });

  test('has clubs that come about when somebody asks for them, apart from one another', async () => {
    const [red, other, blue] = await Promise.all(['/club-red', '/club-red', '/club-blue'].map((space) => connected('anna', space)));
    const heard: string[] = [];
    for (const [name, one] of Object.entries({ red, other, blue })) one.on('said', (what) => heard.push(`${name} ${what}`));
    await red.emitWithAck('say', 'lobby', 'hello');
    await other.emitWithAck('list', 'lobby');
    await blue.emitWithAck('list', 'lobby');
    expect(heard.sort()).toEqual(['other hello', 'red hello']);
    expect((await event(client('anna', '/elsewhere'), 'connect_error')).message).toBe('Invalid namespace');
  });

  test('asks everybody else and waits for their answers', async () => {
    const [anna, bert, carl, silent] = await Promise.all(['anna', 'bert', 'carl', 'silent'].map((name) => connected(name)));
    for (const one of [anna, bert, carl, silent]) await one.emitWithAck('join', 'table');
    bert.on('question', (what, answer) => answer(`bert: ${what}`));
    carl.on('question', (what, answer) => answer(`carl: ${what}`));
    const [first, missing] = await new Promise<any[]>((resolve) => anna.emit('ask', 'table', 'tea?', (...all: any[]) => resolve(all)));
    expect(first.sort()).toEqual(['bert: tea?', 'carl: tea?']);
    expect(missing).toBe(1);
    silent.disconnect();
    const [second, none] = await eventually('the silent one is gone', async () => {
      const all = await new Promise<any[]>((resolve) => anna.emit('ask', 'table', 'cake?', (...some: any[]) => resolve(some)));
      return all[1] === 0 && all;
    });
    expect(second).toHaveLength(2);
    expect(none).toBe(0);
    expect(await anna.emitWithAck('list', 'table')).toEqual(['anna', 'bert', 'carl']);
  });

  test.each([['WebSocket', wired], ['polling', { transports: ['polling'], forceNew: true }]])('brings a client back over %s with nothing missed, nothing twice, in order', async (_how, options) => {
    const speaker = await connected('speaker');
    const listener = await connected('listener', '/', { ...options, reconnection: false });
    await listener.emitWithAck('join', 'news');
    const heard: number[] = [];
    listener.on('said', (what) => heard.push(what));
    await speaker.emitWithAck('say', 'news', 0);
    await eventually('it hears the first', () => heard.length === 1);
    const id = listener.id;
    let said = 1;
    for (let round = 0; round < 10; round += 1) {
      listener.io.engine.close();
      for (let i = 0; i < 10; i += 1) await speaker.emitWithAck('say', 'news', said++);
      await eventually('the server has noticed', async () => (await speaker.emitWithAck('list', 'news')).length === 0);
      for (let i = 0; i < 10; i += 1) speaker.emit('say', 'news', said++);
      const back = event(listener, 'connect');
      listener.connect();
      for (let i = 0; i < 10; i += 1) speaker.emit('say', 'news', said++);
      await back;
      expect(listener.recovered).toBe(true);
      expect(listener.id).toBe(id);
      for (let i = 0; i < 5; i += 1) speaker.emit('say', 'news', said++);
    }
    await eventually('it has heard all', () => heard.length >= said);
    expect(heard).toEqual([...Array(said).keys()]);
    expect(await listener.emitWithAck('list', 'news')).toEqual(['listener']);
  });

  test('takes for new who left by himself, who shows what nobody gave out, and who was away too early', async () => {
    const wire = async (auth: object) => {
      const one = new Wire(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
      await one.next();
      one.send(`40${JSON.stringify({ name: 'w', ...auth })}`);
      return { one, answer: JSON.parse((await one.nextAnswer()).toString().slice(2)) };
    };
    const first = await wire({});
    expect(Object.keys(first.answer)).toEqual(['sid', 'pid']);
    const welcome = JSON.parse((await first.one.nextAnswer()).toString().slice(2));
    expect(welcome).toEqual(['welcome', '/', expect.any(String)]);
    const offset = welcome[2];
    const { pid, sid } = first.answer;
    expect((await wire({ pid, offset })).answer.sid).not.toBe(sid); // it is still there
    first.one.socket.terminate();
    const back = await eventually('its end is noticed', async () => {
      const tried = await wire({ pid, offset });
      return tried.answer.sid === sid && tried;
    });
    expect(back.answer.pid).toBe(pid);
    back.one.send('41');
    back.one.socket.close();
    await back.one.closed;
    for (const shown of [{ pid, offset }, { pid: 'x'.repeat(22), offset }, { pid: 7, offset: [] }]) {
      const tried = await wire(shown);
      expect(tried.answer.sid).not.toBe(sid);
      tried.one.socket.terminate();
    }
    const lost = await wire({});
    lost.one.socket.terminate();
    for (const wrong of ['', 'abc', `${offset}zz`, 'ffffffffffff.1']) {
      const tried = await wire({ pid: lost.answer.pid, offset: wrong });
      expect(tried.answer.sid).not.toBe(lost.answer.sid);
      tried.one.socket.terminate();
    }
  });
});
