import { suiteInParts } from '../../vitest.base.js';

/** The other one replaces `node:fs`. Tests of servers wait most of the time, so that there is time for one on each core. */
export default suiteInParts(['test/**/!(save).test.ts'], { maxWorkers: '100%' });
