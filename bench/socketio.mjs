// The Socket.IO library beside bench/floor, Node's socket.io and socketioxide: the same work, each server on one core.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { built, loadBeside, startOnOneCore, stop, top } from './programs.mjs';

const nodeServer = (engine) => ['node', [join(top, 'bench/peers/socketio_server.mjs'), engine]];
const rust = join(top, 'build/peers/socketioxide/release/socketioxide_server');

/** Name, how to start it, whether it is the floor, and what ours is to be of it. */
const servers = [
  { name: 'ours', command: [built('socketio_broadcast'), []] },
  { name: 'floor', command: [built('floor'), ['socketio']], more: ['--bare'], target: '>= 75 %', asPercent: true },
  { name: 'Node socket.io, ws with bufferutil', command: nodeServer('ws'), target: '> 1x' },
  { name: 'Node socket.io, eiows', command: nodeServer('eiows'), target: '> 1x' },
  { name: 'socketioxide', command: [rust, []], file: rust, target: '>= 1x' },
];

const rate = (one) => one.delivered / one.seconds;
const userMicroseconds = (one) => (1e6 * one.cpuUserSeconds) / one.delivered;

/** What is measured: how, what of it counts, and how it reads; `less` is better for some. */
const measures = [
  { of: 'connections/s', run: ['connections', '--clients', 2000, '--rounds', 3], value: rate, per: 'second' },
  { of: 'resident per idle WebSocket', run: ['idle-sockets', '--clients', 5000], value: (one) => one.bytesPerConnection, per: 'byte', less: true },
  { of: 'echo, 100 clients', run: ['echo', '--clients', 100, '--seconds', 5], value: rate, per: 'second',
    also: [{ of: 'the same, p99', value: (one) => one.deliveryP99Ms, per: 'ms', less: true }, { of: 'the same, user CPU per message', value: userMicroseconds, per: 'us', less: true }] },
  { of: 'broadcast to 2,000', run: ['to-all', '--clients', 2000, '--times', 20, '--rounds', 6], value: rate, per: 'second',
    also: [{ of: 'the same, one event until the last has it, median', value: (one) => one.deliveryP50Ms, per: 'ms', less: true }, { of: 'the same, user CPU per message', value: userMicroseconds, per: 'us', less: true }] },
  { of: 'broadcast to 10,000', run: ['to-all', '--clients', 10000, '--times', 5, '--rounds', 5], value: rate, per: 'second',
    also: [{ of: 'the same, one event until the last has it, median', value: (one) => one.deliveryP50Ms, per: 'ms', less: true }] },
  { of: 'polling requests, 50 clients', run: ['polling', '--clients', 50, '--seconds', 4], value: rate, per: 'second',
    also: [{ of: 'the same, user CPU per request', value: userMicroseconds, per: 'us', less: true }] },
];

const shown = {
  second: (value) => `${Math.round(value).toLocaleString('en')}/s`,
  byte: (value) => `${(value / 1024).toFixed(1)} KiB`,
  ms: (value) => `${value.toFixed(2)} ms`,
  us: (value) => `${value.toFixed(2)} us`,
};

async function measured(server, measure) {
  const running = await startOnOneCore(...server.command);
  try {
    return loadBeside(...measure.run, '--port', running.port, '--pid', running.pid, ...(server.more ?? []));
  } finally {
    await stop(running.child);
  }
}

/** `row` takes what, ours, peer, ratio and target; a peer that cannot be measured is named and left out. */
export async function socketio(row) {
  const absent = new Set();
  for (const measure of measures) {
    const found = new Map();
    for (const server of servers) {
      if (absent.has(server.name)) continue;
      try {
        if (server.file && !existsSync(server.file)) throw new Error('it did not build, see bench/run.sh');
        found.set(server, await measured(server, measure));
      } catch (error) {
        if (server.name === 'ours') throw error;
        const why = String(error.stderr || error.message || error).trim().split('\n')[0];
        console.log(`${server.name} is left out of "${measure.of}": ${why}`);
        row(`Socket.IO ${measure.of}`, '–', `${server.name}: not measured (${why.slice(0, 80)})`, '–', '–');
        absent.add(server.name);
      }
    }
    const ours = found.get(servers[0]);
    for (const one of [measure, ...(measure.also ?? [])]) {
      for (const [server, result] of found) {
        if (server.name === 'ours') continue;
        // The floor has no sessions that memory could be compared for, nor messages that cost it user time worth naming.
        if (server.asPercent && one.less) continue;
        const ratio = one.value(ours) / one.value(result);
        // Polling and opening are HTTP, of which the floor reads nothing.
        const toFloor = /^(echo|broadcast)/.test(one.of) ? server.target : 'report';
        const target = one.per === 'byte' ? '<= 10 KiB' : server.asPercent ? toFloor : one.less ? '<= 1x' : server.target;
        row(`Socket.IO ${one.of}`, shown[one.per](one.value(ours)), `${server.name}: ${shown[one.per](one.value(result))}`, server.asPercent ? `${(100 * ratio).toFixed(0)} %` : `${ratio.toFixed(2)}x`, target);
      }
    }
  }
}
