import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import type { Backend, BackendName } from '../../../src/backends/backend.js';
import { createTrainer } from '../../../src/training/trainer.js';
import { describeOnEveryBackend, onReference } from '../../support/every-backend.js';
import { randomBatch, rule, startNetwork } from '../../support/networks.js';
import { largestDifference } from '../../support/numbers.js';
import { disposeBatch, NETWORKS } from '../../support/training.js';

const EPOCHS = 5;

/**
 * Of losses and of predictions, both around 1. Each step of 20 adds the last bits' differences, and Adam divides them by
 * the root of the gradient's variance, which for a gradient near 0 makes them larger.
 */
const TOLERANCE: Readonly<Record<BackendName, number>> = { tensorflow: 1e-4, webgpu: 1e-3, wasm: 1e-4, cpu: 0 };

interface Outcome {
  /** Mean loss by epoch. */
  readonly losses: readonly number[];
  readonly predictions: Float32Array;
}

const expected = new Map<string, Outcome>();

beforeAll(() =>
  onReference(async (backend) => {
    for (const name of Object.keys(NETWORKS)) expected.set(name, await train(backend, name));
  }),
);

describeOnEveryBackend('a training', (backendName, backend) => {
  for (const name of Object.keys(NETWORKS)) {
    it(`has the reference's losses and predictions: ${name}`, async () => {
      const { losses, predictions } = await train(backend(), name);

      const reference = expected.get(name)!;
      expect(reference.losses.at(-1)).toBeLessThan(reference.losses[0]!);
      expect(largestDifference(losses, reference.losses)).toBeLessThanOrEqual(TOLERANCE[backendName]);
      expect(largestDifference(predictions, reference.predictions)).toBeLessThanOrEqual(TOLERANCE[backendName]);
    });
  }
});

async function train({ operations }: Backend, name: string): Promise<Outcome> {
  const definition = NETWORKS[name]!;
  const batches = [1, 2, 3, 4].map((seed) => randomBatch(definition, 16, seed));
  const trainer = createTrainer(operations, startNetwork(definition), { rule: rule(), seed: 3 });
  const losses: number[] = [];
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (const batch of batches) trainer.step(batch, 0.02);
    losses.push((await trainer.takeLoss()) / 64);
  }
  const predicted = trainer.predictions(batches[0]!.inputs);
  const predictions = Float32Array.from(await predicted.data());
  tf.dispose(predicted);
  trainer.dispose();
  for (const batch of batches) disposeBatch(batch);
  return { losses, predictions };
}
