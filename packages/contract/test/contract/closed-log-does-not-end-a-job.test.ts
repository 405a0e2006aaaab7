import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { PROGRAM, platformVariables } from './program.js';

let root: ContainerRoot;
afterEach(() => root.remove());

it('finishes a job after the readers of stdout and stderr have gone', async () => {
  root = makeContainerRoot({ hyperparameters: { behaviour: 'print' }, channels: { train: { a: '1,2\n' } } });
  const program = spawn(process.execPath, [PROGRAM, 'train'], {
    env: platformVariables(root),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  program.stdout.destroy();
  program.stderr.destroy();

  const [code] = await once(program, 'exit');

  expect(code).toBe(0);
  expect(root.readFailure()).toBeUndefined();
});
