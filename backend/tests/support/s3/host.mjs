// host.mjs [--port=PORT] FOLDER BUCKET...: an S3 that verifies every signature, in a process of its own. Prints "ready PORT"; ends
// with its standard input. A line there, the name of a bucket, asks what was seen: it answers with one line of JSON.
import { readdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startChecker } from './checker.mjs';
import { key, startS3rver } from './s3rver.mjs';

const { values, positionals: [folder, ...buckets] } = parseArgs({ options: { port: { type: 'string', default: '0' } }, allowPositionals: true });
const s3 = await startS3rver({ folder, buckets });
const checker = await startChecker({ target: s3, keys: { [key.id]: key.secret }, region: 'us-east-1', own: s3.abort, port: Number(values.port) });
console.log(`ready ${checker.port}`);
createInterface({ input: process.stdin })
  .on('line', async (bucket) => {
    const unfinished = await readdir(s3.uploads(bucket)).catch(() => []);
    console.log(JSON.stringify({ ...checker.seen, unfinishedUploads: unfinished.length }));
  })
  .on('close', () => process.exit(0));
