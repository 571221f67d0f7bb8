import { defineConfig } from 'vitest/config';
import { patiently } from './tests/support/patience.ts';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Each file starts its own programs on free ports; two files at a time on two cores.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: patiently(60_000),
    hookTimeout: patiently(60_000),
  },
});
