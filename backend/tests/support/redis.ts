import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { temporaryFolder } from './program.ts';

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** A real redis-server on a free port, with nothing on disk: a restarted one is empty. */
export class Redis {
  port = 0;
  #child: ChildProcess | undefined;

  get url() {
    return `redis://127.0.0.1:${this.port}`;
  }

  static async start() {
    const redis = new Redis();
    for (let attempt = 1; ; ++attempt) {
      redis.port = await freePort();
      try {
        await redis.start();
        return redis;
      } catch (error) {
        if (attempt === 5) throw error;
      }
    }
  }

  /** On the same port as before. */
  start() {
    const child = spawn('redis-server', ['--bind', '127.0.0.1', '--port', `${this.port}`, '--save', '', '--appendonly', 'no',
      '--dir', temporaryFolder('redis'), '--logfile', ''], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    process.once('exit', () => child.kill('SIGKILL'));
    return new Promise<void>((resolve, reject) => {
      let output = '';
      child.stdout!.on('data', (chunk) => {
        output = (output + chunk).slice(-10_000);
        if (output.includes('Ready to accept connections')) resolve();
      });
      child.once('error', reject);
      child.once('close', () => reject(new Error(`redis-server ended:\n${output}`)));
    });
  }

  pause() {
    this.#child!.kill('SIGSTOP');
  }

  resume() {
    this.#child!.kill('SIGCONT');
  }

  kill() {
    const child = this.#child!;
    return new Promise<void>((resolve) => {
      child.once('close', () => resolve());
      child.kill('SIGKILL');
    });
  }
}
