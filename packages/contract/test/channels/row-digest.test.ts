import { describe, expect, it } from 'vitest';
import type { Channel } from '../../src/channels/channel.js';
import { digestRows } from '../../src/channels/row-digest.js';
import type { Block, SparseBlock } from '../../src/formats/block.js';

const ABOUT = { columns: 2, labelCount: 1, source: 'a.csv', firstLine: 1 };

/** Rows of two features, label first, in blocks of so many rows. */
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

async function digestOf(blocks: readonly (Block | SparseBlock)[], hasFeatures?: boolean): Promise<string> {
  async function* read() {
    yield* blocks;
  }
  const source = { name: 'train', blocksAsStored: read } as unknown as Channel;
  const { channel, digest } = digestRows(source, hasFeatures === undefined ? {} : { hasFeatures });
  let rows = 0;
  for await (const block of channel.blocksAsStored()) rows += block.rows;
  expect(rows).toBeGreaterThan(0);
  return digest();
}

const TABLE = [
  [1, 10, 20],
  [2, 30, 40],
  [3, 50, 60],
];

describe('the digest of a channel', () => {
  it('is the same however the rows are cut into blocks', async () => {
    const entries = [
      [1, 0, 10],
      [2, 1, 20],
      [3, 0, 30],
    ] as const;

    expect(await digestOf(dense(TABLE, 1))).toBe(await digestOf(dense(TABLE, 3)));
    expect(await digestOf(dense(TABLE, 2))).toBe(await digestOf(dense(TABLE, 3)));
    expect(await digestOf(sparse(entries, 1))).toBe(await digestOf(sparse(entries, 3)));
  });

  it('is another one for another label, value, order or number of rows', async () => {
    const digests = [
      TABLE,
      [...TABLE.slice(0, 2), [4, 50, 60]],
      [...TABLE.slice(0, 2), [3, 50, 61]],
      TABLE.toReversed(),
      TABLE.slice(0, 2),
    ].map((rows) => digestOf(dense(rows, 2)));

    expect(new Set(await Promise.all(digests)).size).toBe(5);
  });

  it('leaves features out where they are known by something else', async () => {
    const others = TABLE.map(([label]) => [label!, 0, 0]);

    expect(await digestOf(dense(TABLE, 2), false)).toBe(await digestOf(dense(others, 2), false));
  });

  it('is not to be had before the rows were read to their end', () => {
    const { digest } = digestRows({ name: 'train' } as Channel);

    expect(digest).toThrow('channel "train" must have been read');
  });
});
