import { expect, it } from 'vitest';
import type { Backend, BackendName } from '../../../src/backends/backend.js';
import { createMeasuredRows } from '../../../src/data/measured-rows.js';
import { createTrainingRows } from '../../../src/data/training-rows.js';
import type { Window } from '../../../src/data/windows.js';
import type { RunState } from '../../../src/job/checkpoint.js';
import { fit } from '../../../src/job/fit.js';
import { describeOnEveryBackend } from '../../support/every-backend.js';
import { defineNetwork, dense, rule, startNetwork } from '../../support/networks.js';
import { normals } from '../../support/numbers.js';
import { nativeGrowth, type Usage, usage } from '../../support/usage.js';

const BATCH = 16;
const BATCHES = 125;

/** The first ones warm up; then come 80 × 125 = 10,000 steps. cpu does a quarter and a software GPU 125: they are slow. */
const EPOCHS: Readonly<Record<BackendName, number>> = { tensorflow: 100, webgpu: 2, wasm: 100, cpu: 25 };
const WARM_UP = 0.2;
const TIMEOUT_MS = 300_000;

/** 10,000 leaked objects would be as much; the history of the epochs is a tenth of it. */
const HEAP_GROWTH_BYTES = 2 ** 20;

/**
 * A leaked batch of 1.2 kB a step would be 12 MB. Seen: up to 2 MB. Software Vulkan compiles shaders as it goes; cpu has
 * nothing outside of V8, whose own memory comes and goes: there the heap's bound tells of leaks.
 */
const NATIVE_GROWTH_BYTES: Readonly<Record<BackendName, number>> = {
  ...{ tensorflow: 10 * 2 ** 20, webgpu: 64 * 2 ** 20, wasm: 10 * 2 ** 20, cpu: 64 * 2 ** 20 },
};

/** The pool of free buffers on a GPU is still filling after so few steps; a leaked batch a step would be 150 kB. */
const DEVICE_GROWTH_BYTES: Readonly<Record<BackendName, number>> = { tensorflow: 0, webgpu: 2 ** 16, wasm: 0, cpu: 0 };

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

describeOnEveryBackend('a long job', (name, backend) => {
  const epochs = EPOCHS[name];
  const warmUp = Math.ceil(epochs * WARM_UP);
  const steps = (epochs - warmUp) * BATCHES;

  it(`holds no more after ${steps} more steps on rows that are streamed, measured and saved`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    await runJob(backend(), 1); // what is uploaded once a backend stays from here on
    const start = usage(backend());

    const { history, looks } = await runJob(backend(), epochs, [warmUp, epochs]);

    const end = usage(backend());
    const [before, after] = [looks[0]!, looks[1]!];
    expect(history).toHaveLength(epochs);
    expect(history.at(-1)?.['validation:loss']).toBeLessThan(history[0]!['validation:loss']!);
    expect(after.tensors).toBe(before.tensors);
    expect(after.bytes).toBe(before.bytes);
    expect((after.device ?? 0) - (before.device ?? 0)).toBeLessThanOrEqual(DEVICE_GROWTH_BYTES[name]);
    expect(after.heap - before.heap).toBeLessThan(HEAP_GROWTH_BYTES);
    expect(nativeGrowth(before, after)).toBeLessThan(NATIVE_GROWTH_BYTES[name]);
    expect(end.tensors).toBe(start.tensors);
    expect(end.bytes).toBe(start.bytes);
  });
});

/** A job's course with all that an epoch can have: two windows of rows, measures, the best weights, a state to save. */
async function runJob(backend: Backend, epochs: number, looksAfter: readonly number[] = []) {
  const { operations } = backend;
  // Twice as many rows as one window holds: every epoch uploads both.
  const capacity = (BATCH * (BATCHES + 1)) / 2;
  const train = createTrainingRows({
    ...{ operations, definition, rows: BATCH * BATCHES, capacity, batchSize: BATCH, seed: 1 },
    classWeights: Float64Array.of(1, 2),
    windows: () => windows(BATCH * BATCHES, capacity, 1),
  });
  const validation = createMeasuredRows(definition, () => windows(200, 100, 2));
  const looks: Usage[] = [];
  const { history } = await fit({
    ...{ operations, train, validation, epochs, network: startNetwork(definition), rule: rule(), seed: 1 },
    ...{ rate: () => 1e-3, classWeights: undefined, measures: ['loss', 'accuracy', 'auc'] },
    earlyStopping: { measure: 'loss', patience: epochs },
    ...{ stop: { requested: false, check: async () => false }, resume: undefined },
    async onState(state: () => Promise<RunState>) {
      const { history, progress } = await state();
      if (progress) return;
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
