/**
 * The backends that a run of the tests is for: cpu and wasm, which are on every machine, or those that
 * ALGO_TEST_BACKENDS names, as `npm run backends` does. One that is named and does not start here fails.
 */
import { afterAll, beforeAll, describe } from 'vitest';
import { BACKEND_NAMES, type Backend, type BackendName } from '../../src/backends/backend.js';
import { startBackend } from '../../src/backends/choose.js';
import { memoryLog } from './log.js';

const TESTED_BACKENDS: readonly BackendName[] = BACKEND_NAMES.filter((name) =>
  (process.env.ALGO_TEST_BACKENDS || 'wasm,cpu').split(',').includes(name),
);

/**
 * Describes the same on each backend. Tests run in their order in the file, since TensorFlow.js has one backend.
 * @param body gets a function that returns the backend while its tests run
 */
export function describeOnEveryBackend(title: string, body: (name: BackendName, backend: () => Backend) => void): void {
  for (const name of TESTED_BACKENDS) {
    describe(`${title} on ${name}`, () => {
      let backend: Backend;
      beforeAll(async () => {
        backend = await startBackend(name, { threads: 2, log: memoryLog() });
      });
      afterAll(() => backend?.close());
      body(name, () => backend);
    });
  }
}

/** Runs `compute` on the reference, the operations composed on cpu, and leaves no backend behind. */
export async function onReference<T>(compute: (backend: Backend) => Promise<T>): Promise<T> {
  const backend = await startBackend('cpu', { log: memoryLog() });
  try {
    return await compute(backend);
  } finally {
    backend.close();
  }
}
