/** Small networks and batches for tests. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayerDefinition, NetworkDefinition, Scaling, TrainedNetwork } from '../../src/network/definition.js';
import { initializeWeights } from '../../src/network/initialize.js';
import type { OptimizerRule } from '../../src/operations/operations.js';
import type { Batch } from '../../src/training/trainer.js';
import { integers, normals } from './numbers.js';

export function defineNetwork(given: Partial<NetworkDefinition> & { columns?: number }): NetworkDefinition {
  const { columns = 4, ...rest } = given;
  const categorical = given.categoricalInputs?.length ?? 0;
  const numericColumns = given.imageShape
    ? Array.from({ length: given.imageShape.reduce((a, b) => a * b) }, (_, column) => column)
    : Array.from({ length: columns }, (_, column) => column);
  return {
    task: 'regression',
    featureCount: numericColumns.length + categorical,
    imageShape: undefined,
    numericColumns,
    categoricalInputs: [],
    layers: [],
    outputCount: 1,
    ...rest,
  };
}

export const dense = (
  name: string,
  units: number,
  activation: 'relu' | 'tanh' | 'linear' = 'relu',
): LayerDefinition => ({
  kind: 'dense',
  name,
  units,
  activation,
});

/** An image network with every kind of layer but dropout. */
export const IMAGE_LAYERS: readonly LayerDefinition[] = [
  { kind: 'convolution', name: 'convolution_1', filters: 4, kernelSize: 3, activation: 'linear' },
  { kind: 'batchNormalization', name: 'normalization_1', momentum: 0.9, epsilon: 1e-3 },
  { kind: 'activation', name: 'activation_1', activation: 'relu' },
  { kind: 'maxPooling', name: 'pooling_1', size: 2 },
  { kind: 'convolution', name: 'convolution_2', filters: 3, kernelSize: 3, activation: 'tanh' },
  { kind: 'flatten', name: 'flatten_1' },
  dense('dense_1', 5),
];

function identityScaling(columns: number): Scaling {
  return { means: new Float64Array(columns), deviations: new Float64Array(columns).fill(1) };
}

export function startNetwork(definition: NetworkDefinition, seed = 7): TrainedNetwork {
  const inputScaling = identityScaling(definition.imageShape?.[2] ?? definition.numericColumns.length);
  return { definition, inputScaling, outputScaling: undefined, weights: initializeWeights(definition, seed) };
}

/** Random inputs with labels that depend on them. */
export function randomBatch(definition: NetworkDefinition, rows: number, seed: number): Batch {
  const { imageShape, numericColumns, categoricalInputs, task, outputCount } = definition;
  const values = normals(rows * numericColumns.length, seed);
  const categories = categoricalInputs.map((input, i) => integers(rows, input.values.length, seed + i + 1));
  const score = (row: number, output: number) => {
    let sum = categories.reduce((total, indices) => total + (indices[row]! % 2), 0);
    for (let column = 0; column < numericColumns.length; column++) {
      sum += values[row * numericColumns.length + column]! * Math.cos(column * (output + 1));
    }
    return Math.tanh(sum);
  };
  const labels =
    task === 'multiclass'
      ? tf.tensor1d(
          Int32Array.from({ length: rows }, (_, row) => Math.floor(((score(row, 0) + 1) / 2) * outputCount)),
          'int32',
        )
      : tf.tensor2d(
          Float32Array.from({ length: rows * outputCount }, (_, i) => {
            const value = score(Math.floor(i / outputCount), i % outputCount);
            return task === 'binary' ? Number(value > 0) : value;
          }),
          [rows, outputCount],
        );
  return {
    inputs: {
      numeric: tf.tensor(values, [rows, ...(imageShape ?? [numericColumns.length])]),
      categories: categories.map((indices) => tf.tensor1d(indices, 'int32')),
    },
    labels,
    weights: undefined,
    rows,
    weightSum: rows,
  };
}

export function rule(given: Partial<OptimizerRule> = {}): OptimizerRule {
  return {
    ...{ name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7, momentum: 0 },
    ...{ l1: 0, l2: 0, weightDecay: 0, clipNorm: 0 },
    ...given,
  };
}
