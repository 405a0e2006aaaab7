/** Running the wasm backend's operations on plain arrays. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Backend } from '../../src/backends/backend.js';
import { startWasm } from '../../src/backends/wasm/start.js';
import type { Operations } from '../../src/operations/operations.js';

/** Starts the backend for a file's tests, each in a scope of its own. */
export function useWasm(): () => Operations {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startWasm({ threads: 2 });
  });
  afterAll(() => backend.close());
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());
  return () => backend.operations;
}

export function tensorOf(values: ArrayLike<number>, shape: readonly number[], dtype: 'float32' | 'int32' = 'float32') {
  const typed = dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values);
  return tf.tensor(typed, [...shape], dtype);
}

/** Error of `value` in units of the last place of float32 at `exact`. */
export function unitsInLastPlace(value: number, exact: number): number {
  if (Object.is(value, exact) || value === Math.fround(exact)) return 0;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(exact))), -126);
  return Math.abs(value - exact) / 2 ** (exponent - 23);
}
