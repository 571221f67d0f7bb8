import { defineConfig, mergeConfig } from 'vitest/config';
import ordinary from './vitest.config.ts';

/** The tests of the API once more, with documents in MongoDB and coordination in Redis. */
export default mergeConfig(ordinary, defineConfig({
  test: { globalSetup: ['tests/support/outside_engines.ts'] },
}));
