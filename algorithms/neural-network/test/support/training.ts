/** Networks of every kind, and short trainings of them. */
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { NetworkDefinition, TrainedNetwork } from '../../src/network/definition.js';
import { createComposedOperations } from '../../src/operations/composed.js';
import type { OptimizerRule } from '../../src/operations/operations.js';
import { type Batch, createTrainer } from '../../src/training/trainer.js';
import { defineNetwork, dense, IMAGE_LAYERS, rule } from './networks.js';
import { largestDifference } from './numbers.js';

export const operations = createComposedOperations();

export const categoricalInputs = [
  { column: 3, values: [2, 5, 9], dimensions: 2 },
  { column: 4, values: [0, 1, 2, 3, 4], dimensions: 3 },
];

export const NETWORKS: Record<string, NetworkDefinition> = {
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

export interface Training {
  readonly network: TrainedNetwork;
  readonly losses: readonly number[];
}

/** Trains over the same batches again and again; losses are means of an epoch. */
export async function train(
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

export function expectSameWeights(a: TrainedNetwork, b: TrainedNetwork, tolerance = 0) {
  expect([...a.weights.keys()]).toEqual([...b.weights.keys()]);
  for (const [name, values] of a.weights) {
    expect(largestDifference(values, b.weights.get(name)!)).toBeLessThanOrEqual(tolerance);
  }
}

export function disposeBatch({ inputs, labels, weights }: Batch) {
  tf.dispose([inputs.numeric, ...inputs.categories, labels, ...(weights ? [weights] : [])]);
}
