/**
 * Cuts and bins against their definitions, in plain TypeScript.
 */

import { createRandom } from '@algo/numerics';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createDatasetBuilder } from '../../src/engine/binning/binned-dataset.js';
import { createCutSketch } from '../../src/engine/binning/cuts.js';
import { createPool } from '../../src/engine/threads/pool.js';
import { binOfValue } from '../oracle/grow.js';
import { cutTable, makeTable, type Table, tableShapes, trainingData } from './tables.js';

const pool = createPool(2);
afterAll(() => pool.close());

/** Cuts as XGBoost's query of an unpruned summary places them: one of each value, or quantiles by weight. */
function plainCuts(values: readonly number[], weights: readonly number[], maxBin: number): number[] {
  const order = [...values.keys()].filter((i) => !Number.isNaN(values[i]!)).sort((a, b) => values[a]! - values[b]!);
  const distinct = [...new Set(order.map((i) => values[i]! + 0))];
  if (distinct.length === 0) return [Math.fround(1e-5)];
  const largest = distinct.at(-1)!;
  const last = Math.fround(largest + Math.fround(Math.abs(largest) + Math.fround(1e-5)));
  if (distinct.length <= maxBin) return [...distinct.slice(1), last];
  const total = order.reduce((sum, i) => sum + weights[i]!, 0);
  const reach = distinct.map((value) => order.reduce((sum, i) => (values[i]! <= value ? sum + weights[i]! : sum), 0));
  const cuts: number[] = [];
  for (let i = 1; i < maxBin; i++) {
    const rank = (i * total) / maxBin;
    const below = cuts.at(-1) ?? distinct[0]!;
    const holding = reach.findIndex((sum) => sum > rank);
    const next = distinct.findIndex((value) => value > below);
    if (next < 0) break;
    cuts.push(distinct[Math.max(next, holding)]!);
  }
  return [...cuts, last];
}

/** The table as sparse rows, and the places of its values. */
function sparseOf({ rows, featureCount, features }: Table) {
  const present = [...features.keys()].filter((i) => !Number.isNaN(features[i]!));
  const rowStarts = Uint32Array.from(
    { length: rows + 1 },
    (_, row) => present.filter((i) => i < row * featureCount).length,
  );
  const sparse = {
    rowStarts,
    columnIndices: Uint32Array.from(present, (i) => i % featureCount),
    values: Float32Array.from(present, (i) => features[i]!),
  };
  return { sparse, present };
}

