import { defineConfig, mergeConfig } from 'vitest/config';
import ordinary from './vitest.config.ts';

/** The tests of the API once more, with documents in MongoDB, coordination in Redis and objects in S3. */
export default mergeConfig(ordinary, defineConfig({
  test: { globalSetup: ['tests/support/outside_engines.ts'] },
}));
