/**
 * The operations of the wasm backend: kernels of its own where they pay, TensorFlow.js's for the rest.
 */
import { createComposedOperations } from '../../operations/composed.js';
import type { Operations } from '../../operations/operations.js';
import type { Kernel } from './kernel.js';
import type { WasmMemory } from './memory.js';

/** What an operation of this backend works with. */
export interface WasmContext {
  readonly kernel: Kernel;
  readonly memory: WasmMemory;
}

export function createWasmOperations(_context: WasmContext): Operations {
  return { ...createComposedOperations() };
}
