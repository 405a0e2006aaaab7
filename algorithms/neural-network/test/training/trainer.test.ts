import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createPredictor } from '../../src/network/forward.js';
import { type Batch, createTrainer } from '../../src/training/trainer.js';
import { useCpu } from '../support/cpu.js';
import { defineNetwork, dense, randomBatch, rule, startNetwork } from '../support/networks.js';
import {
  categoricalInputs,
  disposeBatch,
  expectSameWeights,
  NETWORKS,
  operations,
  train,
} from '../support/training.js';

describe('a trainer', () => {
  useCpu();

  it('gives the same weights for the same seed, others for another seed', async () => {
    const definition = NETWORKS['two classes with dropout']!;
    const batches = [1, 2].map((seed) => randomBatch(definition, 16, seed));

    const one = await train(startNetwork(definition), batches, 3);
    const same = await train(startNetwork(definition), batches, 3);
    const otherDropout = await train(startNetwork(definition), batches, 3, { seed: 4 });

    expectSameWeights(one.network, same.network);
    expect(() => expectSameWeights(one.network, otherDropout.network)).toThrow();
    expect(() => expectSameWeights(startNetwork(definition, 1), startNetwork(definition, 2))).toThrow();
  });

  it('keeps the number of tensors over 1,000 steps, with every option of the optimizer', () => {
    const definition = defineNetwork({
      ...{ columns: 3, categoricalInputs, task: 'multiclass', outputCount: 3 },
      layers: [
        dense('dense_1', 4, 'linear'),
        { kind: 'batchNormalization', name: 'normalization_1', momentum: 0.9, epsilon: 1e-3 },
        { kind: 'activation', name: 'activation_1', activation: 'swish' },
        { kind: 'dropout', name: 'dropout_1', rate: 0.5 },
      ],
    });
    const batch = randomBatch(definition, 4, 1);
    const trainer = createTrainer(operations, startNetwork(definition), {
      ...{ rule: rule({ name: 'adamw', weightDecay: 0.01, l1: 1e-4, l2: 1e-4, clipNorm: 1 }), seed: 1 },
    });
    trainer.step(batch, 0.01);
    const before = tf.memory();

    for (let step = 0; step < 1000; step++) {
      trainer.step(batch, 0.01);
      if (step % 100 === 0) trainer.predictions(batch.inputs).dispose();
    }

    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
    trainer.dispose();
    disposeBatch(batch);
  });

  for (const given of [
    { name: 'adamw', weightDecay: 0.1 },
    { name: 'sgd', momentum: 0.9 },
    { name: 'sgd', momentum: 0 },
  ] as const) {
    it(`resumes from its state as if it had not stopped: ${JSON.stringify(given)}`, async () => {
      const definition = defineNetwork({
        ...{ columns: 3, categoricalInputs, task: 'binary' },
        layers: [
          dense('dense_1', 8, 'linear'),
          { kind: 'batchNormalization', name: 'normalization_1', momentum: 0.9, epsilon: 1e-3 },
          { kind: 'dropout', name: 'dropout_1', rate: 0.3 },
        ],
      });
      const start = startNetwork(definition);
      const batches = [1, 2, 3, 4, 5, 6].map((seed) => randomBatch(definition, 16, seed));
      const options = { rule: rule(given), seed: 5 };
      const whole = createTrainer(operations, start, options);
      const first = createTrainer(operations, start, options);

      for (const batch of batches) whole.step(batch, 0.05);
      for (const batch of batches.slice(0, 3)) first.step(batch, 0.05);
      const state = await first.state();
      first.step(batches[3]!, 1);
      first.dispose();
      const second = createTrainer(operations, start, { ...options, state });
      for (const batch of batches.slice(3)) second.step(batch, 0.05);

      const [expected, resumed] = [await whole.state(), await second.state()];
      expect(state.step).toBe(3);
      expect(resumed.step).toBe(6);
      expect(resumed.moments.map((moment) => [...moment])).toEqual(expected.moments.map((moment) => [...moment]));
      expectSameWeights(await second.network(), await whole.network());
      whole.dispose();
      second.dispose();
    });
  }

  it('predicts the same as a predictor of its network', async () => {
    const definition = NETWORKS['categories and numbers']!;
    const batch = randomBatch(definition, 12, 1);
    const unknown = {
      ...batch.inputs,
      categories: categoricalInputs.map(({ values }) => tf.fill([12], values.length, 'int32')),
    };
    const trainer = createTrainer(operations, startNetwork(definition), { rule: rule(), seed: 1 });
    for (let step = 0; step < 5; step++) trainer.step(batch, 0.05);

    const network = await trainer.network();
    const predictor = createPredictor(operations, network);

    for (const inputs of [batch.inputs, unknown]) {
      const [own, other] = [trainer.predictions(inputs).dataSync(), predictor.predictions(inputs).dataSync()];
      expect([...own]).toEqual([...other]);
    }
    predictor.dispose();
    trainer.dispose();
  });

  it('uses the mean of the known embeddings for unknown categories', async () => {
    const definition = NETWORKS['categories and numbers']!;
    const { network } = await train(startNetwork(definition), [randomBatch(definition, 16, 1)], 4);

    const table = network.weights.get('embedding_3/embeddings')!;

    for (const dimension of [0, 1]) {
      const known = [0, 1, 2].map((row) => table[row * 2 + dimension]!);
      expect(table[6 + dimension]).toBeCloseTo(known.reduce((sum, value) => sum + value) / 3, 6);
    }
  });

  it('treats a row of weight 2 like two rows, and one of weight 0 like none', async () => {
    const definition = NETWORKS['a regression']!;
    const batch = randomBatch(definition, 4, 1);
    const pick = (rows: number[]): Batch => {
      const indices = tf.tensor1d(rows, 'int32');
      const numeric = tf.gather(batch.inputs.numeric, indices);
      const labels = tf.gather(batch.labels, indices);
      return {
        inputs: { numeric, categories: [] },
        labels,
        weights: undefined,
        rows: rows.length,
        weightSum: rows.length,
      };
    };
    const weighted = { ...batch, weights: tf.tensor1d([2, 0, 1, 1]), weightSum: 4 };

    const byWeights = await train(startNetwork(definition), [weighted], 5, { given: { name: 'sgd' } });
    const byRows = await train(startNetwork(definition), [pick([0, 0, 2, 3])], 5, { given: { name: 'sgd' } });

    // The same sums in another order.
    expectSameWeights(byWeights.network, byRows.network, 1e-6);
    expect(byWeights.losses.at(-1)).toBeCloseTo(byRows.losses.at(-1)!, 5);
  });

  it('does not change a bias that batch normalization cancels', async () => {
    const definition = NETWORKS['four classes with batch normalization']!;

    const { network } = await train(startNetwork(definition), [randomBatch(definition, 16, 1)], 5);

    expect([...network.weights.get('dense_1/bias')!]).toEqual(Array(16).fill(0));
    expect(Math.abs(network.weights.get('output/bias')![0]!)).toBeGreaterThan(0);
  });

  it('does not change anything for a batch without weight', async () => {
    const definition = NETWORKS['a regression']!;
    const batch = { ...randomBatch(definition, 4, 1), weights: tf.zeros([4]), weightSum: 0 };

    const { network, losses } = await train(startNetwork(definition), [batch], 1);

    expectSameWeights(network, startNetwork(definition));
    expect(losses[0]).toBeNaN();
  });

  it('adds up the losses of all rows until they are read', async () => {
    const definition = NETWORKS['a regression']!;
    const [first, second] = [randomBatch(definition, 4, 1), randomBatch(definition, 6, 2)];
    const start = startNetwork(definition);
    const trainer = createTrainer(operations, start, { rule: rule({ name: 'sgd' }), seed: 1 });
    const errors = (batch: Batch) =>
      tf.sum(tf.squaredDifference(trainer.predictions(batch.inputs), batch.labels)).dataSync()[0]!;
    const expected = errors(first) + errors(second);

    trainer.step(first, 0);
    trainer.step(second, 0);

    expect(await trainer.takeLoss()).toBeCloseTo(expected, 4);
    expect(await trainer.takeLoss()).toBe(0);
    trainer.dispose();
  });
});
