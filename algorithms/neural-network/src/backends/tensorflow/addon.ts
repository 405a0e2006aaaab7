/**
 * tfjs-node's native addon and its backend class, as far as they are used here, and where they are: a folder that
 * `npm run tensorflow` fills. It is not part of a bundle or package, since it has 820 MB.
 *
 *   tfjs_binding.node    tfjs-node.mjs    prepare-process.node    tensorflow/libtensorflow_cc.so.2 …
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { KernelBackend, Tensor } from '@tensorflow/tfjs-core';
import { silence } from '../registration.js';

/** An attribute of an operation; `type` is one of the addon's TF_ATTR_ numbers. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | string | boolean | readonly number[];
}

/** Over TensorFlow's eager C API. */
export interface Addon {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  isUsingGpuDevice(): boolean;
  getNumOfTensors(): number;
}

/** tfjs-node's backend class. */
export interface NodeBackend extends KernelBackend {
  executeSingleOutput(name: string, attributes: readonly Attribute[], inputs: readonly Tensor[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[];
}

export interface LoadedAddon {
  readonly addon: Addon;
  /** Whether it comes with CUDA's libraries. */
  readonly isForGpu: boolean;
  createBackend(addon: Addon): NodeBackend;
}

/** Of CUDA's libraries, in the addon's folder. */
export const CUDA_FOLDER = 'nvidia';

/** Folders that are tried in order, when none is given: next to the bundle, then where `npm run tensorflow` puts it. */
export function addonFolders(): readonly string[] {
  return [
    join(dirname(fileURLToPath(import.meta.url)), 'tensorflow'),
    join(homedir(), '.cache', 'sagemaker-algorithms', 'tensorflow'),
  ];
}

/**
 * Loads TensorFlow into this process, for good.
 * @param variables of TensorFlow's own, set unless they are set
 * @throws Error when there is no such folder, or when what is in it cannot be loaded
 */
export async function loadAddon(
  folders: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<LoadedAddon> {
  const folder = folders.find((path) => existsSync(join(path, ADDON)));
  if (folder === undefined) {
    throw new Error(
      `TensorFlow's libraries are not in ${folders.join(' or ')}; algorithms/neural-network/README.md says how they get there`,
    );
  }
  const require = createRequire(import.meta.url);
  prepareProcess(require, folder, variables);
  const addon = require(join(folder, ADDON)) as Addon;
  // It brings a second copy of TensorFlow.js's core, which says so.
  silence();
  const { createBackend } = (await import(
    /* @vite-ignore */ pathToFileURL(join(folder, 'tfjs-node.mjs')).href
  )) as Pick<LoadedAddon, 'createBackend'>;
  return { addon, createBackend, isForGpu: existsSync(join(folder, CUDA_FOLDER)) };
}

// --- internal ---

const ADDON = 'tfjs_binding.node';
const LIBRARIES = ['tensorflow/libtensorflow_framework.so.2', 'tensorflow/libtensorflow_cc.so.2'];

/** See scripts/tensorflow/prepare-process.c. */
interface Preparation {
  setDefault(name: string, value: string): void;
  divertSignals(): void;
  open(path: string): void;
}

let isPrepared = false;

/** Once per process. tfjs-node's own download has its libraries elsewhere: then TensorFlow greets on stderr. */
function prepareProcess(require: NodeJS.Require, folder: string, variables: Readonly<Record<string, string>>): void {
  if (isPrepared) return;
  const { setDefault, divertSignals, open } = require(join(folder, 'prepare-process.node')) as Preparation;
  for (const [name, value] of Object.entries(variables)) setDefault(name, value);
  divertSignals();
  for (const path of LIBRARIES.map((library) => join(folder, library))) if (existsSync(path)) open(path);
  isPrepared = true;
}
