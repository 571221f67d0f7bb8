// Starting and stopping what is measured.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = fileURLToPath(new URL('..', import.meta.url));
export const built = (name) => join(top, 'build/release/bin', name);

const cleanUps = [];
export function onEnd(what) {
  cleanUps.push(what);
}
/** Also what is started meanwhile. */
export async function endAll() {
  while (cleanUps.length > 0) await cleanUps.pop()();
}

export function folder(name) {
  const path = mkdtempSync(join(tmpdir(), `nxg-bench-${name}-`));
  onEnd(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Starts a program that prints one JSON object as its first line, and resolves with it. */
export function start(command, args, environment = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...environment } });
  onEnd(() => stop(child));
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code} at its start`)));
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const line = text.split('\n').find((one) => one.startsWith('{') && one.endsWith('}'));
      if (line) resolve({ child, ...JSON.parse(line) });
    });
  });
}

export function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 15_000).unref();
  });
}

/** Runs nxg-load and returns what it measured. */
export const load = (...args) => JSON.parse(execFileSync(built('nxg-load'), args.map(String), { encoding: 'utf8', maxBuffer: 1 << 24 }));

/** A program on one core, and nxg-load on another, so that neither takes the other's time. */
export const startOnOneCore = (command, args) => start('taskset', ['-c', '0', command, ...args]);
export const loadBeside = (...args) => JSON.parse(execFileSync('taskset', ['-c', cpus().length > 1 ? '1' : '0', built('nxg-load'), ...args.map(String)], { encoding: 'utf8', maxBuffer: 1 << 24 }));

/** Requests per second of wrk on one thread. */
export function wrk(url, { token, seconds = 8, connections = 32, script } = {}) {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, ...(token ? ['-H', `Authorization: Bearer ${token}`] : []), ...(script ? ['-s', script] : []), url];
  const out = execFileSync('wrk', args, { encoding: 'utf8' });
  const failures = Number(out.match(/Non-2xx or 3xx responses: (\d+)/)?.[1] ?? 0);
  if (failures > 0) throw new Error(`${failures} answers of ${url} were no success:\n${out}`);
  return Number(out.match(/Requests\/sec:\s+([\d.]+)/)[1]);
}

export async function until(what, probe, withinMs = 30_000) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const result = await probe();
    if (result) return result;
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
}
