import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../src/backends/backend.js';
import { startWasm } from '../../../src/backends/wasm/start.js';
import { integers, normals } from '../../support/numbers.js';
import { tensorOf } from '../../support/wasm.js';

const [ROWS, SIDE, CHANNELS] = [6, 5, 7];

describe('wasm operations', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startWasm({ threads: 2 });
  });
  afterAll(() => backend.close());

  /** Each operation once, results left to the scope. */
  function runAll(): void {
    const operations = backend.operations;
    const input = tensorOf(normals(ROWS * SIDE * SIDE * CHANNELS, 1), [ROWS, SIDE, SIDE, CHANNELS]);
    const kernel = tensorOf(normals(9 * CHANNELS * CHANNELS, 2), [3, 3, CHANNELS, CHANNELS]);
    const channel = tensorOf(normals(CHANNELS, 3).map(Math.abs), [CHANNELS]);
    const layer = { input, kernel, bias: channel, activation: 'gelu' } as const;
    const forward = operations.convolution(layer);
    const outputGradient = forward.output;
    operations.convolutionBackward({ ...layer, ...forward, outputGradient, needsInputGradient: true });
    tf.conv2d(input as tf.Tensor4D, kernel as tf.Tensor4D, 2, 'valid');
    const pooled = operations.maxPooling(input, 2);
    operations.maxPoolingBackward(input, pooled, pooled, 2);
    const moments = { gamma: channel, beta: channel, movingMean: channel, movingVariance: channel, epsilon: 1e-3 };
    operations.normalize({ input, ...moments });
    const { saved } = operations.normalizeBatch({ input, ...moments, momentum: 0.9 });
    operations.normalizeBatchBackward({ input, ...moments, saved, outputGradient });
    operations.dropout(input, 0.5, 3);
    operations.activationBackward('swish', { input, output: operations.activation(input, 'swish'), outputGradient });
    const matrix = tensorOf(normals(ROWS * CHANNELS, 4), [ROWS, CHANNELS]);
    const indices = tensorOf(integers(ROWS, ROWS, 5), [ROWS], 'int32');
    operations.embedBackward(operations.embed(matrix, indices), indices, ROWS);
    operations.concatenateBackward(operations.concatenate([matrix, matrix]), [3, 2 * CHANNELS - 3]);
    operations.slice(operations.gather(matrix, indices), 1, 2);
    operations.loss('softmaxCrossEntropy', { outputs: matrix, labels: indices, weights: undefined, divisor: 2 });
    for (const name of ['squaredError', 'binaryCrossEntropy', 'softmaxCrossEntropy'] as const) {
      operations.predictions(name, matrix);
    }
  }

  it('leak neither tensors nor memory in 1,000 rounds', () => {
    tf.tidy(runAll);
    const before = { ...tf.memory(), bytes: backend.usedBytes() };

    for (let round = 0; round < 1000; round++) tf.tidy(runAll);

    expect({ ...tf.memory(), bytes: backend.usedBytes() }).toEqual(before);
  });

  it('are freed with their scope, even those that share data', () => {
    const before = tf.memory().numDataBuffers;

    tf.tidy(() => void backend.operations.predictions('squaredError', tf.ones([3, 2])));

    expect(tf.memory().numDataBuffers).toBe(before);
  });
});
