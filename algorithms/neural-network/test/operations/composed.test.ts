import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
// Registers TensorFlow.js's own gradients, which are the reference.
import '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivationName } from '../../src/network/definition.js';
import { dropoutMask } from '../../src/network/dropout-mask.js';
import { createComposedOperations } from '../../src/operations/composed.js';
import { forwardKeeps, type LossName } from '../../src/operations/operations.js';
import { integers, largestDifference, normals, numericalGradient } from '../support/numbers.js';

const ACTIVATIONS: ActivationName[] = ['linear', 'relu', 'tanh', 'sigmoid', 'elu', 'gelu', 'swish'];
/** Two float32 sums of a hundred terms around 1, in different orders. */
const SAME = 2e-5;
/** Central differences of float32 values: see `numericalGradient`. */
const NUMERICAL = 2e-3;

const operations = createComposedOperations();

const tensor = (count: readonly number[], seed: number, scale = 1) =>
  tf.tensor(
    normals(
      count.reduce((size, side) => size * side, 1),
      seed,
      scale,
    ),
    [...count],
  );

/** The activation as TensorFlow.js's operations have it. */
function activated(x: tf.Tensor, activation: ActivationName): tf.Tensor {
  switch (activation) {
    case 'linear':
      return x;
    case 'swish':
      return tf.mul(x, tf.sigmoid(x));
    case 'gelu':
      return tf.mul(x, tf.mul(0.5, tf.add(1, tf.erf(tf.div(x, Math.SQRT2)))));
    default:
      return { relu: tf.relu, tanh: tf.tanh, sigmoid: tf.sigmoid, elu: tf.elu }[activation](x);
  }
}

function standardized(x: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) {
  return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3))), scale), offset);
}

/**
 * Checks gradients against differences of `functionOf`, and against TensorFlow.js's own where it has them on the backend.
 */
function expectGradients(
  gradients: readonly tf.Tensor[],
  points: readonly tf.Tensor[],
  functionOf: (...points: tf.Tensor[]) => tf.Tensor,
  { tolerance = NUMERICAL, hasOwn = true } = {},
) {
  const scalarOf = (...given: tf.Tensor[]) => tf.sum(functionOf(...given)) as tf.Scalar;
  const expected = hasOwn ? tf.grads(scalarOf)([...points]) : undefined;
  for (const [index, gradient] of gradients.entries()) {
    const computed = gradient.dataSync();
    const numerical = numericalGradient(
      (values) =>
        tf.tidy(() => {
          const moved = points.map((point, i) => (i === index ? tf.tensor(values, point.shape) : point));
          return scalarOf(...moved).dataSync()[0]!;
        }),
      points[index]!.dataSync() as Float32Array,
    );
    expect(gradient.shape).toEqual(points[index]!.shape);
    expect(largestDifference(computed, numerical)).toBeLessThan(tolerance);
    if (expected) expect(largestDifference(computed, expected[index]!.dataSync())).toBeLessThan(SAME);
  }
}

