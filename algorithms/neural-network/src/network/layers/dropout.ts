/**
 * Dropout: only in training, with a mask of its own in every step and layer (Srivastava et al. 2014, scaled in training).
 */
import type { Operations } from '../../operations/operations.js';
import type { Layer, LayerPlace, TrainingPass } from './layer.js';

/** Odd, so that layers of one step differ; the mask's hash mixes what comes of it. */
const LAYER_STRIDE = 0x85ebca6b;

export function createDropoutLayer(operations: Operations, rate: number, place: LayerPlace): Layer {
  const seedOf = ({ seed }: TrainingPass) => (seed + Math.imul(place.index, LAYER_STRIDE)) | 0;
  return {
    infer: (input) => input,
    forward: (input, pass) => (rate === 0 ? input : operations.dropout(input, rate, seedOf(pass), pass.rowNumbers)),
    backward(outputGradient, pass, needsInputGradient) {
      if (!needsInputGradient) return undefined;
      return rate === 0 ? outputGradient : operations.dropout(outputGradient, rate, seedOf(pass), pass.rowNumbers);
    },
  };
}
