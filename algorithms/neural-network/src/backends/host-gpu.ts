/**
 * The NVIDIA GPU that the host gives to this process, and whether the program comes with CUDA's libraries, as the image for GPUs
 * does. There a processor in the GPU's place is a mistake that costs money, most often an old driver: SageMaker's default
 * hosts for endpoints and transforms of several families have 470.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { addonFolders, CUDA_FOLDER } from './tensorflow/addon.js';
import { describeGpu, hasDriver } from './tensorflow/gpu.js';

export interface HostGpu {
  /** GPU and driver, for people: `Tesla T4, NVIDIA 470.182.03`. */
  readonly name: string;
  readonly hasCuda: boolean;
}

/** Undefined where the host gives none. @param root and folders of the addon, for tests */
export function findHostGpu(root = '/', folders = addonFolders()): HostGpu | undefined {
  if (!hasDriver(root)) return undefined;
  const { device, driver = 'a driver of unknown version' } = describeGpu(root);
  return { name: `${device}, ${driver}`, hasCuda: folders.some((folder) => existsSync(join(folder, CUDA_FOLDER))) };
}

/** Why a job or an endpoint ends, and what to do. @param refused backends with their reasons */
export function unusableGpuText({ name }: HostGpu, refused: readonly string[]): string {
  return (
    `No backend computes on the host's GPU, ${name} (${refused.join('; ')}). CUDA 12 needs driver 525 or newer: set ` +
    'InferenceAmiVersion for an endpoint or TransformAmiVersion for a transform. To compute on the processor, set the ' +
    'hyperparameter backend, or ALGO_BACKEND where a model is served, to wasm.'
  );
}

/** Where the program has no CUDA. */
export function unusedGpuText({ name }: HostGpu): string {
  return `The host has a GPU, ${name}, that is not used: this program comes without CUDA. The image for GPUs has it.`;
}
