import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { createComposedOperations } from '../../src/operations/composed.js';
import { largestDifference } from '../support/numbers.js';
import { describeOnBackends, expectGradients, SAME, standardized, tensor } from '../support/operations.js';

const operations = createComposedOperations();

describeOnBackends('batch normalization', () => {
  for (const shape of [
    [9, 4],
    [3, 4, 2, 4],
  ]) {
    it(`normalizes a batch of rank ${shape.length}, updates the moving statistics, and computes the gradients`, () => {
      const [input, weight] = [tensor(shape, 31, 2), tensor(shape, 32)];
      const [gamma, beta] = [tensor([4], 33), tensor([4], 34)];
      const [movingMean, movingVariance] = [tensor([4], 35), tf.square(tensor([4], 36))];
      const given = { input, gamma, beta, movingMean, movingVariance, epsilon: 1e-3 };
      const axes = shape.slice(1).map((_, axis) => axis);
      const reference = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) => {
        const { mean, variance } = tf.moments(x, axes);
        return tf.mul(weight, standardized(x, mean, variance, scale, offset));
      };

      const forward = operations.normalizeBatch({ ...given, momentum: 0.9 });
      const backward = operations.normalizeBatchBackward({ ...given, saved: forward.saved, outputGradient: weight });

      const { mean, variance } = tf.moments(input, axes);
      const expectedMean = tf.add(tf.mul(movingMean, 0.9), tf.mul(mean, 0.1));
      const expectedVariance = tf.add(tf.mul(movingVariance, 0.9), tf.mul(variance, 0.1));
      expect(largestDifference(forward.movingMean.dataSync(), expectedMean.dataSync())).toBeLessThan(SAME);
      expect(largestDifference(forward.movingVariance.dataSync(), expectedVariance.dataSync())).toBeLessThan(SAME);
      expect(
        largestDifference(tf.mul(weight, forward.output).dataSync(), reference(input, gamma, beta).dataSync()),
      ).toBeLessThan(SAME);
      expectGradients([backward.input, backward.gamma, backward.beta], [input, gamma, beta], reference);
    });

    it(`normalizes rank ${shape.length} with moving statistics`, () => {
      const input = tensor(shape, 41);
      const [gamma, beta] = [tensor([4], 42), tensor([4], 43)];
      const [movingMean, movingVariance] = [tensor([4], 44), tf.square(tensor([4], 45))];

      const output = operations.normalize({ input, gamma, beta, movingMean, movingVariance, epsilon: 1e-3 });

      const expected = standardized(input, movingMean, movingVariance, gamma, beta);
      expect(output.shape).toEqual(shape);
      expect(largestDifference(output.dataSync(), expected.dataSync())).toBeLessThan(SAME);
    });
  }
});
