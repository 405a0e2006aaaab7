/**
 * The operations of the tensorflow backend: those of a training step from as few of TensorFlow's own as possible, the
 * others from tfjs-node's kernels.
 */
import type { Operations } from '../../operations/operations.js';
import { createActivations } from './activations.js';
import type { Calls } from './calls.js';
import { createLayers } from './layers.js';
import { createLoss } from './loss.js';
import { createNormalization } from './normalization.js';
import { createOptimizer } from './optimizer.js';
import { createRows } from './rows.js';

/** @param composed what is not replaced */
export function createTensorflowOperations(composed: Operations, calls: Calls): Operations {
  const activations = createActivations(calls);
  return {
    ...composed,
    ...createLayers(calls, activations),
    ...createNormalization(calls),
    ...createRows(calls, composed),
    activation: activations.forward,
    activationBackward: (activation, { input, output, outputGradient }) =>
      activations.backward(activation, input, output, outputGradient),
    loss: createLoss(calls),
    optimizer: createOptimizer(calls),
  };
}
