import { suiteInParts } from '../../vitest.base.js';

/** The others start programs and servers, or send signals. */
export default suiteInParts(['test/{channels,definition,formats,hyperparameters,specification}/**/*.test.ts']);
