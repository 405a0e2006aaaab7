/** model.onnx in ONNX Runtime predicts the same. */
import fc from 'fast-check';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { ONNX_FILE, writeModelFiles } from '../../src/model/index.js';
import type { TrainedNetwork } from '../../src/network/definition.js';
import { runs } from '../support/runs.js';
import { closeness } from './closeness.js';
import { anyNetwork, randomNetwork } from './random-network.js';
import { referencePredictions } from './reference.js';

async function predict(network: TrainedNetwork, features: Float32Array | Float64Array, rows: number) {
  const session = await ort.InferenceSession.create(Buffer.from(writeModelFiles(network)[ONNX_FILE]!));
  const { imageShape, featureCount } = network.definition;
  const shape = [rows, ...(imageShape ?? [featureCount])];
  const tensor =
    features instanceof Float32Array
      ? new ort.Tensor('float32', features, shape)
      : new ort.Tensor('float64', features, shape);
  const { score } = await session.run({ features: tensor });
  await session.release();
  return score!;
}

describe('a saved network loaded in ONNX Runtime', () => {
  it('predicts the same, whatever its layers, inputs and task', async () => {
    await fc.assert(
      fc.asyncProperty(anyNetwork, async ({ network, rows, features }) => {
        const score = await predict(network, features, rows);

        expect(score.dims).toEqual([rows, network.definition.outputCount]);
        const expected = referencePredictions(network, features, rows);
        expect(closeness(network, score.data as Float32Array, expected)).toBeLessThan(1e-5);
      }),
      { seed: 7, numRuns: runs(40, 300) },
    );
  });

  it('distinguishes categories that are equal in float32, by taking rows as float64', async () => {
    const values = [16_777_216, 16_777_217];
    const network = randomNetwork(
      {
        task: 'regression',
        featureCount: 2,
        imageShape: undefined,
        numericColumns: [0],
        categoricalInputs: [{ column: 1, values, dimensions: 2 }],
        layers: [],
        outputCount: 1,
      },
      11,
    );
    const mean = network.inputScaling.means[0]!;

    const score = await predict(network, Float64Array.of(mean, values[0]!, mean, values[1]!), 2);

    const table = network.weights.get('embedding_1/embeddings')!;
    const kernel = network.weights.get('output/kernel')!;
    const bias = network.weights.get('output/bias')!;
    const { means, deviations } = network.outputScaling!;
    const expected = [0, 1].map((row) => {
      const output = bias[0]! + table[row * 2]! * kernel[1]! + table[row * 2 + 1]! * kernel[2]!;
      return output * deviations[0]! + means[0]!;
    });
    expect(closeness(network, score.data as Float32Array, expected)).toBeLessThan(1e-5);
    expect(expected[0]).not.toBeCloseTo(expected[1]!, 3);
  });
});
