/**
 * Puts a faster kernel in the place of one of TensorFlow.js's own, so that models that come as TensorFlow.js graphs or
 * layers gain too.
 */
import { getKernel, type KernelFunc, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';

/** What a kernel is called with. */
export type KernelCall = Parameters<KernelFunc>[0];

/**
 * Replaces the wasm backend's kernel `name`, before the backend is set.
 * @param make gets the kernel in place, for the calls that the new one leaves to it
 * @returns what puts the old one back
 */
export function replaceKernel(name: string, make: (original: KernelFunc) => KernelFunc): () => void {
  const original = getKernel(name, 'wasm');
  unregisterKernel(name, 'wasm');
  registerKernel({ ...original, kernelFunc: make(original.kernelFunc) });
  return () => {
    unregisterKernel(name, 'wasm');
    registerKernel(original);
  };
}
