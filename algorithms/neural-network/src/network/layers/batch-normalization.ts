/**
 * Batch normalization: by the batch's own statistics in training, by their moving means in predictions.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NormalizationInputs, Operations } from '../../operations/operations.js';
import type { Layer, LayerPlace, WeightTensors } from './layer.js';
import { createSharedNormalization } from './shared-normalization.js';

export function createBatchNormalizationLayer(
  operations: Operations,
  { momentum, epsilon }: { readonly momentum: number; readonly epsilon: number },
  place: LayerPlace,
): Layer {
  const inputsOf = <T extends Tensor | undefined>(input: T, { trainable, moving }: WeightTensors) => ({
    input,
    gamma: trainable[place.trainable]!,
    beta: trainable[place.trainable + 1]!,
    movingMean: moving[place.moving]!,
    movingVariance: moving[place.moving + 1]!,
    epsilon,
  });
  let inputs: NormalizationInputs;
  let saved: readonly Tensor[];
  return {
    shared: createSharedNormalization(operations, momentum, place, inputsOf),
    infer: (input, weights) => operations.normalize(inputsOf(input, weights)),
    forward(input, pass) {
      inputs = inputsOf(input, pass);
      const result = operations.normalizeBatch({ ...inputs, momentum });
      saved = result.saved;
      pass.moved[place.moving] = result.movingMean;
      pass.moved[place.moving + 1] = result.movingVariance;
      return result.output;
    },
    backward(outputGradient, pass) {
      const gradients = operations.normalizeBatchBackward({ ...inputs, saved, outputGradient });
      pass.gradients[place.trainable] = gradients.gamma;
      pass.gradients[place.trainable + 1] = gradients.beta;
      return gradients.input;
    },
  };
}
