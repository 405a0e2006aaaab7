/**
 * Starts TensorFlow.js's webgpu backend in Node: on Dawn, WebGPU's implementation in Chrome, from the npm package webgpu,
 * which computes by Vulkan. On Linux that needs libvulkan.so.1 and the driver's description file (NVIDIA's containers
 * have it with NVIDIA_DRIVER_CAPABILITIES=graphics or all).
 */
import { version_core } from '@tensorflow/tfjs-core';
import { createComposedOperations } from '../../operations/composed.js';
import type { Backend } from '../backend.js';
import { activate, deactivate } from '../registration.js';
import { openGpu } from './gpu.js';
import { boundFreeBuffers, failReadsAfterErrors } from './guards.js';

export interface WebgpuOptions {
  /** Whether a GPU that a processor emulates will do; default false: it is slower than wasm. */
  readonly takesSoftware?: boolean | undefined;
}

/** Makes webgpu TensorFlow.js's backend. @throws Error with the reason why it cannot */
export async function startWebgpu({ takesSoftware = false }: WebgpuOptions = {}): Promise<Backend> {
  const { adapter, device, version, close } = await openGpu();
  const { vendor, architecture, description } = adapter.info;
  const name = description || `${vendor} ${architecture}`;
  const isSoftware = adapter.info.isFallbackAdapter || SOFTWARE.test(`${architecture} ${name}`);
  if (isSoftware && !takesSoftware) {
    close();
    throw new Error(`the only GPU is emulated in software (${name}), and wasm is faster`);
  }
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const backend = new WebGPUBackend(device, adapter.info);
  boundFreeBuffers(backend.bufferManager);
  failReadsAfterErrors(backend, device);
  await activate('webgpu', backend);
  return {
    name: 'webgpu',
    device: name,
    isGpu: !isSoftware,
    driver: `Vulkan, ${vendor} ${architecture}`,
    versions: { '@tensorflow/tfjs-core': version_core, webgpu: version },
    operations: createComposedOperations(),
    usedBytes: () => backend.bufferManager.numBytesAllocated,
    close() {
      deactivate('webgpu');
      close();
    },
  };
}

// --- internal ---

/** What drivers that emulate a GPU call themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software/i;
