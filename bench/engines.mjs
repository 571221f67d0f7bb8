// The engines of a gym on several processes: MongoDB, Redis, haproxy in front.
import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { folder, onEnd, stop, top, until } from './programs.mjs';

export const freePort = () => new Promise((resolve, reject) => {
  const probe = createServer();
  probe.once('error', reject);
  probe.listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

/** The real MongoDB engine; resolves with a function from a database's name to its URL. */
export async function mongodb() {
  const where = folder('mongodb');
  const child = spawn(join(top, 'tools/mongodb-engine.sh'), [where], { stdio: ['pipe', 'pipe', 'ignore'] });
  onEnd(() => child.kill('SIGKILL'));
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (text) => `${text}`.includes('ready') && resolve());
    child.once('exit', () => reject(new Error('the MongoDB engine ended')));
  });
  return (database) => `mongodb://${encodeURIComponent(join(where, 'mongodb.sock'))}/${database}`;
}

/** A redis-server that keeps nothing on disk; resolves with its port. */
export async function redis() {
  const port = await freePort();
  const child = spawn('redis-server', ['--bind', '127.0.0.1', '--port', `${port}`, '--save', '', '--dir', folder('redis')], { stdio: 'ignore' });
  onEnd(() => stop(child));
  await until('redis-server answers', () => {
    try {
      return execFileSync('redis-cli', ['-p', `${port}`, 'ping'], { stdio: 'pipe' }).includes('PONG');
    } catch {
      return false;
    }
  });
  return port;
}

/** A load balancer over those URLs; resolves with its own. */
export async function haproxy(urls) {
  const port = await freePort();
  const file = join(folder('haproxy'), 'haproxy.cfg');
  const servers = urls.map((url, i) => `  server backend${i} ${new URL(url).host}`).join('\n');
  writeFileSync(file, `global\n  maxconn 4000\ndefaults\n  mode http\n  timeout connect 2s\n  timeout client 60s\n  timeout server 60s\n  timeout tunnel 1h
frontend door\n  bind 127.0.0.1:${port}\n  default_backend gym\nbackend gym\n  balance leastconn\n${servers}\n`);
  const child = spawn('haproxy', ['-f', file], { stdio: 'ignore' });
  onEnd(() => stop(child));
  const url = `http://127.0.0.1:${port}`;
  await until('haproxy answers', async () => (await fetch(`${url}/api/health`).catch(() => undefined))?.ok);
  return url;
}
