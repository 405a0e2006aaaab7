/** A stop is seen while channels are read, binned, and within a round; what was being made is given up. */
import type { StopSignal } from '@algo/contract';
import { binaryTable, useJobs } from '@algo/contract/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { gradientBoosting } from '../../src/algorithm.js';
import { tasksBetweenLooks, UNITS_BETWEEN_LOOKS } from '../../src/engine/interruption.js';
import { readEnsemble } from '../../src/model/index.js';
import { ONE_THREAD } from '../support/one-thread.js';

const { train } = useJobs(gradientBoosting, { afterEach, hyperparameters: ONE_THREAD });

/** A stop that comes at the given look, and how many looks each round began at. */
function stopAtLook(last: number) {
  const seen = { looks: 0, rounds: [] as number[] };
  const stop: StopSignal = {
    get requested() {
      seen.looks += 1;
      return seen.looks >= last;
    },
    async check() {
      seen.rounds.push(seen.looks);
      return seen.looks >= last;
    },
    signal: new AbortController().signal,
  };
  return { stop, seen };
}

async function trainOn(hyperparameters: Record<string, string>, last: number, columns?: string) {
  const { stop, seen } = stopAtLook(last);
  const result = await train(
    {
      hyperparameters: { objective: 'binary:logistic', seed: '3', nthread: '1', ...hyperparameters },
      channels: { train: { 'a.csv': columns ?? binaryTable(400) }, validation: { 'a.csv': binaryTable(100, 2) } },
      inputDataConfig: { train: { ContentType: 'text/csv' }, validation: { ContentType: 'text/csv' } },
    },
    stop,
  );
  const file = result.model.get('xgboost-model.ubj');
  // A slow pass over the rows checks, too, before the first round does.
  seen.rounds.splice(0, seen.rounds.length - Number(hyperparameters.num_round));
  return { ...result, seen, trees: file && readEnsemble(file).trees };
}

describe.each([
  ['parallel trees', { num_parallel_tree: '30', subsample: '0.5' }],
  ['classes', { objective: 'multi:softprob', num_class: '7' }],
  ['dart', { booster: 'dart', rate_drop: '0.5', num_parallel_tree: '8' }],
  ['trees of a loss in TypeScript', { objective: 'reg:absoluteerror', num_parallel_tree: '9' }],
])('a stop during a round of %s', (_, growth) => {
  it('saves the model of the earlier rounds, equal to that of a shorter training', async () => {
    const whole = await trainOn({ ...growth, num_round: '4' }, Number.POSITIVE_INFINITY);
    const shorter = await trainOn({ ...growth, num_round: '2' }, Number.POSITIVE_INFINITY);
    const [, second, third] = whole.seen.rounds;

    for (const last of [second! + 1, Math.floor((second! + third!) / 2), third!]) {
      const stopped = await trainOn({ ...growth, num_round: '4' }, last);

      expect(stopped.failure).toBeUndefined();
      expect(stopped.trees).toEqual(shorter.trees);
    }
  });

  it('is checked for at least once per level of each tree', async () => {
    const { seen, trees } = await trainOn({ ...growth, num_round: '3' }, Number.POSITIVE_INFINITY);

    const levels = trees!.length * 2; // every tree has a root and leaves that get their outputs
    expect(seen.rounds.at(-1)! - seen.rounds[0]!).toBeGreaterThan((levels * 2) / 3);
  });
});

it('a stop in the first round ends with E_STOPPED and no model', async () => {
  const whole = await trainOn({ num_round: '2', num_parallel_tree: '50' }, Number.POSITIVE_INFINITY);

  const { failure, model } = await trainOn({ num_round: '2', num_parallel_tree: '50' }, whole.seen.rounds[0]! - 40);

  expect(failure).toContain('The job was stopped in its first round');
  expect(model.size).toBe(0);
});

it('reading and binning check for a stop after every 2^18 values and end with E_STOPPED', async () => {
  const rows = 2000;
  const columns = 600;
  const csv = Array.from({ length: rows }, (_, row) => `${row % 2}${`,${row % 7}`.repeat(columns)}\n`).join('');
  const validation = Array.from({ length: 2 }, (_, row) => `${row % 2}${',1'.repeat(columns)}\n`).join('');
  const stopAt = async (last: number) => {
    const { stop, seen } = stopAtLook(last);
    const result = await train(
      {
        hyperparameters: { num_round: '1', max_depth: '1', nthread: '1' },
        channels: { train: { 'a.csv': csv }, validation: { 'a.csv': validation } },
        inputDataConfig: { train: { ContentType: 'text/csv' }, validation: { ContentType: 'text/csv' } },
      },
      stop,
    );
    return { ...result, seen };
  };
  const whole = await stopAt(Number.POSITIVE_INFINITY);
  const passes = 3; // read, cut, binned

  expect(whole.seen.looks).toBeGreaterThan((passes * rows * columns) / 2 ** 18);
  const failures = await Promise.all([1, 3, 6, 9, 12].map(async (last) => (await stopAt(last)).failure));
  for (const failure of failures) expect(failure).toContain('The job was stopped');
  expect(failures.some((failure) => failure?.includes('was binned'))).toBe(true);
});

it.each([
  [1, 1e9, 1],
  [640, 1e9, 1],
  [640, 1e12, 4],
  [100_000, 1e10, 2],
])(
  '%i tasks of %f units on %i threads are divided so that each thread checks for a stop in time',
  (count, units, threads) => {
    const tasks = tasksBetweenLooks(count, units, threads);

    const ofThread = (units / count) * Math.ceil(tasks / threads);
    expect(ofThread).toBeLessThanOrEqual(Math.max(UNITS_BETWEEN_LOOKS, units / count));
  },
);
