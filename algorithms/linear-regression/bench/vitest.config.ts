import { defineConfig } from 'vitest/config';
import { suiteOf } from '../../../vitest.base.js';

export default defineConfig(suiteOf(['bench/**/*.speed.ts']));
