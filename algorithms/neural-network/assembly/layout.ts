/**
 * What the kernels (AssemblyScript) and the TypeScript around them share: what follows the thread pool's control block,
 * and the numbers of activations. The memory belongs to TensorFlow.js, so nothing is at a fixed address: the block is
 * allocated like a tensor, and these are offsets in it, in bytes. The first 512 bytes are the thread pool's.
 */

/** What the tasks of a command need to know, as words whose meaning the command's file gives. */
export const ARGUMENTS = 512;
const ARGUMENT_COUNT = 80;

/** 128 bytes that are always zero: where sums without a bias start. */
export const ZEROS = ARGUMENTS + 4 * ARGUMENT_COUNT;

/** Coefficients of elementary functions: constants.ts. */
export const CONSTANTS = 960;

export const CONTROL_BYTES = 1216;

/** Activations, in the order of `ACTIVATIONS` in src/backends/wasm/kernel.ts. */
export const LINEAR = 0;
export const RELU = 1;
export const TANH = 2;
export const SIGMOID = 3;
export const ELU = 4;
export const GELU = 5;
export const SWISH = 6;
