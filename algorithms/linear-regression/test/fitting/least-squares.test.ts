import { createRandom } from '@algo/numerics';
import { describe, expect, it } from 'vitest';
import { fitLeastSquares } from '../../src/fitting/least-squares.js';
import { exactFits, table } from '../support/reference.js';
import { sumsOf } from '../support/table.js';

const rows = table.map(([label, , ...features]) => [label!, ...features]);
const weights = table.map((row) => row[1]!);
const withIntercept = { hasIntercept: true };

/** One rounding of our side and one of the reference's 17 digits. */
function expectClose(received: readonly number[], expected: readonly string[]): void {
  expect(received).toHaveLength(expected.length);
  expected.forEach((text, i) => {
    expect(Math.abs(received[i]! / Number(text) - 1)).toBeLessThan(4e-16);
  });
}

describe('least squares', () => {
  it('gives the exact coefficients and standard errors', () => {
    const fit = fitLeastSquares(sumsOf(rows), withIntercept);

    expectClose(fit.coefficients, exactFits.ols.coefficients);
    expectClose(fit.inference!.standardErrors, exactFits.ols.standardErrors);
    expectClose([fit.residualSumOfSquares], [exactFits.ols.residual]);
    expect(fit.degreesOfFreedom).toBe(19);
  });

  it('weights rows, and ignores rows of weight 0', () => {
    const fit = fitLeastSquares(sumsOf(rows, { weights }), withIntercept);

    expectClose(fit.coefficients, exactFits.weighted.coefficients);
    expectClose(fit.inference!.standardErrors, exactFits.weighted.standardErrors);
    expectClose([fit.residualSumOfSquares], [exactFits.weighted.residual]);
    expect(fit.rows).toBe(18);
    expect(fit.totalWeight).toBe(21);
  });

  it('penalises squares, not the intercept', () => {
    const ridge = fitLeastSquares(sumsOf(rows), { hasIntercept: true, l2: 2.5 });
    const origin = fitLeastSquares(sumsOf(rows, { weights }), { hasIntercept: false, l2: 2.5 });

    expectClose(ridge.coefficients, exactFits.ridge.coefficients);
    expectClose([ridge.residualSumOfSquares], [exactFits.ridge.residual]);
    expectClose(origin.coefficients, exactFits.weightedRidgeThroughOrigin.coefficients);
    expectClose([origin.residualSumOfSquares], [exactFits.weightedRidgeThroughOrigin.residual]);
    expect(ridge.inference).toBeUndefined();
    expect(ridge.effectiveParameters).toBeGreaterThan(1);
    expect(ridge.effectiveParameters).toBeLessThan(5);
  });

  it('changes only the intercept if a huge constant is added to a feature', () => {
    const shifted = rows.map(([label, x, ...rest]) => [label!, x! * 1 + 1e12, ...rest]);
    const [first, second] = [rows, shifted].map((data) => fitLeastSquares(sumsOf(data), withIntercept));

    expect(second!.coefficients.slice(1)).toEqual(first!.coefficients.slice(1));
    expect(second!.inference!.standardErrors.slice(1)).toEqual(first!.inference!.standardErrors.slice(1));
  });

  it('reports an exact fit as exact', () => {
    const line = [1, 2, 3, 4, 5].map((x) => [3 * x + 1, x]);
    const fit = fitLeastSquares(sumsOf(line), withIntercept);

    expect(fit.coefficients).toEqual([1, 3]);
    expect(fit.residualSumOfSquares).toBe(0);
    expect(fit.rSquared).toBe(1);
    expect(fit.inference!.standardErrors).toEqual([0, 0]);
  });

  it('has no standard errors with as many rows as coefficients', () => {
    const fit = fitLeastSquares(
      sumsOf([
        [1, 0],
        [4, 1],
      ]),
      withIntercept,
    );

    expect(fit.coefficients).toEqual([1, 3]);
    expect(fit.inference).toBeUndefined();
  });

  it('refuses fewer rows than coefficients, saying how many are needed', () => {
    expect(() => fitLeastSquares(sumsOf([[1, 2, 5]]), withIntercept)).toThrow(
      /at least 3 rows of weight above 0 to fit 3 coefficients; received 1/,
    );
  });

  it('computes the condition number of scaled columns', () => {
    // Two columns with correlation r about 0: sqrt((1 + |r|) / (1 - |r|)).
    const data = [
      [1, 1, 2],
      [2, 2, 1],
      [3, -1, 3],
    ];
    const r = (1 * 2 + 2 * 1 - 3) / Math.sqrt(6 * 14);
    const fit = fitLeastSquares(sumsOf(data), { hasIntercept: false });

    expect(fit.conditionNumber).toBeCloseTo(Math.sqrt((1 + r) / (1 - r)), 10); // power iteration stops at 1e-12
  });

  it('solves 120 random features with residuals orthogonal to them', () => {
    const random = createRandom(5).uniform;
    const data = Array.from({ length: 300 }, () => Array.from({ length: 121 }, () => Math.round(random() * 1e4) / 1e3));
    const fit = fitLeastSquares(sumsOf(data), withIntercept);
    const residuals = data.map(
      ([label, ...x]) => label! - x.reduce((sum, v, j) => sum + v * fit.coefficients[j + 1]!, fit.coefficients[0]!),
    );

    for (let j = 0; j < 121; j++) {
      const product = residuals.reduce((sum, residual, i) => sum + residual * (j === 0 ? 1 : data[i]![j]!), 0);
      expect(Math.abs(product)).toBeLessThan(1e-8); // 300 terms of size 10 · 3, each rounded at 1e-14
    }
  });
});

