import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { NetworkDefinition, TrainedNetwork } from '../../src/network/definition.js';
import { createPredictor } from '../../src/network/forward.js';
import { createComposedOperations } from '../../src/operations/composed.js';
import type { OptimizerRule } from '../../src/operations/operations.js';
import { type Batch, createTrainer } from '../../src/training/trainer.js';
import { defineNetwork, dense, IMAGE_LAYERS, randomBatch, rule, startNetwork } from '../support/networks.js';
import { largestDifference } from '../support/numbers.js';

const operations = createComposedOperations();

const categoricalInputs = [
  { column: 3, values: [2, 5, 9], dimensions: 2 },
  { column: 4, values: [0, 1, 2, 3, 4], dimensions: 3 },
];

const NETWORKS: Record<string, NetworkDefinition> = {
  'a regression': defineNetwork({ layers: [dense('dense_1', 16)] }),
  'a regression with three outputs': defineNetwork({ layers: [dense('dense_1', 16, 'tanh')], outputCount: 3 }),
  'two classes with dropout': defineNetwork({
    task: 'binary',
    layers: [dense('dense_1', 24), { kind: 'dropout', name: 'dropout_1', rate: 0.2 }, dense('dense_2', 8)],
  }),
  'four classes with batch normalization': defineNetwork({
    task: 'multiclass',
    layers: [
      dense('dense_1', 16, 'linear'),
      { kind: 'batchNormalization', name: 'normalization_1', momentum: 0.9, epsilon: 1e-3 },
      { kind: 'activation', name: 'activation_1', activation: 'gelu' },
    ],
    outputCount: 4,
  }),
  'categories and numbers': defineNetwork({ columns: 3, categoricalInputs, layers: [dense('dense_1', 12)] }),
  'categories alone': defineNetwork({
    ...{ columns: 0, task: 'binary', layers: [dense('dense_1', 12)] },
    categoricalInputs: [{ column: 0, values: [1, 2, 3, 4], dimensions: 3 }],
  }),
  'images of three classes': defineNetwork({
    ...{ task: 'multiclass', imageShape: [6, 6, 1], layers: IMAGE_LAYERS, outputCount: 3 },
  }),
};

interface Training {
  readonly network: TrainedNetwork;
  readonly losses: readonly number[];
}

/** Trains over the same batches again and again; losses are means of an epoch. */
async function train(
  start: TrainedNetwork,
  batches: readonly Batch[],
  epochs: number,
  { given = {}, seed = 3 }: { given?: Partial<OptimizerRule>; seed?: number } = {},
): Promise<Training> {
  const trainer = createTrainer(operations, start, { rule: rule(given), seed });
  const losses: number[] = [];
  const weight = batches.reduce((sum, { weightSum }) => sum + weightSum, 0);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const batch of batches) trainer.step(batch, 0.02);
    losses.push((await trainer.takeLoss()) / weight);
  }
  const network = await trainer.network();
  trainer.dispose();
  return { network, losses };
}

function expectSameWeights(a: TrainedNetwork, b: TrainedNetwork, tolerance = 0) {
  expect([...a.weights.keys()]).toEqual([...b.weights.keys()]);
  for (const [name, values] of a.weights) {
    expect(largestDifference(values, b.weights.get(name)!)).toBeLessThanOrEqual(tolerance);
  }
}

function disposeBatch({ inputs, labels, weights }: Batch) {
  tf.dispose([inputs.numeric, ...inputs.categories, labels, ...(weights ? [weights] : [])]);
}

for (const backend of ['cpu', 'wasm']) {
  describe(`training on ${backend}`, () => {
    beforeEach(async () => {
      await tf.setBackend(backend);
    });

    for (const [name, definition] of Object.entries(NETWORKS)) {
      it(`lowers the loss of ${name}, and leaves no tensor behind`, async () => {
        const batches = [1, 2, 3].map((seed) => randomBatch(definition, 32, seed));
        // Constants are kept from the first training on.
        await train(startNetwork(definition), batches.slice(0, 1), 1);
        const before = tf.memory().numTensors;

        const { losses } = await train(startNetwork(definition), batches, 40);

        expect(losses.every(Number.isFinite)).toBe(true);
        expect(losses.at(-1)!).toBeLessThan(0.6 * losses[0]!);
        expect(tf.memory().numTensors).toBe(before);
        for (const batch of batches) disposeBatch(batch);
      });
    }
  });
}

describe('a trainer', () => {
  beforeEach(async () => {
    await tf.setBackend('cpu');
  });

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
    it(`goes on from its state as if it had not stopped: ${JSON.stringify(given)}`, async () => {
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

  it('predicts as a predictor with its network does', async () => {
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

  it('gives unknown categories the mean of the known embeddings', async () => {
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

  it('leaves a bias alone that a batch normalization takes out again', async () => {
    const definition = NETWORKS['four classes with batch normalization']!;

    const { network } = await train(startNetwork(definition), [randomBatch(definition, 16, 1)], 5);

    expect([...network.weights.get('dense_1/bias')!]).toEqual(Array(16).fill(0));
    expect(Math.abs(network.weights.get('output/bias')![0]!)).toBeGreaterThan(0);
  });

  it('changes nothing by a batch without weight', async () => {
    const definition = NETWORKS['a regression']!;
    const batch = { ...randomBatch(definition, 4, 1), weights: tf.zeros([4]), weightSum: 0 };

    const { network, losses } = await train(startNetwork(definition), [batch], 1);

    expectSameWeights(network, startNetwork(definition));
    expect(losses[0]).toBeNaN();
  });

  it('adds up the losses of all rows until they are taken', async () => {
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

  beforeEach(async () => {
    await tf.setBackend('cpu');
  });

  it('moves along the gradient (sgd) or by the learning rate in its first step (adam)', async () => {
    expectClose(await after({ name: 'sgd' }), [2.2, -3.8, 1.2]);
    expectClose(await after({ name: 'adam' }), [2.1, -3.9, 1.1]);
  });

  it('adds l2 · w and l1 · sign(w) to the gradients of kernels, not of biases', async () => {
    expectClose(await after({ name: 'sgd', l2: 0.5 }), [2.2 - 0.1, -3.8 + 0.2, 1.2]);
    expectClose(await after({ name: 'sgd', l1: 0.5 }), [2.2 - 0.05, -3.8 + 0.05, 1.2]);
  });

  it('decays kernels by rate · decay · w, apart from the gradient', async () => {
    expectClose(await after({ name: 'adamw', weightDecay: 0.5 }), [2.1 - 0.1, -3.9 + 0.2, 1.1]);
  });

  it('scales all gradients together to the norm, and leaves shorter ones alone', async () => {
    const moved = 0.1 / Math.sqrt(3);
    expectClose(await after({ name: 'sgd', clipNorm: 1 }), [2 + moved, -4 + moved, 1 + moved]);
    expectClose(await after({ name: 'sgd', clipNorm: 4 }), [2.2, -3.8, 1.2]);
  });
});
