import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { mpiDirectory } from '../../../src/testing/hosts.js';

const LIBRARY = new URL('../../../dist/cluster/mpi/library.js', import.meta.url).href;

/** Loads MPI in a thread, and prints what is loaded after its end. */
const PROGRAM = `
const { Worker } = require('node:worker_threads');
const load = 'import(' + JSON.stringify(process.argv[1]) + ').then(({ loadMpi }) => loadMpi(' + JSON.stringify(process.argv[2]) + '))';
new Worker(load, { eval: true }).on('exit', (code) => {
  const maps = require('node:fs').readFileSync('/proc/self/maps', 'utf8');
  require('node:fs').writeSync(1, code + ' ' + maps.includes('libmpi_abi.so'));
  process.execve(process.execPath, [process.execPath, '-e', ''], {}); // an exit would wait for ever
});
`;

it('stays loaded when the thread ends that has loaded it, since its own threads may still run', () => {
  const output = execFileSync(process.execPath, ['--eval', PROGRAM, LIBRARY, mpiDirectory()], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

  expect(output).toBe('0 true');
});
