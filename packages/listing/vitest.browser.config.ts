/** The report in a real Chromium: `npm run test:browser`. Not a part of `npm test`, which needs only Node. */
import { defineConfig } from 'vitest/config';
import { suiteOf } from '../../vitest.base.js';

export default defineConfig(suiteOf(['test/browser/*.browser.ts'], { fileParallelism: false }));
