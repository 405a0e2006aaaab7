import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ratioToNumber } from '../../src/exact/decimal.js';
import { fitLeastSquares } from '../../src/fitting/least-squares.js';
import { sumsOf } from '../support/table.js';

const SEED = 99;

/** Determinant by fraction-free elimination (Bareiss 1968). */
function determinant(matrix: readonly (readonly bigint[])[]): bigint {
  const m = matrix.map((row) => [...row]);
  let previous = 1n;
  let sign = 1n;
  for (let k = 0; k < m.length - 1; k++) {
    const pivot = m.findIndex((row, i) => i >= k && row[k] !== 0n);
    if (pivot < 0) return 0n;
    if (pivot !== k) {
      [m[k], m[pivot]] = [m[pivot]!, m[k]!];
      sign = -sign;
    }
    for (let i = k + 1; i < m.length; i++) {
      for (let j = k + 1; j < m.length; j++) m[i]![j] = (m[i]![j]! * m[k]![k]! - m[i]![k]! * m[k]![j]!) / previous;
    }
    previous = m[k]![k]!;
  }
  return m.length === 0 ? 1n : sign * m[m.length - 1]![m.length - 1]!;
}

/** Least squares of integers in rational arithmetic, by Cramer's rule; each value is rounded once. */
function exactFit(rows: readonly (readonly number[])[]) {
  const design = rows.map(([, ...x]) => [1n, ...x.map(BigInt)]);
  const labels = rows.map(([y]) => BigInt(y!));
  const size = design[0]!.length;
  const sum = (value: (row: bigint[], i: number) => bigint) =>
    design.reduce((total, row, i) => total + value(row, i), 0n);
  const gram = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => sum((row) => row[i]! * row[j]!)),
  );
  const right = Array.from({ length: size }, (_, i) => sum((row, r) => row[i]! * labels[r]!));
  const all = determinant(gram);
  const numerators = gram.map((_, i) =>
    determinant(gram.map((row, r) => row.map((value, c) => (c === i ? right[r]! : value)))),
  );
  const squares = labels.reduce((total, y) => total + y * y, 0n);
  const residual = squares * all - numerators.reduce((total, n, i) => total + n * right[i]!, 0n);
  const minor = (i: number) => gram.filter((_, r) => r !== i).map((row) => row.filter((_, c) => c !== i));
  const freedom = BigInt(rows.length - size);
  return {
    all,
    coefficients: () => numerators.map((n) => ratioToNumber(n, all)),
    residual: () => ratioToNumber(residual, all),
    squaredErrors: () => gram.map((_, i) => ratioToNumber(residual * determinant(minor(i)), all * all * freedom)),
  };
}

describe('solving the normal equations', () => {
  it('gives the rational solution, rounded once, for any integers', () => {
    const table = fc.integer({ min: 1, max: 4 }).chain((features) =>
      fc.array(
        fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: features + 1, maxLength: features + 1 }),
        {
          minLength: features + 2,
          maxLength: 12,
        },
      ),
    );
    fc.assert(
      fc.property(table, fc.constantFrom(0, 3, 100_000), (rows, spread) => {
        // Columns that differ by little from the first one: condition numbers up to 1e6 and more.
        const near = rows.map(([y, first, ...x]) => [
          y!,
          first!,
          ...x.map((v) => (spread === 0 ? v : first! + (v % spread))),
        ]);
        const exact = exactFit(near);
        fc.pre(exact.all !== 0n);
        const fit = fitLeastSquares(sumsOf(near), { hasIntercept: true });

        expect(fit.coefficients).toEqual(exact.coefficients());
        expect(fit.residualSumOfSquares).toBe(exact.residual());
        expect(fit.inference!.standardErrors).toEqual(exact.squaredErrors().map(Math.sqrt));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});
