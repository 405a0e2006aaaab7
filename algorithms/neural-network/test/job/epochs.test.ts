/** The course of training by itself: stops in the middle of an epoch, and what is left on the device. */

import { oneHost, stoppedBefore } from '@algo/contract';
import { blocksOf } from '@algo/contract/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createEvaluationRows } from '../../src/data/evaluation-rows.js';
import { readWindows, type WindowOptions } from '../../src/data/row-chunks.js';
import { createTrainingRows } from '../../src/data/training-rows.js';
import type { RunState } from '../../src/job/checkpoint.js';
import { type FitOptions, fit } from '../../src/job/epochs.js';
import { createComposedOperations } from '../../src/operations/composed.js';
import { useCpu } from '../support/cpu.js';
import { defineNetwork, dense, rule, startNetwork } from '../support/networks.js';

useCpu();
afterEach(() => vi.restoreAllMocks());

const ROWS = 40;
const BATCHES = 5;
const table = Array.from({ length: ROWS }, (_, i) => [i % 2, (i % 7) - 3, (i % 5) - 2]);
const definition = defineNetwork({ task: 'binary', columns: 2, layers: [dense('dense_1', 4)] });
const network = startNetwork(definition, 1);

/** A run of `fit`, every batch of which lasts a second. @param stopAfter looks at the stop signal, the end of each epoch included */
async function run({
  stopAfter = Number.POSITIVE_INFINITY,
  capacity = ROWS,
  isReadingStopped = false,
  ...more
}: Partial<FitOptions> & { stopAfter?: number; capacity?: number; isReadingStopped?: boolean }) {
  let clock = 0;
  let checks = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (clock += 1000));
  const operations = createComposedOperations();
  const options: WindowOptions = { ...network, capacity };
  async function* windows() {
    if (isReadingStopped) throw stoppedBefore('after 0 rows', 'the first step');
    yield* readWindows(blocksOf(table), options);
  }
  const train = createTrainingRows({
    operations,
    definition,
    rows: ROWS,
    capacity,
    batchSize: ROWS / BATCHES,
    seed: 1,
    classWeights: undefined,
    windows,
  });
  const validation = createEvaluationRows(definition, windows);
  const states: boolean[] = [];
  const lines: string[] = [];
  const running = fit({
    operations,
    network,
    train,
    validation,
    rule: rule({ epsilon: 1e-8 }),
    rate: () => 0.01,
    epochs: 3,
    seed: 1,
    classWeights: undefined,
    metrics: ['loss', 'accuracy', 'auc'],
    earlyStopping: undefined,
    stop: { check: async () => ++checks > stopAfter },
    resume: undefined,
    onState: async (_, isStopped) => void states.push(isStopped),
    progress: (line) => lines.push(line),
    ...more,
  });
  try {
    return { ...(await running), states, lines, checks };
  } finally {
    train.dispose();
    validation.dispose();
  }
}

describe('training in epochs', () => {
  it('stopped in the middle of the first epoch returns the weights so far', async () => {
    const stopped = await run({ stopAfter: 2 });

    expect(stopped.reason).toBe('stopped');
    expect(stopped.history).toEqual([]);
    expect(stopped.lines).toEqual([1, 2, 3].map((batch) => `epoch 1 of at most 3: batch ${batch} of ${BATCHES}`));
    expect(stopped.states).toEqual([false, false, true]); // asked after each batch, which here lasts long, and at the stop
    expect(stopped.network.weights).not.toEqual(network.weights);
  });

  it('stopped in the middle of a later epoch returns the best network if early stopping is on', async () => {
    const one = await run({ epochs: 1 });
    const perEpoch = one.checks;

    const stopped = await run({ stopAfter: perEpoch + 2, earlyStopping: { metric: 'loss', patience: 5 } });
    const unwatched = await run({ stopAfter: perEpoch + 2 });

    expect(stopped.history).toEqual(one.history);
    expect(stopped.bestEpoch).toBe(1);
    expect(stopped.network.weights).toEqual(one.network.weights);
    expect(unwatched.network.weights).not.toEqual(one.network.weights);
  });

  it('stopped during evaluation does not report the epoch that is only partly measured', async () => {
    const stopped = await run({ stopAfter: BATCHES });

    expect(stopped.history).toEqual([]);
    expect(stopped.reason).toBe('stopped');
  });

  it('resumes from any state with the same history and weights', async () => {
    for (const capacity of [ROWS, 16]) {
      const states: RunState[] = [];
      const whole = await run({ capacity, onState: async (take) => void states.push(await take()) });

      for (const resume of states) {
        const resumed = await run({ capacity, resume });
        expect(resumed.history).toEqual(whole.history);
        expect(resumed.network.weights).toEqual(whole.network.weights);
      }
      expect(states.filter(({ progress }) => progress).length).toBeGreaterThanOrEqual(3 * BATCHES);
    }
  });

  it('checks for a stop after every step', async () => {
    let steps = 0;
    const between: number[] = [];
    const stop = {
      check: async () => {
        between.push(steps);
        steps = 0;
        return false;
      },
    };

    const rate = () => {
      steps += 1;
      return 0.01;
    };
    await run({ stop, rate, capacity: 16 });

    expect(between.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(3 * BATCHES);
    expect(Math.max(...between)).toBeLessThanOrEqual(2); // the rate of an epoch is reported once more, in its line
  });

  it('looks for a stop and for the time to keep the state in one call of all hosts', async () => {
    let calls = 0;
    let isDue = false;
    const counting = {
      ...oneHost(),
      max() {
        calls += 1;
      },
    };
    const kept: number[] = [];

    const { checks } = await run({
      hosts: counting,
      isDue() {
        isDue = !isDue;
        return isDue;
      },
      onState: async () => void kept.push(calls),
    });

    expect(calls).toBe(checks);
    expect(kept).toEqual(Array.from({ length: Math.ceil(checks / 2) }, (_, index) => 2 * index + 1));
  });

  it('stopped before the first step fails with that reason', async () => {
    const stop = { check: async () => true };

    await expect(run({ stop, isReadingStopped: true })).rejects.toThrow(
      'stopped after its rows were read, before the first step',
    );
  });

  it('that diverges and is stopped fails because of the divergence', async () => {
    const states: boolean[] = [];
    const running = run({
      rate: () => Number.NaN,
      stopAfter: 3,
      onState: async (_, isStopped) => void states.push(isStopped),
    });

    await expect(running).rejects.toThrow('The loss must stay a finite number');
    expect(states).not.toContain(true);
  });

  it('leaves nothing on the device, however it ends', async () => {
    await run({ epochs: 1 }); // constants that the kernels keep are there now
    const before = tf.memory().numTensors;

    await run({});
    await run({ capacity: 16 });
    await run({ stopAfter: 3, capacity: 16 });
    await expect(run({ rate: () => Number.NaN })).rejects.toThrow('The loss must stay a finite number; it is NaN');

    expect(tf.memory().numTensors).toBe(before);
  });

  it('has as many tensors after many epochs as after one', async () => {
    const counts: number[] = [];

    await run({ epochs: 30, onEpoch: () => counts.push(tf.memory().numTensors) });

    expect(new Set(counts).size).toBe(1);
  });
});
