import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startBackend, startServices } from '../support/outside_world.ts';
import { patiently } from '../support/patience.ts';
import { makeAdmin, registerMember } from '../support/people.ts';
import { Program, temporaryFolder } from '../support/program.ts';

// The commands on the pages for newcomers, word by word, against a gym with all four outside services.

const here = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** What all of the page's commands print, and `more` after them; what differs from `make run` is put in its place. */
async function follow(page: string, more = '') {
  const services = await startServices();
  onTestFinished(() => services.stop());
  const backend = await startBackend(services);
  onTestFinished(() => backend.stop());
  const admin = await makeAdmin(backend);
  const member = await registerMember(backend.url);
  const folder = temporaryFolder('page');
  const text = readFileSync(here(page), 'utf8')
    .replaceAll('/tmp/', `${folder}/`)
    .replaceAll('sleep 2', `sleep ${patiently(5)}`)
    .replaceAll('http://127.0.0.1:8080', backend.url)
    .replaceAll('http://127.0.0.1:8085', services.url)
    .replaceAll('admin@gym.example', admin.email)
    .replaceAll('member@gym.example', member.email);
  const blocks = [...text.matchAll(/^```(sh|bash|js)\n(.*?)^```/gms)].map(([, language, content]) => ({ language, content }));
  // `make run` itself is what this gym stands for.
  const script = blocks.filter((one) => one.language !== 'js' && !/^make /m.test(one.content)).map((one) => one.content).join('\n');

  mkdirSync(join(folder, '.run'));
  writeFileSync(join(folder, '.run/admin-password'), admin.password);
  writeFileSync(join(folder, '.run/member-password'), member.password);
  symlinkSync(here('node_modules'), join(folder, 'node_modules'));
  for (const { language, content } of blocks) {
    const [, program] = (language === 'js' && content.match(/^\/\/ (\w+\.mjs)/)) || [];
    if (program) writeFileSync(join(folder, program), content);
  }

  // What it left in the background would keep its output open.
  const shell = new Program('/bin/bash', ['-e', '-c', `trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\ncd '${folder}'\n${script}\n${more}`]);
  onTestFinished(() => void shell.kill());
  const { code } = await shell.exit;
  expect(code, shell.output.slice(-4000)).toBe(0);
  expect(shell.output).not.toMatch(/"status":\s*[45]\d\d/);
  return shell.output;
}

test('the start: a branch, a workout live on a phone, a plan, and one without the service', async () => {
  const printed = await follow('README.md');
  for (const said of ['"through":3,"refused":[]', 'workout:progress {', 'workout:ended {', '"durationSeconds":2,"distanceMeters":5.1', '"service"', '"rules"']) expect(printed).toContain(said);
}, 120_000);

test('realtime: all a machine, a device and staff need', async () => {
  const printed = await follow('docs/realtime.md', `mkfifo told; node staff.mjs $GYM $STAFF $BRANCH >told & timeout ${patiently(20_000) / 1_000} grep -m1 occupancy told; kill $!`);
  for (const said of ['"event":"session:started"', '"role":"staff"', '"occupancy":1']) expect(printed).toContain(said);
}, 120_000);

test('nutrition: foods, a diet plan, a photographed meal, its correction, the balance of the day', async () => {
  const printed = await follow('docs/nutrition.md');
  for (const said of ['"Bananas, raw"', '"source":"service"', '"last_plan"', '"earlier_meal"', '204', '"totalMl": 500', '"mealType": "breakfast"', '"pending"']) expect(printed).toContain(said);
  expect(printed).toMatch(/"betterAnswerAt": "\d/);
}, 120_000);

test('training: a plan, changes to it, sets and records; and answers without the service', async () => {
  const printed = await follow('docs/training.md');
  for (const said of ['"source": "service"', '"op": "adjust"', '"source": "cache"', '"corrections"', '"estimatedOneRepMax"']) expect(printed).toContain(said);
}, 120_000);

test('scans: an upload, an avatar, resumed parts; and what a scan says while the service is away', async () => {
  const printed = await follow('docs/scans.md');
  for (const said of ['"processingStatus":"completed"', '"processingStatus":"queued"', '"lastError"', '"nextAttemptAt"']) expect(printed).toContain(said);
}, 120_000);