describe('the cut points of a feature', () => {
  it('are the same for sparse rows and for dense rows, except for bundles', () => {
    fc.assert(
      fc.property(tableShapes, (shape) => {
        const mark = pool.arena.mark();
        const table = makeTable(shape);
        const { featureCount, isCategorical } = table;
        const sketch = createCutSketch(pool, { featureCount, maxBin: 30, isCategorical });
        sketch.addSparseBlock(sparseOf(table).sparse);

        expect(sketch.finish()).toEqual({ ...cutTable(pool, table, 30), bundles: [] });
        pool.arena.release(mark);
      }),
      { seed: 8, numRuns: 100 },
    );
  });

  it('are refused for a sparse row with more entries than features', () => {
    const mark = pool.arena.mark();
    const sketch = createCutSketch(pool, { featureCount: 1, maxBin: 8 });
    const count = 300_000;
    const sparse = {
      rowStarts: Uint32Array.of(0, count),
      columnIndices: new Uint32Array(count),
      values: new Float32Array(count),
    };

    expect(() => sketch.addSparseBlock(sparse)).toThrow(/at most once; received a row of 300000 entries/);
    pool.arena.release(mark);
  });

  it('are at distinct values or at quantiles of all values', () => {
    fc.assert(
      fc.property(tableShapes, fc.integer({ min: 2, max: 40 }), fc.boolean(), (shape, maxBin, hasWeights) => {
        const mark = pool.arena.mark();
        const table = makeTable({ ...shape, firstCategorical: 99 });
        const weights = Float32Array.from({ length: table.rows }, (_, row) => (hasWeights ? 1 + (row % 3) : 1));
        const sketch = createCutSketch(pool, { featureCount: table.featureCount, maxBin, hasWeights });
        sketch.addBlock(table.features.subarray(0, table.featureCount), weights.subarray(0, 1));
        sketch.addBlock(table.features.subarray(table.featureCount), weights.subarray(1));

        const cuts = sketch.finish();

        for (let feature = 0; feature < table.featureCount; feature++) {
          const values = Array.from(
            { length: table.rows },
            (_, row) => table.features[row * table.featureCount + feature]!,
          );
          const own = [...cuts.values.subarray(cuts.starts[feature], cuts.starts[feature + 1])];
          expect(own).toEqual(plainCuts(values, [...weights], maxBin));
          expect(cuts.missing[feature]).toBe(values.filter(Number.isNaN).length);
        }
        expect(pool.arena.mark()).toBe(mark);
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('have ranks within 0.4 % if a feature has more values than the sample holds', () => {
    const rows = 600_000;
    const random = createRandom(3);
    const values = Float32Array.from({ length: rows }, () => random.uniform());
    const sketch = createCutSketch(pool, { featureCount: 1, maxBin: 64 });
    sketch.addBlock(values);

    const { values: cuts } = sketch.finish();

    expect(cuts.length).toBe(64);
    const sorted = values.slice().sort();
    for (const [index, cut] of cuts.subarray(0, 63).entries()) {
      const rank = sorted.findIndex((value) => value >= cut) / rows;
      expect(Math.abs(rank - (index + 1) / 64)).toBeLessThan(0.004); // 3 standard errors of a sample of 150,000
    }
  });

  it.each([
    ['a negative category', -2],
    ['a category of 2^24, which 2^24 + 1 is too as float32,', 2 ** 24],
  ])('are refused for %s, naming feature and value', (_, category) => {
    const mark = pool.arena.mark();
    const sketch = createCutSketch(pool, { featureCount: 1, maxBin: 8, isCategorical: [true] });
    sketch.addBlock(Float32Array.of(0, 3, category));

    expect(() => sketch.finish()).toThrow(new RegExp(`Categorical feature 0 .* received ${category}`));
    pool.arena.release(mark);
  });

  it('are refused for data without rows', () => {
    const mark = pool.arena.mark();

    expect(() => createCutSketch(pool, { featureCount: 1, maxBin: 8 }).finish()).toThrow(/at least one row/);
    pool.arena.release(mark);
  });
});

describe('binning', () => {
  it('puts each value into the bin of its cut points, in rows and in columns', () => {
    fc.assert(
      fc.property(tableShapes, fc.constantFrom(16, 256, 300), (shape, maxBin) => {
        const mark = pool.arena.mark();
        const table = makeTable(shape);
        const cuts = cutTable(pool, table, maxBin);

        const data = trainingData(pool, table, { ...cuts, bundles: [] });

        const { binBytes, places, columns } = data.layout;
        for (let row = 0; row < table.rows; row++) {
          const expected = places.map((place, feature) => {
            const bin = binOfValue(cuts, feature, table.features[row * table.featureCount + feature]!);
            return bin < 0 ? place.missing : bin;
          });
          if (binBytes === 0) {
            const words = pool.words();
            const start = words[(data.rowStarts >> 2) + row]!;
            const end = words[(data.rowStarts >> 2) + row + 1]!;
            const entries = [...words.subarray((data.rowBins >> 2) + start, (data.rowBins >> 2) + end)];
            const present = expected.flatMap((bin, feature) =>
              bin === places[feature]!.missing ? [] : [columns[feature]!.start + bin],
            );
            expect(entries).toEqual(present);
          } else {
            const { buffer } = pool.bytes();
            const address = data.rowBins + row * data.rowStride;
            const bins =
              binBytes === 1
                ? new Uint8Array(buffer, address, places.length)
                : new Uint16Array(buffer, address, places.length);
            expect([...bins]).toEqual(expected);
          }
          for (const [feature, bin] of expected.entries()) {
            if (!data.columnBins) continue;
            const address = data.columnBins + feature * data.columnStride + row * data.columnBinBytes;
            const stored =
              data.columnBinBytes === 1
                ? pool.bytes()[address]
                : new Uint16Array(pool.arena.memory.buffer)[address >> 1];
            expect(stored).toBe(bin);
          }
        }
        pool.arena.release(mark);
      }),
      { seed: 6, numRuns: 150 },
    );
  });

  it('gives sparse and dense rows the same bins', () => {
    fc.assert(
      fc.property(tableShapes, fc.constantFrom(0, 0.2, 0.95), (shape, missing) => {
        const mark = pool.arena.mark();
        const table = makeTable({ ...shape, missing });
        const cuts = cutTable(pool, table);
        const { rows } = table;
        const labels = new Float32Array(rows);
        const { sparse, present } = sparseOf(table);
        const bytes = (add: (builder: ReturnType<typeof createDatasetBuilder>) => void) => {
          const builder = createDatasetBuilder(pool, cuts, { rows, purpose: 'training' });
          add(builder);
          const data = builder.finish();
          const { binBytes, columns } = data.layout;
          const length = binBytes === 0 ? present.length * 4 : rows * data.rowStride;
          const used = binBytes === 0 ? length : columns.length * binBytes;
          // The bytes that pad a row hold anything.
          return pool
            .bytes()
            .slice(data.rowBins, data.rowBins + length)
            .map((byte, index) => (index % data.rowStride < used || binBytes === 0 ? byte : 0));
        };

        const fromDense = bytes((builder) => builder.addBlock(table.features, labels));

        expect(bytes((builder) => builder.addSparseBlock(sparse, labels))).toEqual(fromDense);
        pool.arena.release(mark);
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  it('refuses more or fewer rows than announced', () => {
    const mark = pool.arena.mark();
    const table = makeTable({ rows: 4, featureCount: 2, seed: 1, distinct: 0, missing: 0, firstCategorical: 99 });
    const cuts = cutTable(pool, table);

    const few = createDatasetBuilder(pool, cuts, { rows: 5, purpose: 'training' });
    few.addBlock(table.features, new Float32Array(4));
    expect(() => few.finish()).toThrow(/5 rows: received 4/);
    const many = createDatasetBuilder(pool, cuts, { rows: 3, purpose: 'training' });
    expect(() => many.addBlock(table.features, new Float32Array(4))).toThrow(/3 rows: received 4/);
    pool.arena.release(mark);
  });

  it('names what is too large for 4 GiB', () => {
    const mark = pool.arena.mark();
    const table = makeTable({ rows: 4, featureCount: 3, seed: 1, distinct: 0, missing: 0, firstCategorical: 99 });
    const cuts = cutTable(pool, table);

    expect(() => createDatasetBuilder(pool, cuts, { rows: 2_000_000_000, purpose: 'training' })).toThrow(
      /GiB for labels/,
    );
    pool.arena.release(mark);
  });
});
