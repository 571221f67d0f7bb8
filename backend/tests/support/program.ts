import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mongoHolds, mongoUrl } from './mongodb.ts';
import { patiently } from './patience.ts';
import { S3 } from './s3.ts';

/** Where the programs under test are: bin/, or NXG_BIN (the sanitizer runs). */
export const bin = (name: string) => join(process.env.NXG_BIN ?? fileURLToPath(new URL('../../../bin', import.meta.url)), name);

/** The backend one schema version ahead; only tests build it. */
export const nextVersion = () => join(dirname(realpathSync(bin('nxg-connect'))), 'nxg-connect-next');

const folders: string[] = [];
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
// What ends a file of tests, and by itself would pass over what is to be done at the exit.
process.once('SIGTERM', () => process.exit(143));

/** A folder that goes away with the test process. */
export function temporaryFolder(name: string) {
  folders.push(mkdtempSync(join(tmpdir(), `nxg-${name}-`)));
  return folders.at(-1)!;
}

/** Asks again until `probe` gives something other than undefined or false, or the deadline passes. */
export async function eventually<T>(what: string, probe: () => Promise<T | undefined | false> | T | undefined | false, withinMs = 20_000): Promise<T> {
  const deadline = Date.now() + patiently(withinMs);
  for (let pause = 5; ; pause = Math.min(pause * 2, 100)) {
    const result = await probe();
    if (result !== undefined && result !== false) return result as T;
    if (Date.now() > deadline) throw new Error(`did not happen within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** A started program, which ends with the test process; its output is kept and shown when something goes wrong. */
export class Program {
  readonly child: ChildProcess;
  output = '';
  exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  #ended = false;

  constructor(readonly name: string, args: string[], environment: Record<string, string> = {}, input?: string | Buffer) {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('NXG_') && !key.startsWith('VITEST')));
    this.child = spawn(name.includes('/') ? name : bin(name), args, { env: { ...inherited, ...environment }, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    running.add(this.child);
    if (input !== undefined) this.child.stdin!.end(input);
    this.child.stdout!.on('data', (chunk) => this.#keep(chunk));
    this.child.stderr!.on('data', (chunk) => this.#keep(chunk));
    this.exit = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => {
        this.#ended = true;
        running.delete(this.child);
        resolve({ code, signal });
      });
    });
    this.exit.catch(() => {});
  }

  #keep(chunk: Buffer) {
    this.output = (this.output + chunk.toString()).slice(-1_000_000);
  }

  get ended() {
    return this.#ended;
  }

  kill(signal: NodeJS.Signals = 'SIGTERM') {
    this.child.kill(signal);
    return this.exit;
  }

  /** The first line of output that `pattern` matches. */
  line(pattern: RegExp, withinMs = 20_000) {
    return eventually(`${this.name} prints ${pattern}; it printed:\n${this.output.slice(-3000)}`, () => {
      const found = this.output.match(pattern);
      if (!found && this.#ended) throw new Error(`${this.name} ended early:\n${this.output.slice(-3000)}`);
      return found ?? undefined;
    }, withinMs);
  }
}

/** Runs a program to its end. */
export async function run(name: string, args: string[], environment: Record<string, string> = {}, input?: string | Buffer) {
  const program = new Program(name, args, environment, input);
  const { code } = await program.exit;
  return { code, output: program.output };
}

export type BackendOptions = { environment?: Record<string, string>; dataFolder?: string };

/** A backend on free ports with a data folder of its own; NXG_ENV=test, so its clock can be moved. */
export class Backend {
  program!: Program;
  url = '';
  adminUrl = '';
  readonly dataFolder: string;
  /** The program that the next start runs. */
  file = bin('nxg-connect');
  readonly #ownsFolder: boolean;
  #advanced = 0;
  #movedAt = 0;

  private constructor(readonly options: BackendOptions) {
    this.#ownsFolder = options.dataFolder === undefined;
    this.dataFolder = options.dataFolder ?? temporaryFolder('backend');
  }

  static async start(options: BackendOptions = {}) {
    const backend = new Backend(options);
    await backend.start();
    return backend;
  }

  get environment(): Record<string, string> {
    return { NXG_ENV: 'test', NXG_DATA_DIR: this.dataFolder, ...this.#outside(), ...this.options.environment };
  }

  /** Where this run of tests has engines of its own, see outside_engines.ts. */
  #outside(): Record<string, string> {
    const { NXG_TEST_MONGODB_SOCKET: mongodb, NXG_TEST_REDIS_URL: redis, NXG_TEST_S3: s3 } = process.env;
    if (!mongodb || !redis || !s3) return {};
    const { url, bucket } = JSON.parse(s3);
    return {
      NXG_MONGODB_URL: mongoUrl(mongodb, this.#name), NXG_REDIS_URL: redis, NXG_REDIS_PREFIX: `${this.#name}:`,
      NXG_S3_URL: url, NXG_S3_BUCKET: bucket, NXG_S3_ACCESS_KEY: S3.accessKeyId, NXG_S3_SECRET_KEY: S3.secretAccessKey, NXG_S3_PREFIX: `${this.#name}/`,
    };
  }

  get #name() {
    return basename(this.dataFolder).replace(/[^a-zA-Z0-9-]/g, '_');
  }

  /** Whether what it keeps holds this text, anywhere. */
  async keeps(text: string) {
    const mongodb = process.env.NXG_TEST_MONGODB_SOCKET;
    if (mongodb) return mongoHolds(mongodb, this.#name, text);
    return ['store.sqlite', 'store.sqlite-wal'].some((name) => {
      const file = join(this.dataFolder, name);
      return existsSync(file) && readFileSync(file).includes(text);
    });
  }

  /** Starts it, or starts it again on the ports it had. */
  async start() {
    const port = this.url ? new URL(this.url).port : '0';
    const adminPort = this.adminUrl ? new URL(this.adminUrl).port : '0';
    const portsFile = join(this.dataFolder, 'ports.json');
    rmSync(portsFile, { force: true });
    this.program = new Program(this.file, ['serve'], { NXG_PORT: port, NXG_ADMIN_PORT: adminPort, ...this.environment });
    const ports = await eventually('the backend writes ports.json', () => {
      if (this.program.ended) throw new Error(`the backend ended at its start:\n${this.program.output}`);
      if (!existsSync(portsFile)) return undefined;
      try {
        return JSON.parse(readFileSync(portsFile, 'utf8')) as { http: number; admin: number };
      } catch {
        return undefined;
      }
    });
    this.url = `http://127.0.0.1:${ports.http}`;
    this.adminUrl = `http://127.0.0.1:${ports.admin}`;
    await eventually('the backend is ready', async () => {
      if (this.program.ended) throw new Error(`the backend ended at its start:\n${this.program.output}`);
      return (await fetch(`${this.adminUrl}/health/ready`, { headers: { connection: 'close' } }).catch(() => undefined))?.status === 200;
    });
  }

  async advance(milliseconds: number) {
    await this.#moveClock(milliseconds);
    this.#advanced += milliseconds;
  }

  /** For those who look again and again: says whether it has moved the clock, which has to stand still for a while in between.
      Jobs have a lease of 15 s of this clock: moved at each look it would end whatever has been begun since the last one. */
  async advanceNowAndThen(milliseconds: number) {
    if (performance.now() - this.#movedAt < patiently(500)) return false;
    await this.advance(milliseconds);
    return true;
  }

  async #moveClock(milliseconds: number) {
    const answer = await fetch(`${this.adminUrl}/clock`, {
      method: 'POST', headers: { 'content-type': 'application/json', connection: 'close' }, body: JSON.stringify({ advanceMs: milliseconds }),
    });
    if (!answer.ok) throw new Error(`POST /clock answered ${answer.status}: ${await answer.text()}`);
    this.#movedAt = performance.now();
  }

  async metrics() {
    // Not kept alive: the clock that moves next would end its time while it is used again.
    return (await fetch(`${this.adminUrl}/metrics`, { headers: { connection: 'close' } })).text();
  }

  async kill() {
    await this.program.kill('SIGKILL');
  }

  /** Its clock goes on from where it was: time does not run backwards over a restart. */
  async restart() {
    await this.program.kill('SIGTERM');
    await this.start();
    if (this.#advanced > 0) await this.#moveClock(this.#advanced);
  }

  async stop() {
    const { code } = await this.program.kill('SIGTERM');
    if (this.#ownsFolder) rmSync(this.dataFolder, { recursive: true, force: true });
    if (code !== 0) throw new Error(`the backend stopped with ${code}:\n${this.program.output.slice(-5000)}`);
  }
}

/** The AI sandbox on a free port. */
export class Sandbox {
  private constructor(readonly program: Program, readonly url: string) {}

  static async start(args: string[] = []) {
    const program = new Program('nxg-sandbox', ['--port', '0', ...args]);
    const line = await program.line(/"port":\s*(\d+)/);
    return new Sandbox(program, `http://127.0.0.1:${line[1]}`);
  }

  async fault(kind: string, more: object = {}) {
    const answer = await fetch(`${this.url}/faults`, {
      method: 'POST', headers: { 'content-type': 'application/json', connection: 'close' }, body: JSON.stringify({ service: 'all', kind, ...more }),
    });
    if (!answer.ok) throw new Error(`POST /faults answered ${answer.status}: ${await answer.text()}`);
  }

  async stop() {
    await this.program.kill('SIGTERM');
  }
}
