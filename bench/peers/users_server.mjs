// The peer of `GET /api/users/me`: Express reading one user's JSON document from SQLite at each request, behind a
// token check that costs it one Map look-up.
//
//   node users_server.mjs FOLDER            prints {"port":…,"pid":…,"token":…}
import { join } from 'node:path';
import Database from 'better-sqlite3';
import express from 'express';

const token = 'a-known-token';
const userId = '018f0000-0000-7000-8000-000000000001';
const database = new Database(join(process.argv[2], 'users.db'));
database.pragma('journal_mode = WAL');
database.exec('CREATE TABLE users (id TEXT PRIMARY KEY, doc TEXT)');
database.prepare('INSERT INTO users VALUES (?, ?)').run(userId, JSON.stringify({
  id: userId, username: 'bench_member', email: 'bench_member@example.org', name: 'Bench Member', role: 'member', emailVerified: false,
  isActive: true, createdAt: '2026-01-01T00:00:00.000Z', demographics: { heightCm: 180, weightKg: 75, gender: 'other', dateOfBirth: '1990-01-01' },
  fitnessProfile: { level: 'intermediate', goal: 'maintenance', restDay: 'sunday' }, timeZone: 'Europe/Berlin',
}));
const find = database.prepare('SELECT doc FROM users WHERE id = ?');
const known = new Map([[token, userId]]);

const app = express();
app.disable('x-powered-by');
app.get('/api/users/me', (request, response) => {
  const id = known.get((request.headers.authorization ?? '').slice('Bearer '.length));
  if (!id) return response.status(401).json({ success: false });
  return response.json({ success: true, data: JSON.parse(find.get(id).doc) });
});
const server = app.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port, pid: process.pid, token })));
