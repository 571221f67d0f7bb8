import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Backend } from '../support/program.ts';
import { Caller, makeAdmin, registerMember } from '../support/people.ts';

type Operation = {
  operationId: string;
  tags?: string[];
  security?: object[];
  parameters?: { name: string; in: string; required?: boolean; schema: any }[];
  requestBody?: { content: Record<string, { schema: any }> };
  responses: Record<string, { content?: Record<string, { schema: any }> }>;
};

const document = JSON.parse(readFileSync(fileURLToPath(new URL('../../../docs/openapi.json', import.meta.url)), 'utf8'));
const operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, verbs]) =>
  Object.entries(verbs).filter(([verb]) => ['get', 'post', 'put', 'patch', 'delete'].includes(verb)).map(([verb, operation]) => ({ path, verb: verb.toUpperCase(), operation })));

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(document, 'openapi.json');

/** A schema of the document, as something ajv can resolve. */
function validator(schema: any) {
  const rooted = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi.json#/components/'));
  return ajv.compile(rooted);
}

const someId = '01890000-0000-7000-8000-000000000000';
const filled = (path: string) => path.replaceAll(/\{[^}]*[iI]d\}/g, someId).replaceAll(/\{[^}]+\}/g, 'chest');

let backend: Backend;
let admin: Caller;
let member: Caller;
beforeAll(async () => {
  backend = await Backend.start();
  admin = await makeAdmin(backend);
  member = await registerMember(backend.url);
});
afterAll(() => backend.stop());

/** Whatever an operation answers must be in its document: the status, and a body of its schema. */
async function expectDocumented(caller: Caller, verb: string, path: string, operation: Operation, body?: unknown) {
  const answer = await caller.call(verb, filled(path), body);
  expect(answer.status, `${verb} ${path} fails inside: ${JSON.stringify(answer.body)}`).toBeLessThan(500 + (answer.status === 503 ? 4 : 0));
  const documented = operation.responses[String(answer.status)] ?? operation.responses.default;
  expect(documented, `${verb} ${path} answers ${answer.status}, which its document does not know: ${JSON.stringify(answer.body)}`).toBeDefined();
  const type = (answer.headers.get('content-type') ?? '').split(';')[0];
  const schema = documented.content?.[type]?.schema;
  if (schema && type.includes('json')) {
    const check = validator(schema);
    expect(check(answer.body), `${verb} ${path} ${answer.status}: ${ajv.errorsText(check.errors)}\n${JSON.stringify(answer.body)}`).toBe(true);
  }
  if (answer.status >= 400) {
    expect(type).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ success: false, status: answer.status, code: expect.stringMatching(/^[a-z0-9_]+$/), requestId: expect.any(String) });
  }
  return answer;
}

const mediaType = (operation: Operation) => Object.keys(operation.requestBody?.content ?? {})[0];

/** A body of the operation's type with nothing in it. */
function emptyBody(operation: Operation) {
  if (!operation.requestBody) return undefined;
  if (mediaType(operation) === 'multipart/form-data') return new FormData();
  return mediaType(operation) === 'application/json' ? {} : new Uint8Array(1);
}

function strangeForms() {
  const forms = [...Array(4)].map(() => new FormData());
  forms[0].append('surprise', 'x');
  forms[1].append('file', 'no file');
  forms[2].append('$gt', new Blob(['x']), '../../etc/passwd');
  forms[3].append('role', 'admin');
  forms[3].append('role', 'admin');
  return forms;
}

/** Somebody the operation lets in; nothing for those of machines and screens only. */
async function allowed(verb: string, path: string, body?: unknown) {
  for (const caller of [member, admin]) {
    if ((await caller.call(verb, filled(path), body)).status !== 403) return caller;
  }
  return undefined;
}

test('the served document is the committed one', async () => {
  expect((await new Caller(backend.url).get('/api/openapi.json')).body).toEqual(document);
});

test('every operation has an id of its own, and says who may call it', () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { operation } of operations) expect(operation.security, operation.operationId).toBeDefined();
});

test('every operation is under one tag, and every tag is declared once, with a text', () => {
  const declared = document.tags.map((one: any) => one.name);
  for (const { operation } of operations) expect(operation.tags, operation.operationId).toHaveLength(1);
  expect([...new Set(operations.flatMap(({ operation }) => operation.tags!))].sort()).toEqual([...declared].sort());
  for (const one of document.tags) expect(one.description, one.name).toMatch(/^[A-Z].{10,}\.$/);
});

describe.each(operations.map((one) => [`${one.verb} ${one.path}`, one] as const))('%s', (_, { verb, path, operation }) => {
  const open = operation.security!.length === 0;
  const writes = operation.requestBody !== undefined;
  const nothing = emptyBody(operation);

  test('answers a stranger as documented', async () => {
    const answer = await expectDocumented(new Caller(backend.url), verb, path, operation, nothing);
    if (!open) expect(answer.status).toBe(401);
  });

  test('answers a member and an admin as documented', async () => {
    if (path.includes('logout')) return; // it would end what the other tests go on with
    await expectDocumented(member, verb, path, operation, nothing);
    await expectDocumented(admin, verb, path, operation, nothing);
  });

  test.runIf(writes)('refuses hostile bodies, naming what is wrong', async () => {
    if (path.includes('logout')) return;
    const caller = (await allowed(verb, path, nothing)) ?? admin;
    for (const body of ['{', '[]', '"text"', '{"$gt":"","role":"admin"}', '{"a":1,"a":2}', `${'['.repeat(100)}${']'.repeat(100)}`, '{"a":1e999}', '{"a":"\\ud800"}']) {
      const answer = await expectDocumented(caller, verb, path, operation, body);
      expect(answer.status, `${body}: ${JSON.stringify(answer.body)}`).toBeGreaterThanOrEqual(400);
    }
    if (mediaType(operation) === 'multipart/form-data') {
      for (const form of strangeForms()) expect((await expectDocumented(caller, verb, path, operation, form)).status).toBeGreaterThanOrEqual(400);
    }
    const text = await fetch(backend.url + filled(path), { method: verb, headers: { authorization: `Bearer ${caller.token}`, 'content-type': 'text/plain' }, body: '{}' });
    expect([403, 415]).toContain(text.status);
    await text.body?.cancel();
  });

  test('refuses a query it does not know', async () => {
    if (path.includes('logout')) return; // it would end what the other tests go on with
    const caller = await allowed(verb, path, nothing);
    if (!caller) return;
    const answer = await caller.call(verb, `${filled(path)}?surprise=1`, nothing);
    expect(answer.status).toBe(400);
  });
});
