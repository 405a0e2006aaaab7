/**
 * Starts TensorFlow.js's wasm backend with a memory that threads share, and the kernels.
 */
import { allowedCpus } from '@algo/contract';
import { MAX_THREADS } from '@algo/numerics';
import { BackendWasm, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import { engine, registerBackend, removeBackend, setBackend, version_core } from '@tensorflow/tfjs-core';
import type { Backend } from '../backend.js';
import { processorName } from '../processor.js';
import { replaceConvolutions } from './convolution.js';
import { replaceProducts } from './matmul.js';
import { createMemory } from './memory.js';
import { createWasmOperations } from './operations.js';
import { createPool } from './pool.js';
import { kernelBytes as tensorflowBytes } from './tensorflow-module.generated.js';
import { loadTensorflowModule } from './tensorflow-module.js';

export interface WasmOptions {
  /** In [1, 256]; by default as many as the processors that this process may use, at most 256. */
  readonly threads?: number | undefined;
  /** Gets what TensorFlow.js's module prints. */
  readonly warn?: ((line: string) => void) | undefined;
}

/** Makes wasm TensorFlow.js's backend. @throws RangeError when `threads` is outside its range */
export async function startWasm(options: WasmOptions = {}): Promise<Backend> {
  const { threads = Math.min(MAX_THREADS, allowedCpus()), warn } = options;
  const tensorflow = await loadTensorflowModule(tensorflowBytes, warn ?? (() => undefined));
  const backend = new BackendWasm(tensorflow.module);
  const memory = createMemory(backend, tensorflow);
  const pool = createPool(memory, threads, warn);
  // The package registers a factory of its own when it is imported.
  if (engine().findBackendFactory(NAME)) removeBackend(NAME);
  const context = { kernel: pool.kernel, memory };
  const restoreKernels = [replaceProducts(context), replaceConvolutions(context)];
  registerBackend(NAME, () => backend);
  if (!(await setBackend(NAME))) throw new Error('TensorFlow.js could not start the wasm backend.');
  return {
    name: NAME,
    device: processorName(threads),
    isGpu: false,
    versions: { '@tensorflow/tfjs-core': version_core, '@tensorflow/tfjs-backend-wasm': version_wasm },
    operations: createWasmOperations(context),
    usedBytes: () => memory.memory.buffer.byteLength,
    close() {
      pool.close();
      for (const restore of restoreKernels) restore();
      removeBackend(NAME);
    },
  };
}

// --- internal ---

const NAME = 'wasm';
