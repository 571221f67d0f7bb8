import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Backend, run } from '../support/program.ts';

const specification = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json');
const committed = (name: string) => readFileSync(fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url)), 'utf8');

let backend: Backend;
beforeAll(async () => {
  backend = await Backend.start();
});
afterAll(() => backend.stop());

describe('the document of what goes over sockets', () => {
  test('is AsyncAPI 3.0', () => {
    const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false, meta: false, validateSchema: false });
    formats.default(ajv);
    const check = ajv.compile(specification);
    const document = JSON.parse(committed('asyncapi.json'));
    expect(check(document), ajv.errorsText(check.errors)).toBe(true);
    document.channels.workouts.address = 7;
    expect(check(document), 'a wrong document is found out').toBe(false);
  });

  test('refers to nothing that is not in it', () => {
    const document = JSON.parse(committed('asyncapi.json'));
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"(#[^"]+)"/g)].map((one) => one[1]);
    expect(references.length).toBeGreaterThan(50);
    for (const reference of references) {
      const found = reference.slice(2).split('/').reduce<any>((at, key) => at?.[key.replaceAll('~1', '/')], document);
      expect(found, reference).toBeDefined();
    }
  });

  test('is served, and is what the program prints', async () => {
    const answer = await fetch(`${backend.url}/api/asyncapi.json`);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await answer.json()).toEqual(JSON.parse(committed('asyncapi.json')));
    expect((await run('nxg-connect', ['events'])).output).toBe(committed('asyncapi.json'));
    for (const page of ['', '/api/docs', '/api/docs/events']) expect(await (await fetch(backend.url + page)).text()).toContain('href="/api/asyncapi.json"');
  });

  test('has every event with its place, direction and words', () => {
    const { channels, operations, components } = JSON.parse(committed('asyncapi.json'));
    expect(Object.values<any>(channels).map((one) => one.address).sort()).toEqual(['/machines', '/notifications', '/staff', '/workouts']);
    const named = (channel: string) => Object.values<any>(channels[channel].messages).map((one) => components.messages[one.$ref.split('/').at(-1)].name);
    expect(named('machines')).toEqual(expect.arrayContaining(['telemetry', 'telemetry:batch', 'heartbeat', 'maintenance', 'machine:linked', 'machine:status', 'branch:subscribe', 'auth:renew', 'superseded']));
    expect(named('workouts')).toEqual(expect.arrayContaining(['workout:progress', 'workout:summary', 'session:started', 'plan:ready', 'events:after', 'token_expired']));
    expect(named('staff')).toEqual(expect.arrayContaining(['floor:watch', 'floor:unwatch', 'member:arrived', 'member:left', 'machine:taken', 'machine:freed', 'machine:alert', 'auth:renew', 'token_revoked']));
    expect(named('notifications')).toEqual(expect.arrayContaining(['points:awarded']));
    for (const operation of Object.values<any>(operations)) {
      expect(operation.summary.length).toBeGreaterThan(10);
      if (operation.action === 'receive') expect(operation.reply, operation.summary).toBeDefined();
    }
    expect(components.messages.notificationsPointsAwarded['x-kept']).toBe('inbox');
    expect(components.messages.workoutsWorkoutProgress['x-kept']).toBe('momentary');
  });

  test('has a page for people', async () => {
    const page = committed('events.md');
    expect((await run('nxg-connect', ['events', '--markdown'])).output).toBe(page);
    for (const name of ['telemetry:batch', 'points:awarded', 'machine:status']) expect(page).toContain(`### \`${name}\``);
  });

  test('has the same page from the backend', async () => {
    const page = await (await fetch(`${backend.url}/api/docs/events`)).text();
    const headings = [...committed('events.md').matchAll(/^### `([^`]+)`/gm)].map((one) => one[1]);
    expect([...page.matchAll(/^<h3><code>([^<]+)<\/code>/gm)].map((one) => one[1])).toEqual(headings);
    for (const channel of ['/machines', '/workouts', '/notifications', '/staff']) expect(page).toContain(`<h2><code>${channel}</code></h2>`);
    expect(page).toContain('<td><code>machineId</code></td><td>string (uuid)</td>');
  });
});
