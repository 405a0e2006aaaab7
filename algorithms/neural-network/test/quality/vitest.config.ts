import { defineConfig } from 'vitest/config';
import { suiteOf } from '../../../../vitest.base.js';

/** `npm run quality`: accuracies over several seeds, which take longer than `npm test` should. */
export default defineConfig(suiteOf(['test/quality/**/*.quality.ts']));
