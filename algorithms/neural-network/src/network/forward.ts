/**
 * Predictions of a trained network, its weights on the device.
 */
import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { LossName, Operations } from '../operations/operations.js';
import type { Task, TrainedNetwork } from './definition.js';
import type { InputTensors } from './layers/inputs.js';
import { createPasses } from './passes.js';
import { disposeWeights, uploadWeights } from './weight-tensors.js';

export type { InputTensors } from './layers/inputs.js';

export interface Predictor {
  /** [rows × outputCount], the head's raw outputs: of a regression on the standardized labels' scale, else logits. */
  outputs(inputs: InputTensors): Tensor;
  /** The outputs themselves, the probability of class 1 [rows × 1], or of every class [rows × classes]. */
  predictions(inputs: InputTensors): Tensor;
  /** Frees the weights. */
  dispose(): void;
}

/** Results belong to the open scope, or to the caller when there is none. */
export function createPredictor(operations: Operations, network: TrainedNetwork): Predictor {
  const { definition } = network;
  const loss = lossOf(definition.task);
  const passes = createPasses(operations, definition);
  const weights = uploadWeights(definition, network.weights);
  return {
    outputs: (inputs) => tidy(() => passes.infer(inputs, weights)),
    predictions: (inputs) => tidy(() => operations.predictions(loss, passes.infer(inputs, weights))),
    dispose: () => disposeWeights(weights),
  };
}

/** The loss that a task is trained by. */
export function lossOf(task: Task): LossName {
  switch (task) {
    case 'regression':
      return 'squaredError';
    case 'binary':
      return 'binaryCrossEntropy';
    case 'multiclass':
      return 'softmaxCrossEntropy';
  }
}
