import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './program.ts';

/** An S3 that verifies every signature and content hash, in a process of its own; what was put survives a restart. */
export class S3 {
  static readonly accessKeyId = 'S3RVER';
  static readonly secretAccessKey = 'S3RVER';
  static readonly region = 'us-east-1';

  port = 0;
  readonly #folder = temporaryFolder('s3');
  #child: ChildProcess | undefined;

  private constructor(readonly bucket: string) {}

  get endpoint() {
    return `http://127.0.0.1:${this.port}`;
  }

  static async start(bucket = 'gym-objects') {
    const s3 = new S3(bucket);
    await s3.start();
    return s3;
  }

  /** On the same port as before. */
  start() {
    const host = fileURLToPath(new URL('s3/host.mjs', import.meta.url));
    const child = spawn(process.execPath, [host, `--port=${this.port}`, this.#folder, this.bucket], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    process.once('exit', () => child.kill('SIGKILL'));
    return new Promise<void>((resolve, reject) => {
      let output = '';
      child.stdout!.on('data', (chunk) => {
        output += chunk;
        const ready = /^ready (\d+)\n/.exec(output);
        if (!ready) return;
        this.port = Number(ready[1]);
        resolve();
      });
      child.once('error', reject);
      child.once('close', () => reject(new Error(`s3rver ended:\n${output}`)));
    });
  }

  kill() {
    const child = this.#child!;
    return new Promise<void>((resolve) => {
      child.once('close', () => resolve());
      child.kill('SIGKILL');
    });
  }

  pause() {
    this.#child!.kill('SIGSTOP');
  }

  resume() {
    this.#child!.kill('SIGCONT');
  }
}
