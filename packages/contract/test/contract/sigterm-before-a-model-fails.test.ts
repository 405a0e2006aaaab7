import { readdirSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { startProgram } from './program.js';

let root: ContainerRoot;
afterEach(() => root.remove());

it('exits 1 with the stop in its failure file and leaves no partial model', async () => {
  root = makeContainerRoot({ hyperparameters: { behaviour: 'wait-for-stop' }, channels: { train: { a: '1,2\n' } } });
  const program = startProgram(root);
  await program.printed('waiting');

  program.process.kill('SIGTERM');

  expect(await program.ended()).toBe(1);
  expect(root.readFailure()).toContain('ClientError: The job was stopped (SIGTERM) before a usable model existed.');
  expect(readdirSync(root.paths.model)).toEqual([]);
});
