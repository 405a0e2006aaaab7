import { expect, it } from 'vitest';
import { modelInputProblem } from '../../src/model/input-problem.js';

it('an example row comes with the number of its features', () => {
  expect(modelInputProblem({ exampleRow: [1, 2] })).toBe('exampleRow must come with featureCount');
  expect(modelInputProblem({ featureCount: 2, exampleRow: [1, 2] })).toBeUndefined();
});

it('a row has as many features as an array holds, or fewer', () => {
  expect(modelInputProblem({ featureCount: 2 ** 31 })).toBeUndefined();
  expect(modelInputProblem({ featureCount: 2 ** 31 + 1 })).toBe(
    'featureCount must be at most 2147483648; received 2147483649',
  );
});
