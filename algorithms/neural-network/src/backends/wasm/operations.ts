/**
 * The operations of the wasm backend: kernels of its own where they pay, TensorFlow.js's for the rest.
 */
import { createComposedOperations } from '../../operations/composed.js';
import type { Operations } from '../../operations/operations.js';
import { createConvolution } from './convolution.js';
import { createDense } from './dense.js';
import { createElementwise } from './elementwise.js';
import type { Kernel } from './kernel.js';
import { createLoss } from './loss.js';
import type { WasmMemory } from './memory.js';
import { createNormalization } from './normalization.js';
import { createOptimizer } from './optimizer.js';
import { createPooling } from './pooling.js';
import { createRows } from './rows.js';

/** What an operation of this backend works with. */
export interface WasmContext {
  readonly kernel: Kernel;
  readonly memory: WasmMemory;
}

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
