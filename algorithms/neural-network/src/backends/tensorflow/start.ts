/**
 * Starts tfjs-node's backend: TensorFlow's C library on the processor, or on a GPU with CUDA. For NVIDIA's driver and
 * device names see /proc/driver/nvidia, which its kernel module writes.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { allowedCpus } from '@algo/contract';
import { version_core } from '@tensorflow/tfjs-core';
import { createComposedOperations } from '../../operations/composed.js';
import type { Backend } from '../backend.js';
import { processorName } from '../processor.js';
import { activate, deactivate } from '../registration.js';
import { addonFolders, loadAddon } from './addon.js';
import { createCalls } from './calls.js';
import { createTensorflowOperations } from './operations.js';

export interface TensorflowOptions {
  /** On a processor; by default those that this process may use. Only the first start in a process sets it. */
  readonly threads?: number | undefined;
  /** Where the addon may lie; by default beside the program, then where `npm run tensorflow` puts it. */
  readonly folders?: readonly string[] | undefined;
}

/** Makes tensorflow TensorFlow.js's backend. @throws Error with the reason why it cannot */
export async function startTensorflow(options: TensorflowOptions = {}): Promise<Backend> {
  const { threads = allowedCpus(), folders = addonFolders() } = options;
  const { addon, createBackend } = await loadAddon(folders, variables(threads));
  const backend = createBackend(addon);
  await activate('tensorflow', backend);
  const isGpu = addon.isUsingGpuDevice();
  return {
    name: 'tensorflow',
    ...(isGpu ? gpu() : { device: processorName(threads) }),
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
    // Errors only: it greets with the processor's instructions and the devices.
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_NUM_INTRAOP_THREADS: String(threads),
    // Else it takes all of a GPU's memory at once.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    // Sums in the same order each time, so that the same seed gives the same model.
    TF_DETERMINISTIC_OPS: '1',
  };
}

function gpu(): { readonly device: string; readonly driver?: string } {
  const information = globSync('/proc/driver/nvidia/gpus/*/information')[0];
  const model = information && /^Model:\s*(.+)$/m.exec(readFileSync(information, 'utf8'))?.[1];
  const version = '/proc/driver/nvidia/version';
  const driver = existsSync(version) && /Module\s+(?:for \S+\s+)?([\d.]+)/.exec(readFileSync(version, 'utf8'))?.[1];
  return { device: model || 'GPU', ...(driver ? { driver: `NVIDIA ${driver}` } : {}) };
}
