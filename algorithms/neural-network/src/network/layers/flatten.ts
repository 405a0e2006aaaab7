/** Flattening [rows × height × width × channels] to [rows × values]. No value moves. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { reshape } from '../../operations/composed/kernels.js';
import type { Layer } from './layer.js';

export function createFlattenLayer(): Layer {
  const flat = (input: Tensor) => reshape(input, [input.shape[0]!, input.shape.slice(1).reduce((a, b) => a * b)]);
  let shape: readonly number[];
  return {
    infer: flat,
    forward(input) {
      shape = input.shape;
      return flat(input);
    },
    backward: (outputGradient, _pass, needsInputGradient) =>
      needsInputGradient ? reshape(outputGradient, shape) : undefined,
  };
}
