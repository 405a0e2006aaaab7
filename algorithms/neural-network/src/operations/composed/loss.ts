/**
 * Losses with their gradients, both from the head's raw outputs, where they are stable for any size: softplus(z) − z·y
 * for two classes, log Σ exp(z) − z of the label for more.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LossName } from '../operations.js';
import {
  constant,
  divide,
  exponential,
  multiply,
  reshape,
  run,
  scalar,
  sigmoid,
  subtract,
  sum,
  total,
} from './kernels.js';
import { oneHot } from './rows.js';

export interface LossInputs {
  readonly outputs: Tensor;
  readonly labels: Tensor;
  readonly weights: Tensor | undefined;
  readonly divisor: number;
}

/** Each leaves rows' weights to the column `weights` [rows × 1]. */
interface Terms {
  /** Sums to the loss, unweighted; broadcast with the weights. */
  readonly losses: Tensor;
  /** Derivative, but for weights and `scale`. */
  readonly slopes: Tensor;
  /** Factor of the losses: 1 ÷ outputs for squared errors. */
  readonly lossScale: number;
  readonly slopeScale: number;
}

export function loss(name: LossName, inputs: LossInputs): { readonly loss: Tensor; readonly gradient: Tensor } {
  const { outputs, weights, divisor } = inputs;
  const { losses, slopes, lossScale, slopeScale } = terms(name, inputs);
  const scale = scalar(slopeScale / divisor);
  const column = weights === undefined ? undefined : reshape(weights, [outputs.shape[0]!, 1]);
  const sumOfRows = total(column === undefined ? losses : multiply(losses, column));
  return {
    loss: lossScale === 1 ? sumOfRows : multiply(sumOfRows, constant(lossScale)),
    gradient: multiply(slopes, column === undefined ? scale : multiply(column, scale)),
  };
}

export function predictions(name: LossName, outputs: Tensor): Tensor {
  switch (name) {
    case 'squaredError':
      return run('Identity', { x: outputs });
    case 'binaryCrossEntropy':
      return sigmoid(outputs);
    case 'softmaxCrossEntropy':
      return run('Softmax', { logits: outputs }, { dim: 1 });
  }
}

// --- internal ---

function terms(name: LossName, { outputs, labels }: LossInputs): Terms {
  switch (name) {
    case 'squaredError':
      return squaredError(outputs, labels);
    case 'binaryCrossEntropy':
      return binaryCrossEntropy(outputs, labels);
    case 'softmaxCrossEntropy':
      return softmaxCrossEntropy(outputs, labels);
  }
}

function squaredError(outputs: Tensor, labels: Tensor): Terms {
  const columns = outputs.shape[1]!;
  const slopes = subtract(outputs, labels);
  return { losses: multiply(slopes, slopes), slopes, lossScale: 1 / columns, slopeScale: 2 / columns };
}

function binaryCrossEntropy(z: Tensor, y: Tensor): Terms {
  const losses = subtract(run('Softplus', { x: z }), multiply(z, y));
  return { losses, slopes: subtract(sigmoid(z), y), lossScale: 1, slopeScale: 1 };
}

function softmaxCrossEntropy(z: Tensor, labels: Tensor): Terms {
  const isLabel = oneHot(labels, z.shape[1]!);
  const shifted = subtract(z, run('Max', { x: z }, { reductionIndices: [1], keepDims: true }));
  const exponentials = exponential(shifted);
  const sums = sum(exponentials, [1], true);
  // −log p of every class, of which the one-hot rows keep the label's.
  const losses = multiply(isLabel, subtract(run('Log', { x: sums }), shifted));
  return { losses, slopes: subtract(divide(exponentials, sums), isLabel), lossScale: 1, slopeScale: 1 };
}
