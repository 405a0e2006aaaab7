import { afterEach, expect, it } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { runProgram } from './program.js';

let root: ContainerRoot;
afterEach(() => root.remove());

it.each([
  [
    'a ragged row',
    { 'a.csv': '1,2\n3,4\n', 'b.csv': '1,2\n3\n' },
    /^ClientError: train\/b\.csv line 2: expected 2 columns as on line 1.*; received 1\./,
  ],
  ['a text field', { 'a.csv': '1,2\n3,abc\n' }, /^ClientError: train\/a\.csv line 2 column 2: .*received "abc"/],
  ['a header line', { 'a.csv': 'y,x\n3,4\n' }, /^ClientError: train\/a\.csv line 1 .*header/],
  ['a missing value', { 'a.csv': '1,2\n3,\n' }, /^ClientError: train\/a\.csv line 2 column 2: /],
  ['no files', { _SUCCESS: 'x', '.hidden': '1,2\n', empty: '' }, /^ClientError: Channel "train" has no files in /],
])('names the place of %s in the failure file', async (_, files, failure) => {
  root = makeContainerRoot({ channels: { train: files as Record<string, string> } });

  const { code } = await runProgram(root);

  expect(code).toBe(1);
  expect(root.readFailure()).toMatch(failure);
});
