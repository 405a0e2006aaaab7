/**
 * What the kernels (AssemblyScript) and the TypeScript around them share: the control block, by which threads find their
 * work, and the numbers of activations. The memory belongs to TensorFlow.js, so nothing stands at a fixed address: the
 * control block is allocated like a tensor, and these are offsets in it, in bytes.
 */

// One cache line for each word that threads contend for.
/** Number of the phase × 512 + 256 while helpers may join it + the helpers that are in it. */
export const PHASE = 0;
/** Counts how often the last helper has left a phase that was closed: what the main thread sleeps on. */
export const LEFT = 64;
/** Helper threads that are up. */
export const ARRIVED = 128;
/** Next task of the phase to be taken. */
export const NEXT_TASK = 192;

// Phase: what runs now.
export const COMMAND = 256;
export const TASK_COUNT = 260;
/** Not 0 once a helper has failed: its part of a phase will never be done. */
export const FAILED = 264;
/** What the tasks of a command need to know, as words whose meaning the command's file gives. */
export const ARGUMENTS = 320;
export const ARGUMENT_COUNT = 80;

/** 128 bytes that are always zero: where sums without a bias start. */
export const ZEROS = 640;

/** Coefficients of elementary functions: constants.ts. */
export const CONSTANTS = 768;

export const CONTROL_BYTES = 1024;

/** Activations, in the order of `ACTIVATIONS` in src/backends/wasm/kernel.ts. */
export const LINEAR = 0;
export const RELU = 1;
export const TANH = 2;
export const SIGMOID = 3;
export const ELU = 4;
export const GELU = 5;
export const SWISH = 6;
