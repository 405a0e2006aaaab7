/** A model directory becomes a function from rows to outputs. */

import { batchingVariables, ClientError, type ModelArtifact } from '@algo/contract';
import { memory } from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, describe, expect, it } from 'vitest';
import { startBackend } from '../../src/backends/choose.js';
import { loadImported } from '../../src/inference/imported.js';
import {
  boundedRows,
  loadModel,
  modelBatching,
  type ServedModel,
  servingProcesses,
} from '../../src/inference/index.js';
import { predictRows } from '../../src/inference/predict.js';
import { writeModelFiles } from '../../src/model/index.js';
import type { TrainedNetwork } from '../../src/network/definition.js';
import { closeness } from '../model/closeness.js';
import { graphModel } from '../model/graph-model.js';
import { randomNetwork, randomRows } from '../model/random-network.js';
import { referencePredictions } from '../model/reference.js';
import { savedModel } from '../model/saved-model.js';
import { artifactOf } from '../support/artifact.js';
import { defineNetwork, dense } from '../support/networks.js';

let served: ServedModel | undefined;
afterEach(() => {
  served?.backend.close();
  served = undefined;
});

const log = { info: () => {}, error: () => {} };

const SERVING = {
  port: 8080,
  isMultiModel: false,
  isBatch: false,
  maxPayloadMb: undefined,
  maxConcurrentTransforms: undefined,
  defaultAccept: undefined,
  inferenceOutput: undefined,
  workers: undefined,
  timeoutSeconds: undefined,
};

async function open(
  artifact: ModelArtifact,
  variables: Readonly<Record<string, string>> = { ALGO_BACKEND: 'cpu' },
): Promise<ServedModel> {
  served = await loadModel({ artifact, environment: { serving: SERVING, variables }, log });
  return served;
}

const ask = (model: ServedModel, features: Float64Array, columns: number, output?: string) =>
  predictRows(model, { features, rows: features.length / columns, columns }, { outputs: output?.split(',') });

const network = randomNetwork(
  defineNetwork({
    task: 'multiclass',
    columns: 2,
    categoricalInputs: [{ column: 2, values: [1, 5], dimensions: 2 }],
    layers: [dense('dense_1', 8)],
    outputCount: 4,
  }),
  1,
);

const rowsOf = (model: TrainedNetwork, rows: number, seed = 1) => Float64Array.from(randomRows(model, rows, seed));

describe('a network trained here', () => {
  it('returns its score, or the requested outputs', async () => {
    const model = await open(artifactOf(writeModelFiles(network)));
    const features = rowsOf(network, 5);
    const expected = referencePredictions(network, features, 5);

    const plain = await ask(model, features, 3);
    const asked = await ask(model, features, 3, 'predicted_label,probabilities');

    const { values, width } = plain.score as { values: Float32Array; width: number };
    expect(Object.keys(plain)).toEqual(['score']);
    expect(width).toBe(4);
    expect(closeness(network, values, expected)).toBeLessThan(1e-5);
    expect(Object.keys(asked)).toEqual(['predicted_label', 'probabilities']);
    expect(asked.probabilities).toEqual(plain.score);
  });

  it('answers synchronously if the device is this thread', async () => {
    const model = await open(artifactOf(writeModelFiles(network)));

    expect(ask(model, rowsOf(network, 2), 3)).not.toBeInstanceOf(Promise);
  });

  it('is batched as the variables say, by default as suits the network and without waiting', async () => {
    const plain = modelBatching(await open(artifactOf(writeModelFiles(network))), {});
    const variables = { ALGO_BACKEND: 'cpu', ALGO_BATCH_MAX_ROWS: '7', ALGO_BATCH_MAX_DELAY_MS: '0.5' };
    const model = await open(artifactOf(writeModelFiles(network)), variables);
    const asked = modelBatching(model, batchingVariables(variables));

    expect(plain).toEqual({ maxRows: 2048, maxDelayMs: 0, maxQueuedRows: 65_536 });
    expect(asked).toEqual({ maxRows: 7, maxDelayMs: 0.5, maxQueuedRows: 65_536 });
  });

  it('is served by as many processes as possible, but on a GPU by one', async () => {
    const model = await open(artifactOf(writeModelFiles(network)));

    expect(servingProcesses(model)).toBe(Number.POSITIVE_INFINITY);
    expect(servingProcesses({ backend: { ...model.backend, isGpu: true } })).toBe(1);
  });

  it('is cheap enough per row for the main process to answer some requests, but not on a device', async () => {
    const model = await open(artifactOf(writeModelFiles(network)));
    const on = (name: 'tensorflow' | 'webgpu' | 'wasm') => ({ ...model, backend: { ...model.backend, name } });
    const products = (rowProducts: number) => ({ ...model, scorer: { ...model.scorer, rowProducts } });

    // 4 inputs (2 numbers, an embedding of 2), 4 × 8 and 8 × 4 products, and a look at each input.
    expect(model.scorer.rowProducts).toBe(4 + 4 + 4 * 8 + 8 * 4);
    expect([boundedRows(model), boundedRows(on('wasm'))]).toEqual([256, 256]);
    expect([boundedRows(on('tensorflow')), boundedRows(on('webgpu'))]).toEqual([0, 0]);
    expect([boundedRows(products(400_000)), boundedRows(products(1_000_001))]).toEqual([2, 0]);
    expect(boundedRows({ ...model, isDirect: false })).toBe(0);
  });
});