for (const backend of ['cpu', 'wasm']) {
  describe(`composed operations on ${backend}`, () => {
    let tensorsBefore = 0;

    beforeAll(async () => {
      await tf.setBackend(backend);
      tf.engine().startScope();
      tensorsBefore = tf.memory().numTensors;
    });
    afterAll(() => {
      tf.engine().endScope();
      expect(tf.memory().numTensors).toBeGreaterThanOrEqual(tensorsBefore);
    });

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

      it(`computes ${activation} by itself and its gradient`, () => {
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

    it('leaves out the gradient of the input where it is not needed', () => {
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

    it('pools by the maximum, drops the edge, and sends the gradient to the largest entry', () => {
      const [input, outputGradient] = [tensor([2, 5, 7, 3], 21), tensor([2, 2, 3, 3], 22)];

      const output = operations.maxPooling(input, 2);
      const gradient = operations.maxPoolingBackward(input, output, outputGradient, 2);

      const reference = (x: tf.Tensor) => tf.mul(outputGradient, tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'));
      expect(output.shape).toEqual([2, 2, 3, 3]);
      expectGradients([gradient], [input], reference, { hasOwn: backend === 'cpu' });
    });

    it('sends the gradient of a window with equal entries to the first', () => {
      const input = tf.tensor([1, 3, 3, 2], [1, 2, 2, 1]);

      const gradient = operations.maxPoolingBackward(input, operations.maxPooling(input, 2), tf.ones([1, 1, 1, 1]), 2);

      expect([...gradient.dataSync()]).toEqual([0, 1, 0, 0]);
    });

    for (const shape of [
      [9, 4],
      [3, 4, 2, 4],
    ]) {
      it(`normalizes a batch of rank ${shape.length}, moves the statistics, and gives the gradients`, () => {
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

      it(`normalizes rank ${shape.length} by moving statistics`, () => {
        const input = tensor(shape, 41);
        const [gamma, beta] = [tensor([4], 42), tensor([4], 43)];
        const [movingMean, movingVariance] = [tensor([4], 44), tf.square(tensor([4], 45))];

        const output = operations.normalize({ input, gamma, beta, movingMean, movingVariance, epsilon: 1e-3 });

        const expected = standardized(input, movingMean, movingVariance, gamma, beta);
        expect(output.shape).toEqual(shape);
        expect(largestDifference(output.dataSync(), expected.dataSync())).toBeLessThan(SAME);
      });
    }

    it('drops the entries that the mask of the seed says, and the same ones again', () => {
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

    it('joins columns side by side and cuts their gradient at the same places', () => {
      const parts = [tensor([4, 2], 71), tensor([4, 1], 72), tensor([4, 3], 73)];

      const joined = operations.concatenate(parts);
      const cut = operations.concatenateBackward(joined, [2, 1, 3]);

      expect(joined.shape).toEqual([4, 6]);
      expect([...joined.dataSync()].slice(0, 6)).toEqual(parts.flatMap((p) => [...p.dataSync()].slice(0, p.shape[1])));
      for (const [i, part] of parts.entries()) expect([...cut[i]!.dataSync()]).toEqual([...part.dataSync()]);
    });

    it('cuts and shuffles rows of matrices, images and int32 columns', () => {
      const image = tensor([5, 2, 2, 1], 81);
      const column = tf.tensor1d([10, 11, 12, 13, 14], 'int32');
      const order = tf.tensor1d([4, 0, 2], 'int32');

      expect([...operations.slice(column, 1, 3).dataSync()]).toEqual([11, 12, 13]);
      expect([...operations.gather(column, order).dataSync()]).toEqual([14, 10, 12]);
      expect(operations.slice(image, 3, 2).shape).toEqual([2, 2, 2, 1]);
      expect([...operations.slice(image, 3, 2).dataSync()]).toEqual([...image.dataSync()].slice(12));
      expect([...operations.gather(image, order).dataSync()].slice(0, 4)).toEqual([...image.dataSync()].slice(16));
    });

    const losses: [LossName, tf.Tensor, (z: tf.Tensor) => tf.Tensor][] = [];
    beforeAll(() => {
      const targets = tensor([8, 3], 91);
      const binary = tf.tensor2d([0, 1, 1, 0, 1, 0, 0, 1], [8, 1]);
      const classes = tf.tensor1d([0, 2, 1, 1, 0, 2, 2, 0], 'int32');
      losses.push(
        ['squaredError', targets, (z) => tf.mean(tf.squaredDifference(z, targets), 1)],
        ['binaryCrossEntropy', binary, (z) => tf.reshape(tf.sub(tf.softplus(z), tf.mul(z, binary)), [8])],
        ['softmaxCrossEntropy', classes, (z) => tf.neg(tf.sum(tf.mul(tf.oneHot(classes, 3), tf.logSoftmax(z)), 1))],
      );
    });
    for (const position of [0, 1, 2]) {
      for (const isWeighted of [false, true]) {
        it(`computes loss ${position} ${isWeighted ? 'with' : 'without'} row weights and its gradient`, () => {
          const [name, labels, reference] = losses[position]!;
          const outputs = tensor([8, name === 'binaryCrossEntropy' ? 1 : 3], 92, 2);
          const weights = tf.tensor1d(isWeighted ? [1, 2, 0, 0.5, 1, 3, 1, 1] : [1, 1, 1, 1, 1, 1, 1, 1]);

          const { loss, gradient } = operations.loss(name, {
            ...{ outputs, labels, divisor: 8 },
            weights: isWeighted ? weights : undefined,
          });

          const expected = tf.sum(tf.mul(weights, reference(outputs))).dataSync()[0]!;
          expect(loss.shape).toEqual([]);
          expect(loss.dataSync()[0]).toBeCloseTo(expected, 4);
          expectGradients([gradient], [outputs], (z) => tf.div(tf.mul(weights, reference(z)), 8));
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

    it('turns outputs into predictions', () => {
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
}
