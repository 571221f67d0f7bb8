import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startBackend, startServices } from '../support/outside_world.ts';
import { registerMember } from '../support/people.ts';
import { Program, temporaryFolder } from '../support/program.ts';

// The commands on the pages for newcomers, word by word, against a gym with all four outside services.

const commandsOf = (page: string) => {
  const text = readFileSync(fileURLToPath(new URL(`../../../docs/${page}.md`, import.meta.url)), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)].map((one) => one[1]).join('\n');
};

/** What all of the page's commands print; what differs from `make run` is put in its place. */
async function follow(page: string) {
  const services = await startServices();
  const backend = await startBackend(services);
  const member = await registerMember(backend.url);
  const ending = `kill ${services.program.child.pid}`;
  const script = commandsOf(page)
    .replace(/^bin\/nxg-sandbox .*?^until/ms, 'until')
    .replaceAll('kill $sandbox', ending)
    .replaceAll('kill $backend', 'true')
    .replaceAll("pkill -f 'bin/nxg-sandbox --port 8085'", ending)
    .replaceAll('http://127.0.0.1:8080', backend.url)
    .replaceAll('http://127.0.0.1:8085', services.url)
    .replaceAll('member@gym.example', member.email)
    .replaceAll('$(cat .run/member-password)', member.password);
  if (page === 'scans') expect(script, 'the page starts its own programs').toMatch(/^until/m);
  const shell = new Program('/bin/bash', ['-e', '-c', `cd '${temporaryFolder(page)}'\napi=${backend.url}\n${script}`]);
  const { code } = await shell.exit;
  expect(code, shell.output.slice(-4000)).toBe(0);
  await backend.stop();
  await services.stop();
  return shell.output;
}

test('nutrition: foods, a diet plan, a photographed meal, its correction, the balance of the day', async () => {
  const printed = await follow('nutrition');
  expect(printed).not.toMatch(/"status":\s*[45]\d\d/);
  for (const said of ['"Bananas, raw"', '"source":"service"', '"last_plan"', '"earlier_meal"', '204', '"totalMl": 500', '"mealType": "breakfast"']) expect(printed).toContain(said);
}, 120_000);

test('training: a plan, changes to it, sets and records; and answers without the service', async () => {
  const printed = await follow('training');
  expect(printed).not.toMatch(/"status":\s*[45]\d\d/);
  for (const said of ['"source": "service"', '"op": "adjust"', '"source": "cache"', '"corrections"', '"estimatedOneRepMax"']) expect(printed).toContain(said);
}, 120_000);

test('scans: an upload, an avatar, resumed parts; and what a scan says while the service is away', async () => {
  const printed = await follow('scans');
  expect(printed).not.toMatch(/"status":\s*[45]\d\d/);
  for (const said of ['"processingStatus":"completed"', '"processingStatus":"queued"', '"nextAttemptAt"']) expect(printed).toContain(said);
}, 120_000);
