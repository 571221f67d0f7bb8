import { setImmediate } from 'node:timers/promises';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Backend, eventually, Sandbox } from '../support/program.ts';
import { checkIn, openBranch } from '../support/floor.ts';
import { Liar } from '../support/liar.ts';
import { Caller, logIn, makeAdmin, type Member, registerMember } from '../support/people.ts';

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');
/** A small mesh that no other test uploads. */
const mesh = (more = '') => Buffer.from(`# ${randomBytes(8).toString('hex')} ${more}\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n`);

function form(content: Buffer, fields: Record<string, string> = {}) {
  const sent = new FormData();
  for (const [name, value] of Object.entries(fields)) sent.append(name, value);
  sent.append('file', new Blob([new Uint8Array(content)]), 'scan.bin');
  return sent;
}

const profile = { dateOfBirth: '1992-05-04', gender: 'female', heightCm: 171, weightKg: 66 };
async function consenting(url: string, more: object = profile): Promise<Member> {
  const member = await registerMember(url);
  await member.expect(200, 'PUT', '/api/users/profile', more);
  await member.expect(201, 'POST', '/api/users/me/consents', { type: 'health_data', version: '1', granted: true });
  return member;
}

const services = (sandbox: Sandbox) => ({
  NXG_SCS_URL: `${sandbox.url}/v1`, NXG_SCS_CLIENT_ID: 'sandbox', NXG_SCS_CLIENT_SECRET: 'sandbox', NXG_SCS_WEBHOOK_SECRET: 'sandbox',
});
const upload = (member: Caller, content = mesh(), fields = {}) => member.expect(202, 'POST', '/api/scans/upload', form(content, fields));
const scan = (member: Caller, id: string) => member.expect(200, 'GET', `/api/scans/${id}`);
const ended = (member: Caller, id: string) => eventually('the scan is processed', async () => {
  const one = await scan(member, id);
  return one.processingStatus === 'completed' ? one : undefined;
}, 60_000);

async function webhooks(sandbox: Sandbox, kind: string) {
  const answer = await fetch(`${sandbox.url}/scs/webhooks`, { method: 'POST', headers: { 'content-type': 'application/json', connection: 'close' }, body: JSON.stringify({ kind }) });
  expect(answer.status).toBe(200);
}
const link = (backend: Backend, url: string, init: RequestInit = {}) => fetch(new URL(url, backend.url), { ...init, headers: { connection: 'close', ...init.headers } });

let sandbox: Sandbox;
let backend: Backend;
beforeAll(async () => {
  sandbox = await Sandbox.start(['--scs-processing-ms', '50', '--scs-late-ms', '1500']);
  backend = await Backend.start({ environment: services(sandbox) });
});
afterAll(async () => {
  await backend.stop();
  await sandbox.stop();
});

