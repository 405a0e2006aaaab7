import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { runProgram } from './program.js';

let root: ContainerRoot;
afterEach(() => root.remove());

it('exits 0 with a model and its manifest, and removes the failure file of an earlier job', async () => {
  root = makeContainerRoot({ channels: { train: { 'a.csv': '1,10\n', 'b.csv': '3,10\n' } } });
  mkdirSync(dirname(root.paths.failure), { recursive: true });
  writeFileSync(root.paths.failure, 'ClientError: of an earlier job');

  const { code, output } = await runProgram(root);

  expect(output).toContain('mean 1.0.0 train: node ');
  expect(output).toContain('train:mean=2\n');
  expect(output).toMatch(/saved model \(\d+ kB\) to .*model in \d+\.\d s\n$/);
  expect(code).toBe(0);
  expect(readdirSync(root.paths.model).sort()).toEqual(['.manifest.json', 'model.json']);
  expect(root.readFailure()).toBeUndefined();
});
