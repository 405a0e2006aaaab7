/** Tables of channels, whole or in parts. */
import { isSparse, oneHost, type SparseBlock, spreadRows } from '@algo/contract';
import { blocksOf, memoryChannel, type TableRows } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { readTable, type Table } from '../../src/job/table.js';
import { joinTables, selectRows, withoutWeightless } from '../../src/job/table-parts.js';

const options = { hasWeights: false, keptBytes: 1000, stop: { requested: false } };

const channelOf = (rows: TableRows, name = 'train') =>
  memoryChannel(() => blocksOf(rows, { precision: 'float32' }), { name });

const sparseChannel = (
  ...blocks: readonly Pick<SparseBlock, 'columns' | 'labels' | 'rowStarts' | 'columnIndices' | 'values'>[]
) =>
  memoryChannel(
    () =>
      blocks.map((block) => ({
        ...block,
        values: block.values.slice(),
        labels: block.labels.slice(),
        rows: block.labels.length,
        labelCount: 1,
        source: 'a.libsvm',
        firstLine: 1,
      })),
    { type: 'text/libsvm' },
  );

async function rowsOf(table: Table): Promise<number[][]> {
  const rows: number[][] = [];
  for await (const block of table.blocks()) {
    const features = isSparse(block) ? spreadRows(block, 0, block.rows, table.columns) : block.features;
    for (let row = 0; row < block.rows; row++) {
      rows.push([...features.subarray(row * table.columns, (row + 1) * table.columns)]);
    }
  }
  return rows;
}

const five: TableRows = [1, 2, 3, 4, 5].map((label) => [label, 10 * label, 100 * label]);
const features = five.map((row) => row.slice(1));

describe('a table of training data', () => {
  it.each([1000, 0])('gives the same rows in every pass, with %i bytes to keep them in', async (keptBytes) => {
    const table = await readTable(channelOf(five), { ...options, keptBytes });

    expect(await rowsOf(table)).toEqual(features);
    table.release?.();
    expect(await rowsOf(table)).toEqual(features);
    expect(table).toMatchObject({ rows: 5, columns: 2, labelCount: 1, digest: undefined });
    expect([...table.labels]).toEqual([1, 2, 3, 4, 5]);
  });

  it('reports after how many rows it was stopped', async () => {
    const reading = readTable(channelOf(five), { ...options, stop: { requested: true } });

    await expect(reading).rejects.toMatchObject({
      code: 'E_STOPPED',
      message: expect.stringContaining('after 0 rows of channel "train", before a tree was grown'),
    });
  });

  it('can be reduced to some rows and joined with another', async () => {
    const train = await readTable(channelOf(five), options);
    const more = await readTable(channelOf([[7, 70, 700]], 'validation'), options);

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

  it('with more columns than a model can have is refused, naming channel, file and line', async () => {
    const wide = sparseChannel({
      columns: 2 ** 24 + 1,
      labels: Float64Array.of(1),
      rowStarts: Uint32Array.of(0, 1),
      columnIndices: Uint32Array.of(2 ** 24),
      values: Float32Array.of(1),
    });

    await expect(readTable(wide, options)).rejects.toThrow(
      'train/a.libsvm line 1: rows must have at most 16777216 feature columns; received 16777217.',
    );
  });

  it('of sparse rows stays sparse, with the columns of the widest row', async () => {
    const channel = sparseChannel(
      {
        columns: 2,
        labels: Float64Array.of(0, 1),
        rowStarts: Uint32Array.of(0, 1, 2),
        columnIndices: Uint32Array.of(0, 1),
        values: Float32Array.of(5, 6),
      },
      {
        columns: 4,
        labels: Float64Array.of(1, 0),
        rowStarts: Uint32Array.of(0, 0, 2),
        columnIndices: Uint32Array.of(0, 3),
        values: Float32Array.of(7, 8),
      },
    );
    const table = await readTable(channel, options);
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

it('rows of which none has a weight are counted on all hosts', async () => {
  const table = await readTable(
    channelOf([
      [1, 5],
      [0, 6],
    ]),
    options,
  );
  const sum = (values: Parameters<ReturnType<typeof oneHost>['sum']>[0]) => {
    values[0] = Number(values[0]) + 3;
  };
  const hosts = { ...oneHost(), size: 2, any: () => false, sum };

  expect(() => withoutWeightless({ ...table, weights: new Float32Array(2) }, hosts)).toThrow(
    'Channel "train" must have rows with a weight above 0; the weights of all 5 rows are 0.',
  );
});
