import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../src/backends/backend.js';
import { startWasm } from '../../src/backends/wasm/start.js';
import type { ActivationName, NetworkDefinition } from '../../src/network/definition.js';
import { createComposedOperations } from '../../src/operations/composed.js';
import type { Operations, OptimizerRule } from '../../src/operations/operations.js';
import { type Batch, createTrainer } from '../../src/training/trainer.js';
import { defineNetwork, randomBatch, rule, startNetwork } from '../support/networks.js';
import { largestDifference } from '../support/numbers.js';
import { NETWORKS } from '../support/training.js';

const RULES: Record<string, Partial<OptimizerRule>> = {
  'sgd with momentum and clipping': { name: 'sgd', momentum: 0.9, clipNorm: 1 },
  'adamw with penalties': { name: 'adamw', weightDecay: 0.1, l1: 1e-3, l2: 1e-2 },
};

/** Dense and convolution layers, by themselves and behind a normalization. */
function networksOf(activation: ActivationName): NetworkDefinition[] {
  return [
    defineNetwork({
      layers: [
        { kind: 'dense', name: 'dense_1', units: 17, activation },
        { kind: 'batchNormalization', name: 'normalization_1', momentum: 0.9, epsilon: 1e-3 },
        { kind: 'activation', name: 'activation_1', activation },
        { kind: 'dense', name: 'dense_2', units: 9, activation },
      ],
    }),
    defineNetwork({
      ...{ imageShape: [7, 6, 2], task: 'multiclass', outputCount: 3 },
      layers: [
        { kind: 'convolution', name: 'convolution_1', filters: 5, kernelSize: 3, activation },
        { kind: 'maxPooling', name: 'pooling_1', size: 2 },
        { kind: 'convolution', name: 'convolution_2', filters: 6, kernelSize: 5, activation },
        { kind: 'flatten', name: 'flatten_1' },
      ],
    }),
  ];
}

/** Every second batch has weights, of which some are 0. */
function batchesOf(definition: NetworkDefinition): Batch[] {
  return [1, 2, 3, 4, 5, 6].map((seed) => {
    const batch = randomBatch(definition, 18, seed);
    const weights = tf.tensor1d(Array.from({ length: 18 }, (_, row) => row % 3));
    return seed % 2 === 0 ? batch : { ...batch, weights, weightSum: 18 };
  });
}

async function trained(operations: Operations, definition: NetworkDefinition, given: Partial<OptimizerRule>) {
  const batches = batchesOf(definition);
  const trainer = createTrainer(operations, startNetwork(definition), { rule: rule(given), seed: 3 });
  for (const batch of batches) trainer.step(batch, 0.01);
  const loss = await trainer.takeLoss();
  const predictions = await trainer.predictions(batches[0]!.inputs).data();
  const { weights } = await trainer.network();
  trainer.dispose();
  return { loss, predictions, weights };
}

describe('six training steps on the wasm kernels', () => {
  let wasm: Backend;
  beforeAll(async () => {
    wasm = await startWasm({ threads: 2 });
  });
  afterAll(() => wasm.close());

  const activations = ['linear', 'relu', 'tanh', 'sigmoid', 'elu', 'gelu', 'swish'] as const;
  const cases: [string, NetworkDefinition][] = [
    ...activations.flatMap((activation) =>
      networksOf(activation).map((definition): [string, NetworkDefinition] => [
        `${activation} in ${definition.imageShape ? 'convolution' : 'dense'} layers`,
        definition,
      ]),
    ),
    ...Object.entries(NETWORKS),
  ];
  for (const [name, definition] of cases) {
    it.each(Object.keys(RULES))(
      `lead to the weights that plain kernels on cpu lead to: ${name}, %s`,
      async (ruleName) => {
        await tf.setBackend('cpu');
        const expected = await trained(createComposedOperations(), definition, RULES[ruleName]!);
        await tf.setBackend('wasm');
        const found = await trained(wasm.operations, definition, RULES[ruleName]!);

        // Float32 sums in another order and fused multiply-adds; adam's first steps magnify the smallest gradients.
        expect(found.loss / expected.loss).toBeCloseTo(1, 5);
        expect(largestDifference(found.predictions, expected.predictions)).toBeLessThan(1e-5);
        for (const [weight, values] of expected.weights) {
          expect(largestDifference(found.weights.get(weight)!, values), weight).toBeLessThan(2e-5);
        }
      },
    );
  }
});
