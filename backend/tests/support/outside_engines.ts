import { MongoDb } from './mongodb.ts';
import { Redis } from './redis.ts';
import { S3 } from './s3.ts';

/** Engines for a run of tests whose backends keep nothing in their own folders: tools/vitest.sh --config vitest.outside.config.ts */
export default async function setup() {
  const mongodb = await MongoDb.start();
  const redis = await Redis.start();
  const s3 = await S3.start();
  process.env.NXG_TEST_MONGODB_SOCKET = mongodb.socket;
  process.env.NXG_TEST_REDIS_URL = redis.url;
  process.env.NXG_TEST_S3 = JSON.stringify({ url: s3.endpoint, bucket: s3.bucket });
  return async () => {
    await s3.kill();
    await redis.kill();
    await mongodb.kill();
  };
}
