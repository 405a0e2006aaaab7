import { describe, expect, it } from 'vitest';
import {
  type ReplayableRows,
  type ReplayOptions,
  replayableRows,
  replayableStoredRows,
} from '../../src/channels/replayable-rows.js';
import { type Block, isSparse, type SparseBlock } from '../../src/formats/block.js';
import { blocksOf, memoryChannel } from '../../src/testing/memory-channel.js';

const TABLE = [1, 2, 3, 4, 5].map((label) => [label, 10 * label, 100 * label]);
/** Five rows of a label and two features, as doubles. */
const TABLE_BYTES = 5 * 3 * 8;

const sparseBlock = (source: string, entries: readonly (readonly [column: number, value: number])[]): SparseBlock => ({
  rows: entries.length,
  columns: 1 + Math.max(...entries.map(([column]) => column)),
  labelCount: 1,
  labels: new Float64Array(entries.length),
  rowStarts: Uint32Array.from({ length: entries.length + 1 }, (_, row) => row),
  columnIndices: Uint32Array.from(entries, ([column]) => column),
  values: Float64Array.from(entries, ([, value]) => value),
  source,
  firstLine: 1,
});

async function read(rows: ReplayableRows | ReplayableRows<Block | SparseBlock>): Promise<number[][]> {
  const all: number[][] = [];
  for await (const block of rows.pass() as AsyncIterable<Block | SparseBlock>) {
    for (let row = 0; row < block.rows; row++) {
      const features = isSparse(block)
        ? [block.columnIndices[row]!, block.values[row]!]
        : block.features.subarray(row * block.columns, (row + 1) * block.columns);
      all.push([block.labels[row]!, ...(block.weights ? [block.weights[row]!] : []), ...features]);
    }
  }
  return all;
}

const options: ReplayOptions = { keepBytes: 1e6 };

