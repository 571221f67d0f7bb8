import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually, Program, temporaryFolder } from '../support/program.ts';
import { freePort, Redis } from '../support/redis.ts';

// Three processes of examples/cluster.cpp behind haproxy, configured as `make cluster` does it: whatever transport a client
// uses, its session stays with the process that has it, and when that is killed the client comes back at another.

const balancer = fileURLToPath(new URL('../../../tools/balancer-config.sh', import.meta.url));

describe('behind a load balancer', () => {
  let redis: Redis;
  let haproxy: ChildProcess;
  let url = '';
  const servers: { program: Program; port: number; health: Server }[] = [];
  const sockets: Socket[] = [];

  async function another() {
    const program = new Program('socketio-cluster', [redis.url]);
    const [, port] = await program.line(/^(\d+)\n/);
    const health = createServer((_request, response) => response.writeHead(program.ended ? 503 : 200).end());
    await new Promise<void>((resolve) => health.listen(0, '127.0.0.1', resolve));
    return { program, port: Number(port), health };
  }

  beforeAll(async () => {
    redis = await Redis.start();
  });
  afterAll(() => redis.kill());

  // Anew each time: one of them is killed.
  beforeEach(async () => {
    servers.push(...(await Promise.all([another(), another(), another()])));
    const port = await freePort();
    const file = join(temporaryFolder('haproxy'), 'haproxy.cfg');
    const ports = servers.map((one) => `${one.port}:${(one.health.address() as { port: number }).port}`);
    writeFileSync(file, execFileSync(balancer, [`${port}`, ...ports]));
    haproxy = spawn('haproxy', ['-f', file], { stdio: 'ignore' });
    process.once('exit', () => haproxy.kill('SIGKILL'));
    url = `http://127.0.0.1:${port}`;
    await eventually('haproxy answers', async () => (await fetch(`${url}/socket.io/?EIO=4&transport=polling`).catch(() => undefined))?.ok);
  });
  afterEach(async () => {
    sockets.splice(0).forEach((one) => one.disconnect());
    haproxy.kill('SIGKILL');
    for (const one of servers.splice(0)) {
      one.health.close();
      await one.program.kill();
    }
  });

  test.each([
    ['polling only', ['polling'], 'polling'],
    ['polling, then WebSocket', ['polling', 'websocket'], 'websocket'],
    ['WebSocket only', ['websocket'], 'websocket'],
  ])('%s: twelve clients talk, across all processes, and a killed process sends its own elsewhere', async (_how, transports, ends) => {
    const clients = Array.from({ length: 12 }, () => io(url, { transports, forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 300 }));
    sockets.push(...clients);
    await eventually('all are in, over what they wanted', () => clients.every((one) => one.connected && one.io.engine.transport.name === ends));
    const join = (one: Socket) => one.timeout(5_000).emitWithAck('join', 'all');
    await Promise.all(clients.map(join));
    const ids = clients.map((one) => one.id);
    for (let round = 0; round < 20; ++round) await Promise.all(clients.map(join)); // no request goes astray
    expect(clients.map((one) => one.id)).toEqual(ids);

    async function allHear(what: string) {
      const heard = clients.map((one) => new Promise((resolve) => one.once(what, resolve)));
      clients[0].emit('tell', 'all', '', what, 1);
      await Promise.all(heard);
    }
    await allHear('before');

    const [victim] = servers;
    await victim.program.kill('SIGKILL');
    await eventually('all are in again', async () => {
      if (!clients.every((one) => one.connected)) return false;
      return (await Promise.all(clients.map((one) => join(one).then(() => true, () => false)))).every(Boolean);
    }, 60_000);
    expect(clients.some((one, i) => one.id !== ids[i]), 'some had been at the one that was killed').toBe(true);
    expect(clients.some((one, i) => one.id === ids[i]), 'others noticed nothing').toBe(true);
    await allHear('after');
  });
});