describe('values of extreme magnitude', () => {
  it.each([1e-300, 1e-150, 1e-30, 1e17, 1e120])(
    'give scaled coefficients if features are multiplied by %d',
    (scale) => {
      const line = [1, 2, 3, 4, 5, 7].map((x) => [3 * x + 1 + (x % 3), x * scale]);
      const plain = fitLeastSquares(sumsOf(line.map(([y], i) => [y!, [1, 2, 3, 4, 5, 7][i]!])), withIntercept);
      const fit = fitLeastSquares(sumsOf(line), withIntercept);

      expect(fit.coefficients[0]).toBeCloseTo(plain.coefficients[0]!, 10); // the products x · scale are rounded
      expect(fit.coefficients[1]! * scale).toBeCloseTo(plain.coefficients[1]!, 10);
      expect(fit.inference!.standardErrors[1]! * scale).toBeCloseTo(plain.inference!.standardErrors[1]!, 10);
    },
  );

  it('whose coefficients exceed the range of a double are refused', () => {
    const rows = [1, 2, 3].map((x) => [x * 1e200, x * 1e-200]);

    expect(() => fitLeastSquares(sumsOf(rows), withIntercept)).toThrow(
      /coefficient of feature 1 must be within the range/,
    );
  });

  it('whose standard errors exceed the range of a double are refused', () => {
    const rows = [1, 2, 3, 4, 5, 6, 7].map((x) => [(x % 3) * 1e-20, x * 1e-316]);

    expect(() => fitLeastSquares(sumsOf(rows), withIntercept)).toThrow(
      /standard error of feature 1 must be within the range/,
    );
  });
});

describe('linearly dependent columns', () => {
  const random = createRandom(11).uniform;
  const free = Array.from({ length: 40 }, () =>
    [random, random, random, random].map((next) => Math.round(next() * 1e4) / 1e2),
  );

  function errorFor(make: (a: number, b: number, c: number) => readonly number[], hasIntercept = true): string {
    const data = free.map(([y, a, b, c]) => [y!, ...make(a!, b!, c!)]);
    try {
      fitLeastSquares(sumsOf(data), { hasIntercept });
    } catch (error) {
      return (error as Error).message;
    }
    return 'no error';
  }

  it('are named with the combination', () => {
    expect(errorFor((a, b, c) => [a, b, c, Math.round((2 * b + c) * 100) / 100])).toContain(
      'received feature 4 = 2 × feature 2 + feature 3.',
    );
    expect(errorFor((a, b, c) => [a, b, c, 32 + 1.8 * a])).toContain('feature 4 = 9/5 × feature 1 + 32.');
    expect(errorFor((a, b) => [a, b, a, 3 * b])).toContain('feature 3 = feature 1; feature 4 = 3 × feature 2.');
    expect(errorFor((a, b) => [a, b, -a / 3])).toContain('feature 3 = - 1/3 × feature 1.');
  });

  it('are detected even if doubles round the combination', () => {
    expect(errorFor((a, b) => [a / 7, b / 3, a / 7 + b / 3])).toContain('feature 3 = feature 1 + feature 2.');
  });

  it('include constant columns, but only with an intercept', () => {
    expect(errorFor((a) => [a, 2.5])).toContain('feature 2 constant (5/2)');
    expect(errorFor((a) => [a, 2.5], false)).toBe('no error');
    expect(errorFor((a) => [a, 0], false)).toContain('feature 2 = 0 in every row');
  });

  it('do not include columns that are only nearly dependent', () => {
    expect(errorFor((a, b, c) => [a, b, a + 1e-9 * c])).toBe('no error');
  });
});
