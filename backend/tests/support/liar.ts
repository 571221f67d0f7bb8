import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

type Lie = (path: string, answer: any, method: string) => void;

/** Stands before a server and changes what it answers in JSON; everything else, sockets too, goes through as it is. */
export class Liar {
  readonly #open = new Set<Socket>();

  private constructor(readonly server: Server) {
    server.on('connection', (socket) => {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    });
  }

  static async before(url: string, lie: Lie) {
    const target = new URL(url);
    const server = createServer((request, answer) => {
      Liar.#answer(request, answer, url, lie).catch((error) => answer.writeHead(502).end(String(error)));
    });
    const liar = new Liar(server);
    server.on('upgrade', (request, socket, head) => {
      const through = connect(Number(target.port), target.hostname, () => {
        const lines = [`${request.method} ${request.url} HTTP/1.1`];
        for (let i = 0; i < request.rawHeaders.length; i += 2) lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
        through.write(`${lines.join('\r\n')}\r\n\r\n`);
        through.write(head);
        through.pipe(socket).pipe(through);
      });
      through.on('error', () => socket.destroy());
      socket.on('error', () => through.destroy());
      socket.on('close', () => through.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return liar;
  }

  static async #answer(request: IncomingMessage, answer: ServerResponse, url: string, lie: Lie) {
    const body: Buffer[] = [];
    for await (const chunk of request) body.push(chunk);
    const { host, connection, 'content-length': length, 'accept-encoding': encoding, ...headers } = request.headers;
    const told = await fetch(url + request.url, { method: request.method, headers: headers as Record<string, string>, body: body.length > 0 ? Buffer.concat(body) : undefined });
    const type = told.headers.get('content-type') ?? '';
    let content = Buffer.from(await told.arrayBuffer());
    if (told.ok && type.startsWith('application/json')) {
      const changed = JSON.parse(content.toString());
      lie(request.url!, changed, request.method!);
      content = Buffer.from(JSON.stringify(changed));
    }
    const { connection: _, 'content-length': __, 'content-encoding': ___, ...passed } = Object.fromEntries(told.headers);
    answer.writeHead(told.status, passed).end(content);
  }

  get url() {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close() {
    this.server.close();
    for (const socket of this.#open) socket.destroy();
  }
}
