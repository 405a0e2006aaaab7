import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import type { Backend } from '../../../src/backends/backend.js';
import { describeOnEveryBackend, onReference } from '../../support/every-backend.js';
import { largestDifference } from '../../support/numbers.js';
import { OPERATION_CASES } from '../../support/operation-cases.js';

/**
 * Relative to the largest value of a result. Seen on processors: 5e-7, from sums of up to 200 float32 products in another
 * order and from last bits of functions. WebGPU allows more: tanh may be wrong by 1e-5.
 */
const TOLERANCE = { tensorflow: 4e-6, webgpu: 2e-5, wasm: 4e-6, cpu: 0 };

const expected = new Map<string, readonly Float32Array[]>();

beforeAll(() =>
  onReference(async (backend) => {
    for (const name of OPERATION_CASES.keys()) expected.set(name, await results(backend, name));
  }),
);

describeOnEveryBackend('operations', (backendName, backend) => {
  for (const name of OPERATION_CASES.keys()) {
    it(`equals the reference: ${name}`, async () => {
      const computed = await results(backend(), name);

      const references = expected.get(name)!;
      expect(computed).toHaveLength(references.length);
      for (const [index, reference] of references.entries()) {
        const scale = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        expect(largestDifference(computed[index]!, reference)).toBeLessThanOrEqual(TOLERANCE[backendName] * scale);
      }
    });
  }
});

async function results({ operations }: Backend, name: string): Promise<Float32Array[]> {
  const tensors = tf.tidy(() => [...OPERATION_CASES.get(name)!(operations)]);
  const values = await Promise.all(tensors.map(async (tensor) => Float32Array.from(await tensor.data())));
  tf.dispose(tensors);
  return values;
}
