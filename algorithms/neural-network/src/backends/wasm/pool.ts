/**
 * Threads over TensorFlow.js's memory. The kernel's instance on the main thread leads; helper threads sit in the kernel's
 * `serve` and take tasks of each phase. A helper is nothing but a kernel instance, so its program is the few lines below
 * and works from any bundle.
 *
 * Helpers join when they are up, until then the main thread works alone: results do not depend on who did what.
 */
import { Worker } from 'node:worker_threads';
import { CONTROL_BYTES } from '../../../assembly/layout.js';
import { compileKernel, instantiateKernel, type Kernel } from './kernel.js';
import type { WasmMemory } from './memory.js';

/** The helper count travels in 8 bits of the phase's word. */
export const MAX_THREADS = 256;

export interface Pool {
  readonly kernel: Kernel;
  /** Threads that may work, the caller's included. */
  readonly threads: number;
  /** Ends the helper threads. */
  close(): void;
}

/**
 * A pool of `threads` threads.
 * @param threads integer in [1, 256]
 * @throws RangeError when `threads` is outside
 */
export async function createPool(memory: WasmMemory, threads: number): Promise<Pool> {
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
    throw new RangeError(`threads must be an integer in [1, ${MAX_THREADS}]; received ${threads}.`);
  }
  const module = compileKernel();
  const kernel = await instantiateKernel(module, memory.memory);
  const control = memory.allocate(CONTROL_BYTES);
  memory.words().fill(0, control >>> 2, (control + CONTROL_BYTES) >>> 2);
  kernel.attach(control);
  kernel.writeConstants();
  const workerData = { module, memory: memory.memory, control };
  const helpers = Array.from({ length: threads - 1 }, () => startHelper(workerData));
  return {
    kernel,
    threads,
    close() {
      for (const helper of helpers) void helper.terminate();
    },
  };
}

// --- internal ---

const HELPER_PROGRAM = `
  const { module, memory, control } = require('node:worker_threads').workerData;
  new WebAssembly.Instance(module, { env: { memory } }).exports.serve(control);
`;

function startHelper(workerData: object): Worker {
  // Without the program's own options (loaders, hooks) it is up in a few milliseconds.
  const helper = new Worker(HELPER_PROGRAM, { eval: true, execArgv: [], workerData });
  helper.unref(); // a backend that was forgotten does not keep the process alive
  return helper;
}
