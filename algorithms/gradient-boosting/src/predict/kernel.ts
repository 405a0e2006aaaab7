/**
 * The WebAssembly kernels of prediction (assembly/predict.ts) with their types. The module is compiled on first use; each
 * predictor has a memory of its own, which its threads share.
 */
import { Worker } from 'node:worker_threads';
import { HELPER_LIMITS, type SharedMemory, webAssembly } from '../engine/threads/web-assembly.js';
import { kernelBytes } from './kernel.generated.js';

/** Bytes of one page of WebAssembly memory. */
export const PAGE_BYTES = 65_536;

/** Addresses and counts, as assembly/predict.ts documents them. */
export interface PredictionKernel {
  predictRows(batch: number, codes: number, sums: number, wakesHelpers: number): void;
  predictRow(quantizer: number, trees: number, treeCount: number, row: number, margins: number, codes: number): void;
}

/** @throws RangeError when the machine has no room for so many pages */
export function createMemory(pages: number): SharedMemory {
  return new webAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

export function instantiateKernel(memory: SharedMemory): PredictionKernel {
  // The compiler of the kernel checks its exports; their types cannot be seen from here.
  return new webAssembly.Instance(compileKernel(), { env: { memory } }).exports as PredictionKernel;
}

/** Addresses of a helper's batch, its own room, and the words that tell of it. */
export interface HelperPlaces {
  readonly batch: number;
  readonly codes: number;
  readonly sums: number;
  /** Helpers at work. */
  readonly active: number;
  /** Not 0 once a helper has failed. */
  readonly failed: number;
}

/**
 * A thread that takes part in the batches of a predictor. One that cannot start is done without.
 * @param onError told of what ends it
 */
export function startHelper(memory: SharedMemory, places: HelperPlaces, onError: (error: Error) => void): Worker {
  const workerData = { module: compileKernel(), memory, ...places };
  // Without the program's own options (loaders, hooks) it is up in a few milliseconds.
  const helper = new Worker(HELPER_PROGRAM, { eval: true, execArgv: [], resourceLimits: HELPER_LIMITS, workerData });
  helper.on('error', onError);
  helper.unref(); // a predictor that was forgotten does not keep the process alive
  return helper;
}

// --- internal ---

/**
 * A helper is nothing but a kernel instance, so that its program needs no file beside the bundle. It can only fail in
 * the middle of a batch: it then counts as done, and says so to the leader, which would wait for it forever.
 */
const HELPER_PROGRAM = `
  const { module, memory, batch, codes, sums, active, failed } = require('node:worker_threads').workerData;
  try {
    new WebAssembly.Instance(module, { env: { memory } }).exports.serve(batch, codes, sums);
  } catch (error) {
    const words = new Int32Array(memory.buffer);
    Atomics.store(words, failed >> 2, 1);
    Atomics.sub(words, active >> 2, 1);
    Atomics.notify(words, active >> 2);
    throw error;
  }
`;

let compiled: object | undefined;

function compileKernel(): object {
  compiled ??= new webAssembly.Module(kernelBytes);
  return compiled;
}
