import { defineConfig } from 'vitest/config';

/** `npm run peers`: checks against real XGBoost, which need Python and are not part of `npm test`. */
export default defineConfig({
  test: { include: ['test/peers/**/*.peer.ts'], testTimeout: 600_000, hookTimeout: 600_000 },
});
