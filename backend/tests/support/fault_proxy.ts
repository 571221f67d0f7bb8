import { createServer, connect, type Server, type Socket } from 'node:net';

/** What happens to what passes: all of it; nothing, connections are torn down; nothing, they hang; requests only. */
export type Fault = 'none' | 'cut' | 'stall' | 'swallow_replies';

/** A cable between a backend and one engine that can be cut, stalled, slowed, or made to swallow replies. */
export class FaultProxy {
  #fault: Fault = 'none';
  #slowMs = 0;
  #links = new Set<[Socket, Socket]>();

  private constructor(readonly server: Server, readonly port: number) {}

  /** To a port of this machine or a unix socket. */
  static start(target: number | string) {
    return new Promise<FaultProxy>((resolve, reject) => {
      const server = createServer((near) => proxy.#open(near, typeof target === 'number' ? connect(target, '127.0.0.1') : connect(target)));
      let proxy: FaultProxy;
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        proxy = new FaultProxy(server, (server.address() as { port: number }).port);
        resolve(proxy);
      });
    });
  }

  #open(near: Socket, far: Socket) {
    const link: [Socket, Socket] = [near, far];
    const close = () => {
      near.destroy();
      far.destroy();
      this.#links.delete(link);
    };
    for (const end of link) end.once('close', close).on('error', close);
    if (this.#fault === 'cut') return close();
    this.#links.add(link);
    if (this.#fault === 'stall') link.forEach((end) => end.pause());
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => {
      if (this.#fault === 'swallow_replies') return;
      if (this.#slowMs > 0) setTimeout(() => near.write(bytes), this.#slowMs);
      else near.write(bytes);
    });
  }

  set(fault: Fault, slowMs = 0) {
    this.#fault = fault;
    this.#slowMs = slowMs;
    for (const [near, far] of [...this.#links]) {
      // Whose replies were swallowed must not get later ones in their place.
      if (fault === 'cut' || (fault === 'none' && near.bytesWritten !== far.bytesRead)) near.destroy();
      else [near, far].forEach((end) => (fault === 'stall' ? end.pause() : end.resume()));
    }
  }

  close() {
    this.set('cut');
    this.server.close();
  }
}
