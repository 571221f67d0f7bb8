// The peer of our planning: Express and opossum around the same outside service, the member's plan kept in SQLite, the last
// plan as the fallback.
//
//   node planning_server.mjs FOLDER SERVICE_URL            prints {"port":…,"pid":…}
import { join } from 'node:path';
import Database from 'better-sqlite3';
import express from 'express';
import CircuitBreaker from 'opossum';

const [folder, service] = process.argv.slice(2);
const database = new Database(join(folder, 'plans.db'));
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec('CREATE TABLE plans (member TEXT PRIMARY KEY, doc TEXT)');
const find = database.prepare('SELECT doc FROM plans WHERE member = ?');
const keep = database.prepare('INSERT INTO plans VALUES (?, ?) ON CONFLICT (member) DO UPDATE SET doc = excluded.doc');

const question = JSON.stringify({
  userProfile: { fitnessLevel: 'intermediate', goal: 'muscle_building', age: 34, heightCm: 171, weightKg: 66, healthConditions: [], weeklyWorkoutDays: 4 },
  preferences: { focusAreas: [], avoidExercises: [], preferredEquipment: [] },
});
async function ask() {
  const answer = await fetch(`${service}/workout-plans`, {
    method: 'POST', headers: { 'content-type': 'application/json', 'x-api-key': 'sandbox' }, body: question, signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return answer.json();
}
const breaker = new CircuitBreaker(ask, { timeout: 10_000, errorThresholdPercentage: 50, resetTimeout: 30_000, rollingCountTimeout: 30_000, volumeThreshold: 10, capacity: 20 });

const app = express();
app.disable('x-powered-by');
app.use(express.json());
app.post('/plans', async (request, response) => {
  const member = request.headers.authorization ?? '';
  const kept = find.get(member);
  if (kept && !request.body.forceRefresh) return response.json({ success: true, data: { ...JSON.parse(kept.doc), source: 'kept' } });
  try {
    const plan = await breaker.fire();
    keep.run(member, JSON.stringify(plan));
    return response.status(201).json({ success: true, data: { ...plan, source: 'service' } });
  } catch {
    if (kept) return response.json({ success: true, data: { ...JSON.parse(kept.doc), source: 'last_plan' } });
    return response.status(503).json({ success: false });
  }
});
const server = app.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port, pid: process.pid })));
