import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { startProgram } from './program.js';

let root: ContainerRoot;
afterEach(() => root.remove());

it('a stopped job exits 0 with the last saved model', async () => {
  root = makeContainerRoot({ hyperparameters: { behaviour: 'save-then-wait' }, channels: { train: { a: '1,2\n' } } });
  const program = startProgram(root);
  await program.printed('waiting');

  program.process.kill('SIGTERM');

  expect(await program.ended()).toBe(0);
  expect(program.output()).toContain('stopped by SIGTERM; the best model so far is saved');
  expect(existsSync(join(root.paths.model, '.manifest.json'))).toBe(true);
});
