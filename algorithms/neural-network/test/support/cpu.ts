/** TensorFlow.js on the plain CPU backend, for tests of what computes on a device. */
import { afterAll, beforeAll } from 'vitest';
import type { Backend } from '../../src/backends/backend.js';
import { startCpu } from '../../src/backends/cpu.js';

/** Leaves no backend behind: the next file in this process may start the same one. */
export function useCpu(): void {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startCpu();
  });
  afterAll(() => backend.close());
}
