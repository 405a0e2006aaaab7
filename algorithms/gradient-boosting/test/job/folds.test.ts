import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignFolds } from '../../src/job/folds.js';

const RUNS = { seed: 20261121, numRuns: 200 };

describe('cross-validation folds', () => {
  it('have the rows of each class distributed evenly, up to one row', () => {
    const cases = fc.record({
      labels: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 10, maxLength: 200 }),
      folds: fc.integer({ min: 2, max: 10 }),
      seed: fc.integer({ min: 0, max: 1000 }),
    });

    fc.assert(
      fc.property(cases, ({ labels, folds, seed }) => {
        const options = { folds, seed, repetition: 0, task: 'multi-class' } as const;
        const assigned = assignFolds({ labels: Float32Array.from(labels) }, labels.length, options);

        for (const label of [...new Set(labels)]) {
          const counts = Array.from({ length: folds }, (_, fold) =>
            labels.reduce((sum, own, row) => sum + Number(own === label && assigned[row] === fold), 0),
          );
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
      }),
      RUNS,
    );
  });

  it('keep the rows of a query together', () => {
    const queryStart = Uint32Array.of(0, 3, 4, 9, 12, 15);
    const rows = { labels: new Float32Array(15), queryStart };
    const assigned = assignFolds(rows, 15, { folds: 2, seed: 1, repetition: 0, task: 'ranking' });

    for (let query = 0; query < 5; query++) {
      expect(new Set(assigned.subarray(queryStart[query], queryStart[query + 1])).size).toBe(1);
    }
    expect(new Set(assigned).size).toBe(2);
  });

  it('depend on the seed and the repetition', () => {
    const rows = { labels: new Float32Array(100) };
    const options = { folds: 5, seed: 3, repetition: 0, task: 'regression' } as const;

    const first = assignFolds(rows, 100, options);

    expect(assignFolds(rows, 100, options)).toEqual(first);
    expect(assignFolds(rows, 100, { ...options, repetition: 1 })).not.toEqual(first);
    expect(assignFolds(rows, 100, { ...options, seed: 4 })).not.toEqual(first);
  });
});
