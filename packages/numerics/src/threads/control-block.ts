/**
 * The control block of a thread pool: what its threads share in addition to their data. Offsets in bytes from its
 * address, which is a multiple of 64; 4-byte words unless marked. The block is zero before the pool starts.
 * AssemblyScript includes this file, too.
 */

// A cache line for each word that threads contend for.
/** Number of the phase × 512, + 256 while helpers may join it, + the helpers that are in it. */
export const PHASE = 0;
/** Counts how often the last helper has left a closed phase: the main thread sleeps on it. */
export const LEFT = 64;
/** Helper threads that have started; negative once the pool is closed. */
export const ARRIVED = 128;
/** Tasks of the phase that have been taken from the first on, and in the upper 32 of 64 bits those from the last on. */
export const TASKS_TAKEN = 192;

// The phase.
export const COMMAND = 256;
export const TASK_COUNT = 260;

/** Not 0 once a helper has failed within a phase: its part of the phase will never be done. */
export const FAILED = 264;
/** Why, as UTF-8 that ends with a zero. */
export const FAILURE_TEXT = 268;
export const FAILURE_TEXT_BYTES = 244;

export const CONTROL_BLOCK_BYTES = 512;
