/**
 * Trains a net on a table in memory, then predicts the table, and prints the numbers:
 *
 *   node measure.js FEATURES LABELS NET-AS-JSON BACKEND THREADS
 */
import { readFileSync } from 'node:fs';
import type { Log } from '@algo/contract';
import { createRandom, permutation } from '@algo/numerics';
import { memory } from '@tensorflow/tfjs-core';
import type { BackendName } from '../../src/backends/backend.js';
import { startBackend } from '../../src/backends/choose.js';
import { disposeRows, reorderRows, sliceRows, uploadRows } from '../../src/data/device-rows.js';
import { createNetworkScorer } from '../../src/inference/network-scorer.js';
import type { NetworkDefinition, TrainedNetwork } from '../../src/network/definition.js';
import { initializeWeights } from '../../src/network/initialize.js';
import { createTrainer } from '../../src/training/trainer.js';
import type { Net } from './table.js';

const [featureFile, labelFile, netText, backendName, threads] = process.argv.slice(2);
const net: Net = JSON.parse(netText!);
const { rows, columns, hidden, batch, epochs } = net;
const silent: Log = { info: () => {}, error: (line) => console.error(line) };
const backend = await startBackend(backendName as BackendName, { threads: Number(threads), log: silent });
const { operations } = backend;

const features = readFloats(featureFile!);
const labels = readFloats(labelFile!);
const definition: NetworkDefinition = {
  task: 'binary',
  featureCount: columns,
  imageShape: undefined,
  numericColumns: Array.from({ length: columns }, (_, column) => column),
  categoricalInputs: [],
  layers: hidden.map((units, index) => ({ kind: 'dense', name: `dense_${index + 1}`, units, activation: 'relu' })),
  outputCount: 1,
};
const untrained: TrainedNetwork = {
  definition,
  inputScaling: { means: new Float64Array(columns), deviations: new Float64Array(columns).fill(1) },
  outputScaling: undefined,
  weights: initializeWeights(definition, 1),
};
const betas = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const rule = { name: 'adam', ...betas, momentum: 0, l1: 0, l2: 0, weightDecay: 0, clipNorm: 0 } as const;
const all = uploadRows(
  definition,
  { rows, inputs: { rows, numeric: features, categories: [] }, labels, weights: undefined },
  undefined,
);
await train(2 * batch, 1); // the first steps compile what they need
const started = performance.now();
const { network, loss, leaked } = await train(rows, epochs);
const trainSeconds = (performance.now() - started) / 1000;
disposeRows(all);
const scorer = createNetworkScorer(backend, network);
const predict = async () => {
  for (let first = 0; first < rows; first += scorer.maxRows) {
    const count = Math.min(scorer.maxRows, rows - first);
    await scorer.score({ features: features.subarray(first * columns, (first + count) * columns), rows: count });
  }
};
const predictSeconds = await shortest(10, predict);
const row = features.slice(0, columns);
const latencies: number[] = [];
for (let call = 0; call < 5000; call++) {
  const start = performance.now();
  await scorer.score({ features: row, rows: 1 });
  latencies.push((performance.now() - start) * 1000);
}
latencies.sort((a, b) => a - b);
backend.close();
console.log(
  JSON.stringify({
    trainSeconds,
    predictSecondsPerMillion: (predictSeconds / rows) * 1e6,
    rowMicroseconds: latencies[latencies.length >> 1],
    loss,
    leaked,
  }),
);
process.exit(0);

/** @param count rows, the first ones, of which an epoch takes all */
async function train(count: number, passes: number) {
  const random = createRandom(2);
  const trainer = createTrainer(operations, untrained, { rule, seed: 3 });
  let mean = Number.NaN;
  let tensors = 0;
  for (let epoch = 0; epoch < passes; epoch++) {
    const shuffled = reorderRows(operations, all, permutation(random, count));
    for (let first = 0; first < count; first += batch) {
      const rowsNow = sliceRows(operations, shuffled, first, Math.min(batch, count - first));
      trainer.step(rowsNow, 1e-3);
      disposeRows(rowsNow);
    }
    disposeRows(shuffled);
    mean = (await trainer.takeLoss()) / count;
    if (epoch === 0) tensors = memory().numTensors;
  }
  const left = memory().numTensors - tensors;
  const trained = await trainer.network();
  trainer.dispose();
  return { network: trained, loss: mean, leaked: left };
}

function readFloats(path: string): Float32Array {
  return new Float32Array(Uint8Array.from(readFileSync(path)).buffer);
}

async function shortest(times: number, run: () => Promise<void>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < times; time++) {
    const start = performance.now();
    await run();
    least = Math.min(least, (performance.now() - start) / 1000);
  }
  return least;
}
