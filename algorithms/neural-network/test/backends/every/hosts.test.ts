/** Steps of training whose batches several hosts have parts of, on each backend. */
import type { Communicator } from '@algo/contract';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import type { Backend, BackendName } from '../../../src/backends/backend.js';
import type { NetworkDefinition } from '../../../src/network/definition.js';
import { type Batch, createTrainer, type TrainerState } from '../../../src/training/trainer.js';
import { describeOnEveryBackend } from '../../support/every-backend.js';
import { hostWithoutRows, onlyHostWithRows, twinHost } from '../../support/hosts.js';
import { randomBatch, rule, startNetwork } from '../../support/networks.js';
import { largestDifference } from '../../support/numbers.js';
import { disposeBatch, NETWORKS } from '../../support/training.js';

const ROWS = 16;

/** Of weights around 1: sums of float32 in another order, over twelve steps. */
const TOLERANCE: Readonly<Record<BackendName, number>> = { tensorflow: 1e-4, webgpu: 1e-3, wasm: 1e-4, cpu: 1e-4 };

describeOnEveryBackend('a training on two hosts', (backendName, backend) => {
  for (const [name, definition] of Object.entries(NETWORKS)) {
    it(`is that of one host where the other has no rows, and both have the same weights: ${name}`, async () => {
      const one = await train(backend(), definition, (batch) => batch);
      const { hosts, sums } = onlyHostWithRows();
      const rowNumbers = Int32Array.from({ length: ROWS }, (_, row) => row);
      const first = await train(backend(), definition, (batch) => ({ ...batch, rowNumbers }), hosts);
      const other = hostWithoutRows(sums);
      const before = tf.memory().numTensors;
      const second = await train(backend(), definition, withoutRows, other.hosts);

      expectSame(first.state, one.state, TOLERANCE[backendName]);
      expect(Math.abs(first.loss - one.loss)).toBeLessThanOrEqual(TOLERANCE[backendName] * ROWS);
      expectSame(second.state, first.state, 0);
      expect(second.loss).toBe(first.loss);
      expect(other.isDone()).toBe(true);
      expect(tf.memory().numTensors).toBe(before);
    });
  }

  for (const name of ['four classes with batch normalization', 'images of three classes', 'categories and numbers']) {
    it(`is that of one host with half of the rows where both have the same rows: ${name}`, async () => {
      const definition = NETWORKS[name]!;

      const one = await train(backend(), definition, (batch) => batch);
      const twin = await train(backend(), definition, (batch) => ({ ...batch, weightSum: 2 * ROWS }), twinHost());

      expectSame(twin.state, one.state, TOLERANCE[backendName]);
      expect(Math.abs(twin.loss / 2 - one.loss)).toBeLessThanOrEqual(TOLERANCE[backendName] * ROWS);
    });
  }
});

/** Twelve steps. */
async function train(
  { operations }: Backend,
  definition: NetworkDefinition,
  part: (batch: Batch, definition: NetworkDefinition) => Batch,
  hosts?: Communicator,
) {
  const trainer = createTrainer(operations, startNetwork(definition), { rule: rule({ clipNorm: 1 }), seed: 3, hosts });
  for (let step = 0; step < 12; step++) {
    const batch = randomBatch(definition, ROWS, 1 + (step % 4));
    await trainer.step(part(batch, definition), 0.02);
    disposeBatch(batch);
  }
  const loss = await trainer.takeLoss();
  const state = await trainer.state();
  trainer.dispose();
  return { loss, state };
}

function withoutRows(batch: Batch): Batch {
  return { ...batch, rows: 0, rowNumbers: new Int32Array() };
}

function expectSame(one: TrainerState, other: TrainerState, tolerance: number): void {
  const arrays = ({ weights, moments }: TrainerState) => [...weights.values(), ...moments];
  for (const [index, values] of arrays(one).entries()) {
    expect(largestDifference(values, arrays(other)[index]!)).toBeLessThanOrEqual(tolerance);
  }
}
