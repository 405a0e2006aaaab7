/**
 * Threads over TensorFlow.js's memory. The kernel's instance on the main thread leads; helper threads sit in the kernel's
 * `serve` and take tasks of each phase. A helper is nothing but a kernel instance, so its program is the few lines below
 * and works from any bundle.
 *
 * Helpers join when they are up, until then the main thread works alone: results do not depend on who did what.
 */
import { Worker } from 'node:worker_threads';
import { CONTROL_BYTES, FAILED, LEFT } from '../../../assembly/layout.js';
import { type CompiledKernel, compileKernel, compileKernelPlainly, instantiateKernel } from './kernel.js';
import type { Kernel } from './kernel-exports.js';
import type { WasmMemory } from './memory.js';
import { computesExactly } from './self-test.js';

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
 * @param warn told when a helper thread ends by an error
 * @throws RangeError when `threads` is outside; Error when the kernels do not compute right here
 */
export async function createPool(
  memory: WasmMemory,
  threads: number,
  warn: (line: string) => void = () => undefined,
): Promise<Pool> {
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
    throw new RangeError(`threads must be an integer in [1, ${MAX_THREADS}]; received ${threads}.`);
  }
  const control = memory.allocate(CONTROL_BYTES);
  memory.words().fill(0, control >>> 2, (control + CONTROL_BYTES) >>> 2);
  const { kernel, module } = await startKernel(compileKernel(), memory, control);
  const workerData = { module, memory: memory.memory, control, failed: FAILED, left: LEFT };
  const helpers = Array.from({ length: threads - 1 }, () => startHelper(workerData, warn));
  return {
    kernel,
    threads,
    close() {
      for (const helper of helpers) void helper.terminate();
    },
  };
}

// --- internal ---

/** The leader's instance, proven. */
async function startKernel(compiled: CompiledKernel, memory: WasmMemory, control: number) {
  const { module, joinsVectors } = compiled;
  const kernel = await instantiateKernel(module, memory.memory);
  kernel.attach(control);
  kernel.writeConstants();
  if (computesExactly(kernel, memory)) return { kernel, module };
  if (!joinsVectors) throw new Error('the kernels do not compute right on this processor');
  return startKernel(compileKernelPlainly(), memory, control);
}

/** A helper that fails says so to the main thread, which would wait for it forever. */
const HELPER_PROGRAM = `
  const { module, memory, control, failed, left } = require('node:worker_threads').workerData;
  try {
    new WebAssembly.Instance(module, { env: { memory } }).exports.serve(control);
  } catch (error) {
    const words = new Int32Array(memory.buffer);
    Atomics.store(words, (control + failed) >> 2, 1);
    Atomics.add(words, (control + left) >> 2, 1);
    Atomics.notify(words, (control + left) >> 2);
    throw error;
  }
`;

function startHelper(workerData: object, warn: (line: string) => void): Worker {
  // Without the program's own options (loaders, hooks) it is up in a few milliseconds.
  const helper = new Worker(HELPER_PROGRAM, { eval: true, execArgv: [], workerData });
  helper.on('error', (error) => warn(`a thread of the wasm backend has failed: ${String(error)}`));
  helper.unref(); // a backend that was forgotten does not keep the process alive
  return helper;
}
