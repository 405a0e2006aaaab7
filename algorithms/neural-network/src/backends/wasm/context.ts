/** The kernels and their memory, passed to the code that runs them. */
import type { Kernel } from './kernel-exports.js';
import type { WasmMemory } from './memory.js';

/** What an operation of this backend works with. */
export interface WasmContext {
  readonly kernel: Kernel;
  readonly memory: WasmMemory;
}
