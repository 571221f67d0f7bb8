import { MongoDb } from './mongodb.ts';
import { Redis } from './redis.ts';

/** Engines for a run of tests whose backends keep nothing in their own folders: tools/vitest.sh --config vitest.outside.config.ts */
export default async function setup() {
  const mongodb = await MongoDb.start();
  const redis = await Redis.start();
  process.env.NXG_TEST_MONGODB_SOCKET = mongodb.socket;
  process.env.NXG_TEST_REDIS_URL = redis.url;
  return async () => {
    await redis.kill();
    await mongodb.kill();
  };
}
