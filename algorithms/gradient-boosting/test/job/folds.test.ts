import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignFolds, unitsOf } from '../../src/job/folds.js';
import { cutsOf, dividedRows, queriesOf } from '../support/divided-rows.js';
import { onHosts } from '../support/hosts.js';

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

  const tasks = [
    { name: 'classes', isGrouped: false, task: 'multi-class' },
    { name: 'numbers', isGrouped: false, task: 'regression' },
    { name: 'queries', isGrouped: true, task: 'ranking' },
  ] as const;

  it.each(tasks)('of $name are the same on several hosts, whatever rows each has', ({ isGrouped, task }) => {
    const cases = fc
      .array(fc.nat(3), { minLength: 1, maxLength: 80, size: 'max' })
      .chain((labels) => fc.tuple(fc.constant(labels), cutsOf(labels.length), cutsOf(labels.length, 12)));
    fc.assert(
      fc.property(cases, ([labels, cuts, starts]) => {
        const rows = {
          labels: Float32Array.from(labels),
          ...(isGrouped && queriesOf(labels.length, starts, false)),
        };
        const options = { folds: 3, seed: 5, repetition: 1, task };
        const expected = [...assignFolds(rows, labels.length, options)];
        const hosts = onHosts(cuts.length + 1, (communicator) => {
          const own = dividedRows(rows, cuts, communicator);
          const count = own.labels.length;
          return { folds: [...assignFolds(own, count, options)], units: unitsOf(own, count) };
        });

        expect(hosts.flatMap(({ folds }) => folds)).toEqual(expected);
        expect(hosts.map(({ units }) => units)).toEqual(hosts.map(() => unitsOf(rows, labels.length)));
      }),
      { ...RUNS, numRuns: 40 },
    );
  });

  it('of tables that were joined have the rows of the first table before those of the second', () => {
    const [train, validation] = [
      [1, 0, 1, 1, 0, 2],
      [2, 2, 0, 1],
    ];
    const options = { folds: 2, seed: 5, repetition: 0, task: 'multi-class' } as const;
    const expected = assignFolds({ labels: Float32Array.of(...train, ...validation) }, 10, options);
    const [first, second] = onHosts(2, (hosts) => {
      const [own, other] = hosts.rank === 0 ? [train.slice(0, 2), validation] : [train.slice(2), []];
      const labels = Float32Array.of(...own, ...other);
      return [...assignFolds({ labels, parts: [own.length, other.length], hosts }, labels.length, options)];
    });

    expect([...first!.slice(0, 2), ...second!, ...first!.slice(2)]).toEqual([...expected]);
  });
});