describe('a scan', () => {
  test('is kept, measured, and shown with links that hold for a while', async () => {
    const member = await consenting(backend.url);
    const content = mesh();
    const taken = await upload(member, content, { deviceUsed: 'InBody 770', notes: 'after breakfast' });
    expect(taken).toMatchObject({ processingStatus: 'queued', format: 'obj', deviceUsed: 'InBody 770' });
    const done = await ended(member, taken.scanId);
    expect(done).toMatchObject({ source: 'service', progress: 100, notes: 'after breakfast', aiModelVersion: 'sandbox-1' });
    expect(done.measurements.heightCm).toBe(171);
    expect(done.files.map((one: any) => one.kind).sort()).toEqual(['mesh', 'original', 'thumbnail']);

    for (const file of done.files) {
      const got = await link(backend, file.url);
      expect(got.status).toBe(200);
      expect(sha256(Buffer.from(await got.arrayBuffer()))).toBe(file.sha256);
      expect(got.headers.get('cache-control')).toContain('no-store');
    }
    const original = done.files.find((one: any) => one.kind === 'original');
    const part = await link(backend, original.url, { headers: { range: 'bytes=2-5' } });
    expect(part.status).toBe(206);
    expect(await part.text()).toBe(content.subarray(2, 6).toString());
    expect(Date.parse(original.expiresAt) - Date.now()).toBeLessThanOrEqual(5 * 60_000 + 1_000);
  });

  test('becomes the avatar of the profile', async () => {
    const member = await consenting(backend.url);
    const { scanId } = await upload(member);
    await ended(member, scanId);
    const avatar = await eventually('the profile shows it', async () => (await member.expect(200, 'GET', '/api/users/profile')).avatar);
    expect(avatar).toMatchObject({ scanId, version: 1 });
    expect((await (await link(backend, avatar.urls.thumbnail)).arrayBuffer()).byteLength).toBeGreaterThan(1_000);
  });

  test('is one a day, and the same file comes once', async () => {
    const member = await consenting(backend.url);
    const content = mesh();
    await upload(member, content);
    const again = await member.call('POST', '/api/scans/upload', form(content));
    expect([again.status, again.body.code]).toEqual([409, 'scan_duplicate']);
    const second = await member.call('POST', '/api/upload/scan-data', form(mesh()));
    expect([second.status, second.body.code]).toEqual([429, 'scan_day_taken']);
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('of somebody else is not there', async () => {
    const [mine, other] = [await consenting(backend.url), await consenting(backend.url)];
    const { scanId } = await upload(mine);
    for (const [verb, path] of [['GET', ''], ['DELETE', ''], ['POST', '/confirm']]) {
      expect((await other.call(verb, `/api/scans/${scanId}${path}`)).body.code).toBe('scan_not_found');
    }
    expect((await other.call('GET', `/api/scans/compare?from=${scanId}&to=${scanId}`)).status).toBe(404);
    expect(await other.expect(200, 'GET', '/api/scans')).toEqual([]);
    expect((await other.call('POST', '/api/scans/upload', form(mesh(), { userId: mine.id }))).status).toBe(404);
  });

  test('needs consent, a file, and one of the formats', async () => {
    const stranger = await registerMember(backend.url);
    expect((await stranger.call('POST', '/api/scans/upload', form(mesh()))).body.code).toBe('consent_required');
    const member = await consenting(backend.url);
    const refused = async (sent: unknown) => {
      const { status, body } = await member.call('POST', '/api/scans/upload', sent);
      return [status, body.code];
    };
    expect(await refused(form(Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1')))).toEqual([415, 'scan_format_unsupported']);
    expect(await refused(form(Buffer.from('just words')))).toEqual([415, 'scan_format_unsupported']);
    expect(await refused(form(Buffer.from('glTF\x02\0\0\0\xff\0\0\0', 'latin1')))).toEqual([422, 'scan_damaged']);
    expect(await refused(form(Buffer.alloc(51 * 1024 * 1024, '# x\n')))).toEqual([413, 'payload_too_large']);
    const nothing = new FormData();
    nothing.append('notes', 'x');
    expect(await refused(nothing)).toEqual([400, 'invalid_request']);
    expect(await refused(form(mesh(), { colour: 'red' }))).toEqual([400, 'invalid_request']);
    expect(await refused({})).toEqual([415, 'unsupported_media_type']);
    expect(await member.expect(200, 'GET', '/api/scans')).toEqual([]);
  });

  test('is brought by staff only for who is there', async () => {
    const admin = await makeAdmin(backend);
    const floor = await openBranch(admin);
    const account = await registerMember(backend.url);
    await admin.expect(200, 'PUT', `/api/users/${account.id}/role`, { role: 'trainer', branches: [floor.branchId] });
    const trainer = await eventually('the new role is in force', async () => {
      const one = await logIn(backend.url, account.email, account.password);
      return (await one.get('/api/users/me')).status === 200 ? one : undefined;
    });
    const member = await consenting(backend.url);
    const bring = () => trainer.call('POST', '/api/scans/upload', form(mesh(), { userId: member.id }));
    expect((await bring()).body.code).toBe('not_found');
    await checkIn(member, floor);
    expect(await backend.keeps('"detail":"uploadScan"')).toBe(false);
    const brought = await bring();
    expect(brought.status).toBe(202);
    expect(await backend.keeps('"detail":"uploadScan"')).toBe(true);
    expect((await scan(member, brought.body.data.scanId)).scanId).toBe(brought.body.data.scanId);
    expect((await trainer.get(`/api/scans/${brought.body.data.scanId}`)).status).toBe(404);
  });

  test('that staff measure or send in parts for somebody else is on record, one of their own is not', async () => {
    const admin = await makeAdmin(backend);
    const member = await consenting(backend.url);
    const content = mesh();
    const announced = { sizeBytes: content.length, sha256: sha256(content) };
    await member.expect(201, 'POST', '/api/scans/uploads', announced);
    await member.expect(202, 'POST', '/api/integrations/3d-scan', { measurements: { waistCm: 80 } });
    for (const operation of ['beginScanUpload', 'measureScan']) expect(await backend.keeps(`"detail":"${operation}"`)).toBe(false);
    const other = await consenting(backend.url);
    await admin.expect(201, 'POST', '/api/scans/uploads', { ...announced, userId: other.id });
    await admin.expect(202, 'POST', '/api/integrations/3d-scan', { measurements: { waistCm: 80 }, userId: other.id });
    for (const operation of ['beginScanUpload', 'measureScan']) expect(await backend.keeps(`"detail":"${operation}"`)).toBe(true);
  });

  test('that is sent slowly keeps nobody else out', async () => {
    const [slow, other] = [await consenting(backend.url), await consenting(backend.url)];
    const givenUp = new AbortController();
    const begin = () => fetch(`${backend.url}/api/scans/upload`, {
      method: 'POST', signal: givenUp.signal, duplex: 'half',
      headers: { authorization: `Bearer ${slow.token}`, 'content-type': 'multipart/form-data; boundary=b' },
      body: new ReadableStream({ start: (to) => to.enqueue(Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="s"\r\n\r\nv 0 0 0\n')) }),
    } as RequestInit).then((answer) => answer.status, () => undefined);
    const held = [...Array(8)].map(begin);
    // Two of them are taken, and of the others each is told to come again.
    for (let refused = 0; refused < 6; ++refused) {
      const at = await Promise.race(held.map(async (one, index) => ((await one) === 503 ? index : -1)));
      expect(at).toBeGreaterThanOrEqual(0);
      held.splice(at, 1);
    }
    const again = await slow.call('POST', '/api/scans/upload', form(mesh()));
    expect([again.status, again.body.code]).toEqual([503, 'busy']);
    expect(again.headers.get('retry-after')).toBe('2');
    await upload(other);
    givenUp.abort();
    await Promise.all(held);
    await eventually('there is a place again', async () => (await slow.call('POST', '/api/scans/upload', form(mesh()))).status === 202 || undefined);
  });

  test('of which the service says no shows our own figure', async () => {
    const member = await consenting(backend.url);
    const { scanId } = await upload(member, mesh('unmeasurable'));
    const failed = await eventually('it fails', async () => {
      const one = await scan(member, scanId);
      return one.processingStatus === 'failed' ? one : undefined;
    });
    expect(failed).toMatchObject({ lastError: 'refused_by_service', source: 'parametric' });
    expect(failed.files.map((one: any) => one.kind).sort()).toEqual(['mesh', 'original', 'thumbnail']);
    const avatar = await eventually('the profile shows it', async () => (await member.expect(200, 'GET', '/api/users/profile')).avatar);
    expect(avatar.scanId).toBe(scanId);
    // It took no day.
    await upload(member);
  });

  test('goes with its files when its owner removes it', async () => {
    const member = await consenting(backend.url);
    const { scanId } = await upload(member);
    const done = await ended(member, scanId);
    await member.expect(204, 'DELETE', `/api/scans/${scanId}`);
    expect((await member.call('GET', `/api/scans/${scanId}`)).status).toBe(404);
    await eventually('its files are gone', async () => (await link(backend, done.files[0].url)).status === 404);
    await eventually('and its avatar', async () => (await member.expect(200, 'GET', '/api/users/profile')).avatar === undefined);
    expect((await member.call('POST', '/api/scans/upload', form(mesh()))).body.code).toBe('scan_day_taken');
  });

  test('made of measurements is compared, and confirmed into the profile', async () => {
    const member = await consenting(backend.url);
    const made = await member.expect(202, 'POST', '/api/integrations/3d-scan', { measurements: { waistCm: 80, hipsCm: 98, weightKg: 64.5, heightCm: 171 } });
    const done = await ended(member, made.scanId);
    expect(done).toMatchObject({ origin: 'measurements', source: 'service', measurements: { waistCm: 80 } });
    await member.expect(200, 'POST', `/api/scans/${made.scanId}/confirm`);
    expect((await member.expect(200, 'GET', '/api/users/me')).weightKg).toBe(64.5);
    const absurd = await (await consenting(backend.url)).call('POST', '/api/integrations/3d-scan', { measurements: { weightKg: 140, armsCm: 90, chestCm: 80 } });
    expect(absurd.status).toBe(400);
    expect(absurd.body.errors.map((one: any) => one.pointer).sort()).toEqual(['/measurements/armsCm', '/measurements/weightKg']);
    const compared = await member.expect(200, 'GET', `/api/scans/compare?from=${made.scanId}&to=${made.scanId}`);
    expect(compared.changes.find((one: any) => one.measure === 'waistCm')).toMatchObject({ from: 80, to: 80, change: 0, changePercent: 0 });
  });
});

describe('a link', () => {
  test('says yes only to what it was made for, and ends', async () => {
    const own = await Backend.start({ environment: services(sandbox) });
    try {
      const member = await consenting(own.url);
      const { scanId } = await upload(member);
      const { url } = (await scan(member, scanId)).files[0];
      const got = await link(own, url);
      expect(got.status).toBe(200);
      if (!url.startsWith('/')) {
        // S3 answers for itself, and by its own time.
        for (const wrong of [url.replace('original', 'other'), url.replace(/Signature=./, 'Signature=!'), url.replace(/Expires=\d+/, 'Expires=9999'), url.split('?')[0]]) {
          expect((await link(own, wrong)).status, wrong).toBe(403);
        }
        return;
      }
      expect((await link(own, url, { headers: { 'if-none-match': got.headers.get('etag')! } })).status).toBe(304);
      expect((await link(own, url, { method: 'HEAD' })).headers.get('content-length')).toBe(got.headers.get('content-length'));
      expect((await link(own, url, { headers: { range: 'bytes=999999-' } })).status).toBe(416);
      for (const wrong of [url.replace('original', 'other'), url.replace(/signature=./, 'signature=!'), url.replace('scans/', 'scans/..%2fscans/'), url.split('?')[0], url.replace(/expires=\d+/, 'expires=9999999999')]) {
        expect((await link(own, wrong)).status, wrong).toBe(403);
      }
      expect((await link(own, url, { method: 'PUT', body: 'x' })).status).toBe(405);
      await own.advance(5 * 60_000 + 1_000);
      const late = await link(own, url);
      expect([late.status, (await late.json()).code]).toEqual([403, 'url_expired']);
    } finally {
      await own.stop();
    }
  });
});

test('a profile that is asked for again never leaves a client with links that have ended', async () => {
  const own = await Backend.start({ environment: services(sandbox) });
  try {
    const member = await consenting(own.url);
    await upload(member);
    const shown = await eventually('the profile has an avatar', async () => {
      const answer = await member.get('/api/users/profile');
      return answer.body.data.avatar ? answer : undefined;
    });
    const tag = shown.headers.get('etag')!;
    expect(tag).not.toBe((await member.get('/api/users/me')).headers.get('etag'));
    // As a client would: what it has is good while the answer is 304.
    let known = shown;
    for (let minute = 0; minute < 7; ++minute) {
      const answer = await member.get('/api/users/profile', { 'if-none-match': known.headers.get('etag')! });
      if (answer.status === 200) known = answer;
      else expect(answer.status).toBe(304);
      const { urls } = known.body.data.avatar;
      expect((await link(own, urls.thumbnail)).status, `after ${minute} minutes`).toBe(200);
      await own.advance(60_000);
    }
    // The tag is the version's all the same.
    const changed = await member.call('PUT', '/api/users/profile', { name: 'Another Name' }, { 'if-match': known.headers.get('etag')! });
    expect(changed.status, JSON.stringify(changed.body)).toBe(200);
    expect((await member.call('PUT', '/api/users/profile', { name: 'A Third' }, { 'if-match': known.headers.get('etag')! })).status).toBe(412);
  } finally {
    await own.stop();
  }
}, 60_000);

/** The service works in the time of the world, asking goes by that of the backend, and so do tokens. */
const foundByAsking = (own: Backend, member: Member, scanId: string) => eventually('it is found by asking', async () => {
  await own.advanceNowAndThen(61_000);
  const one = await scan(await logIn(own.url, member.email, member.password), scanId);
  return one.processingStatus === 'completed' ? one : undefined;
}, 60_000);

describe.each(['lost', 'doubled', 'late', 'forged', 'reordered', 'stale'])('when webhooks are %s', (kind) => {
  test('the scan is whole all the same, once', async () => {
    const own = await Backend.start({ environment: services(sandbox) });
    await webhooks(sandbox, kind);
    try {
      const member = await consenting(own.url);
      const { scanId } = await upload(member);
      const before = await eventually('it is with the service', async () => {
        const one = await scan(member, scanId);
        return ['processing', 'completed'].includes(one.processingStatus) ? one : undefined;
      });
      const silent = ['lost', 'forged', 'stale'].includes(kind);
      if (silent) expect(before.processingStatus).toBe('processing');
      const done = silent ? await foundByAsking(own, member, scanId) : await ended(member, scanId);
      expect(done).toMatchObject({ source: 'service', measurements: { heightCm: 171 } });
      const again = await logIn(own.url, member.email, member.password);
      const avatar = await eventually('one avatar', async () => (await again.expect(200, 'GET', '/api/users/profile')).avatar);
      expect(avatar.version).toBe(1);
    } finally {
      await webhooks(sandbox, 'none');
      await own.stop();
    }
  }, 90_000);
});

describe('a service that is wrong', () => {
  let lie: (path: string, answer: any, method: string) => void;
  let liar: Liar;
  let own: Backend;
  beforeAll(async () => {
    await webhooks(sandbox, 'lost');
    liar = await Liar.before(sandbox.url, (path, answer, method) => lie(path, answer, method));
    own = await Backend.start({ environment: { ...services(sandbox), NXG_SCS_URL: `${liar.url}/v1`, NXG_SCS_FILE_ORIGINS: sandbox.url } });
  });
  afterAll(async () => {
    await own.stop();
    liar.close();
    await webhooks(sandbox, 'none');
  });
  /** Its files come from the sandbox itself, where nobody tells them our token. */
  const byLiar = (answer: any) => answer.files?.forEach((file: any) => (file.url = file.url.replace(sandbox.url, liar.url)));
  const asked = (what: string, member: Member, scanId: string, found: (one: any) => boolean) => eventually(what, async () => {
    await own.advanceNowAndThen(5 * 60_000);
    const one = await scan(await logIn(own.url, member.email, member.password), scanId);
    return found(one) ? one : undefined;
  }, 60_000);

  test('of the body is not believed: our own figure is shown', async () => {
    lie = (_path, answer) => {
      if (answer.measurements) answer.measurements.heightCm = 130;
    };
    const member = await consenting(own.url);
    const { scanId } = await upload(member);
    const failed = await asked('it is given up', member, scanId, (one) => one.processingStatus === 'failed');
    expect(failed).toMatchObject({ lastError: 'implausible', source: 'parametric' });
    expect(failed.measurements?.heightCm).not.toBe(130);
  }, 90_000);

  test('of whose job it is shows nobody the body of another', async () => {
    const jobs: string[] = [];
    const isOrder = (path: string, method: string) => method === 'POST' && path.endsWith('/scans/process');
    lie = (path, answer, method) => {
      byLiar(answer);
      if (isOrder(path, method)) jobs.push(answer.jobId);
    };
    const tall = await consenting(own.url, { ...profile, heightCm: 199 });
    const first = await upload(tall);
    await asked('the first is whole', tall, first.scanId, (one) => one.processingStatus === 'completed');
    expect(jobs).toHaveLength(1);

    lie = (path, answer, method) => {
      if (isOrder(path, method)) answer.jobId = jobs[0];
    };
    const small = await consenting(own.url, { ...profile, heightCm: 155 });
    const second = await upload(small);
    const refused = await asked('the second is refused', small, second.scanId, (one) => one.lastError);
    expect(refused).toMatchObject({ processingStatus: 'queued', lastError: 'malformed' });

    lie = (_path, answer) => byLiar(answer);
    const done = await asked('the second is whole', small, second.scanId, (one) => one.processingStatus === 'completed');
    expect(done.measurements.heightCm).toBe(155);
  }, 120_000);

  test('of where its files are is asked for two hours, then our own figure is shown', async () => {
    lie = () => {};
    const member = await consenting(own.url);
    const { scanId } = await upload(member);
    const waiting = await asked('its files are asked for', member, scanId, (one) => one.progress === 90);
    expect(waiting).toMatchObject({ processingStatus: 'processing', lastError: 'unauthorized' });
    const failed = await asked('it is given up', member, scanId, (one) => one.processingStatus === 'failed');
    expect(failed).toMatchObject({ lastError: 'unauthorized', source: 'parametric' });
  }, 120_000);
});

test('a webhook is believed only with a fresh signature of its own body', async () => {
  const post = (body: string, timestamp: string, signature: string) => fetch(`${backend.url}/api/webhooks/3d-scanning`, {
    method: 'POST', body, headers: { 'content-type': 'application/json', 'x-scs-timestamp': timestamp, 'x-scs-signature': signature, connection: 'close' },
  });
  const signed = (body: string, timestamp: string, secret = 'sandbox') => `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
  const now = String(Math.floor(Date.now() / 1_000));
  const old = String(Number(now) - 301);
  const body = JSON.stringify({ jobId: 'job-unknown', status: 'failed' });
  expect((await post(body, now, signed(body, now))).status).toBe(404);
  expect((await post(body, now, signed(body, now, 'other'))).status).toBe(401);
  expect((await post(`${body} `, now, signed(body, now))).status).toBe(401);
  expect((await post(body, old, signed(body, old))).status).toBe(401);
  expect((await post(body, now, '')).status).toBe(401);
  expect((await post('{"jobId":', now, signed('{"jobId":', now))).status).toBe(400);
});

describe('an upload in parts', () => {
  const size = 12 * 1024 * 1024;
  const large = () => Buffer.concat([mesh(), Buffer.alloc(size, 'v 0.125 0.25 0.5\n')]).subarray(0, size);
  const announce = (member: Caller, content: Buffer) => member.expect(201, 'POST', '/api/scans/uploads', { sizeBytes: content.length, sha256: sha256(content) });
  const put = (member: Caller, upload: any, content: Buffer, number: number, hash?: string) => {
    const part = content.subarray((number - 1) * upload.partBytes, number * upload.partBytes);
    return member.call('PUT', `/api/scans/uploads/${upload.uploadId}/parts/${number}?sha256=${hash ?? sha256(part)}`, new Uint8Array(part));
  };

  test('goes on after the backend was killed, and becomes one scan', async () => {
    const own = await Backend.start({ environment: services(sandbox) });
    try {
      const member = await consenting(own.url);
      const content = large();
      const begun = await announce(member, content);
      expect(begun).toMatchObject({ parts: 3, missing: [1, 2, 3] });
      expect((await put(member, begun, content, 2)).status).toBe(200);
      const torn = fetch(`${own.url}/api/scans/uploads/${begun.uploadId}/parts/1?sha256=${'0'.repeat(64)}`, {
        method: 'PUT', headers: { authorization: `Bearer ${member.token}`, 'content-type': 'application/octet-stream' },
        // Without a turn of the loop between two pieces nobody would notice that the connection is gone.
        body: new ReadableStream({ pull: async (to) => { await setImmediate(); to.enqueue(new Uint8Array(1024)); } }), duplex: 'half',
      } as RequestInit).catch(() => undefined);
      await own.kill();
      await torn;
      await own.start();

      expect(await member.expect(200, 'GET', `/api/scans/uploads/${begun.uploadId}`)).toMatchObject({ missing: [1, 3] });
      expect((await put(member, begun, content, 1, sha256(Buffer.from('other')))).body.code).toBe('scan_damaged');
      expect((await member.call('POST', `/api/scans/uploads/${begun.uploadId}/complete`)).body.code).toBe('scan_upload_incomplete');
      for (const number of [1, 3, 3]) expect((await put(member, begun, content, number)).status).toBe(200);
      const made = await member.expect(202, 'POST', `/api/scans/uploads/${begun.uploadId}/complete`);
      expect(made.scanId).toBe(begun.uploadId);
      expect((await member.expect(202, 'POST', `/api/scans/uploads/${begun.uploadId}/complete`)).scanId).toBe(made.scanId);
      const done = await ended(member, made.scanId);
      const original = done.files.find((one: any) => one.kind === 'original');
      expect(original).toMatchObject({ sizeBytes: size, sha256: sha256(content) });
      expect((await member.call('GET', `/api/scans/uploads/${begun.uploadId}`)).status).toBe(404);
    } finally {
      await own.stop();
    }
  }, 120_000);

  test('of somebody else is not there, and one that is left is forgotten after a day', async () => {
    const own = await Backend.start({ environment: services(sandbox) });
    try {
      const [member, other] = [await consenting(own.url), await consenting(own.url)];
      const content = mesh();
      const begun = await announce(member, content);
      expect((await put(other, begun, content, 1)).status).toBe(404);
      expect((await put(member, begun, content, 2)).status).toBe(400);
      await own.advance(25 * 3_600_000);
      const again = await logIn(own.url, member.email, member.password);
      await eventually('it is forgotten', async () => (await again.get(`/api/scans/uploads/${begun.uploadId}`)).status === 404);
    } finally {
      await own.stop();
    }
  }, 60_000);
});

describe('processing', () => {
  test('goes on where it was after the backend was killed', async () => {
    const slow = await Sandbox.start(['--scs-processing-ms', '3000']);
    const own = await Backend.start({ environment: services(slow) });
    try {
      const member = await consenting(own.url);
      const { scanId } = await upload(member);
      await eventually('it is with the service', async () => (await scan(member, scanId)).processingStatus === 'processing');
      await own.kill();
      await own.start();
      await own.advance(31_000);
      const done = await foundByAsking(own, member, scanId);
      expect(done.source).toBe('service');
    } finally {
      await own.stop();
      await slow.stop();
    }
  }, 90_000);

  test('with the service away waits, says so, and goes on by itself; after two hours it shows our own figure', async () => {
    const away = await Sandbox.start(['--scs-processing-ms', '50']);
    const own = await Backend.start({ environment: services(away) });
    try {
      const [early, late] = [await consenting(own.url), await consenting(own.url)];
      await away.fault('http_500', { service: 'scs' });
      const first = await upload(early);
      const waiting = await eventually('it waits', async () => {
        const one = await scan(early, first.scanId);
        return one.processingStatus === 'queued' && one.lastError ? one : undefined;
      }, 60_000);
      expect(waiting.nextAttemptAt).toBeDefined();
      await away.fault('none', { service: 'scs' });
      await foundByAsking(own, early, first.scanId);

      await away.fault('http_500', { service: 'scs' });
      const second = await upload(late);
      const failed = await eventually('it is given up', async () => {
        await own.advanceNowAndThen(10 * 60_000);
        const again = await logIn(own.url, late.email, late.password);
        const one = await scan(again, second.scanId);
        return one.processingStatus === 'failed' ? one : undefined;
      }, 120_000);
      expect(failed).toMatchObject({ source: 'parametric' });
      const again = await logIn(own.url, late.email, late.password);
      expect((await again.expect(200, 'GET', '/api/users/profile')).avatar.scanId).toBe(second.scanId);
    } finally {
      await own.stop();
      await away.stop();
    }
  }, 240_000);
});

test('several clients that send 50 MB each are held in bounded memory', async () => {
  const own = await Backend.start({ environment: services(sandbox) });
  try {
    const status = (name: string) => Number(readFileSync(`/proc/${own.program.child.pid}/status`, 'utf8').match(new RegExp(`${name}:\\s+(\\d+)`))![1]) / 1024;
    const content = Buffer.concat([mesh(), Buffer.alloc(49 * 1024 * 1024, 'v 0.125 0.25 0.5\n')]);
    const members = await Promise.all([...Array(4)].map(() => consenting(own.url)));
    const before = status('VmHWM');
    // Where the objects are kept in another process that has much to do, it may be told to come again.
    const send = (member: Member, number: number) => eventually('it is taken', async () => {
      const answer = await member.call('POST', '/api/scans/upload', form(Buffer.concat([Buffer.from(`# ${number}\n`), content])));
      return answer.status === 503 ? undefined : answer;
    }, 120_000);
    const taken = await Promise.all(members.map(send));
    expect(taken.map((one) => one.status)).toEqual([202, 202, 202, 202]);
    expect(status('VmHWM') - before).toBeLessThan(110);
  } finally {
    await own.stop();
  }
}, 240_000);
