/** Batches of training rows on the device: shuffled, weighted, disposed. */

import type { Numbers } from '@algo/contract';
import { blocksOf } from '@algo/contract/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { readWindows, type WindowOptions } from '../../src/data/row-chunks.js';
import { shareWindows, sumOf } from '../../src/data/shared-windows.js';
import { createTrainingRows, type TrainingRowsOptions } from '../../src/data/training-rows.js';
import { createComposedOperations } from '../../src/operations/composed.js';
import { useCpu } from '../support/cpu.js';
import { twinHost } from '../support/hosts.js';
import { defineNetwork } from '../support/networks.js';

useCpu();

const definition = defineNetwork({
  task: 'multiclass',
  columns: 1,
  categoricalInputs: [{ column: 1, values: [0, 1, 2, 3], dimensions: 1 }],
  outputCount: 3,
});
const ROWS = 11;
/** Class, row number, a category: the parts of a row that must stay together. */
const table = Array.from({ length: ROWS }, (_, i) => [i % 3, i, i % 4]);

function trainingRows(more: Partial<TrainingRowsOptions> = {}, weights?: readonly number[]) {
  const passes = { count: 0 };
  const capacity = more.capacity ?? ROWS;
  const options: WindowOptions = {
    definition,
    inputScaling: { means: Float64Array.of(0), deviations: Float64Array.of(1) },
    outputScaling: undefined,
    capacity,
  };
  const rows = weights ? table.map(([label, ...features], row) => [label!, weights[row]!, ...features]) : table;
  const created = createTrainingRows({
    operations: createComposedOperations(),
    definition,
    rows: ROWS,
    capacity,
    batchSize: 4,
    seed: 1,
    classWeights: undefined,
    windows() {
      passes.count += 1;
      return readWindows(blocksOf(rows, { hasWeights: weights !== undefined }), options);
    },
    ...more,
  });
  return { ...created, passes };
}

/** Rows of an epoch's batches, in order: class, number, category, and weight where there is one. */
async function epochOf({ batches }: ReturnType<typeof trainingRows>, epoch: number) {
  const found: { sizes: number[]; rows: number[][]; weightSums: number[] } = { sizes: [], rows: [], weightSums: [] };
  for await (const { inputs, labels, weights, rows, weightSum } of batches(epoch)) {
    const columns = [labels, inputs.numeric, inputs.categories[0]!, ...(weights ? [weights] : [])];
    const values = columns.map((column) => column.dataSync());
    found.sizes.push(rows);
    found.weightSums.push(weightSum);
    for (let row = 0; row < rows; row++) found.rows.push(values.map((column) => column[row]!));
  }
  return found;
}

const inOrder = (rows: readonly number[][]) => [...rows].sort((a, b) => a[1]! - b[1]!);

describe('an epoch of training rows', () => {
  it('has every row once, in batches that are full except for the last', async () => {
    for (const capacity of [ROWS, 8, 4]) {
      const { sizes, rows } = await epochOf(trainingRows({ capacity }), 1);

      expect(sizes).toEqual([4, 4, 3]);
      expect(inOrder(rows)).toEqual(table);
    }
  });

  it('has another order than the previous one, the same for the same seed', async () => {
    for (const capacity of [ROWS, 8]) {
      const one = trainingRows({ capacity });
      const orders = [await epochOf(one, 1), await epochOf(one, 2)].map(({ rows }) => rows.map((row) => row[1]));

      expect(orders[1]).not.toEqual(orders[0]);
      expect((await epochOf(trainingRows({ capacity }), 2)).rows.map((row) => row[1])).toEqual(orders[1]);
      expect((await epochOf(trainingRows({ capacity, seed: 2 }), 1)).rows.map((row) => row[1])).not.toEqual(orders[0]);
    }
  });

  it('needs one pass in total if the rows fit, otherwise a pass each', async () => {
    const resident = trainingRows();
    const streamed = trainingRows({ capacity: 8 });

    for (const rows of [resident, streamed]) for (const epoch of [1, 2, 3]) await epochOf(rows, epoch);

    expect(resident.passes.count).toBe(1);
    expect(streamed.passes.count).toBe(3);
  });

  it('shuffles rows that do not fit within their chunk', async () => {
    const { rows } = await epochOf(trainingRows({ capacity: 4 }), 1);

    const windows = [rows.slice(0, 4), rows.slice(4, 8), rows.slice(8)].map((part) => part.map((row) => row[1]!));
    expect(windows.map((part) => [...part].sort((a, b) => a - b))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9, 10],
    ]);
  });

  it('has row weights times class weights, and their sum', async () => {
    const weights = table.map((_, row) => row / 2);
    const classWeights = Float64Array.of(1, 10, 0);

    for (const capacity of [ROWS, 4]) {
      const { rows, weightSums } = await epochOf(trainingRows({ capacity, classWeights }, weights), 1);

      for (const [label, number, , weight] of rows) expect(weight).toBe((number! / 2) * classWeights[label!]!);
      expect(weightSums[0]).toBe(rows.slice(0, 4).reduce((sum, row) => sum + row[3]!, 0));
    }
  });

  it('leaks no tensor except the rows that are kept, which are disposed at the end, also if it stops early', async () => {
    const before = tf.memory().numTensors;
    const resident = trainingRows(
      {},
      table.map(() => 1),
    );
    const streamed = trainingRows({ capacity: 4 });

    for (const rows of [resident, streamed]) {
      await epochOf(rows, 1);
      for await (const batch of rows.batches(2)) if (batch.rows > 0) break;
    }

    expect(tf.memory().numTensors - before).toBe(4); // numbers, categories, labels, weights
    resident.dispose();
    streamed.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has a sample in the original order for metrics', async () => {
    const rows = trainingRows({ capacity: 4 });
    await epochOf(rows, 1);
    await epochOf(rows, 2);

    const { rows: count, labels, inputs } = rows.sample();

    expect(count).toBe(ROWS);
    expect([...labels]).toEqual(table.map(([label]) => label));
    expect([...inputs.numeric]).toEqual(table.map((row) => row[1]));
  });
});

