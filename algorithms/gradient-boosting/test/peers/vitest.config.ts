import { defineConfig } from 'vitest/config';
import { suiteOf } from '../../../../vitest.base.js';

/**
 * `npm run peers`: checks against real XGBoost, which need Python and are not part of `npm test`. One file at a time: the
 * first makes the virtual environment.
 */
export default defineConfig(suiteOf(['test/peers/**/*.peer.ts'], { fileParallelism: false }));
