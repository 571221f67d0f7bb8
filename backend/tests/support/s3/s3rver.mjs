// s3rver as it would have to be: in a folder, on a free port, with what it gets wrong put right.
import crypto from 'node:crypto';
import { createRequire } from 'node:module';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

/** Its continuation tokens are encrypted by DES, which OpenSSL 3 has not; triple DES with one key thrice is the same. */
function bringBackDes() {
  for (const name of ['createCipheriv', 'createDecipheriv']) {
    const original = crypto[name];
    crypto[name] = (cipher, key, ...more) =>
      cipher === 'des' ? original('des-ede3-cbc', Buffer.concat([key, key, key]), ...more) : original(cipher, key, ...more);
  }
}

/** It lists in the order of its files' names, and pages of that overlook keys: S3 lists in the order of the keys' octets. */
function listInOrder(store) {
  const original = store.listObjects.bind(store);
  store.listObjects = async (bucket, { startAfter = '', maxKeys = 1000, ...options }) => {
    const all = await original(bucket, { ...options, startAfter: '', maxKeys: Infinity });
    const after = Buffer.from(startAfter);
    const objects = all.objects.map((object) => [Buffer.from(object.key), object])
      .filter(([key]) => Buffer.compare(key, after) > 0)
      .sort((a, b) => Buffer.compare(a[0], b[0])).map(([, object]) => object);
    return { ...all, objects: objects.slice(0, maxKeys), isTruncated: objects.length > maxKeys };
  };
}

/** It would promise an octet of an empty object and never send it. */
function rangesOfNothing(store) {
  const original = store.getObject.bind(store);
  store.getObject = async (bucket, key, options) => {
    const object = await original(bucket, key, options);
    if (object?.size !== 0 || options?.start === undefined) return object;
    object.content?.destroy();
    return Object.assign(object, { content: null, range: { start: options.start, end: options.start } });
  };
}

export const key = { id: 'S3RVER', secret: 'S3RVER' };

export async function startS3rver({ folder, buckets }) {
  bringBackDes();
  const S3rver = require('s3rver');
  const server = new S3rver({
    address: '127.0.0.1', port: 0, directory: folder, silent: true, vhostBuckets: false, configureBuckets: buckets.map((name) => ({ name })),
  });
  listInOrder(server.store);
  rangesOfNothing(server.store);
  const { port } = await server.run();
  /** It does not know AbortMultipartUpload: removes what there is of the upload. */
  const abort = async (request) => {
    const url = new URL(request.url, 'http://s3');
    const upload = url.searchParams.get('uploadId');
    if (request.method !== 'DELETE' || upload === null) return undefined;
    const [, bucket] = url.pathname.split('/');
    if (!buckets.includes(bucket) || !/^[0-9a-f]{32}$/.test(upload)) return 404;
    await rm(join(server.store.getResourcePath(bucket, undefined, 'uploads'), upload), { recursive: true, force: true });
    return 204;
  };
  return { host: '127.0.0.1', port, abort, uploads: (bucket) => server.store.getResourcePath(bucket, undefined, 'uploads'), close: () => server.close() };
}
