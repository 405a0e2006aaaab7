/** Max pooling. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Operations } from '../../operations/operations.js';
import type { Layer } from './layer.js';

export function createMaxPoolingLayer(operations: Operations, size: number): Layer {
  let input: Tensor;
  let output: Tensor;
  return {
    infer: (given) => operations.maxPooling(given, size),
    forward(given) {
      input = given;
      output = operations.maxPooling(input, size);
      return output;
    },
    backward: (outputGradient, _pass, needsInputGradient) =>
      needsInputGradient ? operations.maxPoolingBackward(input, output, outputGradient, size) : undefined,
  };
}
