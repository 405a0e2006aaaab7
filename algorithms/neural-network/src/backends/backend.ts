/**
 * Where the mathematics runs. A backend is TensorFlow.js's, started and proven by a small product, with the operations
 * that are fastest on it.
 */
import type { Operations } from '../operations/operations.js';

/** In order of preference. */
export const BACKEND_NAMES = ['tensorflow', 'webgpu', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

export interface Backend {
  readonly name: BackendName;
  /** What computes, for people: `NVIDIA H200`, `AMD EPYC, 2 threads`. */
  readonly device: string;
  readonly isGpu: boolean;
  readonly driver?: string;
  /** Of the libraries that take part, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly operations: Operations;
  /** Bytes in use on the device or in the backend's memory; undefined if unknown. */
  usedBytes(): number | undefined;
  /** Ends helper threads and frees the device. The backend must not be used after. */
  close(): void;
}
