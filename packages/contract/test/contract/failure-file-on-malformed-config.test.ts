import { afterEach, expect, it } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { runProgram } from './program.js';

let root: ContainerRoot;
afterEach(() => root.remove());

it('writes a PlatformError for a config file that is not JSON', async () => {
  root = makeContainerRoot({ channels: { train: { a: '1,2\n' } } });
  root.write('input/config/resourceconfig.json', '{');

  const { code } = await runProgram(root);

  expect(code).toBe(1);
  expect(root.readFailure()).toMatch(/^PlatformError: .*resourceconfig\.json must be valid JSON/);
});
