import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { dropoutMask } from '../../src/network/dropout-mask.js';
import { createComposedOperations } from '../../src/operations/composed.js';
import { integers, largestDifference } from '../support/numbers.js';
import { describeOnBackends, tensor } from '../support/operations.js';

const operations = createComposedOperations();

describeOnBackends('rows and columns', () => {
  it('dropout drops the entries of the mask of its seed, and the same ones again', () => {
    const input = tensor([40, 30], 51);

    const output = operations.dropout(input, 0.3, 123).dataSync();
    const again = operations.dropout(input, 0.3, 123).dataSync();
    const other = operations.dropout(input, 0.3, 124).dataSync();

    const mask = dropoutMask(1200, 0.3, 123);
    const dropped = mask.filter((factor) => factor === 0).length;
    expect(
      largestDifference(
        output,
        input.dataSync().map((value, i) => value * mask[i]!),
      ),
    ).toBeLessThan(1e-6);
    // 1,200 draws of probability 0.3: deviation 16
    expect(Math.abs(dropped - 360)).toBeLessThan(64);
    expect([...again]).toEqual([...output]);
    expect([...other]).not.toEqual([...output]);
  });

  it('dropout drops the same entries of a row wherever the other rows of its batch are', () => {
    const input = tensor([40, 7], 51);
    const rows = Int32Array.of(0, 5, 6, 39);

    const whole = operations.dropout(input, 0.3, 123);
    const some = operations.dropout(tf.gather(input, tf.tensor1d(rows, 'int32')), 0.3, 123, rows);

    expect([...some.dataSync()]).toEqual([...tf.gather(whole, tf.tensor1d(rows, 'int32')).dataSync()]);
  });

  it('tensors are changed as one array, in their order', async () => {
    const given = [tensor([2, 3], 53), tensor([4], 54), tensor([1, 2, 2], 55)];
    const values = given.map((one) => [...one.dataSync()]);

    const changed = await operations.changed(given, (all) => {
      for (const [index, value] of all.entries()) all[index] = value + index;
    });

    expect(changed.map(({ shape }) => shape)).toEqual([[2, 3], [4], [1, 2, 2]]);
    const offsets = [0, 6, 10];
    for (const [part, expected] of values.entries()) {
      const sums = expected.map((value, index) => Math.fround(value + offsets[part]! + index));
      expect([...changed[part]!.dataSync()]).toEqual(sums);
    }
  });

  for (const entries of [7, 5000]) {
    it(`embeds by index in a table of ${entries} rows and sums the gradients of equal indices`, () => {
      const table = tensor([entries, 3], 61);
      const values = integers(20, Math.min(entries, 9), 62).map((value) => (value * (entries - 1)) / 8);
      const indices = tf.tensor1d(values, 'int32');
      const outputGradient = tensor([20, 3], 63);

      const output = operations.embed(table, indices);
      const gradient = operations.embedBackward(outputGradient, indices, entries);

      const [rows, gradients] = [table.dataSync(), outputGradient.dataSync()];
      const expected = new Float32Array(entries * 3);
      const picked = Float32Array.from({ length: 60 }, (_, i) => rows[values[Math.floor(i / 3)]! * 3 + (i % 3)]!);
      gradients.forEach((value, i) => {
        expected[values[Math.floor(i / 3)]! * 3 + (i % 3)]! += value;
      });
      expect([...output.dataSync()]).toEqual([...picked]);
      expect(gradient.shape).toEqual([entries, 3]);
      expect(largestDifference(gradient.dataSync(), expected)).toBeLessThan(1e-5);
    });
  }

  it('concatenates columns and splits their gradient at the same places', () => {
    const parts = [tensor([4, 2], 71), tensor([4, 1], 72), tensor([4, 3], 73)];

    const joined = operations.concatenate(parts);
    const cut = operations.concatenateBackward(joined, [2, 1, 3]);

    expect(joined.shape).toEqual([4, 6]);
    expect([...joined.dataSync()].slice(0, 6)).toEqual(parts.flatMap((p) => [...p.dataSync()].slice(0, p.shape[1])));
    for (const [i, part] of parts.entries()) expect([...cut[i]!.dataSync()]).toEqual([...part.dataSync()]);
  });

  it('slices and shuffles rows of matrices, images and int32 columns', () => {
    const image = tensor([5, 2, 2, 1], 81);
    const column = tf.tensor1d([10, 11, 12, 13, 14], 'int32');
    const order = tf.tensor1d([4, 0, 2], 'int32');

    expect([...operations.slice(column, 1, 3).dataSync()]).toEqual([11, 12, 13]);
    expect([...operations.gather(column, order).dataSync()]).toEqual([14, 10, 12]);
    expect(operations.slice(image, 3, 2).shape).toEqual([2, 2, 2, 1]);
    expect([...operations.slice(image, 3, 2).dataSync()]).toEqual([...image.dataSync()].slice(12));
    expect([...operations.gather(image, order).dataSync()].slice(0, 4)).toEqual([...image.dataSync()].slice(16));
  });
});
