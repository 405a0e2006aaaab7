/**
 * Compiled code of the programs that tests start, kept for the next one in the test run's temporary folder: without it,
 * nearly half of what such a program computes is the compilation of its modules.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') };
