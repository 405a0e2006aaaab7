import { describe, expect, it } from 'vitest';
import { csvWeights, seed } from '../../src/hyperparameters/fields.js';
import { isWhole, nameList, numberGroups, numberList } from '../../src/hyperparameters/lists.js';

const signs = numberList({ rule: 'a list of -1, 0 or 1', holds: isWhole(-1, 1), mayBeEmpty: true });
const widths = numberList({
  rule: 'none, or widths',
  holds: isWhole(1, 100),
  words: { none: [] as readonly number[], all: 'all' },
});
const groups = numberGroups({ rule: 'groups of columns', holds: isWhole(0) });
const names = nameList('names between commas');

describe('a hyperparameter that is a list of numbers', () => {
  it.each([
    ['(1,0,-1)', [1, 0, -1]],
    ['[1, 0, -1]', [1, 0, -1]],
    [' 1,0,-1 ', [1, 0, -1]],
    ['(1,)', [1]],
    ['()', []],
  ])('reads %s', (text, expected) => {
    expect(signs.parse(text)).toEqual(expected);
  });

  it.each(['(1,0', '(1,0]', '1;0', '(2)', '(0.5)', '__import__("os")', '(1,,0)', '[[1]]', 'None', '(1) 0'])(
    'refuses %s with its rule',
    (text) => {
      expect(signs.safeParse(text).error?.issues).toMatchObject([{ message: 'It must be a list of -1, 0 or 1.' }]);
    },
  );

  it('takes words for values of their own, and no empty list unless it may be empty', () => {
    expect(widths.parse('none')).toEqual([]);
    expect(widths.parse('all')).toBe('all');
    expect(widths.parse('1e1,+2')).toEqual([10, 2]);
    for (const text of ['', '()', 'nothing', 'toString']) expect(widths.safeParse(text).success).toBe(false);
  });
});

describe('a hyperparameter that is a list of lists', () => {
  it.each([
    [
      '[[0,1],[2,3,4]]',
      [
        [0, 1],
        [2, 3, 4],
      ],
    ],
    ['((0,1),(2,))', [[0, 1], [2]]],
    ['[0,1],[2]', [[0, 1], [2]]],
    ['[]', []],
  ])('reads %s', (text, expected) => {
    expect(groups.parse(text)).toEqual(expected);
  });

  it.each(['[0,1]', '[[]]', '[[0,-1]]', '[[0,1.5]]', '[[[0]]]', '[["f0","f1"]]', '[[[[[0]]]]]'])(
    'refuses %s',
    (text) => {
      expect(groups.safeParse(text).success).toBe(false);
    },
  );
});

describe('a hyperparameter that is a list of names', () => {
  it('reads names between commas or as JSON, each once', () => {
    expect(names.parse('logloss, auc,error@0.7,auc')).toEqual(['logloss', 'auc', 'error@0.7']);
    expect(names.parse(`["rmse", 'mae']`)).toEqual(['rmse', 'mae']);
  });

  it.each(['', 'a,,b', '[]', '["a,b","c"]', '("a","b")', 'a,"b'])('refuses %j', (text) => {
    expect(names.safeParse(text).success).toBe(false);
  });
});

it('csv_weights and seed are those of SageMaker’s own algorithms', () => {
  expect([csvWeights().parse(undefined), seed('Start.').parse(undefined)]).toEqual([0, 0]);
  expect([-1, 2, 0.5].map((value) => csvWeights().safeParse(value).success)).toEqual([false, false, false]);
  expect([-1, 2 ** 31].map((value) => seed('Start.').safeParse(value).success)).toEqual([false, false]);
  expect(seed('Start.', -2147483647).parse(-5)).toBe(-5);
});
