import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layersLibrary from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LayerDefinition, NetworkDefinition } from '../../src/network/definition.js';
import { weightDefinitions } from '../../src/network/weights.js';
import { createComposedOperations } from '../../src/operations/composed.js';
import type { OptimizerRule } from '../../src/operations/operations.js';
import { createTrainer } from '../../src/training/trainer.js';
import { defineNetwork, dense, IMAGE_LAYERS, randomBatch, rule, startNetwork } from '../support/networks.js';
import { largestDifference } from '../support/numbers.js';

beforeEach(async () => {
  await tf.setBackend('cpu');
  tf.engine().startScope();
});
afterEach(() => tf.engine().endScope());

/** The same layer in TensorFlow.js's own layers. */
function layerOf(definition: LayerDefinition): layersLibrary.layers.Layer {
  const { layers } = layersLibrary;
  switch (definition.kind) {
    case 'dense':
      return layers.dense({ units: definition.units, activation: definition.activation as 'relu' });
    case 'convolution':
      return layers.conv2d({
        ...{ filters: definition.filters, kernelSize: definition.kernelSize, padding: 'same' },
        activation: definition.activation as 'relu',
      });
    case 'maxPooling':
      return layers.maxPooling2d({ poolSize: definition.size });
    case 'batchNormalization':
      return layers.batchNormalization({ momentum: definition.momentum, epsilon: definition.epsilon });
    case 'activation':
      return layers.activation({ activation: definition.activation as 'relu' });
    case 'dropout':
      return layers.dropout({ rate: definition.rate });
    case 'flatten':
      return layers.flatten();
  }
}

function layersModel(definition: NetworkDefinition, weights: ReadonlyMap<string, Float32Array>) {
  const model = layersLibrary.sequential();
  const inputShape = definition.imageShape ?? [definition.numericColumns.length];
  model.add(layersLibrary.layers.inputLayer({ inputShape: [...inputShape] }));
  for (const layer of definition.layers) model.add(layerOf(layer));
  model.add(layersLibrary.layers.dense({ units: definition.outputCount }));
  const byLayer = weightDefinitions(definition).map(({ name, shape }) => tf.tensor(weights.get(name)!, [...shape]));
  let first = 0;
  for (const layer of model.layers) {
    layer.setWeights(byLayer.slice(first, first + layer.weights.length));
    first += layer.weights.length;
  }
  return model;
}

/**
 * A bias before a batch normalization, which takes it out again, and the mean that does so: the bias's gradient is what
 * rounding leaves of 0, and adam makes a whole step of it.
 */
function isNoise({ layers }: NetworkDefinition, weight: string): boolean {
  return layers.some(
    ({ kind, name }, i) =>
      i > 0 && kind === 'batchNormalization' && [`${layers[i - 1]!.name}/bias`, `${name}/moving_mean`].includes(weight),
  );
}

const CASES: [string, Partial<OptimizerRule>, () => tf.Optimizer][] = [
  ['sgd', { name: 'sgd' }, () => tf.train.sgd(0.05)],
  ['sgd with momentum', { name: 'sgd', momentum: 0.9 }, () => tf.train.momentum(0.05, 0.9)],
  ['adam', { name: 'adam' }, () => tf.train.adam(0.05, 0.9, 0.999, 1e-7)],
];

const NETWORKS: [string, NetworkDefinition, (labels: tf.Tensor, outputs: tf.Tensor) => tf.Tensor][] = [
  [
    'a regression with two outputs',
    defineNetwork({ layers: [dense('dense_1', 6), dense('dense_2', 5, 'tanh')], outputCount: 2 }),
    (labels, outputs) => tf.losses.meanSquaredError(labels, outputs),
  ],
  [
    'two classes with batch normalization',
    defineNetwork({
      task: 'binary',
      layers: [
        dense('dense_1', 6, 'linear'),
        { kind: 'batchNormalization', name: 'normalization_1', momentum: 0.8, epsilon: 1e-3 },
        { kind: 'activation', name: 'activation_1', activation: 'elu' },
      ],
    }),
    (labels, outputs) => tf.losses.sigmoidCrossEntropy(labels, outputs),
  ],
  [
    'a line without hidden layers',
    defineNetwork({ layers: [] }),
    (labels, outputs) => tf.losses.meanSquaredError(labels, outputs),
  ],
  [
    'inputs that a batch normalization takes first',
    defineNetwork({
      layers: [
        { kind: 'batchNormalization', name: 'normalization_1', momentum: 0.8, epsilon: 1e-3 },
        { kind: 'activation', name: 'activation_1', activation: 'tanh' },
        dense('dense_1', 3),
      ],
    }),
    (labels, outputs) => tf.losses.meanSquaredError(labels, outputs),
  ],
  [
    'images pooled and flattened before any weight',
    defineNetwork({
      ...{ task: 'multiclass', imageShape: [5, 4, 2], outputCount: 3 },
      layers: [
        { kind: 'maxPooling', name: 'pooling_1', size: 2 },
        { kind: 'flatten', name: 'flatten_1' },
        { kind: 'dropout', name: 'dropout_1', rate: 0 },
        dense('dense_1', 6),
      ],
    }),
    (labels, outputs) => tf.losses.softmaxCrossEntropy(labels, outputs),
  ],
  [
    'images of three classes',
    defineNetwork({ task: 'multiclass', imageShape: [6, 5, 2], layers: IMAGE_LAYERS, outputCount: 3 }),
    (labels, outputs) => tf.losses.softmaxCrossEntropy(labels, outputs),
  ],
];

for (const [optimizerName, given, createOptimizer] of CASES) {
  for (const [name, definition, loss] of NETWORKS) {
    it(`trains ${name} by ${optimizerName} to the weights of TensorFlow.js's LayersModel`, async () => {
      const network = startNetwork(definition);
      const model = layersModel(definition, network.weights);
      model.compile({ optimizer: createOptimizer(), loss });
      const trainer = createTrainer(createComposedOperations(), network, { rule: rule(given), seed: 1 });
      const batches = [1, 2, 3, 4, 5].map((seed) => randomBatch(definition, 8, seed));
      let [ownLoss, modelLoss] = [0, 0];

      for (const batch of batches) {
        trainer.step(batch, 0.05);
        const { numeric } = batch.inputs;
        const labels =
          definition.task === 'multiclass' ? tf.oneHot(batch.labels, definition.outputCount) : batch.labels;
        modelLoss += 8 * ((await model.trainOnBatch(numeric, labels)) as number);
      }
      ownLoss = await trainer.takeLoss();

      const { weights } = await trainer.network();
      const expected = model.layers.flatMap((layer) => layer.getWeights());
      expect(ownLoss).toBeCloseTo(modelLoss, 3);
      for (const [index, { name }] of weightDefinitions(definition).entries()) {
        if (optimizerName === 'adam' && isNoise(definition, name)) continue;
        // Five steps of float32 sums in another order.
        expect(largestDifference(weights.get(name)!, expected[index]!.dataSync()), name).toBeLessThan(1e-5);
      }
      trainer.dispose();
    });
  }
}
