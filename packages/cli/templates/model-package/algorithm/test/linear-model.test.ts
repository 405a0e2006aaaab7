import { describe, expect, it } from 'vitest';
import { fitLeastSquares, predictRows } from '../src/linear-model.js';

describe('least squares', () => {
  it('finds the plane that all rows lie on', () => {
    const rows = [
      [1, 2],
      [3, 1],
      [4, 5],
      [2, 2],
    ] as const;
    const table = rows.map(([a, b]) => [7 + 2 * a - 3 * b, a, b]);

    const { intercept, coefficients } = fitLeastSquares(table);

    // Elimination rounds in the last digits.
    expect([intercept, ...coefficients]).toEqual([7, 2, -3].map((value) => expect.closeTo(value, 10)));
  });

  it('gives the mean slope of rows that no line goes through', () => {
    // Sums by hand: Sxy = 4, Sxx = 2, means 3 and 1.
    const model = fitLeastSquares([
      [1, 0],
      [3, 1],
      [5, 2],
    ]);

    expect(model).toEqual({ intercept: 1, coefficients: [2] });
  });

  it('refuses a column that is twice another one, naming it', () => {
    const table = [1, 2, 4].map((value) => [value, value, 2 * value]);

    expect(() => fitLeastSquares(table)).toThrow('Column 2 is a combination of the columns before it.');
  });
});

it('a prediction is the intercept and a coefficient for each value', () => {
  const model = { intercept: 1, coefficients: [10, 100] };

  expect([...predictRows(model, Float64Array.of(1, 2, 3, 4), 2)]).toEqual([211, 431]);
});
