/**
 * tfjs-node's backend class and kernels, without its index, which looks for the addon in places of its own. This is
 * bundled into one file; importing that registers the kernels.
 */
import '@tensorflow/tfjs-node/dist/register_all_kernels.js';
import { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js';

/** For registerBackend('tensorflow', …). */
export function createBackend(binding) {
  return new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node');
}
