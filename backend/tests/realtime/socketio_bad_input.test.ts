import { readFileSync } from 'node:fs';
import { connect, type Socket as Tcp } from 'node:net';
import { deflateRawSync } from 'node:zlib';
import { io, type Socket } from 'socket.io-client';
import WebSocket from 'ws';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually, Program } from '../support/program.ts';
import { refusal, Wire } from '../support/wire.ts';

// Whatever a client sends that it should not: it is refused as the protocols say, costs bounded memory, and others do not
// notice. Against socketio-echo with compression; one test for each thing that can be wrong. What is shown more closely
// elsewhere is named there.

const maxPayload = 100_000;

describe('bad input', () => {
  let server: Program;
  let port = 0;
  let witness: Socket;
  let witnessId: string;
  const opened: { close(): void }[] = [];

  beforeAll(async () => {
    server = new Program('socketio-echo', ['--port', '0', '--max-payload', `${maxPayload}`, '--deflate', '64', '--cores', '2', '--ping-interval', '1000', '--ping-timeout', '3000']);
    port = Number((await server.line(/^(\d+)\n/))[1]);
    witness = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true, reconnection: false });
    await new Promise<void>((resolve) => witness.once('connect', resolve));
    witnessId = witness.id!;
  });
  afterEach(async () => {
    opened.splice(0).forEach((one) => one.close());
    // Others do not notice.
    expect(await witness.timeout(5000).emitWithAck('message-with-ack', 'still here')).toBe('still here');
    expect(witness.id).toBe(witnessId);
    expect(server.ended).toBe(false);
  });
  afterAll(async () => {
    witness.disconnect();
    // With everything above, at its peak. Sanitizers need more for themselves.
    const [, peak] = readFileSync(`/proc/${server.child.pid}/status`, 'utf8').match(/VmHWM:\s+(\d+) kB/)!;
    if (!process.env.NXG_BIN) expect(Number(peak)).toBeLessThan(48 * 1024);
    expect((await server.kill()).code).toBe(0);
  });

  function wire(query = '', options: WebSocket.ClientOptions = {}) {
    const one = new Wire(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket${query}`, options);
    opened.push({ close: () => one.socket.terminate() });
    return one;
  }
  async function joined(options: WebSocket.ClientOptions = {}) {
    const one = wire('', options);
    expect(await one.next()).toMatch(/^0{/);
    one.send('40');
    expect(await one.nextAnswer()).toMatch(/^40{/);
    expect(await one.nextAnswer()).toBe('42["auth",{}]');
    return one;
  }
  const url = (sid = '') => `http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling${sid && `&sid=${sid}`}`;
  const post = (sid: string, body: string | Buffer) => fetch(url(sid), { method: 'POST', body: typeof body === 'string' ? body : new Uint8Array(body), headers: { 'content-type': 'text/plain;charset=UTF-8' } });
  async function session() {
    const [open] = (await (await fetch(url())).text()).split('\x1e');
    return JSON.parse(open.slice(1)).sid as string;
  }
  async function isGone(sid: string) {
    const answer = await fetch(url(sid));
    expect([answer.status, (await answer.json() as any).code]).toEqual([400, 1]);
  }
  /** The connection under a WebSocket, to say what no WebSocket says. */
  async function raw() {
    const tcp = connect(port, '127.0.0.1');
    opened.push({ close: () => tcp.destroy() });
    let heard = Buffer.alloc(0);
    tcp.on('data', (bytes) => (heard = Buffer.concat([heard, bytes]))).on('error', () => {});
    tcp.write(`GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
    await eventually('it is open', () => heard.includes('"sid"'));
    return tcp;
  }
  const ended = (tcp: Tcp) => new Promise<void>((resolve) => (tcp.closed || tcp.readableEnded ? resolve() : tcp.once('end', resolve).once('close', () => resolve())));
  /** Masked with zeros. */
  const frame = (first: number, payload: Buffer) => Buffer.concat([
    payload.length < 126 ? Buffer.from([first, 0x80 | payload.length]) : Buffer.from([first, 0xfe, payload.length >> 8, payload.length & 255]),
    Buffer.alloc(4), payload]);

  test('oversized: a message over WebSocket (1009), a body that says so and one that does not (413)', async () => {
    const one = await joined();
    one.send(`42["message","${'x'.repeat(maxPayload)}"]`);
    expect((await one.closed).code).toBe(1009);
    const sid = await session();
    expect((await post(sid, 'x'.repeat(maxPayload + 1))).status).toBe(413);
    const tcp = await raw(); // only its head: ten exabytes are to come
    tcp.write(Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]));
    await ended(tcp);
  });

  test.each([
    ['frame', Buffer.from([0x81, 0xa0, 0, 0, 0, 0, 0x34])],
    ['head of a frame', Buffer.from([0x81])],
    ['fragmented message', frame(0x01, Buffer.from('42["mess'))],
    ['binary event', frame(0x81, Buffer.from('40'))],
  ])('truncated: a %s after which the client is gone', async (_what, bytes) => {
    const tcp = await raw();
    tcp.end(bytes);
    await ended(tcp);
  });

  test.each([
    ['an event before joining', ['42["message"]']],
    ['text where bytes are due', ['40', '451-["message",{"_placeholder":true,"num":0}]', '42["message"]']],
    ['bytes where none are due', ['40', Buffer.from([1])]],
    ['joining twice', ['40', '40']],
    ['a continuation of nothing', ['40', frame(0x80, Buffer.from('x'))]],
  ])('out of order: %s', async (_what, says) => {
    const one = wire();
    await new Promise((resolve) => one.socket.once('open', resolve));
    for (const each of says) {
      if (typeof each !== 'string' && each.length > 1) (one.socket as any)._socket.write(each);
      else one.send(each);
    }
    await one.closed;
  });

  test.each(['42{}', '42[1]', '42[]', '42["message"', '43[]', '40[]', '40"x"', '4', 'x', '44{}', '42/x["message"]', '42-1["message"]', '421e3["message"]'])('of the wrong type: %s', async (packet) => {
    const one = packet.startsWith('40') ? wire() : await joined();
    if (packet.startsWith('40')) await one.next();
    one.send(packet);
    await one.closed;
  });

  test('an unknown namespace is refused and ends nothing', async () => {
    const one = await joined();
    one.send('40/nowhere,');
    expect(await one.nextAnswer()).toBe('44/nowhere,{"message":"Invalid namespace"}');
    one.send('42["message",1]');
    expect(await one.nextAnswer()).toBe('42["message-back",1]');
  });

  test.each([
    ['eleven attachments', '4511-["message"]'],
    ['a billion', '451000000000-["message"]'],
    ['more digits than a number has', `45${'9'.repeat(30)}-["message"]`],
    ['fewer than its placeholders', '451-["message",{"_placeholder":true,"num":1}]'],
  ])('too many attachments: %s', async (_what, packet) => {
    const one = await joined();
    one.send(packet);
    await one.closed;
  });

  test('attachments that never come: the heartbeat goes on, they may come late, and the end forgets them', async () => {
    const one = await joined();
    one.send('452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
    one.send(Buffer.from([1]));
    for (let i = 0; i < 3; ++i) {
      expect(await one.next()).toBe('2');
      one.send('3');
    }
    one.send(Buffer.from([2]));
    expect(await one.nextAnswer()).toMatch(/^452-\["message-back"/);
    const waiting = await Promise.all(Array.from({ length: 20 }, () => joined()));
    for (const each of waiting) {
      each.send('452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
      each.send(Buffer.alloc(maxPayload - 1));
      each.socket.close();
    }
    await Promise.all(waiting.map((each) => each.closed));
  });

  test.each([
    ['arrays', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['objects', '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000)],
    ['arrays that never end', '['.repeat(90_000)],
  ])('deep JSON: %s', async (_what, json) => {
    const one = await joined();
    one.send(`42["message",${json}]`);
    await one.closed;
  });

  test.each([
    ['a lone byte', [0xff]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a sequence that is cut off', [0xe2, 0x82]],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ])('invalid UTF-8: %s (1007; 400 and the end over polling)', async (_what, bytes) => {
    const text = Buffer.concat([Buffer.from('42["message","'), Buffer.from(bytes), Buffer.from('"]')]);
    const one = await joined();
    (one.socket as any)._socket.write(frame(0x81, text));
    expect((await one.closed).code).toBe(1007);
    const sid = await session();
    await post(sid, '40');
    expect((await post(sid, text)).status).toBe(400);
    await isGone(sid);
  });

  test.each([
    ['a bomb', true, frame(0xc1, deflateRawSync(Buffer.alloc(50_000_000))), 1009],
    ['a bomb in fragments', true, Buffer.concat([frame(0x41, deflateRawSync(Buffer.alloc(50_000_000)).subarray(0, 30_000)), frame(0x80, deflateRawSync(Buffer.alloc(50_000_000)).subarray(30_000))]), 1009],
    ['nonsense', true, frame(0xc1, Buffer.from('this is not deflate at all')), 1002],
    ['what is no UTF-8 inside', true, frame(0xc1, deflateRawSync(Buffer.from([0x34, 0xff]))), 1007],
    ['a ping', true, frame(0xc9, Buffer.from('x')), 1002],
    ['a later fragment', true, Buffer.concat([frame(0x01, Buffer.from('4')), frame(0xc0, Buffer.from('x'))]), 1002],
    ['anything where that was not agreed', false, frame(0xc1, deflateRawSync(Buffer.from('42["message"]'))), 1002],
  ])('compressed: %s', async (_what, agreed, bytes, code) => {
    const one = await joined({ perMessageDeflate: agreed && { threshold: 0 } });
    (one.socket as any)._socket.write(bytes);
    expect((await one.closed).code).toBe(code);
  });

  test.each(['x', 'AAAAAAAAAAAAAAAAAAAAAA', '../../etc/passwd', '%00', '😀', 'a'.repeat(5_000)])('a wrong sid: %s', async (sid) => {
    expect((await fetch(url(encodeURIComponent(sid)))).status).toBe(400);
    expect((await post(encodeURIComponent(sid), '40')).status).toBe(400);
    expect((await refusal(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket&sid=${encodeURIComponent(sid)}`)).status).toBe(400);
  });

  test('two polls at once end the session, both are answered', async () => {
    const sid = await session();
    const [first, second] = await Promise.all([fetch(url(sid)), fetch(url(sid))]);
    expect([first.status, second.status].sort()).toEqual([200, 400]);
    await isGone(sid);
  });

  test('a post after the close', async () => {
    const sid = await session();
    expect(await (await post(sid, '1')).text()).toBe('ok');
    expect((await post(sid, '40')).status).toBe(400);
    await isGone(sid);
  });

  test('upgrade races: two WebSockets for one session, a post and a poll meanwhile, one that goes halfway', async () => {
    const sid = await session();
    await post(sid, '40');
    const [one, other] = [wire(`&sid=${sid}`), wire(`&sid=${sid}`)];
    await Promise.race([one.closed, other.closed]);
    const left = one.socket.readyState === WebSocket.OPEN || one.socket.readyState === WebSocket.CONNECTING ? one : other;
    await eventually('it is open', () => left.socket.readyState === WebSocket.OPEN);
    left.send('2probe');
    expect(await left.next()).toBe('3probe');
    const polled = fetch(url(sid));
    expect((await post(sid, '42["message",1]')).status).toBe(200);
    left.socket.terminate(); // without the last step: polling goes on
    const heard = [await (await polled).text()];
    // The echo greets a moment after the connection, maybe later than it answers.
    while (!['"auth"', 'message-back'].every((one) => heard.join().includes(one))) heard.push(await (await fetch(url(sid))).text());
    const next = wire(`&sid=${sid}`);
    await eventually('it is open', () => next.socket.readyState === WebSocket.OPEN);
    next.send('2probe');
    expect(await next.next()).toBe('3probe');
    next.send('5');
    next.send('42["message",2]');
    expect(await next.nextAnswer()).toBe('42["message-back",2]');
    expect((await post(sid, '42["message",3]')).status).toBe(400);
  });

  test('upgrade races: the last step while a body is on its way changes nothing', async () => {
    const sid = await session();
    await post(sid, '40');
    const tcp = connect(port, '127.0.0.1');
    opened.push({ close: () => tcp.destroy() });
    let heard = '';
    tcp.on('data', (bytes) => (heard += bytes)).on('error', () => {});
    tcp.write(`POST /socket.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 15\r\n\r\n`);
    await eventually('the session knows of the body', () => heard.includes('100 Continue'));
    const one = wire(`&sid=${sid}`);
    await eventually('it is open', () => one.socket.readyState === WebSocket.OPEN);
    one.send('2probe');
    expect(await one.next()).toBe('3probe');
    one.send('5');
    await one.closed;
    tcp.write('42["message",1]');
    await eventually('it is taken', () => heard.includes('200 OK'));
    const said = [await (await fetch(url(sid))).text()];
    while (!said.join().includes('42["message-back",1]')) said.push(await (await fetch(url(sid))).text());
  });

  test('half-open TCP: a client that only stops sending, one that says nothing, one that never asks', async () => {
    const half = await raw();
    half.end(); // it would still read
    await ended(half);
    const silent = await raw(); // no pongs: gone after interval and time-out
    await ended(silent);
    const sid = await session();
    await eventually('a session that nobody polls is gone', async () => (await fetch(url(sid))).status === 400 || undefined, 10_000);
  });
});
