import WebSocket from 'ws';

/** A bare WebSocket whose messages can be awaited one by one. */
export class Wire {
  readonly socket: WebSocket;
  #arrived: (string | Buffer)[] = [];
  #waiting: ((message: string | Buffer) => void)[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;

  constructor(url: string, options: WebSocket.ClientOptions = {}) {
    this.socket = new WebSocket(url, { perMessageDeflate: false, ...options });
    this.socket.on('message', (data: Buffer, binary: boolean) => {
      const message = binary ? data : data.toString();
      const next = this.#waiting.shift();
      next ? next(message) : this.#arrived.push(message);
    });
    this.closed = new Promise((resolve) => this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })));
    this.socket.on('error', () => {});
  }

  next(): Promise<string | Buffer> {
    const message = this.#arrived.shift();
    return message !== undefined ? Promise.resolve(message) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The next message that is no ping; pings are answered. */
  async nextAnswer(): Promise<string | Buffer> {
    for (;;) {
      const message = await this.next();
      if (message !== '2') return message;
      this.socket.send('3');
    }
  }

  send(message: string | Buffer) {
    this.socket.send(message);
  }
}

/** The HTTP status of a handshake that is refused. */
export function refusal(url: string, options: WebSocket.ClientOptions = {}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options);
    socket.on('open', () => reject(new Error('the handshake was not refused')));
    socket.on('error', () => {});
    socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode!, body }));
    });
  });
}
