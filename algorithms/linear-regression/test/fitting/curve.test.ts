import { createRandom } from '@algo/numerics';
import { describe, expect, it } from 'vitest';
import { type CurveOptions, evaluateCurve, fitCurve, requireInDomain } from '../../src/fitting/curve.js';

const options: CurveOptions = { degree: 1, hasIntercept: true, seed: 1 };
const x = Array.from({ length: 40 }, (_, i) => (i + 1) / 4);

describe('curves of one feature', () => {
  it('theil-sen finds the line if a quarter of the rows are wrong', async () => {
    const y = x.map((v, i) => (i % 4 === 1 ? 500 : 3 * v + 1));
    const curve = await fitCurve('theil-sen', x, y, options);

    expect([...evaluateCurve(curve, [10])][0]).toBeCloseTo(31, 12); // exact rows decide the median
  });

  it('robust-polynomial finds the parabola despite outliers, and is reproducible with the seed', async () => {
    const y = x.map((v, i) => (i % 9 === 4 ? -300 : v * v - 2 * v + 5));
    const curve = await fitCurve('robust-polynomial', x, y, { ...options, degree: 2 });
    const again = await fitCurve('robust-polynomial', x, y, { ...options, degree: 2 });

    expect([...evaluateCurve(curve, [3])][0]).toBeCloseTo(8, 9); // a 3 × 3 system in doubles
    expect(again).toEqual(curve);
  });

  it('robust-polynomial leaves Math.random unchanged', async () => {
    const before = Math.random;
    await fitCurve('robust-polynomial', x, x, options);

    expect(Math.random).toBe(before);
  });

  it('polynomial finds its coefficients, with and without a constant term', async () => {
    const y = x.map((v) => 2 * v ** 3 - v);
    const free = await fitCurve('polynomial', x, y, { ...options, degree: 3 });
    const origin = await fitCurve('polynomial', x, y, { ...options, degree: 3, hasIntercept: false });

    for (const curve of [free, origin]) {
      if (curve.form !== 'polynomial') throw new Error('no polynomial');
      [0, -1, 0, 2].forEach((value, i) => {
        expect(curve.coefficients[i]).toBeCloseTo(value, 6); // the library solves normal equations in doubles
      });
    }
    expect(origin).toMatchObject({ coefficients: { 0: 0 } });
  });

  it('exponential and power find their parameters', async () => {
    const exponential = await fitCurve(
      'exponential',
      x,
      x.map((v) => 4 * Math.exp(-0.3 * v)),
      options,
    );
    const power = await fitCurve(
      'power',
      x,
      x.map((v) => 0.5 * v ** 1.7),
      options,
    );

    expect(exponential).toEqual({ form: 'exponential', scale: expect.closeTo(4, 9), rate: expect.closeTo(-0.3, 9) });
    expect(power).toEqual({ form: 'power', scale: expect.closeTo(0.5, 9), exponent: expect.closeTo(1.7, 9) });
    expect(evaluateCurve(power, [4, 9])[1]).toBeCloseTo(0.5 * 9 ** 1.7, 8);
  });

  it.each([
    ['theil-sen', [2, 2, 2], [1, 2, 3], /at least 2 distinct values for method theil-sen; received 1 in 3 rows/],
    ['theil-sen', [2], [1], /at least 2 rows for method theil-sen; received 1/],
    ['polynomial', [1, 2], [1, 2], /at least 3 rows for method polynomial; received 2/],
  ] as const)('%s refuses x %j y %j, with the reason', async (method, xs, ys, message) => {
    await expect(fitCurve(method, xs, ys, { ...options, degree: 2 })).rejects.toThrow(message);
  });

  it.each([
    ['exponential', [1, 2, 3], [1, -2, 3], /^row 2: the label must be above 0 for method exponential.*received -2/],
    ['power', [1, 2, 0], [1, 2, 3], /^row 3: the feature must be above 0 for method power.*received 0/],
  ] as const)(
    '%s refuses rows x %j y %j, of which there is no logarithm, naming the place',
    (method, xs, ys, message) => {
      const rows = { features: Float64Array.from(xs), labels: Float64Array.from(ys) };

      expect(() => requireInDomain(method, rows, (row) => `row ${row + 1}`)).toThrow(message);
      expect(() => requireInDomain('polynomial', rows, String)).not.toThrow();
    },
  );

  it('theil-sen resists noise that biases least squares', async () => {
    const random = createRandom(3).uniform;
    const y = x.map((v) => 2 * v + (random() < 0.2 ? 40 * random() : random() / 10));
    const curve = await fitCurve('theil-sen', x, y, options);

    expect(curve).toMatchObject({ coefficients: [expect.closeTo(0, 0), expect.closeTo(2, 1)] });
  });
});
