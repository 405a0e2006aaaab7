/**
 * The operations of the wasm backend: its own kernels where they are faster, TensorFlow.js's for the rest.
 */
import { createComposedOperations } from '../../operations/composed.js';
import type { Operations } from '../../operations/operations.js';
import type { WasmContext } from './context.js';
import { createConvolution } from './convolution.js';
import { createDense } from './dense.js';
import { createElementwise } from './elementwise.js';
import { createLoss } from './loss.js';
import { createNormalization } from './normalization.js';
import { createOptimizer } from './optimizer.js';
import { createPooling } from './pooling.js';
import { createRows } from './rows.js';

export function createWasmOperations(context: WasmContext): Operations {
  return {
    ...createComposedOperations(),
    ...createConvolution(context),
    ...createDense(context),
    ...createElementwise(context),
    ...createLoss(context),
    ...createNormalization(context),
    ...createPooling(context),
    ...createRows(context),
    optimizer: (rule, weights, isRegularized, moments) =>
      createOptimizer(context, rule, weights, isRegularized, moments),
  };
}
