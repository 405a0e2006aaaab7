import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erf, exponential32, lnGamma, sigmoid, softplus } from '../../src/objectives/special-functions.js';

const runs = { seed: 20261121, numRuns: 500 };

describe('erf', () => {
  // Python 3.13 math.erf (the C library's), correctly rounded to the last digit or the one before
  it.each([
    [-3, -0.9999779095030014],
    [-0.46875, -0.49261347321793797],
    [-1e-9, -1.1283791670955127e-9],
    [0, 0],
    [0.1, 0.1124629160182849],
    [0.46, 0.4846553900016797],
    [0.47, 0.4937450508860821],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [1.5, 0.9661051464753108],
    [2, 0.9953222650189527],
    [2.5, 0.999593047982555],
    [3.9, 0.9999999652077514],
    [4.1, 0.9999999932999724],
    [5, 0.9999999999984626],
    [9, 1],
    [40, 1],
  ])('at %f is %f up to the last digits', (x, expected) => {
    expect(Math.abs(erf(x) - expected)).toBeLessThanOrEqual(4e-16 * Math.abs(expected));
  });
});

describe('lnGamma', () => {
  it('of integers is the logarithm of the factorial', () => {
    let factorial = 0;
    for (let n = 1; n < 200; n++) {
      expect(Math.abs(lnGamma(n) - factorial)).toBeLessThanOrEqual(1e-13 * Math.max(1, factorial));
      factorial += Math.log(n);
    }
  });

  it('of one half is the logarithm of the root of pi', () => {
    expect(lnGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 13);
  });

  it('satisfies the recurrence: it grows by ln x from x to x + 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (x) => {
        const expected = lnGamma(x) + Math.log(x);
        expect(Math.abs(lnGamma(x + 1) - expected)).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(expected)) * 4);
      }),
      runs,
    );
  });
});

describe('exponential32', () => {
  it('is within 1e-8 of Math.exp for normal float32 results', () => {
    fc.assert(
      fc.property(fc.double({ min: -87, max: 88.7, noNaN: true }), (x) => {
        expect(Math.abs(exponential32(x) / Math.exp(x) - 1)).toBeLessThan(1e-8);
      }),
      runs,
    );
  });

  it('gives 0, Infinity and NaN in the same places as Math.exp rounded to float32', () => {
    expect(Math.fround(exponential32(-1000))).toBeLessThanOrEqual(2 ** -148);
    expect(Math.fround(exponential32(Number.NEGATIVE_INFINITY))).toBeLessThanOrEqual(2 ** -148);
    expect(Math.fround(exponential32(1000))).toBe(Number.POSITIVE_INFINITY);
    expect(exponential32(Number.NaN)).toBeNaN();
  });
});

describe('sigmoid', () => {
  it('stays above 0 and reaches 1 exactly', () => {
    expect(sigmoid(-1000)).toBeGreaterThan(0);
    expect(sigmoid(20)).toBe(1);
    expect(sigmoid(0)).toBe(0.5);
  });
});

describe('softplus', () => {
  it('is undone by its inverse', () => {
    const inverseSoftplus = (value: number) => value + Math.log(-Math.expm1(-value));
    fc.assert(
      fc.property(fc.double({ min: -20, max: 500, noNaN: true }), (x) => {
        expect(Math.abs(inverseSoftplus(softplus(x)) - x)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(x)));
      }),
      runs,
    );
  });

  it('does not overflow', () => {
    expect(softplus(1e6)).toBe(1e6);
    expect(softplus(-1e6)).toBe(0);
  });
});
