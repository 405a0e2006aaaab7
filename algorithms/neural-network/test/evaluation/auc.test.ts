import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderCurve, ascendingOrder } from '../../src/evaluation/auc.js';

const RUNS = { seed: 20261121, numRuns: 300 };

/** By its definition: all pairs of a row of class 1 and one of class 0. */
function byPairs(scores: readonly number[], labels: readonly number[], weights: readonly number[]): number {
  let [sum, total] = [0, 0];
  for (const [i, a] of scores.entries()) {
    for (const [j, b] of scores.entries()) {
      if (labels[i] !== 1 || labels[j] !== 0) continue;
      const weight = weights[i]! * weights[j]!;
      total += weight;
      sum += weight * (a > b ? 1 : a === b ? 0.5 : 0);
    }
  }
  return sum / total;
}

describe('the area under the ROC curve', () => {
  it('is the weighted fraction of pairs in order, with ties as half', () => {
    const row = fc.record({
      score: fc.oneof(fc.integer({ min: -2, max: 2 }), fc.float({ noNaN: true, noDefaultInfinity: true })),
      label: fc.integer({ min: 0, max: 1 }),
      weight: fc.integer({ min: 0, max: 3 }),
    });

    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 40 }), fc.boolean(), (rows, isWeighted) => {
        const scores = Float32Array.from(rows, ({ score }) => score);
        const labels = rows.map(({ label }) => label);
        const weights = rows.map(({ weight }) => (isWeighted ? weight : 1));

        const area = areaUnderCurve(scores, labels, isWeighted ? weights : undefined);

        const expected = byPairs([...scores], labels, weights);
        if (Number.isNaN(expected)) expect(area).toBeNaN();
        else expect(area).toBeCloseTo(expected, 12);
      }),
      RUNS,
    );
  });

  it('is undefined for rows of one class', () => {
    expect(areaUnderCurve(Float32Array.of(1, 2), [1, 1], undefined)).toBeNaN();
  });
});

describe('sorting scores', () => {
  it('is stable, like a comparison sort', () => {
    const values = fc.array(fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, -0, 1, -1)), { maxLength: 200 });

    fc.assert(
      fc.property(values, (list) => {
        const numbers = Float32Array.from(list);

        const expected = Array.from(numbers.keys()).sort((a, b) =>
          numbers[a]! < numbers[b]! ? -1 : numbers[a]! > numbers[b]! ? 1 : a - b,
        );

        expect([...ascendingOrder(numbers)]).toEqual(expected);
      }),
      RUNS,
    );
  });
});
