// The peer of our telemetry path: a Node Socket.IO server as a careful team would write it. Samples are collected for
// 20 ms and written in one better-sqlite3 transaction (WAL, synchronous FULL), or one insertMany of MongoDB's driver
// (journaled), before their acks; the member's devices get each sample at once. It checks no tokens and keeps no links:
// it does less than we do.
//
//   node telemetry_server.mjs FOLDER|mongodb://…        prints {"port":…,"pid":…}
import { createServer } from 'node:http';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { MongoClient } from 'mongodb';
import { Server } from 'socket.io';

/** Where samples are kept: each writes the messages of 20 ms, durably, in one go. */
function sqlite(folder) {
  const database = new Database(join(folder, 'samples.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('CREATE TABLE IF NOT EXISTS samples (machine TEXT, epoch TEXT, seq INTEGER, doc TEXT, PRIMARY KEY (machine, epoch, seq)) WITHOUT ROWID');
  const insert = database.prepare('INSERT OR IGNORE INTO samples VALUES (?, ?, ?, ?)');
  return database.transaction((messages) => {
    for (const { machine, epoch, samples } of messages) {
      for (const sample of samples) insert.run(machine, epoch, sample.seq, JSON.stringify(sample));
    }
  });
}

function mongodb(url) {
  const samples = new MongoClient(url).db().collection('samples', { writeConcern: { w: 1, j: true } });
  return (messages) => samples.insertMany(messages.flatMap(({ machine, epoch, samples: sent }) =>
    sent.map((sample) => ({ _id: `${machine}:${epoch}:${sample.seq}`, ...sample }))), { ordered: false });
}

const where = process.argv[2];
const writeAll = where.startsWith('mongodb://') ? mongodb(where) : sqlite(where);

let waiting = [];
async function flush() {
  const messages = waiting;
  waiting = [];
  await writeAll(messages);
  for (const { epoch, samples, ack } of messages) ack({ epoch, through: samples.at(-1).seq, refused: [] });
}

function journal(message) {
  if (waiting.length === 0) setTimeout(flush, 20);
  waiting.push(message);
}

const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });

io.of('/machines').on('connection', (socket) => {
  const { machine, member } = socket.handshake.auth;
  const take = (epoch, samples, ack) => {
    io.of('/workouts').to(`user:${member}`).emit('workout:progress', { at: Date.now(), machineId: machine, epoch, samples });
    journal({ machine, epoch, samples, ack });
  };
  socket.on('telemetry', ({ epoch, sample }, ack) => take(epoch, [sample], ack));
  socket.on('telemetry:batch', ({ epoch, samples }, ack) => take(epoch, samples, ack));
});
io.of('/workouts').on('connection', (socket) => {
  socket.join(`user:${socket.handshake.auth.member}`);
});

http.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: http.address().port, pid: process.pid })));
