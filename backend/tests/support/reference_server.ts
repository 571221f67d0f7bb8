import { Server as EngineServer } from 'engine.io';
import { createServer, type Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { patiently } from './patience.ts';
import { Program } from './program.ts';

/** What the conformance suite talks to: an echo, ours or Node's. */
export interface EchoServer {
  port: number;
  stop(): Promise<void>;
}

export const timing = { pingInterval: patiently(300), pingTimeout: patiently(400), connectTimeout: patiently(1_000), maxPayload: 100_000 };

/** Node's official server, doing what socketio-echo does. */
export async function startReference(engineOnly: boolean): Promise<EchoServer> {
  const http: HttpServer = createServer();
  const options = {
    pingInterval: timing.pingInterval, pingTimeout: timing.pingTimeout, maxHttpBufferSize: timing.maxPayload, cors: { origin: '*' },
  };
  let close: () => Promise<void>;
  if (engineOnly) {
    const engine = new EngineServer(options);
    engine.attach(http, { path: '/engine.io/' });
    engine.on('connection', (socket) => socket.on('data', (data: string | Buffer) => socket.send(data)));
    close = async () => {
      engine.close();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    };
  } else {
    const io = new Server(http, { ...options, connectTimeout: timing.connectTimeout });
    const greet = (socket: Socket) => socket.emit('auth', socket.handshake.auth);
    io.on('connection', (socket) => {
      greet(socket);
      socket.on('message', (...args) => socket.emit('message-back', ...args));
      socket.on('message-with-ack', (...args) => args.pop()(...args));
    });
    io.of('/custom').on('connection', greet);
    close = async () => {
      io.disconnectSockets(true);
      http.closeAllConnections();
      await io.close();
    };
  }
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return { port: (http.address() as { port: number }).port, stop: close };
}

/** Ours. */
export async function startOurs(engineOnly: boolean, cores: number, more: string[] = []): Promise<EchoServer> {
  const program = new Program('socketio-echo', [
    '--port', '0', '--ping-interval', `${timing.pingInterval}`, '--ping-timeout', `${timing.pingTimeout}`,
    '--connect-timeout', `${timing.connectTimeout}`, '--max-payload', `${timing.maxPayload}`, '--cores', `${cores}`,
    ...(engineOnly ? ['--engine-only'] : []), ...more,
  ]);
  const [, port] = await program.line(/^(\d+)\n/);
  return {
    port: Number(port),
    stop: async () => {
      const { code } = await program.kill();
      if (code !== 0) throw new Error(`socketio-echo ended with ${code}:\n${program.output}`);
    },
  };
}

/** Whom the suite is run against. With two cores requests and upgrades come in away from their session as often as not. */
export const servers: [string, (engineOnly: boolean) => Promise<EchoServer>][] = [
  ['socketio-echo', (engineOnly) => startOurs(engineOnly, 1)],
  ['socketio-echo on two cores', (engineOnly) => startOurs(engineOnly, 2)],
  ["Node's server", startReference],
];

/** How often each test is run: once, or as CONFORMANCE_REPEATS says. */
export const repeats = Number(process.env.CONFORMANCE_REPEATS ?? 1) - 1;
