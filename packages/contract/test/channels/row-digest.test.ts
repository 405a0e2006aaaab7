import { describe, expect, it } from 'vitest';
import { createRowDigest } from '../../src/channels/row-digest.js';
import type { Block, SparseBlock } from '../../src/formats/block.js';

const ABOUT = { columns: 2, labelCount: 1, source: 'a.csv', firstLine: 1 };

/** Rows of two features, label first, in blocks of this many rows. */
function dense(rows: readonly (readonly number[])[], blockRows: number): Block[] {
  const blocks: Block[] = [];
  for (let from = 0; from < rows.length; from += blockRows) {
    const part = rows.slice(from, from + blockRows);
    const labels = Float64Array.from(part, ([label]) => label!);
    const features = Float64Array.from(part.flatMap((row) => row.slice(1)));
    blocks.push({ ...ABOUT, rows: part.length, labels, features });
  }
  return blocks;
}

/** Rows of one entry each, column and value. */
function sparse(rows: readonly (readonly [label: number, column: number, value: number])[], blockRows: number) {
  const blocks: SparseBlock[] = [];
  for (let from = 0; from < rows.length; from += blockRows) {
    const part = rows.slice(from, from + blockRows);
    blocks.push({
      ...ABOUT,
      rows: part.length,
      labels: Float64Array.from(part, ([label]) => label),
      rowStarts: Uint32Array.from({ length: part.length + 1 }, (_, i) => i),
      columnIndices: Uint32Array.from(part, ([, column]) => column),
      values: Float64Array.from(part, ([, , value]) => value),
    });
  }
  return blocks;
}

function digestOf(blocks: readonly (Block | SparseBlock)[], hasFeatures = true): string {
  const { add, digest } = createRowDigest({ hasFeatures });
  for (const block of blocks) add(block);
  return digest();
}

const TABLE = [
  [1, 10, 20],
  [2, 30, 40],
  [3, 50, 60],
];

describe('the digest of a channel', () => {
  it('does not depend on how the rows are divided into blocks', () => {
    const entries = [
      [1, 0, 10],
      [2, 1, 20],
      [3, 0, 30],
    ] as const;

    expect(digestOf(dense(TABLE, 1))).toBe(digestOf(dense(TABLE, 3)));
    expect(digestOf(dense(TABLE, 2))).toBe(digestOf(dense(TABLE, 3)));
    expect(digestOf(sparse(entries, 1))).toBe(digestOf(sparse(entries, 3)));
  });

  it('changes with any label, value, order or number of rows', () => {
    const digests = [
      TABLE,
      [...TABLE.slice(0, 2), [4, 50, 60]],
      [...TABLE.slice(0, 2), [3, 50, 61]],
      TABLE.toReversed(),
      TABLE.slice(0, 2),
    ].map((rows) => digestOf(dense(rows, 2)));

    expect(new Set(digests).size).toBe(5);
  });

  it('can leave out the features', () => {
    const others = TABLE.map(([label]) => [label!, 0, 0]);

    expect(digestOf(dense(TABLE, 2), false)).toBe(digestOf(dense(others, 2), false));
  });
});
