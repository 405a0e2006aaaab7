import { describe, expect, it } from 'vitest';
import { normalizeLosses, yeoJohnson } from '../../src/tuning/bayesian/normal-losses.js';

/** Nine losses with a long tail of bad ones. */
const SKEWED = [0.4, 0.5, 0.7, 1, 1.5, 3, 9, 40, 200];

describe('losses for the Gaussian process', () => {
  it.each([
    [3, 0, 1.3862943611198906],
    [3, 0.5, 2],
    [-2, 0, -4],
    [-2, 0.5, -2.797434948471088],
    [2.5, 1, 2.5],
  ])('are transformed as by scipy.stats.yeojohnson: %d with λ = %d', (loss, lambda, transformed) => {
    expect(yeoJohnson(loss, lambda)).toBeCloseTo(transformed, 12); // both in float64
  });

  it.each([
    [
      0.5,
      [-3, -2, -1, 0, 0.5, 1, 2.5, 4, 6],
      [-1.654743, -1.131062, -0.648042, -0.209447, -0.008319, 0.180225, 0.686795, 1.130108, 1.654484],
    ],
    [0, SKEWED, [-0.861298, -0.822161, -0.747473, -0.644408, -0.496541, -0.191762, 0.375695, 1.222448, 2.1655]],
  ])('have the λ of the largest likelihood, %d, then mean 0 and variance 1', (_, losses, reference) => {
    // λ of 0, 0.1, … 1 by scipy.stats.yeojohnson_llf, then yeojohnson with NumPy's mean and std, printed to 6 digits.
    expect(normalizeLosses(losses)).toEqual(reference.map((loss) => expect.closeTo(loss, 5)));
  });

  it('keep the distances of a long tail of good ones', () => {
    const losses = SKEWED.map((loss) => -loss);

    const [a, b, , , c] = normalizeLosses(losses) as [number, number, number, number, number];

    expect((c - a) / (b - a)).toBeCloseTo((1.5 - 0.4) / (0.5 - 0.4), 6); // λ = 1 moves and scales only
  });

  it('still differ where others diverged', () => {
    const [first, second, third, fourth, diverged] = normalizeLosses([0, 1, 2, 3, 1e300]) as number[];

    expect(second! - first!).toBeGreaterThan(0.1);
    expect(third! - second!).toBeGreaterThan(0.1);
    expect(fourth! - third!).toBeGreaterThan(0.1);
    expect(diverged).toBeLessThan(3);
  });

  it.each([
    ['equal', [5, 5, 5, 5, 5, 5], [0, 0, 0, 0, 0, 0]],
    ['one alone', [3], [0]],
    ['none', [], []],
  ])('are 0 where all are equal: %s', (_, losses, normalized) => {
    expect(normalizeLosses(losses)).toEqual(normalized);
  });

  it('are finite at the ends of float64', () => {
    expect(normalizeLosses([-1.7e308, 1.7e308, 0, 1e-310, 5, -5]).every(Number.isFinite)).toBe(true);
  });
});
