/**
 * Batch normalization by TensorFlow's fused operations. They take images only, so that a matrix goes as images of one
 * pixel, and they give the variance divided by n − 1, which is made that of the batch here.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { add, constant, multiply, reshape, scalar, upload } from '../../operations/composed/kernels.js';
import type { Operations } from '../../operations/operations.js';
import type { Calls } from './calls.js';

export function createNormalization(calls: Calls): Pick<Operations, 'normalizeBatch' | 'normalizeBatchBackward'> {
  const attributesOf = (epsilon: number) => [
    ...[calls.float, calls.type('U', 'float32'), calls.bool('is_training', true)],
    ...[calls.real('epsilon', epsilon), calls.text('data_format', 'NHWC')],
  ];
  return {
    /** `saved`: what the backward operation wants, as the forward one made it. */
    normalizeBatch({ input, gamma, beta, movingMean, movingVariance, epsilon, momentum }) {
      const inputs = [asImages(input), gamma, beta, empty(), empty()];
      const results = calls.runMany('FusedBatchNormV3', attributesOf(epsilon), inputs, 6);
      const [output, mean, variance, ...saved] = results as [Tensor, Tensor, Tensor, ...Tensor[]];
      const count = input.size / gamma.size;
      const ofBatch = count > 1 ? multiply(variance, scalar((count - 1) / count)) : variance;
      return {
        output: reshape(output, input.shape),
        movingMean: moved(movingMean, mean, momentum),
        movingVariance: moved(movingVariance, ofBatch, momentum),
        saved,
      };
    },
    normalizeBatchBackward({ input, gamma, epsilon, saved, outputGradient }) {
      const inputs = [asImages(outputGradient), asImages(input), gamma, ...saved];
      const results = calls.runMany('FusedBatchNormGradV3', attributesOf(epsilon), inputs, 5);
      const [gradient, gammaGradient, betaGradient] = results as [Tensor, Tensor, Tensor, ...Tensor[]];
      return { input: reshape(gradient, input.shape), gamma: gammaGradient, beta: betaGradient };
    },
  };
}

// --- internal ---

/** No statistics go in when training. */
function empty(): Tensor {
  return upload(new Float32Array(0), [0]);
}

function asImages(x: Tensor): Tensor {
  return x.shape.length === 4 ? x : reshape(x, [x.shape[0]!, 1, 1, x.shape[1]!]);
}

function moved(moving: Tensor, batch: Tensor, momentum: number): Tensor {
  return add(multiply(moving, constant(momentum)), multiply(batch, constant(1 - momentum)));
}
