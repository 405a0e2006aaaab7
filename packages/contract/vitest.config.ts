import { defineConfig } from 'vitest/config';
import { mpiSuite, suiteInParts } from '../../vitest.base.js';

/** The other one replaces `node:fs`. Tests of servers wait most of the time, so that there is time for one on each core. */
const parts = suiteInParts(['test/**/!(save).test.ts'], { maxWorkers: '100%' });

export default defineConfig((run) => (run.mode === 'mpi' ? mpiSuite() : parts(run)));
