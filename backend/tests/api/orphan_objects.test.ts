import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Caller, logIn, type Member, registerMember } from '../support/people.ts';
import { filesBelow } from '../support/objects.ts';
import { form, png } from '../support/pictures.ts';
import { Backend, eventually, run, Sandbox, temporaryFolder } from '../support/program.ts';

// Documents and objects in folders, wherever the other tests of a run keep theirs: here they are parted.
const inFolders = { NXG_S3_URL: '', NXG_MASTER_KEY: randomBytes(32).toString('hex'), NXG_MONGODB_URL: '', NXG_REDIS_URL: '' };
const hour = 3_600_000;

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');
const mesh = () => Buffer.from(`# ${randomBytes(8).toString('hex')}\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n`);

async function consenting(url: string): Promise<Member> {
  const member = await registerMember(url);
  await member.expect(200, 'PUT', '/api/users/profile', { dateOfBirth: '1992-05-04', gender: 'female', heightCm: 171, weightKg: 66 });
  await member.expect(201, 'POST', '/api/users/me/consents', { type: 'health_data', version: '1', granted: true });
  return member;
}

/** A photographed meal, and a scan with everything that is made of it. */
async function leaveTraces(member: Caller) {
  const { body } = await member.upload('/api/nutrition/upload-meal', form(png({ seed: Math.floor(Math.random() * 1e6) })));
  const scan = new FormData();
  scan.append('file', new Blob([new Uint8Array(mesh())]), 'scan.obj');
  const { scanId } = await member.expect(202, 'POST', '/api/scans/upload', scan);
  await eventually('the avatar is there', async () => (await member.expect(200, 'GET', '/api/users/profile')).avatar, 60_000);
  return { mealId: body.data.mealId as string, scanId: scanId as string };
}

/** The files of meals and scans; the store of objects has others, by which it looks at itself. */
const objectsIn = (folder: string) => filesBelow(join(folder, 'objects')).filter((one) => /^(meals|scans|scan-uploads)%/.test(one)).sort();

test('what was put after the backup a store is restored from goes after seven days, and nothing else', async () => {
  const sandbox = await Sandbox.start(['--scs-processing-ms', '50']);
  onTestFinished(() => sandbox.stop());
  const environment = {
    ...inFolders, NXG_MDS_URL: sandbox.url, NXG_MDS_TOKEN: 'sandbox',
    NXG_SCS_URL: `${sandbox.url}/v1`, NXG_SCS_CLIENT_ID: 'sandbox', NXG_SCS_CLIENT_SECRET: 'sandbox', NXG_SCS_WEBHOOK_SECRET: 'sandbox',
  };
  const first = await Backend.start({ dataFolder: temporaryFolder('before'), environment });
  onTestFinished(() => void first.program.kill('SIGTERM'));
  const [early, late] = [await consenting(first.url), await consenting(first.url)];
  const kept = await leaveTraces(early);
  const named = objectsIn(first.dataFolder);
  const backup = join(temporaryFolder('backup'), 'today');
  expect((await run('nxg-connect', ['backup', backup], first.environment)).code).toBe(0);

  // These have documents that the backup does not know.
  const lost = await leaveTraces(late);
  const content = mesh();
  const parts = await late.expect(201, 'POST', '/api/scans/uploads', { sizeBytes: content.length, sha256: sha256(content) });
  expect((await late.call('PUT', `/api/scans/uploads/${parts.uploadId}/parts/1?sha256=${sha256(content)}`, new Uint8Array(content))).status).toBe(200);
  await first.program.kill('SIGTERM');

  const restored = temporaryFolder('restored');
  const filled = await run('nxg-connect', ['restore', backup], { ...first.environment, NXG_DATA_DIR: restored });
  expect(filled, filled.output).toMatchObject({ code: 0 });
  renameSync(join(first.dataFolder, 'objects'), join(restored, 'objects'));
  const left = objectsIn(restored).filter((one) => !named.includes(one));
  const below = (folder: string) => left.filter((one) => one.startsWith(folder)).length;
  expect([below('meals%/'), below('scan-uploads%/')]).toEqual([1, 1]);
  expect(below('scans%/')).toBeGreaterThan(1);

  // More than a page of them, before and behind what is named; and some whose names no document could have.
  const picture = left.find((one) => one.endsWith(`${lost.mealId}.jpg`))!;
  const original = left.find((one) => one.endsWith(`${lost.scanId}%/original`))!;
  const copy = (from: string, to: string) => {
    mkdirSync(dirname(join(restored, 'objects', to)), { recursive: true });
    copyFileSync(join(restored, 'objects', from), join(restored, 'objects', to));
  };
  for (let i = 0; i < 300; ++i) {
    for (const nobody of ['00000000-0000-7000-8000-000000000000', 'ffffffff-ffff-7fff-bfff-ffffffffffff'])
      copy(picture, picture.replace(late.id, nobody).replace(lost.mealId, randomUUID()));
  }
  const notOurs = [picture.replace(late.id, 'by-hand'), original.replace(lost.scanId, 'by-hand')];
  copy(picture, notOurs[0]);
  copy(original, notOurs[1]);

  const again = await Backend.start({ dataFolder: restored, environment });
  onTestFinished(() => again.stop());
  // Moving the clock ends connections that were idle, and the next request may find its own among them.
  const searches = () => eventually('metrics are told', async () => {
    const told = await again.metrics().catch(() => undefined);
    return told ? { done: Number(told.match(/^nxg_job_runs_total\{job="orphan_objects"\} (\d+)/m)?.[1] ?? 0) } : undefined;
  });
  // The clock is not moved while the job runs: its lease would be over.
  const searched = (times: number) => eventually(`the job has run ${times} times`, async () => (await searches()).done >= times, 60_000);
  const all = objectsIn(restored);
  await searched(1);
  await again.advance(6 * 24 * hour);
  await searched(2);
  expect(objectsIn(restored)).toEqual(all);

  const member = await logIn(again.url, early.email, early.password);
  const { body } = await member.upload('/api/nutrition/upload-meal', form(png({ seed: 5 })));
  const young = objectsIn(restored).filter((one) => !all.includes(one));
  expect(young).toEqual([expect.stringContaining(body.data.mealId)]);
  await again.advance(36 * hour);
  await searched(3);
  expect(objectsIn(restored)).toEqual([...named, ...young, ...notOurs].sort());

  const reader = await logIn(again.url, early.email, early.password);
  const meal = await reader.expect(200, 'GET', `/api/nutrition/meals/${kept.mealId}`);
  const scan = await reader.expect(200, 'GET', `/api/scans/${kept.scanId}`);
  for (const url of [meal.imageUrl, ...scan.files.map((one: any) => one.url)]) {
    expect((await fetch(new URL(url, again.url), { headers: { connection: 'close' } })).status).toBe(200);
  }
}, 180_000);
