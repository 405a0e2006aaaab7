/** Queries whose rows are on several hosts are refused as on one host, in the same words on all of them. */
import { oneHost } from '@algo/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelledRows } from '../../src/job/labels.js';
import type { Table } from '../../src/job/table.js';
import { cutsOf } from '../support/divided-rows.js';
import { onHosts } from '../support/hosts.js';

interface Row {
  readonly query: number;
  readonly weight: number;
}

/** Rows begin … end − 1 of the whole, which messages name by their number in it. */
function tableOf(rows: readonly Row[], begin = 0, end = rows.length): Table {
  const own = rows.slice(begin, end);
  return {
    ...{ name: 'train', rows: own.length, columns: 1, labelCount: 1, columnNames: undefined },
    labels: new Float32Array(own.length),
    weights: Float32Array.from(own, ({ weight }) => weight),
    queryIds: Float64Array.from(own, ({ query }) => query),
    placeOf: (row) => `train/all.csv line ${begin + row + 1}`,
    blocks: () => expect.fail('features are not read'),
  };
}

/** Why it is refused; undefined where it is not. */
function refusalOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const onOneHost = (rows: readonly Row[]) => refusalOf(() => labelledRows(tableOf(rows), 'rank:ndcg', oneHost()));

const onSeveral = (rows: readonly Row[], cuts: readonly number[]) =>
  refusalOf(() =>
    onHosts(cuts.length + 1, (hosts) =>
      labelledRows(tableOf(rows, cuts[hosts.rank - 1] ?? 0, cuts[hosts.rank]), 'rank:ndcg', hosts),
    ),
  );

describe('queries of several hosts', () => {
  it.each([
    [
      'torn apart',
      [1, 1, 2, 1],
      [0.5, 0.5, 0.5, 0.5],
      'the rows of a query must be contiguous; train/all.csv line 4 goes back to query 1 of train/all.csv line 1. Sort the rows by query.',
    ],
    [
      'of two weights',
      [1, 1, 2, 2],
      [0.5, 0.5, 2, 3],
      'the rows of a query must have one weight; train/all.csv line 3 has 2, train/all.csv line 4 has 3.',
    ],
  ])('that are %s are refused with the places', (_, queries, weights, message) => {
    const rows = queries.map((query, row) => ({ query, weight: weights[row]! }));

    expect(onSeveral(rows, [3])).toBe(`Channel "train": ${message}`);
    expect(onSeveral(rows, [1, 3])).toBe(`Channel "train": ${message}`);
  });

  it('are refused where one host refuses them, and accepted where it accepts them', () => {
    const row = fc.record({ query: fc.nat(3), weight: fc.constantFrom(1, 1, 1, 2) });
    const divisions = fc
      .tuple(fc.array(row, { minLength: 1, maxLength: 12 }), fc.boolean())
      .map(([list, isSorted]) => (isSorted ? list.toSorted((a, b) => a.query - b.query) : list))
      .chain((list) => fc.tuple(fc.constant(list), cutsOf(list.length)));

    fc.assert(
      fc.property(divisions, ([rows, cuts]) => {
        expect(onSeveral(rows, cuts) === undefined).toBe(onOneHost(rows) === undefined);
      }),
      { seed: 20261130, numRuns: 300 },
    );
  });
});
