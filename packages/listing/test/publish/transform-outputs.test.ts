/** Which object is the output of which input. */
import { expect, it } from 'vitest';
import { outputKeys } from '../../src/publish/transform-outputs.js';

it('an output in a folder is not that of an input of the same name beside the folder', () => {
  const newestFirst = ['more/input.csv.out', 'input.csv.out'];

  expect(outputKeys(newestFirst, ['input.csv.out', 'more/input.csv.out'])).toEqual([
    'input.csv.out',
    'more/input.csv.out',
  ]);
  expect(outputKeys(['more/input.csv.out'], ['input.csv.out', 'more/input.csv.out'])).toEqual([
    undefined,
    'more/input.csv.out',
  ]);
});

it('finds outputs in a folder that the service adds, all in the newest one', () => {
  const newestFirst = ['job-2/b.csv.out', 'job-2/a.csv.out', 'job-1/a.csv.out', 'job-1/b.csv.out'];

  expect(outputKeys(newestFirst, ['a.csv.out', 'b.csv.out'])).toEqual(['job-2/a.csv.out', 'job-2/b.csv.out']);
});

it('misses what is in no folder with the others', () => {
  expect(outputKeys(['job-1/a.csv.out', 'job-2/b.csv.out'], ['a.csv.out', 'b.csv.out'])).toEqual([
    'job-1/a.csv.out',
    undefined,
  ]);
  expect(outputKeys([], ['a.csv.out'])).toEqual([undefined]);
});
