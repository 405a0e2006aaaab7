import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import type { ActivationName } from '../../src/network/definition.js';
import { createComposedOperations } from '../../src/operations/composed.js';
import { forwardKeeps } from '../../src/operations/operations.js';
import { largestDifference } from '../support/numbers.js';
import { activated, describeOnBackends, expectGradients, NUMERICAL, SAME, tensor } from '../support/operations.js';

const ACTIVATIONS: ActivationName[] = ['linear', 'relu', 'tanh', 'sigmoid', 'elu', 'gelu', 'swish'];

const operations = createComposedOperations();

describeOnBackends('layers', (backend) => {
  for (const activation of ACTIVATIONS) {
    it(`computes a dense layer with ${activation} and its gradients`, () => {
      const [input, kernel, bias, weight] = [
        tensor([6, 5], 1),
        tensor([5, 4], 2, 0.5),
        tensor([4], 3),
        tensor([6, 4], 4),
      ];
      const forward = operations.dense({ input, kernel, bias, activation });
      const reference = (x: tf.Tensor, k: tf.Tensor, b: tf.Tensor) =>
        tf.mul(weight, activated(tf.add(tf.matMul(x, k), b), activation));

      const gradients = operations.denseBackward({
        ...{ input, kernel, bias, activation, ...forward },
        outputGradient: weight,
        needsInputGradient: true,
      });

      expect(forward.preActivation !== undefined).toBe(forwardKeeps(activation));
      expect(
        largestDifference(tf.mul(weight, forward.output).dataSync(), reference(input, kernel, bias).dataSync()),
      ).toBeLessThan(SAME);
      expectGradients([gradients.input!, gradients.kernel, gradients.bias], [input, kernel, bias], reference);
    });

    it(`computes ${activation} alone and its gradient`, () => {
      const [input, outputGradient] = [tensor([3, 2, 2, 4], 5), tensor([3, 2, 2, 4], 6)];

      const output = operations.activation(input, activation);
      const gradient = operations.activationBackward(activation, { input, output, outputGradient });

      expect(largestDifference(output.dataSync(), activated(input, activation).dataSync())).toBeLessThan(SAME);
      expectGradients([gradient], [input], (x) => tf.mul(outputGradient, activated(x, activation)));
    });
  }

  for (const [size, activation] of [
    [3, 'sigmoid'],
    [5, 'swish'],
    [1, 'tanh'],
  ] as const) {
    it(`computes a ${size} × ${size} convolution with ${activation} and its gradients`, () => {
      const [input, kernel] = [tensor([3, 6, 5, 2], 11), tensor([size, size, 2, 3], 12, 1 / size)];
      const [bias, weight] = [tensor([3], 13), tensor([3, 6, 5, 3], 14, 0.5)];
      const forward = operations.convolution({ input, kernel, bias, activation });
      const reference = (x: tf.Tensor, k: tf.Tensor, b: tf.Tensor) =>
        tf.mul(weight, activated(tf.add(tf.conv2d(x as tf.Tensor4D, k as tf.Tensor4D, 1, 'same'), b), activation));

      const gradients = operations.convolutionBackward({
        ...{ input, kernel, bias, activation, ...forward },
        outputGradient: weight,
        needsInputGradient: true,
      });

      expect(
        largestDifference(tf.mul(weight, forward.output).dataSync(), reference(input, kernel, bias).dataSync()),
      ).toBeLessThan(SAME);
      expectGradients([gradients.input!, gradients.kernel, gradients.bias], [input, kernel, bias], reference, {
        // Sums of 270 terms.
        tolerance: 3 * NUMERICAL,
        // TensorFlow.js has no kernel for the gradient of a convolution's kernel on wasm.
        hasOwn: backend === 'cpu',
      });
    });
  }

  it('skips the gradient of the input if it is not needed', () => {
    const dense = {
      input: tensor([2, 3], 1),
      kernel: tensor([3, 2], 2),
      bias: tensor([2], 3),
      activation: 'relu',
    } as const;
    const image = {
      ...{ input: tensor([1, 4, 4, 1], 1), kernel: tensor([3, 3, 1, 2], 2), bias: tensor([2], 3) },
      activation: 'relu',
    } as const;
    const backwardOf = (output: tf.Tensor) => ({ output, outputGradient: output, needsInputGradient: false });

    const ofDense = operations.denseBackward({ ...dense, ...backwardOf(operations.dense(dense).output) });
    const ofImage = operations.convolutionBackward({ ...image, ...backwardOf(operations.convolution(image).output) });

    expect(ofDense.input).toBeUndefined();
    expect(ofImage.input).toBeUndefined();
  });

  it('pools by the maximum, ignores the remainder at the edge, and passes the gradient to the largest entry', () => {
    const [input, outputGradient] = [tensor([2, 5, 7, 3], 21), tensor([2, 2, 3, 3], 22)];

    const output = operations.maxPooling(input, 2);
    const gradient = operations.maxPoolingBackward(input, output, outputGradient, 2);

    const reference = (x: tf.Tensor) => tf.mul(outputGradient, tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'));
    expect(output.shape).toEqual([2, 2, 3, 3]);
    expectGradients([gradient], [input], reference, { hasOwn: backend === 'cpu' });
  });

  it('passes the gradient of a window with equal entries to the first', () => {
    const input = tf.tensor([1, 3, 3, 2], [1, 2, 2, 1]);

    const gradient = operations.maxPoolingBackward(input, operations.maxPooling(input, 2), tf.ones([1, 1, 1, 1]), 2);

    expect([...gradient.dataSync()]).toEqual([0, 1, 0, 0]);
  });
});
