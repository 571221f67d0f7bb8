import {
  AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, DeleteObjectCommand, GetObjectCommand, HeadObjectCommand,
  ListObjectsV2Command, PutObjectCommand, S3Client, UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../program.ts';
import { S3 } from '../s3.ts';
import { startChecker } from './checker.mjs';
import { key, startS3rver } from './s3rver.mjs';
import { sha256, verify } from './signature.mjs';

// The S3 of our contract tests verifies signatures by a checker of our own. What the official SDK signs proves the checker; what
// is changed on the way proves that it looks.

type Running = Awaited<ReturnType<typeof startChecker>>;
let s3: Awaited<ReturnType<typeof startS3rver>>;
let checker: Running;
const Bucket = 'gym-objects';

function client(secret = key.secret, id = key.id) {
  return new S3Client({
    endpoint: `http://127.0.0.1:${checker.port}`, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1, credentials: { accessKeyId: id, secretAccessKey: secret },
  });
}

beforeAll(async () => {
  s3 = await startS3rver({ folder: temporaryFolder('s3'), buckets: [Bucket] });
  checker = await startChecker({ target: s3, keys: { [key.id]: key.secret }, region: 'us-east-1', own: s3.abort });
});
afterAll(async () => {
  await checker.close();
  await s3.close();
});

describe('the official SDK is let through', () => {
  const sdk = () => client();

  test.each(['plain', 'with space & plus+sign/ü–ö/(brackets)!*\'~', 'a=b,c:d;e@f$g/#hash?question'])('put, head, get, list, delete of %s', async (Key) => {
    await sdk().send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from('content'), ContentType: 'text/plain', Metadata: { of: 'a  test' } }));
    expect((await sdk().send(new HeadObjectCommand({ Bucket, Key }))).ContentLength).toBe(7);
    const got = await sdk().send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=1-3' }));
    expect(await got.Body!.transformToString()).toBe('ont');
    const listed = await sdk().send(new ListObjectsV2Command({ Bucket, Prefix: Key.slice(0, 5), MaxKeys: 5 }));
    expect(listed.Contents?.map((one) => one.Key)).toContain(Key);
    await sdk().send(new DeleteObjectCommand({ Bucket, Key }));
    await expect(sdk().send(new GetObjectCommand({ Bucket, Key }))).rejects.toThrow(/does not exist/);
  });

  test('an upload in parts', async () => {
    const Key = 'parts';
    const { UploadId } = await sdk().send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const Body = Buffer.alloc(5 << 20, 'x');
    const part = await sdk().send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body }));
    await sdk().send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag: part.ETag }] } }));
    expect((await sdk().send(new HeadObjectCommand({ Bucket, Key }))).ContentLength).toBe(5 << 20);
  });

  test('an upload that is given up', async () => {
    const Key = 'given-up';
    const { UploadId } = await sdk().send(new CreateMultipartUploadCommand({ Bucket, Key }));
    await sdk().send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  });

  test('pages of a list, in the order of the keys', async () => {
    const keys = ['page/a', 'page/a-b', 'page/a.b', 'page/a/b', 'page/ab'].sort();
    for (const Key of keys) await sdk().send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    const found: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await sdk().send(new ListObjectsV2Command({ Bucket, Prefix: 'page/', MaxKeys: 2, ContinuationToken }));
      found.push(...page.Contents!.map((one) => one.Key!));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(found).toEqual(keys);
  });

  test('presigned GET and PUT', async () => {
    const Key = 'presigned/ä b';
    const put = await getSignedUrl(sdk(), new PutObjectCommand({ Bucket, Key, ContentType: 'text/plain' }), { expiresIn: 60, signableHeaders: new Set(['content-type']) });
    expect((await fetch(put, { method: 'PUT', body: 'by url', headers: { 'content-type': 'text/plain' } })).status).toBe(200);
    const get = await getSignedUrl(sdk(), new GetObjectCommand({ Bucket, Key, ResponseContentDisposition: 'attachment; filename="x y"' }), { expiresIn: 60 });
    expect(await (await fetch(get)).text()).toBe('by url');
    const other = get.replace('presigned', 'something');
    expect((await fetch(other)).status).toBe(403);
    expect((await fetch(`${get}&versionId=1`)).status).toBe(403);
    expect((await fetch(get, { method: 'DELETE' })).status).toBe(403);
    expect((await fetch(put, { method: 'PUT', body: 'by url', headers: { 'content-type': 'text/html' } })).status).toBe(403);
  });
});

