import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, canonical } from '../../src/exact/decimal.js';
import { addRow, type ExactSums, emptySums } from '../../src/sums/exact-sums.js';
import { createGram } from '../../src/sums/gram.js';
import type { Rows } from '../../src/sums/rows.js';
import { runs } from '../support/runs.js';

const SEED = 20240611;

interface Table {
  readonly featureCount: number;
  readonly degree: number;
  readonly rows: readonly (readonly number[])[];
  readonly weights: readonly number[] | undefined;
}

/** Doubles of every kind a file may hold, from small integers to any finite double. */
const kinds = [
  fc.integer({ min: -9, max: 9 }),
  fc.integer({ min: -9_999_999, max: 9_999_999 }).map((n) => n / 1e5),
  fc.integer({ min: -99_999_999, max: 99_999_999 }).map((n) => n / 1e4),
  fc.maxSafeInteger(),
  fc.integer({ min: -(10 ** 15), max: 10 ** 15 }).map((n) => n / 1e9),
  fc.integer({ min: 1, max: 999 }).map((n) => n / 1e22),
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e150, max: 1e150 }),
  fc.integer({ min: -60, max: 60 }).map((n) => 2 ** n),
  fc.integer({ min: -60, max: 60 }).map((n) => 2 ** n * (1 - 2 ** -53)),
  fc.integer({ min: -30, max: 30 }).chain((n) => fc.constantFrom(10 ** n, Number(`1.0000000000000002e${n}`))),
];

function table(maxRows: number): fc.Arbitrary<Table> {
  return fc
    .record({
      featureCount: fc.integer({ min: 1, max: 5 }),
      degree: fc.integer({ min: 1, max: 3 }),
      weighted: fc.boolean(),
    })
    .chain(({ featureCount, degree, weighted }) =>
      fc
        .array(fc.constantFrom(...kinds), { minLength: featureCount + 1, maxLength: featureCount + 1 })
        .chain((columns) => {
          const rows = fc.array(fc.tuple(...columns, fc.double({ min: 0, max: 3, noNaN: true })), {
            minLength: 1,
            maxLength: maxRows,
          });
          return rows.map((all) => ({
            featureCount,
            degree,
            rows: all.map((row) => row.slice(0, featureCount + 1)),
            weights: weighted ? all.map((row, i) => (i % 3 === 0 ? row[featureCount + 1]! : i % 7)) : undefined,
          }));
        }),
    );
}

function block({ featureCount, rows, weights }: Table, from = 0, to = rows.length): Rows {
  const part = rows.slice(from, to);
  return {
    rows: part.length,
    features: Float64Array.from(part.flatMap((row) => row.slice(1, featureCount + 1))),
    labels: Float64Array.from(part.map((row) => row[0]!)),
    ...(weights && { weights: Float64Array.from(weights.slice(from, to)) }),
  };
}

function fast(data: Table, cuts: readonly number[] = []): ExactSums {
  const gram = createGram({ ...data, hasWeights: data.weights !== undefined });
  const edges = [0, ...cuts, data.rows.length];
  for (let i = 1; i < edges.length; i++) {
    if (edges[i]! > edges[i - 1]!) gram.addBlock(block(data, edges[i - 1], edges[i]));
  }
  return gram.sums();
}

function slow(data: Table): ExactSums {
  const sums = emptySums(data);
  data.rows.forEach((row, i) => {
    addRow(sums, row.slice(1), row[0]!, data.weights?.[i] ?? 1);
  });
  return sums;
}

/** Equal for equal sums. */
function stringifySums({ featureCount, degree, rows, sums }: ExactSums): string {
  const texts = sums.map(canonical).map(({ digits, places }) => `${digits}e${-places}`);
  return JSON.stringify({ featureCount, degree, rows, sums: texts });
}

/** Of the rows of both. */
function mergeSums(a: ExactSums, b: ExactSums): ExactSums {
  return { ...a, rows: a.rows + b.rows, sums: a.sums.map((sum, i) => add(sum, b.sums[i]!)) };
}

describe('exact sums', () => {
  it('equal row-by-row decimal arithmetic, for doubles of every kind', () => {
    fc.assert(
      fc.property(table(40), (data) => {
        expect(stringifySums(fast(data))).toBe(stringifySums(slow(data)));
      }),
      { seed: SEED, numRuns: runs(60, 600) },
    );
  });

  it('do not depend on order, blocks and shards', () => {
    fc.assert(
      fc.property(table(30), fc.nat(), fc.nat(), (data, a, b) => {
        const cuts = [a, b].map((n) => n % (data.rows.length + 1)).sort((x, y) => x - y);
        const backwards = { ...data, rows: data.rows.toReversed(), weights: data.weights?.toReversed() };
        const whole = stringifySums(fast(data));

        expect(stringifySums(fast(data, cuts))).toBe(whole);
        expect(stringifySums(fast(backwards))).toBe(whole);
        const shards = [
          { ...data, rows: data.rows.slice(cuts[0]!), weights: data.weights?.slice(cuts[0]!) },
          { ...data, rows: data.rows.slice(0, cuts[0]!), weights: data.weights?.slice(0, cuts[0]!) },
        ].map((shard) => (shard.rows.length > 0 ? fast(shard) : emptySums(shard)));
        expect(stringifySums(mergeSums(shards[0]!, shards[1]!))).toBe(whole);
      }),
      { seed: SEED, numRuns: runs(40, 600) },
    );
  });

  it('stay exact over thousands of rows at the edge of a limb', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => [
      47_453_132 - (i % 3),
      -47_453_132 + (i % 5),
      999_999_999_999_999 - i,
    ]);
    const data: Table = { featureCount: 2, degree: 1, rows, weights: undefined };

    expect(stringifySums(fast(data, [1000, 3000]))).toBe(stringifySums(slow(data)));
  });
});
