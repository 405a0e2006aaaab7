import { expect, it } from 'vitest';
import { modelInputProblem } from '../../src/model/input-problem.js';

it('an example row comes with the number of its features', () => {
  expect(modelInputProblem({ exampleRow: [1, 2] })).toBe('exampleRow must come with featureCount');
  expect(modelInputProblem({ featureCount: 2, exampleRow: [1, 2] })).toBeUndefined();
});
