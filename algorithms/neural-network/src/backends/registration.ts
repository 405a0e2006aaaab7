/** TensorFlow.js's registry of backends, which is global and keeps what packages register when they are imported. */
import {
  enableProdMode,
  findBackendFactory,
  type KernelBackend,
  registerBackend,
  removeBackend,
  setBackend,
} from '@tensorflow/tfjs-core';
import type { BackendName } from './backend.js';

/** Makes `backend` the one that TensorFlow.js computes with, in the place of any other of the name. */
export async function activate(name: BackendName, backend: KernelBackend): Promise<void> {
  deactivate(name);
  registerBackend(name, () => backend);
  if (!(await setBackend(name))) throw new Error(`TensorFlow.js refused the backend ${name}`);
}

/** Disposes of the backend of this name, if there is one. */
export function deactivate(name: BackendName): void {
  if (findBackendFactory(name)) removeBackend(name);
}

/** TensorFlow.js's production mode: without it, it greets and warns on the console. */
export function silence(): void {
  enableProdMode();
}
