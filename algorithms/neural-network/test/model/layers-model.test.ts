/** model.json and weights.bin are what plain TensorFlow.js reads, and predict the same there. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { LAYERS_MODEL_FILE, WEIGHTS_FILE, writeModelFiles } from '../../src/model/index.js';
import type { TrainedNetwork } from '../../src/network/definition.js';
import { closeness } from './closeness.js';
import { anyNetwork, randomNetwork } from './random-network.js';
import { referencePredictions } from './reference.js';

beforeAll(async () => {
  tf.env().set('IS_TEST', true); // no banner
  await tf.setBackend('cpu');
});

/** What a user of tf.loadLayersModel has, without a line of this package. */
async function load(network: TrainedNetwork) {
  const files = writeModelFiles(network);
  const model = JSON.parse(String(files[LAYERS_MODEL_FILE]));
  const [{ weights: weightSpecs }] = model.weightsManifest;
  const weightData = new Uint8Array(Buffer.from(files[WEIGHTS_FILE]!)).buffer;
  return loadLayersModel(tf.io.fromMemory({ modelTopology: model.modelTopology, weightSpecs, weightData }));
}

/** The inputs that the model names: numbers or images as they are, and indices of categories. */
function inputTensors({ definition }: TrainedNetwork, features: Float32Array, rows: number): tf.Tensor[] {
  const { featureCount, imageShape, numericColumns, categoricalInputs } = definition;
  const column = (index: number) => Array.from({ length: rows }, (_, row) => features[row * featureCount + index]!);
  const numbers = Array.from({ length: rows }, (_, row) =>
    numericColumns.map((index) => features[row * featureCount + index]!),
  ).flat();
  const numeric = imageShape
    ? tf.tensor(numbers, [rows, ...imageShape])
    : tf.tensor(numbers, [rows, numericColumns.length]);
  const categories = categoricalInputs.map(({ column: index, values }) => {
    const known = column(index).map((value) => values.findIndex((one) => Math.fround(one) === value));
    return tf.tensor(
      known.map((found) => (found === -1 ? values.length : found)),
      [rows, 1],
      'int32',
    );
  });
  return numericColumns.length > 0 ? [numeric, ...categories] : categories;
}

describe('a saved network loaded in plain TensorFlow.js', () => {
  it('predicts the same, whatever its layers, inputs and task', async () => {
    await fc.assert(
      fc.asyncProperty(anyNetwork, async ({ network, rows, features }) => {
        const model = await load(network);
        const predicted = model.predict(inputTensors(network, features, rows)) as tf.Tensor;
        const actual = predicted.dataSync();
        tf.disposeVariables();

        expect(predicted.shape).toEqual([rows, network.definition.outputCount]);
        // float32 in all layers; its relative rounding is 6e-8.
        expect(closeness(network, actual, referencePredictions(network, features, rows))).toBeLessThan(1e-5);
      }),
      { seed: 5, numRuns: 150 },
    );
  });

  it('standardizes columns of any magnitude', async () => {
    const network = randomNetwork(
      {
        task: 'regression',
        featureCount: 3,
        imageShape: undefined,
        numericColumns: [0, 1, 2],
        categoricalInputs: [],
        layers: [],
        outputCount: 1,
      },
      3,
    );
    const inputScaling = {
      means: Float64Array.of(1e25, 2020.123456789, 3e-28),
      deviations: Float64Array.of(1e22, 1e-3, 1e-30),
    };
    const features = Float32Array.of(1.001e25, 2020.125, 4e-28);

    const model = await load({ ...network, inputScaling });
    const [actual] = (model.predict(tf.tensor(features, [1, 3])) as tf.Tensor).dataSync();

    const [expected] = referencePredictions({ ...network, inputScaling }, features, 1);
    expect(actual! / expected!).toBeCloseTo(1, 4); // 1e25 and 1e22 leave four digits in float32
  });
});
