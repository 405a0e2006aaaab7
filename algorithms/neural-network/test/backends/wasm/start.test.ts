import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../src/backends/backend.js';
import { startWasm } from '../../../src/backends/wasm/start.js';

describe('the wasm backend', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startWasm({ threads: 2 });
  });
  afterAll(() => backend.close());

  it('computes the operations that TensorFlow.js calls', async () => {
    const product = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]]));

    expect(tf.getBackend()).toBe('wasm');
    expect(await product.data()).toEqual(Float32Array.of(11));
  });

  it('keeps tensors while the memory grows', async () => {
    const before = backend.usedBytes()!;
    const first = tf.tensor1d([1, 2, 3]);

    const large = tf.ones([before / 2]);
    const sum = tf.sum(large);

    expect(backend.usedBytes()).toBeGreaterThan(before);
    expect(await first.data()).toEqual(Float32Array.of(1, 2, 3));
    expect(await sum.data()).toEqual(Float32Array.of(before / 2));
  });

  it('runs kernels with array and string arguments', async () => {
    const padded = tf.mirrorPad(
      tf.tensor2d([[1, 2, 3]]),
      [
        [0, 0],
        [1, 1],
      ],
      'reflect',
    );
    const sorted = tf.transpose(
      tf.tensor3d([
        [
          [1, 2],
          [3, 4],
        ],
      ]),
      [2, 0, 1],
    );

    expect(await padded.data()).toEqual(Float32Array.of(2, 1, 2, 3, 2));
    expect(await sorted.data()).toEqual(Float32Array.of(1, 3, 2, 4));
  });
});
