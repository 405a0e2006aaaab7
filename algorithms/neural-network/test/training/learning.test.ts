import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { randomBatch, startNetwork } from '../support/networks.js';
import { disposeBatch, NETWORKS, train } from '../support/training.js';

for (const backend of ['cpu', 'wasm']) {
  describe(`training on ${backend}`, () => {
    beforeEach(async () => {
      await tf.setBackend(backend);
    });

    for (const [name, definition] of Object.entries(NETWORKS)) {
      it(`reduces the loss of ${name}, and leaks no tensor`, async () => {
        const batches = [1, 2, 3].map((seed) => randomBatch(definition, 32, seed));
        // Constants are kept from the first training on.
        await train(startNetwork(definition), batches.slice(0, 1), 1);
        const before = tf.memory().numTensors;

        const { losses } = await train(startNetwork(definition), batches, 25);

        expect(losses.every(Number.isFinite)).toBe(true);
        expect(losses.at(-1)!).toBeLessThan(0.6 * losses[0]!);
        expect(tf.memory().numTensors).toBe(before);
        for (const batch of batches) disposeBatch(batch);
      });
    }
  });
}
