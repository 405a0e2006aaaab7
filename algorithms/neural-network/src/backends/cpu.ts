/** TensorFlow.js's backend in plain JavaScript: it works wherever Node does, and is the slowest. */
import { version_core } from '@tensorflow/tfjs-core';
import { createComposedOperations } from '../operations/composed.js';
import type { Backend } from './backend.js';
import { processorName } from './processor.js';
import { activate, deactivate, silence } from './registration.js';

/** Makes cpu TensorFlow.js's backend. */
export async function startCpu(): Promise<Backend> {
  const { MathBackendCPU, version_cpu } = await import('@tensorflow/tfjs-backend-cpu');
  // It advises to install tfjs-node.
  silence();
  await activate('cpu', new MathBackendCPU());
  return {
    name: 'cpu',
    device: processorName(1),
    isGpu: false,
    versions: { '@tensorflow/tfjs-core': version_core, '@tensorflow/tfjs-backend-cpu': version_cpu },
    operations: createComposedOperations(),
    usedBytes: () => undefined,
    close: () => deactivate('cpu'),
  };
}
