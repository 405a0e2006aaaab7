import { afterEach, expect, it } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { runProgram } from './program.js';

let root: ContainerRoot;
afterEach(() => root.remove());

it.each([
  [[], ''],
  [['trian'], '; received "trian"'],
  [['train', 'extra'], '; received "train extra"'],
])('exits 2 and prints the usage for the arguments %j', async (args, received) => {
  root = makeContainerRoot();

  const { code, output } = await runProgram(root, args);

  expect(code).toBe(2);
  expect(output).toBe(`usage: mean train | serve | describe${received}\n`);
});

it('--help prints the usage and exits 0', async () => {
  root = makeContainerRoot();

  expect(await runProgram(root, ['--help'])).toEqual({ code: 0, output: 'usage: mean train | serve | describe\n' });
});

it('describe prints the definition as JSON', async () => {
  root = makeContainerRoot();

  const { code, output } = await runProgram(root, ['describe']);

  expect(code).toBe(0);
  expect(JSON.parse(output)).toMatchObject({
    Name: 'mean',
    TrainingSpecification: { SupportsDistributedTraining: false },
  });
});