it('a table of categories only has no numbers to shuffle', async () => {
  const onlyCategories = {
    ...definition,
    featureCount: 1,
    numericColumns: [],
    categoricalInputs: [{ column: 0, values: [0, 1], dimensions: 1 }],
  };
  const before = tf.memory().numTensors;
  const rows = createTrainingRows({
    operations: createComposedOperations(),
    definition: onlyCategories,
    rows: 3,
    capacity: 3,
    batchSize: 2,
    seed: 1,
    classWeights: undefined,
    windows: () =>
      readWindows(
        blocksOf([
          [0, 1],
          [1, 0],
          [2, 1],
        ]),
        {
          definition: onlyCategories,
          inputScaling: { means: new Float64Array(), deviations: new Float64Array() },
          outputScaling: undefined,
          capacity: 3,
        },
      ),
  });

  const seen: number[][] = [];
  for await (const { labels, inputs } of rows.batches(1)) {
    const categories = inputs.categories[0]!.dataSync();
    for (const [row, label] of labels.dataSync().entries()) seen.push([label, categories[row]!]);
  }
  rows.dispose();

  expect(seen.sort()).toEqual([
    [0, 1],
    [1, 0],
    [2, 1],
  ]);
  expect(tf.memory().numTensors).toBe(before);
});

describe('the batches of several hosts', () => {
  /** As the hosts of a job that has `shares` of the rows read them: no weights, so that the sums are of rows. */
  function ofHosts(shares: readonly number[], capacity: number) {
    const windows = shareWindows(shares, capacity);
    return shares.map((count, rank) => {
      const first = sumOf(shares.slice(0, rank));
      const communicator = {
        ...twinHost(),
        rank,
        size: shares.length,
        sum: (values: Numbers) => void sums.push(values),
      };
      const sums: Numbers[] = [];
      const sizes = windows.map((window) => window[rank]!).filter((size) => size > 0);
      const numbers = { total: ROWS, first, run: Number.POSITIVE_INFINITY, skip: 0 };
      const own = table.slice(first, first + count);
      const rows = trainingRows({
        capacity,
        hosts: { communicator, rows: shares, numbers },
        windows: () =>
          readWindows(blocksOf(own), {
            definition,
            inputScaling: { means: Float64Array.of(0), deviations: Float64Array.of(1) },
            outputScaling: undefined,
            ...{ capacity, sizes },
          }),
      });
      return { rows, sums };
    });
  }

  /** The row numbers of each batch, put together from what the hosts have of it. */
  async function batchesOf(hosts: ReturnType<typeof ofHosts>, epoch: number) {
    const found: number[][] = [];
    for (const { rows } of hosts) {
      let index = 0;
      for await (const { inputs, rowNumbers, rows: count } of rows.batches(epoch)) {
        const values = [...inputs.numeric.dataSync()];
        expect(values).toHaveLength(count);
        found[index] ??= [];
        for (const [at, value] of values.entries()) found[index]![rowNumbers?.[at] ?? at] = value;
        index += 1;
      }
    }
    return found;
  }

  it('are those of one host, in the same order, also where one has no rows', async () => {
    const whole = trainingRows();
    const one = (await epochOf(whole, 3)).rows.map((row) => row[1]!);
    const expected = [one.slice(0, 4), one.slice(4, 8), one.slice(8)];

    for (const shares of [
      [5, 6],
      [0, 11],
      [9, 1, 1],
    ]) {
      const hosts = ofHosts(shares, ROWS);

      expect(await batchesOf(hosts, 3)).toEqual(expected);
      const sums = hosts.map(({ sums: [own] }) => [...(own as Float64Array)]);
      expect([0, 1, 2].map((batch) => sumOf(sums.map((own) => own[batch]!)))).toEqual([4, 4, 3]);
      for (const { rows } of hosts) rows.dispose();
    }
    whole.dispose();
  });

  it('are of all hosts, window by window, where rows do not fit', async () => {
    const hosts = ofHosts([3, 8], 8);

    const batches = await batchesOf(hosts, 1);

    expect(batches.map(({ length }) => length)).toEqual([4, 4, 3]);
    expect(
      batches
        .slice(0, 2)
        .flat()
        .sort((a, b) => a - b),
    ).toEqual([0, 1, 3, 4, 5, 6, 7, 8]);
    expect(batches[2]!.toSorted((a, b) => a - b)).toEqual([2, 9, 10]);
  });

  it('have samples that are that of one host together', async () => {
    const hosts = ofHosts([5, 6], ROWS);
    await batchesOf(hosts, 1);

    const samples = hosts.map(({ rows }) => rows.sample());

    expect(samples.flatMap(({ inputs, rows }) => [...inputs.numeric.subarray(0, rows)])).toEqual(
      table.map((row) => row[1]),
    );
    for (const { rows } of hosts) rows.dispose();
  });
});
