/** Tables of channels: kept in memory or read again, whole or in parts. */
import type { Channel, SparseBlock, StopSignal } from '@algo/contract';
import { describe, expect, it } from 'vitest';
import { type FeatureBlock, readTable, type Table } from '../../src/job/table.js';
import { joinTables, selectRows } from '../../src/job/table-parts.js';

const stop: StopSignal = { requested: false, check: async () => false, signal: new AbortController().signal };

type Rows = readonly (readonly number[])[];

/** A channel of rows, label first, in blocks of two; counts its passes. */
function channelOf(rows: Rows, passes = { count: 0 }, name = 'train'): Channel {
  async function* blocks() {
    passes.count += 1;
    for (let first = 0; first < rows.length; first += 2) {
      const part = rows.slice(first, first + 2);
      yield {
        rows: part.length,
        columns: part[0]!.length - 1,
        features: Float32Array.from(part.flatMap((row) => row.slice(1))),
        labelCount: 1,
        labels: Float64Array.from(part, (row) => row[0]!),
        source: 'a.csv',
        firstLine: first + 1,
      };
    }
  }
  const contentType = { type: 'text/csv', parameters: {} };
  return { name, contentType, mode: 'File', blocks, blocksAsStored: blocks, files: () => [] };
}

async function rowsOf(table: Table): Promise<number[][]> {
  const rows: number[][] = [];
  for await (const block of table.blocks()) {
    for (let row = 0; row < block.rows; row++) rows.push(rowOf(block, row, table.columns));
  }
  return rows;
}

function rowOf({ features, sparse }: FeatureBlock, row: number, columns: number): number[] {
  if (features) return [...features.subarray(row * columns, (row + 1) * columns)];
  const dense = new Array<number>(columns).fill(Number.NaN);
  for (let entry = sparse!.starts[row]!; entry < sparse!.starts[row + 1]!; entry++) {
    dense[sparse!.features[entry]!] = sparse!.values[entry]!;
  }
  return dense;
}

const five: Rows = [1, 2, 3, 4, 5].map((label) => [label, 10 * label, 100 * label]);
const features = five.map((row) => row.slice(1));

describe('a table', () => {
  it('reads its channel once when the features fit, and again for every pass when they do not', async () => {
    const small = { count: 0 };
    const large = { count: 0 };

    const kept = await readTable(channelOf(five, small), { hasWeights: false, keptBytes: 40, stop });
    const reread = await readTable(channelOf(five, large), { hasWeights: false, keptBytes: 39, stop });

    for (const table of [kept, reread]) {
      expect(await rowsOf(table)).toEqual(features);
      expect(await rowsOf(table)).toEqual(features);
      expect(table).toMatchObject({ rows: 5, columns: 2, labelCount: 1 });
      expect([...table.labels]).toEqual([1, 2, 3, 4, 5]);
    }
    expect([small.count, large.count]).toEqual([1, 3]);
  });

  it('that was released is read again', async () => {
    const passes = { count: 0 };
    const table = await readTable(channelOf(five, passes), { hasWeights: false, keptBytes: 1000, stop });

    table.release?.();

    expect(await rowsOf(table)).toEqual(features);
    expect(passes.count).toBe(2);
  });

  it('whose channel gives other rows the second time is refused', async () => {
    const rows = [...five];
    const table = await readTable(channelOf(rows), { hasWeights: false, keptBytes: 0, stop });
    rows.push([6, 60, 600]);

    await expect(rowsOf(table)).rejects.toThrow('must give the same rows each time it is read; received 5, then 6');
  });

  it('says after how many rows a stop came', async () => {
    const stopped = { ...stop, requested: true };

    const reading = readTable(channelOf(five), { hasWeights: false, keptBytes: 0, stop: stopped });

    await expect(reading).rejects.toMatchObject({
      code: 'E_STOPPED',
      message: expect.stringContaining('after 0 rows'),
    });
  });

  it('can be cut to some rows and joined with another', async () => {
    const train = await readTable(channelOf(five), { hasWeights: false, keptBytes: 1000, stop });
    const more = await readTable(channelOf([[7, 70, 700]], { count: 0 }, 'validation'), {
      hasWeights: false,
      keptBytes: 1000,
      stop,
    });

    const joined = joinTables(train, more, 'both');
    const chosen = selectRows(joined, Uint8Array.of(0, 1, 0, 0, 1, 1), 'some');

    expect(joined.rows).toBe(6);
    expect([...chosen.labels]).toEqual([2, 5, 7]);
    expect(await rowsOf(chosen)).toEqual([
      [20, 200],
      [50, 500],
      [70, 700],
    ]);
  });

  it('refuses more columns than a model can have, naming the file', async () => {
    async function* blocks(): AsyncGenerator<SparseBlock, void, undefined> {
      yield {
        rows: 1,
        columns: 2 ** 24 + 1,
        labelCount: 1,
        labels: Float64Array.of(1),
        source: 'wide.libsvm',
        firstLine: 1,
        rowStarts: Uint32Array.of(0, 1),
        columnIndices: Uint32Array.of(2 ** 24),
        values: Float32Array.of(1),
      };
    }
    const table = readTable({ ...channelOf([]), blocksAsStored: blocks }, { hasWeights: false, keptBytes: 1000, stop });

    await expect(table).rejects.toThrow(
      'wide.libsvm: rows must have at most 16777216 feature columns; received 16777217.',
    );
  });

  it('of sparse rows keeps them sparse, with as many columns as the widest row has', async () => {
    async function* blocks(): AsyncGenerator<SparseBlock, void, undefined> {
      const shared = { labelCount: 1, source: 'a.libsvm', rows: 2 };
      yield {
        ...shared,
        columns: 2,
        labels: Float64Array.of(0, 1),
        firstLine: 1,
        rowStarts: Uint32Array.of(0, 1, 2),
        columnIndices: Uint32Array.of(0, 1),
        values: Float32Array.of(5, 6),
      };
      yield {
        ...shared,
        columns: 4,
        labels: Float64Array.of(1, 0),
        firstLine: 3,
        rowStarts: Uint32Array.of(0, 0, 2),
        columnIndices: Uint32Array.of(0, 3),
        values: Float32Array.of(7, 8),
      };
    }
    const channel = { ...channelOf([]), blocksAsStored: blocks };
    const table = await readTable(channel, { hasWeights: false, keptBytes: 1000, stop });
    const missing = Number.NaN;

    expect(table.columns).toBe(4);
    expect(await rowsOf(table)).toEqual([
      [5, missing, missing, missing],
      [missing, 6, missing, missing],
      [missing, missing, missing, missing],
      [7, missing, missing, 8],
    ]);
    expect(await rowsOf(selectRows(table, Uint8Array.of(0, 1, 0, 1), 'some'))).toEqual([
      [missing, 6, missing, missing],
      [7, missing, missing, 8],
    ]);
  });
});
