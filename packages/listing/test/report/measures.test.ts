import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areaUnderCurve,
  measureClassification,
  measureRegression,
  rocOf,
} from '../../src/report/evaluation/measures.js';

describe('regression', () => {
  it('is measured as by hand', () => {
    const found = measureRegression({ task: 'regression', actual: [1, 2, 4, 9], predicted: [2, 2, 2, 10] });

    // Errors 1, 0, −2, 1: squares 6; mean 4, squares around it 9 + 4 + 0 + 25.
    expect(found.rmse).toBeCloseTo(Math.sqrt(6 / 4), 12);
    expect(found.mae).toBe(1);
    expect(found.medianError).toBe(1);
    expect(found.largestError).toBe(2);
    expect(found.r2).toBeCloseTo(1 - 6 / 38, 12);
  });

  it('has no R² where all labels are equal', () => {
    expect(measureRegression({ task: 'regression', actual: [3, 3], predicted: [3, 4] }).r2).toBeNaN();
  });
});

describe('classification', () => {
  const outcome = {
    task: 'classification',
    classes: ['a', 'b', 'c'],
    actual: [0, 0, 0, 1, 1, 2],
    predicted: [0, 0, 1, 1, 0, 2],
    probabilities: [
      [0.8, 0.1, 0.1],
      [0.6, 0.3, 0.1],
      [0.2, 0.7, 0.1],
      [0.1, 0.8, 0.1],
      [0.5, 0.4, 0.1],
      [0.1, 0.1, 0.8],
    ],
  } as const;

  it('is counted as by hand', () => {
    const { accuracy, balancedAccuracy, confusion, classes, logLoss } = measureClassification(outcome);

    expect(confusion).toEqual([2, 1, 0, 1, 1, 0, 0, 0, 1]);
    expect(accuracy).toBeCloseTo(4 / 6, 12);
    expect(balancedAccuracy).toBeCloseTo((2 / 3 + 1 / 2 + 1) / 3, 12);
    expect(classes[0]).toMatchObject({ rows: 3, precision: 2 / 3, recall: 2 / 3 });
    expect(classes[1]).toMatchObject({ rows: 2, precision: 1 / 2, recall: 1 / 2, f1: 1 / 2 });
    const product = 0.8 * 0.6 * 0.2 * 0.8 * 0.4 * 0.8;
    expect(logLoss).toBeCloseTo(-Math.log(product) / 6, 12);
  });

  it('has neither precision nor AUC of a class that is not there', () => {
    const [, absent] = measureClassification({
      ...{ task: 'classification', classes: ['a', 'b'], actual: [0, 0], predicted: [0, 0] },
      probabilities: [
        [0.9, 0.1],
        [0.8, 0.2],
      ],
    }).classes;

    expect(absent).toMatchObject({ rows: 0, precision: Number.NaN, recall: Number.NaN, auc: undefined });
  });

  it('has the share of ordered pairs as its AUC, ties half, for any scores', () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
        const positives = rows.filter(([, isPositive]) => isPositive);
        const negatives = rows.filter(([, isPositive]) => !isPositive);
        const pairs = positives.flatMap(([a]) => negatives.map(([b]): number => (a > b ? 1 : a === b ? 0.5 : 0)));

        const area = areaUnderCurve(
          rocOf(
            rows.map(([score]) => score / 5),
            rows.map(([, isPositive]) => isPositive),
          ),
        );

        if (pairs.length === 0) expect(area).toBeUndefined();
        else expect(area).toBeCloseTo(pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length, 10); // sums of float64
      }),
    );
  });
});
