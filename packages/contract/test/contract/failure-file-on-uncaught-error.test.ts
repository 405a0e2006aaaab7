import { afterEach, expect, it } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { runProgram } from './program.js';

let root: ContainerRoot;
afterEach(() => root.remove());

it.each([
  ['throw', 'AlgorithmError: TypeError: the algorithm has a bug'],
  ['reject-later', 'AlgorithmError: RangeError: nobody waits for this'],
  ['no-model', 'AlgorithmError: mean returned from train without calling job.saveModel.'],
])('has the error and its place if the algorithm does %s', async (behaviour, failure) => {
  root = makeContainerRoot({ hyperparameters: { behaviour }, channels: { train: { a: '1,2\n' } } });

  const { code, output } = await runProgram(root);

  expect(code).toBe(1);
  expect(root.readFailure()?.split('\n')[0]).toBe(failure);
  expect(root.readFailure()?.length).toBeLessThanOrEqual(1024);
  expect(output).toContain('    at ');
});

it('has the first of two errors, which the log has once', async () => {
  root = makeContainerRoot({ hyperparameters: { behaviour: 'reject-and-throw' }, channels: { train: { a: '1,2\n' } } });

  const { code, output } = await runProgram(root);

  expect(code).toBe(1);
  expect(root.readFailure()?.split('\n')[0]).toBe('AlgorithmError: TypeError: the algorithm has a bug');
  expect(output.match(/AlgorithmError E_\w+: .*/g)).toEqual([
    'AlgorithmError E_ALGORITHM: TypeError: the algorithm has a bug',
  ]);
});

it.each([
  ['exit', 'AlgorithmError: The algorithm ended without returning from train: it called process.exit(0).'],
  ['save-then-exit', 'AlgorithmError: The algorithm ended without returning from train: it called process.exit(0).'],
  [
    'never-settle',
    'AlgorithmError: The algorithm ended without returning from train: train awaits a promise that can never settle.',
  ],
])('has the reason if the algorithm exits without returning: %s', async (behaviour, failure) => {
  root = makeContainerRoot({ hyperparameters: { behaviour }, channels: { train: { a: '1,2\n' } } });

  const { code } = await runProgram(root);

  expect(code).toBe(1);
  expect(root.readFailure()?.split('\n')[0]).toBe(failure);
});

it('has the memory limit if the algorithm exceeds it', async () => {
  root = makeContainerRoot({
    hyperparameters: { behaviour: 'exhaust-memory' },
    channels: { train: { a: '1,2\n' } },
  });

  const { code } = await runProgram(root, ['train'], { nodeOptions: ['--max-old-space-size=64'] });

  expect(code).toBe(1);
  expect(root.readFailure()).toMatch(/^ClientError: The training needs more memory than the \d+ MB that JavaScript/);
});

it('blames the memory if an array cannot be allocated', async () => {
  root = makeContainerRoot({ hyperparameters: { behaviour: 'allocate' }, channels: { train: { a: '1,2\n' } } });

  const { code } = await runProgram(root);

  expect(code).toBe(1);
  expect(root.readFailure()).toBe(
    'ClientError: The training needs more memory than this instance has: an array could not be allocated. Use less data, or an instance with more memory.',
  );
});

it('fails the job even if it saved a model before the bug', async () => {
  root = makeContainerRoot({ hyperparameters: { behaviour: 'save-then-throw' }, channels: { train: { a: '1,2\n' } } });

  const { code } = await runProgram(root);

  expect(code).toBe(1);
  expect(root.readFailure()).toContain('the algorithm has a bug');
});
