/**
 * One call of every operation, with inputs of uneven sizes, so that the backends can be compared. Each gives back its
 * results in a fixed order.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ActivationName } from '../../src/network/definition.js';
import type { LossName, Operations, OptimizerRule } from '../../src/operations/operations.js';
import { rule } from './networks.js';
import { integers, normals } from './numbers.js';

type Compute = (operations: Operations) => readonly tf.Tensor[];

const ACTIVATIONS: readonly ActivationName[] = ['linear', 'relu', 'tanh', 'sigmoid', 'elu', 'gelu', 'swish'];

const numbers = (shape: number[], seed: number, scale = 1) =>
  tf.tensor(
    normals(
      shape.reduce((size, side) => size * side, 1),
      seed,
      scale,
    ),
    shape,
  );

export const OPERATION_CASES: ReadonlyMap<string, Compute> = new Map([
  ...ACTIVATIONS.map((activation) => [`dense, ${activation}`, dense(activation)] as const),
  ...ACTIVATIONS.map((activation) => [`convolution, ${activation}`, convolution(activation)] as const),
  ...ACTIVATIONS.map((activation) => [`activation, ${activation}`, activationAlone(activation)] as const),
  ['maxPooling', maxPooling],
  ['normalization of rows', normalization([37, 5])],
  ['normalization of images', normalization([6, 3, 4, 5])],
  ['normalization of rows, others elsewhere', partOfNormalization([37, 5])],
  ['normalization of images, others elsewhere', partOfNormalization([6, 3, 4, 5])],
  ['dropout', (operations) => [operations.dropout(numbers([40, 30], 51), 0.3, 123)]],
  [
    'dropout of some rows',
    (operations) => [operations.dropout(numbers([3, 30], 52), 0.3, 123, Int32Array.of(2, 3, 39))],
  ],
  ['embedding', embedding],
  ['concatenation', concatenation],
  ['slice and gather', sliceAndGather],
  ...(['squaredError', 'binaryCrossEntropy', 'softmaxCrossEntropy'] as const).flatMap((name) => [
    [`loss, ${name}`, loss(name, false)] as const,
    [`loss, ${name}, weighted`, loss(name, true)] as const,
  ]),
  ['optimizer, adam', optimizer({ name: 'adam' })],
  ['optimizer, adam, clipped, l1, l2', optimizer({ name: 'adam', clipNorm: 0.5, l1: 0.01, l2: 0.02 })],
  ['optimizer, adamw', optimizer({ name: 'adamw', weightDecay: 0.1 })],
  ['optimizer, sgd', optimizer({ name: 'sgd', weightDecay: 0.1 })],
  ['optimizer, sgd with momentum', optimizer({ name: 'sgd', momentum: 0.9, clipNorm: 1 })],
]);

function dense(activation: ActivationName): Compute {
  return (operations) => {
    const inputs = {
      ...{ input: numbers([37, 19], 1), kernel: numbers([19, 23], 2, 0.3), bias: numbers([23], 3), activation },
    };
    const forward = operations.dense(inputs);
    const outputGradient = numbers([37, 23], 4);
    const backward = operations.denseBackward({ ...inputs, ...forward, outputGradient, needsInputGradient: true });
    return [forward.output, backward.input!, backward.kernel, backward.bias];
  };
}

function convolution(activation: ActivationName): Compute {
  return (operations) => {
    const inputs = {
      ...{
        input: numbers([5, 6, 7, 3], 11),
        kernel: numbers([3, 3, 3, 4], 12, 0.3),
        bias: numbers([4], 13),
        activation,
      },
    };
    const forward = operations.convolution(inputs);
    const outputGradient = numbers([5, 6, 7, 4], 14);
    const backward = operations.convolutionBackward({
      ...inputs,
      ...forward,
      outputGradient,
      needsInputGradient: true,
    });
    return [forward.output, backward.input!, backward.kernel, backward.bias];
  };
}

function activationAlone(activation: ActivationName): Compute {
  return (operations) => {
    const [input, outputGradient] = [numbers([9, 7], 5, 2), numbers([9, 7], 6)];
    const output = operations.activation(input, activation);
    return [output, operations.activationBackward(activation, { input, output, outputGradient })];
  };
}

function maxPooling(operations: Operations): readonly tf.Tensor[] {
  const [input, outputGradient] = [numbers([2, 5, 7, 3], 21), numbers([2, 2, 3, 3], 22)];
  const output = operations.maxPooling(input, 2);
  return [output, operations.maxPoolingBackward(input, output, outputGradient, 2)];
}

function normalization(shape: number[]): Compute {
  return (operations) => {
    const channels = shape.at(-1)!;
    const given = {
      ...{ input: numbers(shape, 31, 2), gamma: numbers([channels], 33), beta: numbers([channels], 34), epsilon: 1e-3 },
      ...{ movingMean: numbers([channels], 35), movingVariance: tf.square(numbers([channels], 36)) },
    };
    const inference = operations.normalize(given);
    const forward = operations.normalizeBatch({ ...given, momentum: 0.9 });
    const outputGradient = numbers(shape, 32);
    const backward = operations.normalizeBatchBackward({ ...given, saved: forward.saved, outputGradient });
    const { input, gamma, beta } = backward;
    return [inference, forward.output, forward.movingMean, forward.movingVariance, input, gamma, beta];
  };
}

function partOfNormalization(shape: number[]): Compute {
  return (operations) => {
    const vector = (seed: number, offset: number) => tf.add(offset, numbers([5], seed, 0.1));
    const statistics = { mean: vector(46, 0), inverse: vector(47, 1) };
    const rows = { ...statistics, input: numbers(shape, 45), outputGradient: numbers(shape, 48) };
    const sums = operations.normalizationSums(rows);
    const means = { gamma: vector(49, 0), beta: vector(50, 0) };
    return [sums.gamma, sums.beta, operations.normalizationGradient({ ...rows, means, gamma: vector(44, 1) })];
  };
}

function embedding(operations: Operations): readonly tf.Tensor[] {
  const [table, indices] = [numbers([11, 3], 61), tf.tensor1d(integers(29, 11, 62), 'int32')];
  return [operations.embed(table, indices), operations.embedBackward(numbers([29, 3], 63), indices, 11)];
}

function concatenation(operations: Operations): readonly tf.Tensor[] {
  const joined = operations.concatenate([numbers([4, 2], 71), numbers([4, 1], 72), numbers([4, 3], 73)]);
  return [joined, ...operations.concatenateBackward(joined, [2, 1, 3])];
}

function sliceAndGather(operations: Operations): readonly tf.Tensor[] {
  const column = tf.tensor1d(integers(13, 1000, 82), 'int32');
  const order = tf.tensor1d([4, 0, 2, 12, 4], 'int32');
  const image = numbers([13, 2, 3, 1], 81);
  return [
    ...[operations.slice(column, 1, 7), operations.gather(column, order)],
    ...[operations.slice(image, 3, 2), operations.gather(image, order)],
  ];
}

function loss(name: LossName, isWeighted: boolean): Compute {
  return (operations) => {
    const columns = { squaredError: 3, binaryCrossEntropy: 1, softmaxCrossEntropy: 5 }[name];
    const outputs = numbers([21, columns], 92, 2);
    const labels =
      name === 'softmaxCrossEntropy'
        ? tf.tensor1d(integers(21, columns, 93), 'int32')
        : name === 'binaryCrossEntropy'
          ? tf.tensor2d(Float32Array.from(integers(21, 2, 93)), [21, 1])
          : numbers([21, columns], 93);
    const weights = isWeighted ? tf.abs(numbers([21], 94)) : undefined;
    const result = operations.loss(name, { outputs, labels, weights: weights as tf.Tensor | undefined, divisor: 17 });
    return [result.loss, result.gradient, operations.predictions(name, outputs)];
  };
}

/** Five updates from moments of a checkpoint, the last after the moments were looked at. */
function optimizer(given: Partial<OptimizerRule>): Compute {
  return (operations) => {
    const shapes = [[7, 5], [5], [5, 3]];
    const whole = rule(given);
    const kinds = whole.name === 'sgd' ? (whole.momentum > 0 ? 1 : 0) : 2;
    const state = operations.optimizer(
      whole,
      shapes.map((shape, i) => numbers(shape, 101 + i)),
      [true, false, true],
      shapes.flatMap((shape, i) =>
        Array.from({ length: kinds }, (_, kind) => tf.abs(numbers(shape, 111 + 2 * i + kind))),
      ),
    );
    for (let step = 3; step < 8; step++) {
      if (step === 7) state.moments();
      const gradients = shapes.map((shape, i) => numbers(shape, 120 + 3 * step + i));
      state.update(gradients, 0.1 / step, step);
    }
    const results = [...state.weights, ...state.moments()].map((tensor) => tf.mul(tensor, 1));
    state.dispose();
    return results;
  };
}
