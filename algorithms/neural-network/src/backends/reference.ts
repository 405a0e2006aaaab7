/** TensorFlow.js's plain JavaScript as a second backend: slow, and correct where a fast kernel may not be. */
import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import { startCpu } from './cpu.js';

/** What `run` gives while cpu is TensorFlow.js's backend; the one before is its backend again after. */
export async function onReference<T>(run: () => Promise<T>): Promise<T> {
  const current = getBackend();
  const reference = await startCpu();
  try {
    return await run();
  } finally {
    reference.close();
    await setBackend(current);
  }
}