describe('an imported model', () => {
  it('returns each of its outputs under its name', async () => {
    const backend = await startBackend('cpu', { log });
    const input = layers.input({ shape: [3] });
    const first = layers.layers.dense({ units: 2, name: 'pair' }).apply(input) as layers.SymbolicTensor;
    const second = layers.layers
      .dense({ units: 1, activation: 'sigmoid', name: 'one' })
      .apply(input) as layers.SymbolicTensor;
    const files = await savedModel(layers.model({ inputs: input, outputs: [first, second] }));
    backend.close();
    const model = await open(artifactOf(files));

    const rows = Float64Array.of(1, 2, 3, 4, 5, 6);
    const both = await ask(model, rows, 3);
    const alone = await ask(model, rows.subarray(3), 3);

    type Column = { values: Float32Array; width: number };
    const { pair, one } = both as Record<string, Column>;
    expect([pair!.width, pair!.values.length, one!.width, one!.values.length]).toEqual([2, 4, 1, 2]);
    expect(alone.pair).toMatchObject({ values: pair!.values.slice(2) });
    expect(alone.one).toMatchObject({ values: one!.values.slice(1) });
  });

  it('with a fixed batch size answers up to as many rows, and is asked for no more at once', async () => {
    const model = await open(artifactOf(graphModel({ rows: 4 })));
    const requests = [1, 3, 4].map((rows) => Float64Array.from({ length: rows * 3 }, (_, i) => i / 4));

    expect(modelBatching(model, {}).maxRows).toBe(4);
    for (const features of requests) {
      const answer = await ask(model, features, 3);
      const expected = Float32Array.from({ length: features.length / 3 }, (_, row) => {
        const [a = 0, b = 0, c = 0] = features.subarray(3 * row, 3 * row + 3);
        return a * 0.5 + b * 2 + c;
      });
      expect(answer.score).toEqual({ values: expected, width: 1 });
    }
  });

  it('leaves nothing on the device', async () => {
    const model = await open(artifactOf(graphModel({ hasCondition: true })));
    await ask(model, Float64Array.of(1, 2, 3), 3);
    const before = memory().numTensors;

    for (let call = 0; call < 20; call++) await ask(model, Float64Array.of(1, 2, 3, 4, 5, 6), 3);

    expect(memory().numTensors).toBe(before);
  });

  it('with an operation that the backend lacks is served on cpu, and the log says so', async () => {
    const lines: string[] = [];
    const log = { info: (line: string) => void lines.push(line), error: () => {} };
    const start = (name: string) => startBackend(name === 'auto' ? 'wasm' : 'cpu', { threads: 1, log });
    const options = { backend: 'auto', threads: 1, maxBatchRows: undefined, maxBatchDelayMs: 0 } as const;

    const { backend, scorer } = await loadImported(artifactOf(graphModel({ operator: 'Einsum' })), options, {
      start,
      log,
    });
    const { values } = await scorer.score({ features: Float64Array.of(1, 2, 10), rows: 1 });
    backend.close();

    expect(backend.name).toBe('cpu');
    expect(lines.find((line) => line.includes('instead'))).toMatch(
      /^backend cpu instead of wasm, which cannot run the model \(Kernel 'Einsum' not registered for backend 'wasm'/,
    );
    expect(values).toEqual(Float32Array.of(45));
  });

  it('whose output has not one entry per row is refused at the start', async () => {
    await expect(open(artifactOf(graphModel({ operator: 'Rank' })))).rejects.toThrow(
      'Output "y" of the model must have one entry for each of 1 row; received the shape [].',
    );
  });
});

it('a request with another number of columns is refused', async () => {
  const model = await open(artifactOf(writeModelFiles(network)));

  const refused = () => ask(model, new Float64Array(2), 2);

  expect(refused).toThrow(ClientError);
  expect(refused).toThrow("Each row must have the model's 3 feature columns");
});

describe('a start of the server is refused', () => {
  it.each([
    [
      { ALGO_BACKEND: 'cuda' },
      'Variable ALGO_BACKEND must be one of auto, tensorflow, webgpu, wasm, cpu; received "cuda".',
    ],
    [{ ALGO_BATCH_MAX_ROWS: '0' }, 'Variable ALGO_BATCH_MAX_ROWS must be an integer in [1, 1000000]; received "0".'],
    [
      { ALGO_BATCH_MAX_DELAY_MS: 'x' },
      'Variable ALGO_BATCH_MAX_DELAY_MS must be a number in [0, 10000]; received "x".',
    ],
    [{ ALGO_THREADS: '1.5' }, 'Variable ALGO_THREADS must be an integer in [1, 256]; received "1.5".'],
  ])('with %o', async (variables, message) => {
    await expect(open(artifactOf(writeModelFiles(network)), variables as Record<string, string>)).rejects.toThrow(
      message,
    );
  });
});