describe('what is not signed as it must be is refused', () => {
  const refused = async (work: Promise<unknown>) => (await work.then(() => 'accepted', (why) => why.name ?? why.message)) as string;

  test('a wrong secret, an unknown key, another region', async () => {
    expect(await refused(client('wrong').send(new ListObjectsV2Command({ Bucket })))).toBe('SignatureDoesNotMatch');
    expect(await refused(client(key.secret, 'UNKNOWN').send(new ListObjectsV2Command({ Bucket })))).toBe('InvalidAccessKeyId');
    const elsewhere = new S3Client({
      endpoint: `http://127.0.0.1:${checker.port}`, region: 'eu-west-1', forcePathStyle: true, maxAttempts: 1, credentials: { accessKeyId: key.id, secretAccessKey: key.secret },
    });
    expect(await refused(elsewhere.send(new ListObjectsV2Command({ Bucket })))).toBe('AuthorizationHeaderMalformed');
  });

  test('no signature at all', async () => {
    expect((await fetch(`http://127.0.0.1:${checker.port}/${Bucket}`)).status).toBe(403);
  });

  /** A request that the SDK signed, as it would arrive. */
  async function caught() {
    const sdk = client();
    let seen: { method: string; url: string; headers: Record<string, string>; body: Buffer } | undefined;
    sdk.middlewareStack.add((next) => async (args) => {
      const request = args.request as { method: string; path: string; query: Record<string, string>; headers: Record<string, string>; body: Buffer };
      const query = Object.entries(request.query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
      seen = { method: request.method, url: request.path + (query ? `?${query}` : ''), headers, body: Buffer.from(request.body) };
      return next(args);
    }, { step: 'finalizeRequest', priority: 'low' });
    await sdk.send(new PutObjectCommand({ Bucket, Key: 'caught', Body: Buffer.from('content'), ContentType: 'text/plain', Metadata: { of: 'a test' } }));
    return seen!;
  }
  const by = { keys: { [key.id]: key.secret }, region: 'us-east-1' };
  const code = (request: Parameters<typeof verify>[0], options = {}) => {
    try {
      verify(request, { ...by, ...options });
      return 'accepted';
    } catch (why) {
      return (why as { code: string }).code;
    }
  };

  test('anything changed on the way', async () => {
    const request = await caught();
    expect(code(request)).toBe('accepted');
    expect(code({ ...request, method: 'DELETE' })).toBe('SignatureDoesNotMatch');
    expect(code({ ...request, url: request.url.replace('caught', 'cought') })).toBe('SignatureDoesNotMatch');
    expect(code({ ...request, url: `${request.url}&acl=` })).toBe('SignatureDoesNotMatch');
    expect(code({ ...request, body: Buffer.from('CONTENT') })).toBe('XAmzContentSHA256Mismatch');
    const other = Buffer.from('CONTENT');
    expect(code({ ...request, body: other, headers: { ...request.headers, 'x-amz-content-sha256': sha256(other) } })).toBe('SignatureDoesNotMatch');
    expect(code({ ...request, headers: { ...request.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } })).toBe('SignatureDoesNotMatch');
    expect(code({ ...request, headers: { ...request.headers, 'x-amz-meta-of': 'another' } })).toBe('SignatureDoesNotMatch');
    expect(code({ ...request, headers: { ...request.headers, 'x-amz-acl': 'public-read' } })).toBe('AccessDenied');
    expect(code({ ...request, headers: { ...request.headers, host: 'elsewhere' } })).toBe('SignatureDoesNotMatch');
    expect(code({ ...request, headers: { ...request.headers, authorization: 'AWS x:y' } })).toBe('AuthorizationHeaderMalformed');
    const { 'x-amz-content-sha256': _, ...without } = request.headers;
    expect(code({ ...request, headers: without })).toBe('InvalidRequest');
  });

  test('an old request, and a presigned one after its end', async () => {
    expect(code(await caught(), { now: Date.now() + 16 * 60_000 })).toBe('RequestTimeTooSkewed');
    const url = new URL(await getSignedUrl(client(), new GetObjectCommand({ Bucket, Key: 'caught' }), { expiresIn: 60 }));
    const request = { method: 'GET', url: url.pathname + url.search, headers: { host: url.host }, body: Buffer.alloc(0) };
    expect(code(request)).toBe('accepted');
    expect(code(request, { now: Date.now() + 61_000 })).toBe('AccessDenied');
    expect(code({ ...request, url: request.url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600') })).toBe('SignatureDoesNotMatch');
  });
});

test('in a process of its own it is killed and comes back with what it had', async () => {
  const own = await S3.start();
  const sdk = new S3Client({
    endpoint: own.endpoint, region: S3.region, forcePathStyle: true, maxAttempts: 1, credentials: { accessKeyId: S3.accessKeyId, secretAccessKey: S3.secretAccessKey },
  });
  await sdk.send(new PutObjectCommand({ Bucket: own.bucket, Key: 'kept', Body: 'x' }));
  await own.kill();
  await expect(sdk.send(new HeadObjectCommand({ Bucket: own.bucket, Key: 'kept' }))).rejects.toThrow();
  await own.start();
  expect((await sdk.send(new HeadObjectCommand({ Bucket: own.bucket, Key: 'kept' }))).ContentLength).toBe(1);
  await own.kill();
});
