/** An activation by itself, behind a batch normalization. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Operations } from '../../operations/operations.js';
import type { ActivationName } from '../definition.js';
import type { Layer } from './layer.js';

export function createActivationLayer(operations: Operations, activation: ActivationName): Layer {
  let input: Tensor;
  let output: Tensor;
  return {
    infer: (given) => operations.activation(given, activation),
    forward(given) {
      input = given;
      output = operations.activation(input, activation);
      return output;
    },
    backward: (outputGradient, _pass, needsInputGradient) =>
      needsInputGradient ? operations.activationBackward(activation, { input, output, outputGradient }) : undefined,
  };
}
