import { describe, expect, it } from 'vitest';
import { quantile, twoSidedTail } from '../../src/evaluation/student-t.js';

/** Relative error; both sides are correct to about 13 digits, the reference (mpmath, 40 digits) to all 17 shown. */
const CLOSE = 1e-12;

describe("Student's t", () => {
  it.each([
    [2, 5, 0.10193947882985836],
    [0.1, 3, 0.9266523488008058],
    [4.5, 30, 9.519359392112469e-5],
    [12, 9, 7.699886222985652e-7],
    [1.96, 1000000, 0.04999606758526979],
    [30, 4, 7.3528560976613225e-6],
    [0.001, 1, 0.9993633804398389],
    [3, 2, 0.09546596626670913],
    [40, 200, 2.2487396535202506e-97],
    [1.5, 81, 0.13750224636514966],
  ])('has the right tail probability beyond %d with %d degrees of freedom', (t, freedom, tail) => {
    expect(Math.abs(twoSidedTail(t, freedom) / tail - 1)).toBeLessThan(CLOSE);
    expect(twoSidedTail(-t, freedom)).toBe(twoSidedTail(t, freedom));
  });

  it.each([
    [0.95, 1, 12.706204736174705],
    [0.95, 2, 4.302652729749464],
    [0.95, 10, 2.228138851986275],
    [0.99, 30, 2.7499956535672254],
    [0.9, 71, 1.6665996583285339],
    [0.95, 1000000, 1.959966356814107],
  ])('has the right quantile of level %d with %d degrees of freedom', (level, freedom, t) => {
    expect(Math.abs(quantile(level, freedom) / t - 1)).toBeLessThan(CLOSE);
  });

  it('has the tail 1 at 0 and 0 at infinity', () => {
    expect(twoSidedTail(0, 7)).toBe(1);
    expect(twoSidedTail(Number.POSITIVE_INFINITY, 7)).toBe(0);
    expect(twoSidedTail(Number.NaN, 7)).toBeNaN();
  });

  it('decreases monotonically in t, also where the method of evaluation changes', () => {
    for (const freedom of [1, 2, 9, 80, 5000]) {
      const tails = Array.from({ length: 400 }, (_, i) => twoSidedTail(i / 50, freedom));
      expect(tails.every((tail, i) => i === 0 || tail < tails[i - 1]!)).toBe(true);
    }
  });
});
