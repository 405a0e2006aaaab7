/**
 * Layers from their definitions.
 */
import type { Operations } from '../../operations/operations.js';
import type { ActivationName, LayerDefinition } from '../definition.js';
import { createActivationLayer } from './activation.js';
import { createBatchNormalizationLayer } from './batch-normalization.js';
import { createDropoutLayer } from './dropout.js';
import { createFlattenLayer } from './flatten.js';
import { createKernelLayer } from './kernel-layer.js';
import type { Layer, LayerPlace } from './layer.js';
import { createMaxPoolingLayer } from './max-pooling.js';

export type { Layer, LayerPlace, TrainingPass, WeightTensors } from './layer.js';

/** The layer of a definition, its weights at `place`. */
export function createLayer(operations: Operations, definition: LayerDefinition, place: LayerPlace): Layer {
  switch (definition.kind) {
    case 'dense':
      return createDenseLayer(operations, definition.activation, place);
    case 'convolution':
      return createKernelLayer(
        {
          forward: (inputs) => operations.convolution(inputs),
          backward: (inputs) => operations.convolutionBackward(inputs),
        },
        definition.activation,
        place,
      );
    case 'maxPooling':
      return createMaxPoolingLayer(operations, definition.size);
    case 'batchNormalization':
      return createBatchNormalizationLayer(operations, definition, place);
    case 'activation':
      return createActivationLayer(operations, definition.activation);
    case 'dropout':
      return createDropoutLayer(operations, definition.rate, place);
    case 'flatten':
      return createFlattenLayer();
  }
}

/** A dense layer: one of the definition's, or the head, which is linear. */
export function createDenseLayer(operations: Operations, activation: ActivationName, place: LayerPlace): Layer {
  return createKernelLayer(
    { forward: (inputs) => operations.dense(inputs), backward: (inputs) => operations.denseBackward(inputs) },
    activation,
    place,
  );
}
