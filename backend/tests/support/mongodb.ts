import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deserialize, type Document, serialize } from 'bson';
import { temporaryFolder } from './program.ts';

const engine = fileURLToPath(new URL('../../../tools/mongodb-engine.sh', import.meta.url));

export const mongoUrl = (socket: string, database: string) => `mongodb://${encodeURIComponent(socket)}/${database}`;

/** The real MongoDB engine in a process of its own; queries that no index serves are errors there. */
export class MongoDb {
  readonly folder = temporaryFolder('mongodb');
  #child: ChildProcess | undefined;

  get socket() {
    return join(this.folder, 'mongodb.sock');
  }

  url(database: string) {
    return mongoUrl(this.socket, database);
  }

  static async start() {
    const engine = new MongoDb();
    await engine.start();
    return engine;
  }

  /** At the same address and with the same data as before. */
  async start() {
    const child = spawn(engine, [this.folder], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    process.once('exit', () => child.kill('SIGKILL'));
    await new Promise<void>((resolve, reject) => {
      let output = '';
      for (const stream of [child.stdout!, child.stderr!]) {
        stream.on('data', (chunk) => {
          output = (output + chunk).slice(-10_000);
          if (/^ready$/m.test(output)) resolve();
        });
      }
      child.once('error', reject);
      child.once('close', () => reject(new Error(`the MongoDB engine ended:\n${output}`)));
    });
    await command(this.socket, 'admin', { setParameter: 1, notablescan: true });
  }

  pause() {
    this.#child!.kill('SIGSTOP');
  }

  resume() {
    this.#child!.kill('SIGCONT');
  }

  /** It ended, and nobody here ended it: it does so now and then when a busy client leaves. */
  get crashed() {
    return this.#child!.exitCode !== null || this.#child!.signalCode !== null;
  }

  kill() {
    const child = this.#child!;
    return new Promise<void>((resolve) => {
      if (this.crashed) return resolve();
      child.once('close', () => resolve());
      child.kill('SIGKILL');
    });
  }
}

/**
 * One command over a connection of its own (OP_MSG of MongoDB's wire protocol). No driver: theirs open sessions, which
 * the engine of the tests does not survive.
 */
export function command(socket: string, database: string, words: Document) {
  const body = serialize({ ...words, $db: database });
  const head = Buffer.alloc(21);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(2013, 12);
  return new Promise<Document>((resolve, reject) => {
    const connection = connect(socket, () => connection.write(Buffer.concat([head, body])));
    let answer = Buffer.alloc(0);
    connection.on('data', (bytes) => {
      answer = Buffer.concat([answer, bytes]);
      if (answer.length < 4 || answer.length < answer.readInt32LE(0)) return;
      connection.end();
      const told = deserialize(answer.subarray(21, answer.readInt32LE(0)));
      if (told.ok === 1) resolve(told);
      else reject(new Error(`MongoDB refuses ${Object.keys(words)[0]}: ${told.errmsg}`));
    });
    connection.once('error', reject);
    connection.once('close', () => reject(new Error('MongoDB hung up')));
  });
}

/** Every document of a collection. */
export async function* documentsIn(socket: string, database: string, collection: string) {
  let { cursor } = await command(socket, database, { find: collection, hint: { _id: 1 }, batchSize: 1000 });
  for (;;) {
    yield* (cursor.firstBatch ?? cursor.nextBatch) as Document[];
    if (cursor.id.toString() === '0') return;
    ({ cursor } = await command(socket, database, { getMore: cursor.id, collection, batchSize: 1000 }));
  }
}

/** Whether any document of that database has this text in it, anywhere. */
export async function mongoHolds(socket: string, database: string, text: string) {
  const { cursor } = await command(socket, database, { listCollections: 1, nameOnly: true, cursor: { batchSize: 1000 } });
  for (const { name } of cursor.firstBatch) {
    for await (const document of documentsIn(socket, database, name)) {
      if (Buffer.from(serialize(document)).includes(text) || JSON.stringify(document).includes(text)) return true;
    }
  }
  return false;
}
