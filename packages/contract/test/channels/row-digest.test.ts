import { describe, expect, it } from 'vitest';
import { createRowDigest, digestOfTerms } from '../../src/channels/row-digest.js';
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

function digestOf(blocks: readonly (Block | SparseBlock)[]): string {
  return digestOfTerms([termsOf(blocks)]);
}

/** @param after how many rows follow @param numbers how they lie among those of all hosts */
function termsOf(
  blocks: readonly (Block | SparseBlock)[],
  after = 0,
  numbers?: { readonly run: number; readonly skip: number },
): Float64Array {
  const { add, terms } = createRowDigest(numbers);
  for (const block of blocks) add(block);
  return terms(after);
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

  it('changes when the signs of two values change, of one row or of two, and when two values are exchanged', () => {
    const tables = [
      [
        [1, 5, 5],
        [1, -5, 5],
      ],
      [
        [1, 5, -5],
        [1, 5, 5],
      ],
      [
        [1, -5, 5],
        [1, 5, 5],
      ],
      [
        [-1, 5, 5],
        [-1, 5, 5],
      ],
      [
        [1, 5, 5],
        [1, 5, 5],
      ],
      [
        [-1, -5, 5],
        [1, 5, 5],
      ],
    ];

    expect(new Set(tables.map((rows) => digestOf(dense(rows, 2)))).size).toBe(6);
  });

  it('does not depend on columns of zeros at the end, which rows of libsvm may lack', () => {
    const wider = TABLE.map((row) => [...row, 0]);
    const blocks = dense(wider, 3).map((block) => ({ ...block, columns: 3 }));

    expect(digestOf(blocks)).toBe(digestOf(dense(TABLE, 3)));
    expect(digestOf(dense([[1, 0, 20]], 1))).not.toBe(digestOf(dense([[1, 20, 0]], 1)));
  });
});

describe('the digest of rows that several hosts have', () => {
  const rows = Array.from({ length: 23 }, (_, row) => [row % 3, row * 0.5, -row]);
  const whole = digestOf(dense(rows, 5));

  it('is that of one host with the same rows, however many each of them has', () => {
    for (const cuts of [
      [23, 23],
      [0, 7, 23],
      [1, 1, 22],
    ]) {
      const terms = [...cuts, 23].map((end, host) => {
        const own = rows.slice(cuts[host - 1] ?? 0, end);
        return termsOf(dense(own, 4), 23 - end);
      });

      expect(digestOfTerms(terms)).toBe(whole);
    }
  });

  it('is the same where hosts take turns at runs of rows', () => {
    const [hosts, run] = [3, 4];
    const terms = Array.from({ length: hosts }, (_, host) => {
      const numbers = rows.flatMap((_, row) => (Math.floor(row / run) % hosts === host ? [row] : []));
      const own = numbers.map((row) => rows[row]!);
      return termsOf(dense(own, 5), 22 - numbers.at(-1)!, { run, skip: (hosts - 1) * run });
    });

    expect(digestOfTerms(terms)).toBe(whole);
  });

  it('differs when the hosts have each other’s rows', () => {
    const [first, second] = [dense(rows.slice(0, 10), 4), dense(rows.slice(10), 4)];

    const terms = [termsOf(second, 10), termsOf(first)];

    expect(digestOfTerms(terms)).not.toBe(whole);
  });
});
