/** A job on rows that are streamed, measured and saved: whatever a long one does in each of its epochs. */
import type { Backend } from '../../src/backends/backend.js';
import { createEvaluationRows } from '../../src/data/evaluation-rows.js';
import type { Window } from '../../src/data/row-chunks.js';
import { createTrainingRows } from '../../src/data/training-rows.js';
import type { RunState } from '../../src/job/checkpoint.js';
import { fit } from '../../src/job/epochs.js';
import { defineNetwork, dense, rule, startNetwork } from './networks.js';
import { normals } from './numbers.js';
import { type Usage, usage } from './usage.js';

const BATCH = 16;

/** Steps of an epoch. */
export const BATCHES = 125;

const COLUMNS = 16;
const definition = defineNetwork({
  ...{ columns: COLUMNS, task: 'binary' },
  layers: [
    dense('dense_1', 8, 'linear'),
    { kind: 'batchNormalization', name: 'normalization_1', momentum: 0.9, epsilon: 1e-3 },
    { kind: 'activation', name: 'activation_1', activation: 'relu' },
    { kind: 'dropout', name: 'dropout_1', rate: 0.25 },
  ],
});

/** A job's course with all that an epoch can have: two windows of rows, metrics, the best weights, a state to save. */
export async function runStreamedJob(backend: Backend, epochs: number, looksAfter: readonly number[] = []) {
  const { operations } = backend;
  // Twice as many rows as one window holds: every epoch uploads both.
  const capacity = (BATCH * (BATCHES + 1)) / 2;
  const train = createTrainingRows({
    ...{ operations, definition, rows: BATCH * BATCHES, capacity, batchSize: BATCH, seed: 1 },
    classWeights: Float64Array.of(1, 2),
    windows: () => windows(BATCH * BATCHES, capacity, 1),
  });
  const validation = createEvaluationRows(definition, () => windows(200, 100, 2));
  const looks: Usage[] = [];
  let isEpochOver = false;
  const { history } = await fit({
    ...{ operations, train, validation, epochs, network: startNetwork(definition), rule: rule(), seed: 1 },
    ...{ rate: () => 1e-3, classWeights: undefined, metrics: ['loss', 'accuracy', 'auc'] },
    earlyStopping: { metric: 'loss', patience: epochs },
    ...{ stop: { check: async () => false }, resume: undefined },
    onEpoch() {
      isEpochOver = true;
    },
    async onState(state: () => Promise<RunState>) {
      if (!isEpochOver) return;
      isEpochOver = false;
      const { history } = await state();
      if (looksAfter.includes(history.length)) looks.push(usage(backend));
    },
  });
  train.dispose();
  validation.dispose();
  return { history, looks };
}

/** Rows whose class depends on their first number, in arrays that each window uses again. */
async function* windows(rows: number, capacity: number, seed: number): AsyncGenerator<Window, void, undefined> {
  const all = normals(rows * COLUMNS, seed);
  const numeric = new Float32Array(capacity * COLUMNS);
  const labels = new Float32Array(capacity);
  const weights = new Float32Array(capacity).fill(1);
  for (let first = 0; first < rows; first += capacity) {
    const count = Math.min(capacity, rows - first);
    numeric.set(all.subarray(first * COLUMNS, (first + count) * COLUMNS));
    for (let row = 0; row < count; row++) labels[row] = Number(numeric[row * COLUMNS]! > 0);
    yield { rows: count, inputs: { rows: capacity, numeric, categories: [] }, labels, weights };
  }
}
