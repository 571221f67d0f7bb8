import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Backend, run } from '../support/program.ts';
import { openBranch } from '../support/floor.ts';
import { Caller, logIn, makeAdmin, registerMember } from '../support/people.ts';

let backend: Backend;
let visitor: Caller;
beforeAll(async () => {
  backend = await Backend.start();
  visitor = new Caller(backend.url);
});
afterAll(() => backend.stop());

const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());

describe('registration', () => {
  test('makes a member, never anything else, and answers with tokens', async () => {
    const member = await registerMember(backend.url);
    const me = await member.expect(200, 'GET', '/api/users/me');
    expect(me).toMatchObject({ id: member.id, role: 'member', email: member.email, emailVerified: false, isActive: true });
    expect(JSON.stringify(me)).not.toContain('assword');
    const form = { username: 'wants_more', email: 'more@example.org', password: 'seven green bicycles', confirmPassword: 'seven green bicycles', name: 'More', role: 'admin' };
    const refused = await visitor.post('/api/auth/register', form);
    expect(refused.status).toBe(400);
    expect(refused.body.errors).toContainEqual(expect.objectContaining({ pointer: '/role', code: 'unknown_field' }));
    expect((await visitor.post('/api/auth/login', { email: form.email, password: form.password })).status).toBe(401);
  });

  test('names every wrong field at once', async () => {
    const { status, body } = await visitor.post('/api/auth/register', { username: 'a!', email: 'nobody', password: 'short', confirmPassword: 'other' });
    expect(status).toBe(400);
    expect(new Set(body.errors.map((one: any) => one.pointer))).toEqual(new Set(['/username', '/email', '/name', '/password', '/confirmPassword']));
    const rules = await visitor.post('/api/auth/register', { username: 'kim_good', email: 'kim@example.org', password: 'password12', confirmPassword: 'password13', name: 'Kim' });
    expect(rules.status).toBe(400);
    expect(rules.body.errors.map((one: any) => one.pointer)).toContain('/confirmPassword');
  });

  test('a name or an address is taken in any case, also by two callers at once', async () => {
    const member = await registerMember(backend.url);
    const form = { username: 'other_name_1', email: member.email.toUpperCase(), password: 'seven green bicycles', confirmPassword: 'seven green bicycles', name: 'Other' };
    expect((await visitor.post('/api/auth/register', form)).body.code).toBe('email_taken');
    expect((await visitor.post('/api/auth/register', { ...form, email: 'fresh@example.org', username: member.username.toUpperCase() })).body.code).toBe('username_taken');
    const twice = { ...form, email: 'race@example.org', username: 'race_winner' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => visitor.post('/api/auth/register', twice)));
    expect(answers.map((one) => one.status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });
});

describe('login', () => {
  test('says the same to an unknown account and a wrong password', async () => {
    const member = await registerMember(backend.url);
    const wrong = await visitor.post('/api/auth/login', { email: member.email, password: 'not the password' });
    const unknown = await visitor.post('/api/auth/login', { email: 'unknown@example.org', password: 'not the password' });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const { requestId: _a, traceId: _b, ...first } = wrong.body;
    const { requestId: _c, traceId: _d, ...second } = unknown.body;
    expect(first).toEqual(second);
  });

  test('five failures close an account to that address for a while, not for good', async () => {
    const member = await registerMember(backend.url);
    for (let i = 0; i < 5; ++i) expect((await visitor.post('/api/auth/login', { email: member.email, password: `wrong ${i}` })).status).toBe(401);
    const limited = await visitor.post('/api/auth/login', { email: member.email, password: member.password });
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    await backend.advance(15 * 60_000 + 1_000);
    await logIn(backend.url, member.email, member.password);
  });
});

describe('a user agent that is no UTF-8', () => {
  // `fetch` sends the characters of a header as octets.
  const odd = [{ 'user-agent': 'caf\u00e9' }, { 'user-agent': `${'a'.repeat(199)}\u00c3\u00a9` }];

  test('keeps nobody out, and hides no guess', async () => {
    for (const agent of odd) {
      const member = await registerMember(backend.url);
      expect((await visitor.post('/api/auth/login', { email: member.email, password: member.password }, agent)).status).toBe(200);
      expect((await visitor.post('/api/auth/refresh', { refreshToken: member.refreshToken }, agent)).status).toBe(200);
      const wrong = () => visitor.post('/api/auth/login', { email: member.email, password: 'wrong' }, agent);
      const answers = [];
      for (let i = 0; i < 6; ++i) answers.push((await wrong()).status);
      expect(answers).toEqual([401, 401, 401, 401, 401, 429]);
    }
  });

  test('does not keep what an admin does from being done and recorded', async () => {
    const admin = await makeAdmin(backend);
    const member = await registerMember(backend.url);
    for (const agent of odd) await admin.expect(200, 'PUT', `/api/users/${member.id}/role`, { role: 'member' }, agent);
  });
});

describe('access tokens', () => {
  test('verify with the published keys, and say no more than needed', async () => {
    const member = await registerMember(backend.url);
    const [head, body, signature] = member.token!.split('.');
    expect(decoded(head)).toMatchObject({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) });
    expect(decoded(body)).toMatchObject({ sub: member.id, role: 'member', iss: expect.any(String), aud: expect.anything(), jti: expect.any(String) });
    expect(decoded(body).exp - decoded(body).iat).toBe(900);
    const { keys } = await (await fetch(`${backend.url}/.well-known/jwks.json`)).json();
    const key = createPublicKey({ key: keys.find((one: any) => one.kid === decoded(head).kid), format: 'jwk' });
    expect(verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(JSON.stringify(keys)).not.toMatch(/"d"|"p"|"q"/);
  });

  test('changed, unsigned, otherwise signed or ended ones are refused', async () => {
    const member = await registerMember(backend.url);
    const [head, body, signature] = member.token!.split('.');
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = [
      `${encoded({ ...decoded(head), alg: 'none' })}.${body}.`,
      `${encoded({ ...decoded(head), alg: 'HS256' })}.${body}.${signature}`,
      `${encoded({ ...decoded(head), kid: '../../etc/passwd' })}.${body}.${signature}`,
      `${head}.${encoded({ ...decoded(body), role: 'admin' })}.${signature}`,
      `${head}.${body}.${signature.slice(0, -4)}AAAA`,
      `${head}.${body}`, 'x', '..', `${member.token}.x`,
    ];
    for (const token of forged) expect((await new Caller(backend.url, token).get('/api/users/me')).status, token).toBe(401);
    await backend.advance(16 * 60_000);
    const expired = await member.get('/api/users/me');
    expect(expired.status).toBe(401);
    expect(expired.body.code).toBe('token_expired');
    expect(expired.headers.get('www-authenticate')).toMatch(/Bearer/);
  });
});

describe('refresh tokens', () => {
  const refresh = (refreshToken: string) => visitor.post('/api/auth/refresh', { refreshToken });

  test('rotate; a lost answer may be asked for again; reuse ends the family', async () => {
    const member = await registerMember(backend.url);
    const first = await refresh(member.refreshToken);
    expect(first.status).toBe(200);
    const lostAnswer = await refresh(member.refreshToken);
    expect(lostAnswer.status).toBe(200);
    const used = await refresh(lostAnswer.body.data.tokens.refreshToken);
    expect(used.status).toBe(200);
    const reuse = await refresh(member.refreshToken);
    expect(reuse.status).toBe(401);
    expect((await refresh(used.body.data.tokens.refreshToken)).status).toBe(401);
    await backend.advance(1_500);
    expect((await new Caller(backend.url, used.body.data.tokens.accessToken).get('/api/users/me')).status).toBe(401);
  });

  test('repeated by an impatient client go on, also all at once', async () => {
    const member = await registerMember(backend.url);
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(member.refreshToken)));
    expect(answers.map((one) => one.status)).toEqual(Array(10).fill(200));
    const last = await refresh(member.refreshToken);
    expect((await refresh(last.body.data.tokens.refreshToken)).status).toBe(200);
  });

  test('end with the role they were given for; the next login brings the new one at once', async () => {
    const [admin, member] = [await makeAdmin(backend), await registerMember(backend.url)];
    await admin.expect(200, 'PUT', `/api/users/${member.id}/role`, { role: 'staff', branches: [(await openBranch(admin)).branchId] });
    expect((await member.get('/api/users/me')).body.code).toBe('token_revoked');
    expect((await refresh(member.refreshToken)).body.code).toBe('refresh_token_invalid');
    const again = await logIn(backend.url, member.email, member.password);
    expect(await again.expect(200, 'GET', '/api/users/me')).toMatchObject({ role: 'staff' });
    expect((await refresh(again.refreshToken)).status).toBe(200);
  });

  test('two devices do not log each other out; one session can be ended by the other', async () => {
    const member = await registerMember(backend.url);
    const tablet = await logIn(backend.url, member.email, member.password);
    const sessions = await member.expect(200, 'GET', '/api/auth/sessions');
    expect(sessions).toHaveLength(2);
    const other = sessions.find((one: any) => !one.current);
    expect((await member.delete(`/api/auth/sessions/${other.sessionId}`)).status).toBeLessThan(300);
    await backend.advance(1_500);
    expect((await tablet.get('/api/users/me')).status).toBe(401);
    expect((await refresh(tablet.refreshToken)).status).toBe(401);
    await member.expect(200, 'GET', '/api/users/me');
    const stranger = await registerMember(backend.url);
    expect((await stranger.delete(`/api/auth/sessions/${other.sessionId}`)).status).toBe(404);
  });
});

