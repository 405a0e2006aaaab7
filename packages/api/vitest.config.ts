import { suiteOfWorkspace } from '../../vitest.base.js';

/** Tests wait for jobs and servers most of the time, so that there is time for one on each core. */
export default suiteOfWorkspace({ isolate: false, maxWorkers: '100%' });
