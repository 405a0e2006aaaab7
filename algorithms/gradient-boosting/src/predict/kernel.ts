/**
 * The WebAssembly kernels of prediction (assembly/predict.ts) with their types. The module is compiled on first use; each
 * predictor has a memory of its own, which its threads share.
 */
import { Worker } from 'node:worker_threads';
import { HELPER_LIMITS, type SharedMemory, webAssembly } from '../workers/web-assembly.js';
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

/** A thread that takes part in the batches of a predictor, with room of its own at `codes` and `sums`. */
export function startHelper(memory: SharedMemory, batch: number, codes: number, sums: number): Worker {
  const workerData = { module: compileKernel(), memory, batch, codes, sums };
  // Without the program's own options (loaders, hooks) it is up in a few milliseconds.
  const helper = new Worker(HELPER_PROGRAM, { eval: true, execArgv: [], resourceLimits: HELPER_LIMITS, workerData });
  helper.unref(); // a predictor that was forgotten does not keep the process alive
  return helper;
}

// --- internal ---

/** A helper is nothing but a kernel instance, so that its program needs no file beside the bundle. */
const HELPER_PROGRAM = `
  const { module, memory, batch, codes, sums } = require('node:worker_threads').workerData;
  new WebAssembly.Instance(module, { env: { memory } }).exports.serve(batch, codes, sums);
`;

let compiled: object | undefined;

function compileKernel(): object {
  compiled ??= new webAssembly.Module(kernelBytes);
  return compiled;
}
