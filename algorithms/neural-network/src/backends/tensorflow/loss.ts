/**
 * Losses with TensorFlow's own operations: the sparse softmax gives loss and gradient together. Without weights a batch
 * costs three to six calls.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { constant, multiply, reshape, scalar, sigmoid, subtract, total } from '../../operations/composed/kernels.js';
import type { Operations } from '../../operations/operations.js';
import type { Calls } from './calls.js';

export function createLoss(calls: Calls): Operations['loss'] {
  const { run, float } = calls;
  const sparse = [float, calls.type('Tlabels', 'int32')];
  /** Σ v² ÷ 2 */
  const halfSquares = (values: Tensor) => run('L2Loss', [float], [values]);
  const scaled = (slopes: Tensor, factor: number, column: Tensor | undefined) =>
    multiply(column === undefined ? slopes : multiply(slopes, column), scalar(factor));

  return (name, { outputs, labels, weights, divisor }) => {
    const [rows, columns] = outputs.shape as [number, number];
    const column = weights === undefined ? undefined : reshape(weights, [rows, 1]);
    switch (name) {
      case 'squaredError': {
        const differences = subtract(outputs, labels);
        const half =
          column === undefined
            ? halfSquares(differences)
            : multiply(total(multiply(multiply(differences, differences), column)), constant(0.5));
        return {
          loss: multiply(half, constant(2 / columns)),
          gradient: scaled(differences, 2 / columns / divisor, column),
        };
      }
      case 'binaryCrossEntropy': {
        const losses = subtract(run('Softplus', [float], [outputs]), multiply(outputs, labels));
        const slopes = subtract(sigmoid(outputs), labels);
        return {
          loss: total(column === undefined ? losses : multiply(losses, column)),
          gradient: scaled(slopes, 1 / divisor, column),
        };
      }
      case 'softmaxCrossEntropy': {
        const results = calls.runMany('SparseSoftmaxCrossEntropyWithLogits', sparse, [outputs, labels], 2);
        const [losses, slopes] = results as [Tensor, Tensor];
        return {
          loss: total(weights === undefined ? losses : multiply(losses, weights)),
          gradient: scaled(slopes, 1 / divisor, column),
        };
      }
    }
  };
}
