/** The wasm backend's kernels in a memory of their own, without TensorFlow.js's engine. */
import { setImmediate } from 'node:timers/promises';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { createMemory, type WasmMemory } from '../../src/backends/wasm/memory.js';
import { createPool, type Pool } from '../../src/backends/wasm/pool.js';
import { kernelBytes } from '../../src/backends/wasm/tensorflow-module.generated.js';
import { loadTensorflowModule } from '../../src/backends/wasm/tensorflow-module.js';

/** A pool over a memory of its own, with all its helpers up. */
export async function withPool<T>(
  threads: number,
  use: (pool: Pool, memory: WasmMemory) => T | Promise<T>,
): Promise<T> {
  const tensorflow = await loadTensorflowModule(kernelBytes, () => undefined);
  const memory = createMemory(new BackendWasm(tensorflow.module), tensorflow);
  const pool = createPool(memory, threads);
  try {
    while (pool.kernel.threadCount() < threads) await setImmediate();
    return await use(pool, memory);
  } finally {
    pool.close();
  }
}

/** Puts values into the memory. */
export function place(memory: WasmMemory, values: Float32Array): number {
  const address = memory.allocate(values.byteLength);
  memory.floats().set(values, address >>> 2);
  return address;
}
