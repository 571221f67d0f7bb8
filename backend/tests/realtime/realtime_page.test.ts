import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Backend, eventually, Program, temporaryFolder } from '../support/program.ts';
import { checkIn, type Floor, Machine, openBranch } from '../support/floor.ts';
import { type Caller, makeAdmin, registerMember } from '../support/people.ts';

// The programs on docs/realtime.md, word by word, against a gym.

const here = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const page = readFileSync(here('docs/realtime.md'), 'utf8');
const blocks = (language: string) => [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map((one) => one[1]);

let backend: Backend;
let admin: Caller;
let floor: Floor;
let folder: string;
beforeAll(async () => {
  backend = await Backend.start();
  admin = await makeAdmin(backend);
  floor = await openBranch(admin);
  folder = temporaryFolder('realtime-page');
  symlinkSync(here('node_modules'), join(folder, 'node_modules'));
});
afterAll(() => backend.stop());

/** A program of the page, started as its first line says. */
function start(name: string, token: string) {
  const text = blocks('js').find((one) => one.startsWith(`// ${name}: node ${name} `))!;
  writeFileSync(join(folder, name), text);
  return new Program('/bin/sh', ['-c', `cd '${folder}' && exec '${process.execPath}' ${name} ${backend.url} ${token}`]);
}

test('a machine trains somebody whose device sees it, and misses nothing while it is off', async () => {
  const enrolled = await Machine.enrol(admin, floor);
  const member = await registerMember(backend.url);
  await checkIn(member, floor);
  const machine = start('machine.mjs', enrolled.token);
  await machine.line(/"event":"connected"/);
  await machine.line(/"id":1,"data":\{"serverTime"/);
  let device = start('device.mjs', member.token!);
  await device.line(/\/workouts session:started /);

  await member.expect(201, 'POST', '/api/machines/link', { machineId: enrolled.id });
  await machine.line(/"event":"machine:linked"/);
  await machine.line(/"through":2,"refused":\[\]/);
  const [, cursor] = await device.line(/\/workouts workout:started \{.*"cursor":(\d+)\}/);
  await device.line(/\/workouts workout:progress \{.*"seq":2/);
  await eventually('what was seen is written down', () => readFileSync(join(folder, 'seen.json'), 'utf8').includes(`"/workouts":${cursor}`));
  await device.kill();

  await member.expect(200, 'POST', '/api/machines/unlink', { machineId: enrolled.id });
  await machine.line(/"event":"machine:unlinked"/);
  device = start('device.mjs', member.token!);
  await device.line(/\/workouts workout:ended /);
  expect(device.output).not.toMatch(/session:started|workout:started/);
  await Promise.all([device.kill(), machine.kill()]);
});

test('a command asks for what came after a cursor', async () => {
  const member = await registerMember(backend.url);
  await checkIn(member, floor);
  const [command] = blocks('sh');
  await eventually('the check-in is told', async () => {
    const asked = new Program('/bin/sh', ['-c', command], { GYM: backend.url, TOKEN: member.token!, CURSOR: '0' });
    expect((await asked.exit).code).toBe(0);
    const { data } = JSON.parse(asked.output);
    return data.events.some((one: any) => one.event === 'session:started');
  });
});
