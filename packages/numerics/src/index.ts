// Random numbers

// Training
export {
  type BestRound,
  createEarlyStopping,
  type EarlyStopping,
  type EarlyStoppingOptions,
} from './early-stopping.js';
export { createGrowingArray, type GrowingArray } from './growing-array.js';
export {
  createRandom,
  normal,
  permutation,
  type Random,
  type RandomState,
  resumeRandom,
  streamSeed,
} from './random.js';

// WebAssembly
export {
  createKernelLoader,
  type KernelLoader,
  MEMORY_LIMIT_BYTES,
  PAGE_BYTES,
  type SharedMemory,
  type WebAssemblyGlobal,
  type WebAssemblyImports,
  type WebAssemblyMemory,
  type WebAssemblyModule,
  webAssembly,
} from './web-assembly.js';
