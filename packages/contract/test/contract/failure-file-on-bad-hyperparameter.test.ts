import { readdirSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { runProgram } from './program.js';

let root: ContainerRoot;
afterEach(() => root.remove());

it('exits 1 and lists every problem in the failure file, cause first, without a stack', async () => {
  root = makeContainerRoot({
    hyperparameters: { rounds: '0', behavior: 'normal' },
    channels: { train: { a: '1,2\n' } },
  });

  const { code, output } = await runProgram(root);

  expect(code).toBe(1);
  expect(root.readFailure()).toBe(
    'ClientError: 2 problems with the hyperparameters. Unknown hyperparameter "behavior"; did you mean "behaviour"? ' +
      'Hyperparameter "rounds" must be an integer in [1, 1000]; received "0".',
  );
  expect(output).not.toContain('    at ');
  expect(readdirSync(root.paths.model)).toEqual([]);
});
