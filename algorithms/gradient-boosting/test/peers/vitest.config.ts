import { defineConfig } from 'vitest/config';

/**
 * `npm run peers`: checks against real XGBoost, which need Python and are not part of `npm test`. One file at a time: the
 * first makes the virtual environment.
 */
export default defineConfig({
  test: {
    include: ['test/peers/**/*.peer.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
