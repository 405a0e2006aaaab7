import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { TrainedNetwork } from '../../src/network/definition.js';
import { createComposedOperations } from '../../src/operations/composed.js';
import type { OptimizerRule } from '../../src/operations/operations.js';
import { type Batch, createTrainer } from '../../src/training/trainer.js';
import { useCpu } from '../support/cpu.js';
import { defineNetwork, rule, startNetwork } from '../support/networks.js';
import { largestDifference } from '../support/numbers.js';

const operations = createComposedOperations();

describe('the optimizer', () => {
  const definition = defineNetwork({ columns: 2, layers: [] });
  const start = (): TrainedNetwork => ({
    ...startNetwork(definition),
    weights: new Map([
      ['output/kernel', Float32Array.of(2, -4)],
      ['output/bias', Float32Array.of(1)],
    ]),
  });
  /** One row (1, 1) with label 0: its prediction −1 has the gradient −2 for every weight. */
  const batch = (): Batch => ({
    inputs: { numeric: tf.ones([1, 2]), categories: [] },
    ...{ labels: tf.zeros([1, 1]), weights: undefined, rows: 1, weightSum: 1 },
  });
  const after = async (given: Partial<OptimizerRule>, learningRate = 0.1) => {
    const trainer = createTrainer(operations, start(), { rule: rule(given), seed: 1 });
    trainer.step(batch(), learningRate);
    const { weights } = await trainer.network();
    trainer.dispose();
    return [...weights.get('output/kernel')!, ...weights.get('output/bias')!];
  };
  const expectClose = (values: number[], expected: number[]) => {
    expect(largestDifference(values, expected)).toBeLessThan(1e-6);
  };

  useCpu();

  it('steps along the gradient (sgd) or by the learning rate in its first step (adam)', async () => {
    expectClose(await after({ name: 'sgd' }), [2.2, -3.8, 1.2]);
    expectClose(await after({ name: 'adam' }), [2.1, -3.9, 1.1]);
  });

  it('adds l2 · w and l1 · sign(w) to the gradients of kernels, not of biases', async () => {
    expectClose(await after({ name: 'sgd', l2: 0.5 }), [2.2 - 0.1, -3.8 + 0.2, 1.2]);
    expectClose(await after({ name: 'sgd', l1: 0.5 }), [2.2 - 0.05, -3.8 + 0.05, 1.2]);
  });

  it('decays kernels by rate · decay · w, separately from the gradient', async () => {
    expectClose(await after({ name: 'adamw', weightDecay: 0.5 }), [2.1 - 0.1, -3.9 + 0.2, 1.1]);
  });

  it('scales all gradients together to the maximum norm, and does not change smaller ones', async () => {
    const moved = 0.1 / Math.sqrt(3);
    expectClose(await after({ name: 'sgd', clipNorm: 1 }), [2 + moved, -4 + moved, 1 + moved]);
    expectClose(await after({ name: 'sgd', clipNorm: 4 }), [2.2, -3.8, 1.2]);
  });
});
