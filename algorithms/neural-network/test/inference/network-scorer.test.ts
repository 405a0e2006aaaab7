/** Networks served on a backend predict what the definitions say, however many rows are predicted together. */

import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../src/backends/backend.js';
import { startBackend } from '../../src/backends/choose.js';
import { createNetworkScorer } from '../../src/inference/network-scorer.js';
import { closeness } from '../model/closeness.js';
import { anyNetwork, randomNetwork, randomRows } from '../model/random-network.js';
import { referencePredictions } from '../model/reference.js';

const log = { info: () => {}, error: () => {} };

describe.each([
  ['cpu', 'cpu', false],
  ['wasm', 'wasm', false],
  ['a GPU, whose results come later', 'cpu', true],
] as const)('a network on %s', (_, name, isGpu) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = { ...(await startBackend(name, { threads: 1, log })), isGpu };
  });
  afterAll(() => backend.close());

  it('predicts what its definition says, all rows together or each alone', async () => {
    await fc.assert(
      fc.asyncProperty(anyNetwork, async ({ network, rows, features }) => {
        const scorer = createNetworkScorer(backend, network);
        const rowOf = (row: number) => features.subarray(row * scorer.featureCount, (row + 1) * scorer.featureCount);

        const scored = scorer.score({ features, rows });
        const together = await scored;
        const alone: number[] = [];
        for (let row = 0; row < rows; row++) {
          alone.push(...(await scorer.score({ features: rowOf(row), rows: 1 })).values);
        }

        expect(scored instanceof Promise).toBe(isGpu);
        expect(together.width).toBe(network.definition.outputCount);
        expect(closeness(network, together.values, referencePredictions(network, features, rows))).toBeLessThan(1e-5);
        expect(closeness(network, alone, referencePredictions(network, features, rows))).toBeLessThan(1e-5);
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  it('refuses a row whose values make the sums infinite, naming the largest', async () => {
    const definition = {
      task: 'multiclass',
      featureCount: 2,
      imageShape: undefined,
      numericColumns: [0, 1],
      categoricalInputs: [],
      layers: [],
      outputCount: 3,
    } as const;
    const network = randomNetwork(definition, 1);
    const weights = new Map([...network.weights].map(([key, values]) => [key, values.map((value) => value * 1e6)]));
    const scorer = createNetworkScorer(backend, { ...network, weights });
    const [mean, deviation] = [network.inputScaling.means[1]!, network.inputScaling.deviations[1]!];
    const features = Float64Array.of(0, mean, 0, mean + deviation * 1e36);

    await expect(async () => scorer.score({ features, rows: 2 })).rejects.toMatchObject({
      code: 'E_DATA_RANGE',
      message: expect.stringMatching(/^Feature column 1 \(from 0\) .*received -?\d\.\d+e\+\d\d\.$/),
    });
  });

  it('for a regression predicts in the scale of its labels, in float64', async () => {
    const network = randomNetwork(
      {
        task: 'regression',
        featureCount: 1,
        imageShape: undefined,
        numericColumns: [0],
        categoricalInputs: [],
        layers: [],
        outputCount: 1,
      },
      1,
    );
    const outputScaling = { means: Float64Array.of(1e9), deviations: Float64Array.of(1) };
    const scorer = createNetworkScorer(backend, { ...network, outputScaling });

    const { values } = await scorer.score({ features: Float64Array.of(network.inputScaling.means[0]!), rows: 1 });

    expect(values).toBeInstanceOf(Float64Array);
    expect(values[0]! - 1e9).toBeCloseTo(network.weights.get('output/bias')![0]!, 5); // float32 holds 1e9 ± 32
  });

  it('leaves nothing on the device after 100 requests', async () => {
    const network = randomNetwork(
      {
        task: 'multiclass',
        featureCount: 36,
        imageShape: [6, 6, 1],
        numericColumns: Array.from({ length: 36 }, (_, column) => column),
        categoricalInputs: [],
        layers: [
          { kind: 'convolution', name: 'convolution', filters: 2, kernelSize: 3, activation: 'gelu' },
          { kind: 'batchNormalization', name: 'normalization', momentum: 0.9, epsilon: 1e-3 },
          { kind: 'flatten', name: 'flatten' },
        ],
        outputCount: 3,
      },
      1,
    );
    const scorer = createNetworkScorer(backend, network);
    const features = randomRows(network, 8, 2);
    await scorer.score({ features, rows: 8 });
    const before = tf.memory();

    for (let call = 0; call < 100; call++) await scorer.score({ features, rows: 1 + (call % 8) });

    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
  });
});
