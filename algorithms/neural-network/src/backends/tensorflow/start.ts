/** Starts tfjs-node's backend: TensorFlow's C library on the processor, or on a GPU with CUDA. */
import { allowedCpus } from '@algo/contract';
import { version_core } from '@tensorflow/tfjs-core';
import { createComposedOperations } from '../../operations/composed.js';
import type { Backend } from '../backend.js';
import { processorName } from '../processor.js';
import { activate, deactivate } from '../registration.js';
import { addonFolders, loadAddon } from './addon.js';
import { createCalls } from './calls.js';
import { describeGpu, explainMissingGpu, hasDriver } from './gpu.js';
import { createTensorflowOperations } from './operations.js';

export interface TensorflowOptions {
  /** On a processor; by default those that this process may use. Only the first start in a process sets it. */
  readonly threads?: number | undefined;
  /** Where the addon may lie; by default next to the program, then where `npm run tensorflow` puts it. */
  readonly folders?: readonly string[] | undefined;
}

/** Makes tensorflow TensorFlow.js's backend. @throws Error with the reason why it cannot */
export async function startTensorflow(options: TensorflowOptions = {}): Promise<Backend> {
  const { threads = allowedCpus(), folders = addonFolders() } = options;
  const { addon, createBackend, isForGpu } = await loadAddon(folders, variables(threads));
  const backend = createBackend(addon);
  await activate('tensorflow', backend);
  const isGpu = addon.isUsingGpuDevice();
  return {
    name: 'tensorflow',
    ...(isGpu ? describeGpu() : { device: processorName(threads) + (isForGpu ? `, ${explainMissingGpu()}` : '') }),
    isGpu,
    versions: { '@tensorflow/tfjs-core': version_core, tensorflow: addon.TF_Version },
    operations: createTensorflowOperations(createComposedOperations(), createCalls(addon, backend)),
    usedBytes: () => undefined,
    close: () => deactivate('tensorflow'),
  };
}

// --- internal ---

/** TensorFlow reads them when it is loaded. */
function variables(threads: number): Readonly<Record<string, string>> {
  return {
    // Errors only: it greets with the processor's instructions and the devices. Not even those without a driver: the
    // log line about the backend says that there is no GPU.
    TF_CPP_MIN_LOG_LEVEL: hasDriver() ? '2' : '3',
    TF_NUM_INTRAOP_THREADS: String(threads),
    // Otherwise it allocates all of a GPU's memory.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    // Sums in the same order each time, so that the same seed gives the same model.
    TF_DETERMINISTIC_OPS: '1',
  };
}
