import { describe, expect, it } from 'vitest';
import { fitLeastSquares } from '../../src/fitting/least-squares.js';
import { boundedRows, createPredictor, readLevel } from '../../src/inference/predict.js';
import { type LinearModel, linearModel, modelSchema } from '../../src/model/model-file.js';
import { summariseLinear } from '../../src/model/summary.js';
import { sumsOf } from '../support/table.js';

/** The bivariate example of Weisberg's and many other textbooks' kind, small enough to check by hand. */
const data = [
  [1, 1],
  [3, 2],
  [2, 3],
  [5, 4],
  [4, 5],
];

function modelOf(rows: readonly (readonly number[])[], hasIntercept = true, degree = 1): LinearModel {
  const fit = fitLeastSquares(sumsOf(rows, { degree }), { hasIntercept });
  const about = { method: 'ols', featureCount: rows[0]!.length - 1, degree, predictionInterval: undefined } as const;
  return linearModel(fit, about);
}

describe('the row limit for answering in the main process', () => {
  it('decreases with the number of terms, is far smaller with an interval, and 0 for a wide model with one', () => {
    const narrow = modelOf(data);
    const wide = { ...narrow, featureCount: 1999 };

    expect(boundedRows(narrow, false)).toBe(100_000);
    expect(boundedRows(narrow, true)).toBe(50_000);
    expect(boundedRows(wide, false)).toBe(100);
    expect(boundedRows(wide, true)).toBe(0);
    expect(boundedRows({ ...wide, predictionInterval: 0.9 }, false)).toBe(0);
  });
});

describe('predictions', () => {
  it('have the interval of the textbook formula', () => {
    // b = 0.8, a = 0.6, s² = 3.6 / 3; at x = 6: 1 + 1/5 + (6 - 3)² / 10; t(0.975, 3) = 3.1824463052837078
    const half = 3.1824463052837078 * Math.sqrt((3.6 / 3) * (1 + 1 / 5 + 9 / 10));
    const { score, lower, upper } = createPredictor(modelOf(data)).predict([6], 1, 0.95);

    expect(score[0]).toBeCloseTo(5.4, 14);
    expect(upper![0]).toBeCloseTo(5.4 + half, 12);
    expect(lower![0]).toBeCloseTo(5.4 - half, 12);
  });

  it('have the interval through the origin', () => {
    // b = Σxy / Σx² = 53 / 55, s² = (55 - 53² / 55) / 4; at x = 2: 1 + 4 / 55; t(0.95, 4) = 2.1318467863266495
    const half = 2.1318467863266495 * Math.sqrt(((55 - 53 ** 2 / 55) / 4) * (1 + 4 / 55));
    const { score, lower } = createPredictor(modelOf(data, false)).predict([2], 1, 0.9);

    expect(score[0]).toBeCloseTo(106 / 55, 14);
    expect(score[0]! - lower![0]!).toBeCloseTo(half, 12);
  });

  it('have no interval unless it is requested', () => {
    expect(Object.keys(createPredictor(modelOf(data)).predict([6], 1))).toEqual(['score']);
    const always = createPredictor({ ...modelOf(data), predictionInterval: 0.5 });
    expect(Object.keys(always.predict([6], 1))).toEqual(['score', 'lower', 'upper']);
  });

  it('are unchanged after the model was stored as JSON', () => {
    const model = modelOf(
      data.map(([y, x]) => [y!, x! / 7, x! * x!]),
      true,
      2 - 1,
    );
    const again = modelSchema.parse(JSON.parse(JSON.stringify(model)));
    const rows = Float64Array.of(0.1, 3, 2, 5);

    expect(createPredictor(again).predict(rows, 2, 0.9)).toEqual(createPredictor(model).predict(rows, 2, 0.9));
  });

  it('use the powers of every feature', () => {
    const rows = Array.from({ length: 12 }, (_, i) => [2 + i - 3 * i * i + 0.5 * (i % 5) ** 2, i, i % 5]);
    const { score } = createPredictor(modelOf(rows, true, 2)).predict([20, 4], 1);

    expect(score[0]).toBeCloseTo(2 + 20 - 1200 + 8, 9); // exact coefficients, one rounding a term of size 1200
  });

  it.each(['0', '1', '95', '-0.5', '0.9.5', '', 'high', '1e-1'])('refuse the interval "%s"', (text) => {
    expect(() => readLevel(text)).toThrow(`must be a probability between 0 and 1, such as 0.95; received "${text}"`);
  });

  it('read a level with and without its leading zero', () => {
    expect(readLevel('0.95')).toBe(0.95);
    expect(readLevel('.5')).toBe(0.5);
    expect(readLevel(undefined)).toBeUndefined();
  });

  it('refuse intervals that are not defined, with the reason', () => {
    const noFreedom = createPredictor(modelOf(data.slice(0, 2)));
    const ridge = createPredictor({ ...modelOf(data.slice(0, 2)), method: 'ridge' });
    const curve = createPredictor({
      kind: 'curve',
      method: 'power',
      featureCount: 1,
      curve: { form: 'power', scale: 2, exponent: 1 },
    });

    expect(() => noFreedom.predict([1], 1, 0.9)).toThrow(/was trained on no more rows than it has coefficients/);
    expect(() => ridge.predict([1], 1, 0.9)).toThrow(/was trained with method ridge/);
    expect(() => curve.predict([1], 1, 0.9)).toThrow(/was trained with method power/);
    expect([...curve.predict([3, 4], 2).score]).toEqual([6, 8]);
  });
});

describe('the summary of a fit', () => {
  it('equals the textbook table', () => {
    const summary = summariseLinear('ols', fitLeastSquares(sumsOf(data), { hasIntercept: true }));

    // s.e.(b) = sqrt(1.2 / 10), s.e.(a) = sqrt(1.2 (1/5 + 9/10)); R² = 0.64
    expect(summary.coefficients[1]).toEqual({
      name: 'column 1',
      estimate: 0.8,
      standardError: expect.closeTo(Math.sqrt(0.12), 15),
      t: expect.closeTo(0.8 / Math.sqrt(0.12), 14),
      p: expect.closeTo(0.10408803866182799, 14), // R 4: summary(lm(c(1,3,2,5,4) ~ I(1:5)))
    });
    expect(summary.coefficients[0]!.standardError).toBeCloseTo(Math.sqrt(1.32), 15);
    expect(summary.rSquared).toBeCloseTo(0.64, 15);
    expect(summary.adjustedRSquared).toBeCloseTo(0.52, 15);
    expect(summary.residualStandardDeviation).toBeCloseTo(Math.sqrt(1.2), 15);
    expect(summary.effectiveParameters).toBeNull();
  });

  it('has null for values that are not defined', () => {
    const exact = summariseLinear(
      'ols',
      fitLeastSquares(
        sumsOf([
          [1, 0],
          [4, 1],
        ]),
        { hasIntercept: true },
      ),
    );
    const ridge = summariseLinear('ridge', fitLeastSquares(sumsOf(data), { hasIntercept: true, l2: 1 }));

    expect(exact.coefficients[1]).toEqual({ name: 'column 1', estimate: 3, standardError: null, t: null, p: null });
    expect(exact.adjustedRSquared).toBeNull();
    expect(ridge.residualStandardDeviation).toBeNull();
    expect(ridge.effectiveParameters).toBeCloseTo(1 + 10 / 11, 14);
  });
});
