import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { createComposedOperations } from '../../src/operations/composed.js';
import type { LossName } from '../../src/operations/operations.js';
import { largestDifference } from '../support/numbers.js';
import { describeOnBackends, expectGradients, SAME, tensor } from '../support/operations.js';

const operations = createComposedOperations();

/** Labels of eight rows, and the loss of each row as TensorFlow.js's operations have it. */
const LOSSES: Record<LossName, { labels(): tf.Tensor; rows(outputs: tf.Tensor, labels: tf.Tensor): tf.Tensor }> = {
  squaredError: {
    labels: () => tensor([8, 3], 91),
    rows: (z, y) => tf.mean(tf.squaredDifference(z, y), 1),
  },
  binaryCrossEntropy: {
    labels: () => tf.tensor2d([0, 1, 1, 0, 1, 0, 0, 1], [8, 1]),
    rows: (z, y) => tf.reshape(tf.sub(tf.softplus(z), tf.mul(z, y)), [8]),
  },
  softmaxCrossEntropy: {
    labels: () => tf.tensor1d([0, 2, 1, 1, 0, 2, 2, 0], 'int32'),
    rows: (z, y) => tf.neg(tf.sum(tf.mul(tf.oneHot(y, 3), tf.logSoftmax(z)), 1)),
  },
};

describeOnBackends('losses', () => {
  for (const name of Object.keys(LOSSES) as LossName[]) {
    for (const isWeighted of [false, true]) {
      it(`computes ${name} ${isWeighted ? 'with' : 'without'} row weights and its gradient`, () => {
        const labels = LOSSES[name].labels();
        const outputs = tensor([8, name === 'binaryCrossEntropy' ? 1 : 3], 92, 2);
        const weights = tf.tensor1d(isWeighted ? [1, 2, 0, 0.5, 1, 3, 1, 1] : [1, 1, 1, 1, 1, 1, 1, 1]);
        const weighted = (z: tf.Tensor) => tf.mul(weights, LOSSES[name].rows(z, labels));

        const { loss, gradient } = operations.loss(name, {
          ...{ outputs, labels, divisor: 8 },
          weights: isWeighted ? weights : undefined,
        });

        expect(loss.shape).toEqual([]);
        expect(loss.dataSync()[0]).toBeCloseTo(tf.sum(weighted(outputs)).dataSync()[0]!, 4);
        expectGradients([gradient], [outputs], (z) => tf.div(weighted(z), 8));
      });
    }
  }

  it('keeps losses and gradients finite for outputs of any size', () => {
    const outputs = tf.tensor2d([500, -500, 0, -500, 500, 0], [2, 3]);
    const labels = tf.tensor1d([1, 1], 'int32');
    const logits = tf.tensor2d([500, -500], [2, 1]);

    const softmax = operations.loss('softmaxCrossEntropy', { outputs, labels, weights: undefined, divisor: 2 });
    const binary = operations.loss('binaryCrossEntropy', {
      ...{ outputs: logits, labels: tf.tensor2d([0, 0], [2, 1]), weights: undefined, divisor: 2 },
    });

    expect(softmax.loss.dataSync()[0]).toBeCloseTo(1000, 3);
    expect(binary.loss.dataSync()[0]).toBeCloseTo(500, 3);
    expect([...softmax.gradient.dataSync(), ...binary.gradient.dataSync()].every(Number.isFinite)).toBe(true);
  });

  it('converts outputs to predictions', () => {
    const outputs = tensor([4, 3], 95);

    expect([...operations.predictions('squaredError', outputs).dataSync()]).toEqual([...outputs.dataSync()]);
    expect(
      largestDifference(
        operations.predictions('binaryCrossEntropy', outputs).dataSync(),
        tf.sigmoid(outputs).dataSync(),
      ),
    ).toBeLessThan(SAME);
    expect(
      largestDifference(
        operations.predictions('softmaxCrossEntropy', outputs).dataSync(),
        tf.softmax(outputs).dataSync(),
      ),
    ).toBeLessThan(SAME);
  });
});
