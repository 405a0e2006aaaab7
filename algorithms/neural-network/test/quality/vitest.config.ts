import { defineConfig } from 'vitest/config';

/** `npm run quality`: accuracies over several seeds, which take longer than `npm test` should. */
export default defineConfig({ test: { include: ['test/quality/**/*.quality.ts'], testTimeout: 600_000 } });
