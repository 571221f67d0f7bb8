import WebSocket from 'ws';
import { eventually } from './program.ts';

export type Frame = { event?: string; data?: any; id?: any };

/** A client of a plain WebSocket door: JSON frames, as small firmware would write them. */
export class Plain {
  readonly frames: Frame[] = [];
  closed?: { code: number; reason: string };
  #ids = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (bytes) => this.frames.push(JSON.parse(bytes.toString())));
    socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
    socket.on('error', () => {});
  }

  /** The WebSocket alone; nothing is known of the client yet. */
  static async open(url: string, path: string, headers: Record<string, string> = {}) {
    const client = new Plain(new WebSocket(url.replace('http', 'ws') + path, { headers, perMessageDeflate: false }));
    await new Promise<void>((resolve, reject) => {
      client.socket.once('open', () => resolve());
      client.socket.once('error', reject);
    });
    return client;
  }

  /** By the header, as far as `connected`. */
  static async in(url: string, path: string, token: string) {
    const client = await Plain.open(url, path, { authorization: `Bearer ${token}` });
    await client.next('connected');
    return client;
  }

  say(frame: Frame | string | Buffer) {
    this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** Says something and waits for its answer. */
  async ask(event: string, data?: unknown, id: string | number = ++this.#ids) {
    this.say({ event, data, id });
    const answer = await eventually(`${event} is answered`, () => this.frames.find((one) => one.id === id), 10_000);
    return answer.data;
  }

  of(event: string) {
    return this.frames.filter((one) => one.event === event).map((one) => one.data);
  }

  next(event: string, matching: (data: any) => boolean = () => true) {
    return eventually(`${event} arrives`, () => {
      if (this.closed && !this.of(event).some(matching)) throw new Error(`closed instead: ${JSON.stringify(this.closed)}`);
      return this.of(event).find(matching);
    }, 15_000);
  }

  end(withinMs = 15_000) {
    return eventually('the door closes the connection', () => this.closed, withinMs);
  }

  close() {
    this.socket.terminate();
  }
}
