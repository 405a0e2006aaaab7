/**
 * The kernels on a thread pool (@algo/numerics) over TensorFlow.js's memory. Helpers join when they have started; until
 * then the main thread works alone. Results do not depend on which thread did what.
 */
import { createThreadPool, type ThreadPool } from '@algo/numerics';
import { CONTROL_BYTES } from '../../../assembly/layout.js';
import { type CompiledKernel, compileKernel, compileKernelPlainly } from './kernel.js';
import type { Kernel } from './kernel-exports.js';
import type { WasmMemory } from './memory.js';
import { computesExactly } from './self-test.js';

export type Pool = ThreadPool<Kernel>;

/**
 * A pool of `threads` threads.
 * @param threads integer in [1, 256]
 * @param warn called with one line when a helper thread has ended; the others work on
 * @throws RangeError when `threads` is outside; Error when the kernels do not compute right here
 */
export function createPool(memory: WasmMemory, threads: number, warn?: (line: string) => void): Pool {
  const control = memory.allocate(CONTROL_BYTES);
  memory.words().fill(0, control >>> 2, (control + CONTROL_BYTES) >>> 2);
  const open = ({ module }: CompiledKernel, count: number): Pool => {
    const pool = createThreadPool<Kernel>({ module, memory: memory.memory, control, threads: count, warn });
    pool.kernel.writeConstants();
    return pool;
  };
  const isRight = (compiled: CompiledKernel) => computesExactly(open(compiled, 1).kernel, memory);
  let compiled = compileKernel();
  let isProven = isRight(compiled);
  if (!isProven && compiled.joinsVectors) {
    compiled = compileKernelPlainly();
    isProven = isRight(compiled);
  }
  if (!isProven) throw new Error('the kernels compute wrong results on this CPU');
  return open(compiled, threads);
}