describe('the profile', () => {
  const profile = { dateOfBirth: '1992-05-04', gender: 'female', heightCm: 171, weightKg: 66, level: 'intermediate', goal: 'muscle_building', restDay: 'sunday', timeZone: 'Europe/Berlin' };

  test('is changed field by field, under a version', async () => {
    const member = await registerMember(backend.url);
    await member.expect(200, 'PUT', '/api/users/profile', profile);
    const read = await member.get('/api/users/me');
    expect(read.body.data).toMatchObject({ ...profile, name: 'Test Member' });
    const etag = read.headers.get('etag')!;
    expect((await member.get('/api/users/me', { 'if-none-match': etag })).status).toBe(304);
    expect((await member.put('/api/users/profile', { weightKg: 65 }, { 'if-match': etag })).status).toBe(200);
    expect((await member.put('/api/users/profile', { weightKg: 64 }, { 'if-match': etag })).status).toBe(412);
    expect((await member.expect(200, 'GET', '/api/users/me')).weightKg).toBe(65);
  });

  test('is not another one because somebody logged in elsewhere, but says when', async () => {
    const member = await registerMember(backend.url);
    for (const path of ['/api/users/me', '/api/users/profile']) {
      const read = await member.get(path);
      const etag = read.headers.get('etag')!;
      await backend.advance(1_000);
      await logIn(backend.url, member.email, member.password);
      const again = await member.get(path, { 'if-none-match': etag });
      expect(again.status).toBe(200);
      expect(again.body.data.lastLoginAt > read.body.data.lastLoginAt).toBe(true);
      expect((await member.put('/api/users/profile', { weightKg: 65 }, { 'if-match': etag })).status).toBe(200);
      expect((await member.put('/api/users/profile', { weightKg: 64 }, { 'if-match': again.headers.get('etag')! })).status).toBe(412);
    }
  });

  test('changed by many at once without a version is changed by all, or has some try again', async () => {
    const member = await registerMember(backend.url);
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => member.put('/api/users/profile', { heightCm: 150 + i })));
    expect(answers.filter((one) => one.status === 200).length).toBeGreaterThan(0);
    for (const one of answers.filter((one) => one.status !== 200)) {
      expect(one.body.code).toBe('busy');
      expect(Number(one.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  });

  test('is changed where one of several versions is the present one', async () => {
    const member = await registerMember(backend.url);
    const tag = async () => (await member.get('/api/users/me')).headers.get('etag')!;
    const before = await tag();
    await member.expect(200, 'PUT', '/api/users/profile', { weightKg: 65 });
    const now = await tag();
    expect((await member.put('/api/users/profile', { weightKg: 64 }, { 'if-match': `${now}, ${before}` })).status).toBe(200);
    expect((await member.put('/api/users/profile', { weightKg: 63 }, { 'if-match': `${before}, ${now}` })).status).toBe(412);
  });

  test('refuses what a body cannot be, all at once, and changes nothing', async () => {
    const member = await registerMember(backend.url);
    const { status, body } = await member.put('/api/users/profile', { heightCm: 20, weightKg: 'heavy', gender: 'x', timeZone: 'Mars/Base', dateOfBirth: '2026-02-30', role: 'admin' });
    expect(status).toBe(400);
    expect(new Set(body.errors.map((one: any) => one.pointer))).toEqual(new Set(['/heightCm', '/weightKg', '/gender', '/timeZone', '/dateOfBirth', '/role']));
    const old = await member.put('/api/users/profile', { dateOfBirth: '1800-01-01', timeZone: 'Mars', heightCm: 9, dietPreferences: { dietaryRestrictions: ['vegan', 'vegan'] } });
    expect(old.body.errors.map((one: any) => one.pointer).sort()).toEqual(['/dateOfBirth', '/dietPreferences/dietaryRestrictions', '/heightCm', '/timeZone']);
    const tooYoung = await member.put('/api/users/profile', { dateOfBirth: new Date(Date.now() - 12 * 365.25 * 86_400_000).toISOString().slice(0, 10) });
    expect(tooYoung.status).toBe(400);
    expect((await member.expect(200, 'GET', '/api/users/me')).heightCm).toBeUndefined();
  });

  test('health data needs a recorded consent, and is not readable in the store', async () => {
    const member = await registerMember(backend.url);
    const secret = 'an unmistakable condition';
    const refused = await member.put('/api/users/profile', { healthConditions: [secret] });
    expect(refused.status).toBe(403);
    expect(refused.body.code).toBe('consent_required');
    await member.expect(201, 'POST', '/api/users/me/consents', { type: 'health_data', version: '1', granted: true });
    await member.expect(200, 'PUT', '/api/users/profile', { healthConditions: [secret], allergies: ['nuts'] });
    expect((await member.expect(200, 'GET', '/api/users/me')).healthConditions).toEqual([secret]);
    expect(await backend.keeps(member.id)).toBe(true);
    expect(await backend.keeps(secret)).toBe(false);
  });
});

describe('keyed operations', () => {
  test('the same key runs once; another body under it is refused', async () => {
    const admin = await makeAdmin(backend);
    const branch = { name: 'Keyed', address: '1 Example Street', city: 'Example', timeZone: 'UTC', capacity: 10 };
    const key = { 'idempotency-key': crypto.randomUUID() };
    const first = await admin.post('/api/branches', branch, key);
    const again = await admin.post('/api/branches', branch, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body.data.id).toBe(first.body.data.id);
    expect((await admin.post('/api/branches', { ...branch, name: 'Other' }, key)).status).toBe(422);
  });
});

describe('admins', () => {
  test('are made at the command line, on a running gym, once per address', async () => {
    const admin = await makeAdmin(backend);
    expect((await admin.expect(200, 'GET', '/api/users/me')).role).toBe('admin');
    const weak = await run('nxg-connect', ['create-admin', '--email', 'weak@example.org', '--password-stdin'], backend.environment, 'short');
    expect(weak.code).not.toBe(0);
    const again = await run('nxg-connect', ['create-admin', '--email', admin.email, '--password-stdin'], backend.environment, 'four patient lighthouses 4!');
    expect(again.code).not.toBe(0);
    expect(again.output).toMatch(/exists/i);
  });

  test('have a password that they can log in with, however its line ends', async () => {
    const make = (email: string, password: string | Buffer) => run('nxg-connect', ['create-admin', '--email', email, '--password-stdin'], backend.environment, password);
    expect(await make('crlf@example.org', 'four patient lighthouses 4!\r\n')).toMatchObject({ code: 0 });
    await logIn(backend.url, 'crlf@example.org', 'four patient lighthouses 4!');
    const odd = await make('latin@example.org', Buffer.from('vier geduldige Leuchtt\u00fcrme 4!', 'latin1'));
    expect(odd.code).not.toBe(0);
    expect(odd.output).toMatch(/password.*UTF-8/);
  });

  test('say where people work: in branches there are, each once', async () => {
    const admin = await makeAdmin(backend);
    const member = await registerMember(backend.url);
    const [north, south] = [await openBranch(admin), await openBranch(admin)];
    const path = `/api/users/${member.id}/role`;
    const strangers = [crypto.randomUUID(), crypto.randomUUID()];
    const refused = await admin.put(path, { role: 'staff', branches: [strangers[0], north.branchId, strangers[1]] });
    expect(refused.status).toBe(400);
    expect(refused.body.errors.map((one: any) => [one.pointer, one.code])).toEqual([['/branches/0', 'unknown'], ['/branches/2', 'unknown']]);
    await member.expect(200, 'GET', '/api/users/me');
    const made = await admin.expect(200, 'PUT', path, { role: 'staff', branches: [north.branchId, south.branchId, north.branchId] });
    expect(made).toMatchObject({ id: member.id, role: 'staff', branches: [north.branchId, south.branchId] });
    expect(await backend.keeps(`"detail":"staff branchId=${north.branchId} branchId=${south.branchId}"`)).toBe(true);
    expect((await admin.expect(200, 'PUT', path, { role: 'member' })).branches).toEqual([]);
    const nobody = await admin.put(`/api/users/${crypto.randomUUID()}/role`, { role: 'member' });
    expect([nobody.status, nobody.body.code]).toEqual([404, 'not_found']);
    expect(backend.program.output).not.toContain('a code it does not declare');
  });

  test('say why an account is suspended, and see nothing of the member’s health', async () => {
    const admin = await makeAdmin(backend);
    const member = await registerMember(backend.url);
    await member.expect(201, 'POST', '/api/users/me/consents', { type: 'health_data', version: '1', granted: true });
    await member.expect(200, 'PUT', '/api/users/profile', { weightKg: 70, healthConditions: ['asthma'] });
    const path = `/api/users/${member.id}/status`;
    const reason = 'lent out the pass again and again';
    const suspended = await admin.expect(200, 'PUT', path, { isActive: false, reason });
    expect(suspended).toMatchObject({ id: member.id, isActive: false, statusReason: reason });
    for (const field of ['weightKg', 'healthConditions', 'dateOfBirth', 'consents']) expect(suspended).not.toHaveProperty(field);
    expect(await backend.keeps(reason)).toBe(false);
    expect((await member.get('/api/users/me')).body.code).toBe('token_revoked');
    expect(await admin.expect(200, 'PUT', path, { isActive: true })).not.toHaveProperty('statusReason');
    expect(backend.program.output).not.toContain('a code it does not declare');
  });

  test('survive a restart with everything else', async () => {
    const member = await registerMember(backend.url);
    await backend.restart();
    await member.expect(200, 'GET', '/api/users/me');
    await logIn(backend.url, member.email, member.password);
  });
});