describe('replayable rows', () => {
  it('read their channel once while they fit, and in every pass when one byte is missing', async () => {
    const channels = [TABLE_BYTES, TABLE_BYTES - 1].map((keepBytes) => {
      const channel = memoryChannel(() => blocksOf(TABLE));
      return { channel, rows: replayableRows(channel, { keepBytes }) };
    });

    for (const { rows } of channels) {
      expect(await read(rows)).toEqual(TABLE);
      expect(await read(rows)).toEqual(TABLE);
      expect(await read(rows)).toEqual(TABLE);
      expect(rows).toMatchObject({ name: 'train', rows: 5, columns: 2, columnNames: undefined });
    }
    expect(channels.map(({ channel }) => channel.reads.length)).toEqual([1, 3]);
    expect(channels.map(({ rows }) => rows.isKept)).toEqual([true, false]);
  });

  it('are read again after they were released', async () => {
    const channel = memoryChannel(() => blocksOf(TABLE));
    const rows = replayableRows(channel, options);
    await read(rows);

    rows.release();

    expect(await read(rows)).toEqual(TABLE);
    expect(channel.reads).toHaveLength(2);
  });

  it('ask a later pass for the columns and names of the first', async () => {
    const named = () => blocksOf(TABLE).map((block) => ({ ...block, columnNames: ['a', 'b'] }));
    const channel = memoryChannel(named);
    const rows = replayableRows(channel, { keepBytes: 0, read: { precision: 'float32' } });
    await read(rows);
    await read(rows);

    expect(rows.columnNames).toEqual(['a', 'b']);
    expect(channel.reads).toEqual([
      { precision: 'float32' },
      { precision: 'float32', featureCount: 2, featureNames: ['a', 'b'] },
    ]);
  });

  it('keep weights with the rows', async () => {
    const weighted = TABLE.map(([label, ...features]) => [label!, 0.5, ...features]);
    const rows = replayableRows(
      memoryChannel(() => blocksOf(weighted, { hasWeights: true })),
      options,
    );
    await read(rows);

    expect(await read(rows)).toEqual(weighted);
  });

  it('stay sparse where they are stored so, and are as wide as the widest row', async () => {
    const blocks = () => [sparseBlock('a.libsvm', [[1, 7]]), sparseBlock('a.libsvm', [[3, 8]])];
    const rows = replayableStoredRows(memoryChannel(blocks, { type: 'text/libsvm' }), options);
    const expected = [
      [0, 1, 7],
      [0, 3, 8],
    ];

    expect(await read(rows)).toEqual(expected);
    expect(await read(rows)).toEqual(expected);
    expect(rows.columns).toBe(4);
  });

  it('of which a later pass finds another number are an E_CHANNEL error', async () => {
    const table = [...TABLE];
    const rows = replayableRows(
      memoryChannel(() => blocksOf(table)),
      { keepBytes: 0 },
    );
    await read(rows);
    table.push([6, 60, 600]);

    await expect(read(rows)).rejects.toMatchObject({
      code: 'E_CHANNEL',
      message: 'Channel "train" must give the same rows each time it is read; received 5, then 6.',
    });
  });

  it.each([
    [
      'weights in one file only',
      blocksOf(
        TABLE.map((row) => [...row, 1]),
        { hasWeights: true, source: 'b.csv' },
      ),
      'train/b.csv line 1: rows must have no weights as in train/a.csv line 1; received weights.',
    ],
    [
      'queries in one file only',
      blocksOf(TABLE, { source: 'b.csv' }).map((block) => ({ ...block, queryIds: new Float64Array(block.rows) })),
      'train/b.csv line 1: rows must have no queries as in train/a.csv line 1; received queries.',
    ],
    [
      'another number of columns',
      blocksOf([[1, 2]], { source: 'b.csv' }),
      'train/b.csv line 1: rows must have 2 feature columns as in train/a.csv line 1; received 1 feature column.',
    ],
  ])('with %s are an E_DATA_COLUMNS error that names the files', async (_, more, message) => {
    const rows = replayableRows(
      memoryChannel(() => [...blocksOf(TABLE), ...more]),
      options,
    );

    await expect(read(rows)).rejects.toMatchObject({ code: 'E_DATA_COLUMNS', message });
  });

  it('end at a stop, with the number of rows read and what there is not yet', async () => {
    let looks = 0;
    const stop = {
      get requested() {
        return ++looks > 1;
      },
    };
    const rows = replayableRows(
      memoryChannel(() => blocksOf(TABLE)),
      { ...options, stop, before: 'a tree was grown' },
    );

    await expect(read(rows)).rejects.toMatchObject({
      code: 'E_STOPPED',
      message:
        'The job was stopped after 2 rows of channel "train", before a tree was grown. Give it more time, or less data.',
    });
  });

  it('that are none are an E_DATA_EMPTY error', async () => {
    const rows = replayableRows(
      memoryChannel(() => []),
      options,
    );

    await expect(read(rows)).rejects.toMatchObject({ code: 'E_DATA_EMPTY' });
  });

  it('report how many rows the first pass has read', async () => {
    const lines: string[] = [];
    const rows = replayableRows(
      memoryChannel(() => blocksOf(TABLE)),
      { ...options, progress: (line) => lines.push(line) },
    );
    await read(rows);
    await read(rows);

    expect(lines).toEqual([2, 4, 5].map((count) => `read ${count} rows of channel "train"`));
  });

  it('have a digest once they were read, and none where none was asked for', async () => {
    const others = TABLE.map(([label, ...features]) => [label!, ...features.map((value) => -value)]);
    const digestOf = async (table: readonly number[][], digest = false) => {
      const rows = replayableRows(
        memoryChannel(() => blocksOf(table)),
        { ...options, digest },
      );
      expect(() => rows.digest()).toThrow('The rows of channel "train" must have been read.');
      await read(rows);
      return rows.digest();
    };

    expect(await digestOf(TABLE)).toBeUndefined();
    expect(await digestOf(TABLE, true)).toMatch(/^[0-9a-f]{32}$/);
    expect(await digestOf(TABLE, true)).not.toBe(await digestOf(others, true));
  });
});
