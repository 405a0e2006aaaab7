/** @algo/numerics: what the algorithms share below their maths. */

// Random numbers

export {
  createRandom,
  normal,
  permutation,
  type Random,
  type RandomState,
  resumeRandom,
  streamSeed,
} from './random.js';

// Exact numbers

export { bitLength } from './bit-length.js';

// Sums

export { createReproducibleSums, type ReproducibleSums, totalsOf } from './reproducible-sums.js';

// Training

export {
  type BestRound,
  createEarlyStopping,
  type EarlyStopping,
  type EarlyStoppingOptions,
} from './early-stopping.js';
export { createGrowingArray, type GrowingArray } from './growing-array.js';

// WebAssembly

export { createMemoryViews, type MemoryViews } from './memory-views.js';
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

// Threads

export { CONTROL_BLOCK_BYTES } from './threads/control-block.js';
export {
  createThreadPool,
  MAX_THREADS,
  ThreadFailure,
  type ThreadPool,
  type ThreadPoolOptions,
} from './threads/thread-pool.js';
