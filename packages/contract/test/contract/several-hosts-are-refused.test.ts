import { afterEach, expect, it } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { runProgram } from './program.js';

let root: ContainerRoot;
afterEach(() => root.remove());

it('fails a job on two instances if the algorithm trains on one', async () => {
  root = makeContainerRoot({
    channels: { train: { a: '1,2\n' } },
    resourceConfig: { current_host: 'algo-1', hosts: ['algo-1', 'algo-2'] },
  });

  const { code } = await runProgram(root);

  expect(code).toBe(1);
  expect(root.readFailure()).toBe('ClientError: mean trains on one instance; the job has 2. Set InstanceCount to 1.');
});
