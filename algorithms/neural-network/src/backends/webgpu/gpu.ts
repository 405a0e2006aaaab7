/**
 * WebGPU's globals, adapter and device, as a browser has them, from the npm package webgpu (Dawn). The package is native
 * and stays out of bundles; nothing of it is touched before this function is called.
 */
import { createRequire } from 'node:module';

export interface OpenGpu {
  readonly adapter: GPUAdapter;
  readonly device: GPUDevice;
  /** Of the npm package. */
  readonly version: string;
  /** Frees all that the device holds. */
  close(): void;
}

/** @throws Error with the reason why there is no GPU */
export async function openGpu(): Promise<OpenGpu> {
  checkVulkanLoader();
  const { create, globals } = await importDawn();
  for (const [name, value] of Object.entries(Object.getOwnPropertyDescriptors(globals))) {
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, value);
  }
  // TensorFlow.js looks for it here. Dawn's instance lives as long as this does.
  const gpu = create([]);
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new Error('Vulkan has no GPU that Dawn can use');
  const device = await adapter.requestDevice({ requiredLimits: largestLimits(adapter.limits) });
  return {
    adapter,
    device,
    version: packageVersion(),
    close() {
      device.destroy();
    },
  };
}

// --- internal ---

const PACKAGE = 'webgpu';

/** By a name that a bundler does not follow. */
async function importDawn(): Promise<typeof import('webgpu')> {
  const name: string = PACKAGE;
  return (await import(/* @vite-ignore */ name)) as typeof import('webgpu');
}

function packageVersion(): string {
  const { version } = createRequire(import.meta.url)(`${PACKAGE}/package.json`) as { readonly version: string };
  return version;
}

/** Dawn prints a warning when the loader is missing, as on most servers; asking first keeps the log clean. */
function checkVulkanLoader(): void {
  if (process.platform !== 'linux') return;
  try {
    process.dlopen({ exports: {} }, 'libvulkan.so.1');
  } catch (error) {
    // Once it is loaded, Node complains that it is no addon.
    if (String(error).includes('cannot open shared object file')) throw new Error('libvulkan.so.1 is not installed');
  }
}

/** Those that TensorFlow.js's kernels go by: without asking, a device has the smallest that the standard allows. */
function largestLimits(limits: GPUSupportedLimits): Record<string, number> {
  return {
    maxBufferSize: limits.maxBufferSize,
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
    maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
    maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
    maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
  };
}
