import { blocksOf } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { fittingRows, readWindows, type Window } from '../../src/data/row-chunks.js';
import { createSample, SAMPLE_ROWS } from '../../src/data/sample.js';
import { sharedCapacity } from '../../src/data/shared-windows.js';
import { defineNetwork } from '../support/networks.js';
import { rowsOf } from './channels.js';

const definition = {
  ...defineNetwork({ columns: 2, categoricalInputs: [{ column: 1, values: [5, 7], dimensions: 2 }] }),
  numericColumns: [0, 2],
};
const options = {
  definition,
  inputScaling: { means: Float64Array.of(10, 0), deviations: Float64Array.of(2, 1) },
  outputScaling: { means: Float64Array.of(100), deviations: Float64Array.of(50) },
};
const table = Array.from({ length: 7 }, (_, i) => [100 + 50 * i, 10 + 2 * i, i % 2 === 0 ? 7 : 5, -i]);
const encoded = Array.from({ length: 7 }, (_, i) => [i, i, i === 0 ? -0 : -i, i % 2 === 0 ? 1 : 0]);

async function collect(windows: AsyncIterable<Window>): Promise<number[][][]> {
  const all: number[][][] = [];
  for await (const window of windows) all.push(rowsOf(window));
  return all;
}

describe('chunks of rows', () => {
  it('have all rows standardized in order, whatever the blocks', async () => {
    for (const blockRows of [1, 3, 7]) {
      const windows = await collect(readWindows(blocksOf(table, { blockRows }), { ...options, capacity: 7 }));

      expect(windows).toEqual([encoded]);
    }
  });

  it('are full except for the last one if not all rows fit', async () => {
    for (const blockRows of [1, 2, 5]) {
      const windows = await collect(readWindows(blocksOf(table, { blockRows }), { ...options, capacity: 3 }));

      expect(windows).toEqual([encoded.slice(0, 3), encoded.slice(3, 6), encoded.slice(6)]);
    }
  });

  it('grow if the number of rows is unknown', async () => {
    const windows = readWindows(blocksOf(table), { ...options, capacity: 100, expectedRows: 1 });

    expect(await collect(windows)).toEqual([encoded]);
  });

  it('have weights if the rows have them', async () => {
    const rows = [
      [100, 0.5, 10, 7, 0],
      [150, 2, 12, 5, -1],
    ];

    const windows = await collect(readWindows(blocksOf(rows, { hasWeights: true }), { ...options, capacity: 9 }));

    expect(windows).toEqual([
      [
        [0, 0.5, 0, 0, 1],
        [1, 2, 1, -1, 0],
      ],
    ]);
  });

  it('fill the columns that sparse rows do not have with 0', async () => {
    const narrow = blocksOf([[100, 10, 7]]);

    expect(await collect(readWindows(narrow, { ...options, capacity: 9 }))).toEqual([[[0, 0, 0, 1]]]);
  });

  it('have as many rows as fit in memory, in whole batches unless all fit', () => {
    const bytes = 100 * (3 + 1 + 1) * 4;

    expect(sharedCapacity([100], fittingRows(definition, bytes), 32)).toBe(100);
    expect(sharedCapacity([101], fittingRows(definition, bytes), 32)).toBe(96);
    expect(sharedCapacity([101], fittingRows(definition, 1), 32)).toBe(32);
  });

  it('leave each row of the window of all hosts a number of 31 bits', () => {
    const rows = [2 ** 31, 2 ** 31 + 5];

    for (const fitting of [2 ** 32, 2 ** 31]) expect(sharedCapacity(rows, fitting, 1000)).toBe(2_147_483_000);
    expect(sharedCapacity(rows, 1000, 100)).toBe(1900);
    expect(sharedCapacity([2 ** 31 - 1], 2 ** 31, 1000)).toBe(2 ** 31 - 1);
  });
});

describe('the sample of training rows for metrics', () => {
  const window = (rows: number): Window => ({
    rows,
    inputs: { rows, numeric: new Float32Array(2 * rows), categories: [new Int32Array(rows)] },
    labels: new Float32Array(rows),
    weights: undefined,
  });

  it('has all rows if they are few', async () => {
    const sample = createSample(definition, { total: 7, first: 0, run: Number.POSITIVE_INFINITY, skip: 0 });
    for await (const part of readWindows(blocksOf(table), { ...options, capacity: 3 })) sample.add(part);

    expect(rowsOf(sample.window())).toEqual(encoded);
  });

  it('has every n-th row, the same from one chunk as from several', () => {
    const rows = 3 * SAMPLE_ROWS - 1;
    const numbered = window(rows);
    numbered.labels.set(numbered.labels.map((_, row) => row));
    const whole = createSample(definition, { total: rows, first: 0, run: Number.POSITIVE_INFINITY, skip: 0 });
    const parts = createSample(definition, { total: rows, first: 0, run: Number.POSITIVE_INFINITY, skip: 0 });

    whole.add(numbered);
    for (let first = 0; first < rows; first += 1000) {
      const part = window(Math.min(1000, rows - first));
      part.labels.set(numbered.labels.subarray(first, first + part.rows));
      parts.add(part);
    }

    expect([...whole.window().labels]).toEqual(Array.from({ length: SAMPLE_ROWS }, (_, index) => 3 * index));
    expect(parts.window()).toEqual(whole.window());
  });
});
