import { blocksOf } from '@algo/contract/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createEvaluationRows, rowsAtOnce } from '../../src/data/evaluation-rows.js';
import { readWindows } from '../../src/data/row-chunks.js';
import { useCpu } from '../support/cpu.js';
import { defineNetwork } from '../support/networks.js';

useCpu();

const definition = defineNetwork({ columns: 1 });
const table = [1, 2, 3, 4, 5].map((value) => [value, 10 * value]);

function measured(capacity: number) {
  const passes = { count: 0 };
  const scaling = { means: Float64Array.of(0), deviations: Float64Array.of(1) };
  const rows = createEvaluationRows(definition, () => {
    passes.count += 1;
    return readWindows(blocksOf(table), { definition, inputScaling: scaling, outputScaling: scaling, capacity });
  });
  return { rows, passes };
}

describe('rows for evaluation', () => {
  it.each([
    [5, 1],
    [2, 3],
  ])('with memory for %i rows are read %i times in three evaluations', async (capacity, expected) => {
    const before = tf.memory().numTensors;
    const { rows, passes } = measured(capacity);

    for (let time = 0; time < 3; time++) {
      const seen: number[][] = [];
      for await (const { window, device } of rows.windows()) {
        const numbers = device.inputs.numeric.dataSync();
        for (let row = 0; row < window.rows; row++) seen.push([window.labels[row]!, numbers[row]!]);
      }
      expect(seen).toEqual(table);
    }

    expect(passes.count).toBe(expected);
    rows.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leave nothing on the device if a pass stops early', async () => {
    const before = tf.memory().numTensors;
    const { rows } = measured(2);

    for await (const { window } of rows.windows()) if (window.rows > 0) break;

    expect(tf.memory().numTensors).toBe(before);
  });

  it('go through the network in batches for which its widest layer has room', () => {
    const image = { ...definition, featureCount: 64 * 64, imageShape: [64, 64, 1] as const, numericColumns: [] };
    const wide = { kind: 'convolution', name: 'c', filters: 64, kernelSize: 3, activation: 'relu' } as const;

    expect(rowsAtOnce(definition)).toBe(4096);
    expect(rowsAtOnce({ ...image, layers: [wide] })).toBe(16); // of 64 · 64 · 64 values: 4 MiB values
  });
});
