/** Rows with labels, weights and features give the same model in each format that has columns. */
import { encodeRows, useJobs } from '@algo/contract/testing';
import { createRandom } from '@algo/numerics';
import { afterEach, expect, it } from 'vitest';
import { gradientBoosting } from '../src/algorithm.js';
import { ONE_THREAD } from './support/one-thread.js';

const { train } = useJobs(gradientBoosting, { afterEach, hyperparameters: ONE_THREAD });

/** Label, weight and two features. */
const random = createRandom(5).uniform;
const rows = Array.from({ length: 60 }, () => {
  const [a, b] = [random(), random()];
  return [Number(a > b), 1 + Math.floor(3 * random()), a, b];
});

const modelOf = async (type: 'text/csv' | 'application/json' | 'application/jsonlines' | 'application/x-npy') => {
  const trained = await train({
    hyperparameters: { objective: 'binary:logistic', num_round: '2', csv_weights: '1' },
    channels: { train: { a: encodeRows(type, rows) }, validation: { b: encodeRows(type, rows) } },
    inputDataConfig: { train: { ContentType: type }, validation: { ContentType: type } },
  });
  expect(trained.failure).toBeUndefined();
  return trained.model.get('xgboost-model.ubj')!;
};

it.each(['application/x-npy', 'application/json', 'application/jsonlines'] as const)(
  'weighted rows in %s give the model of the same rows in CSV',
  async (type) => {
    expect((await modelOf(type)).equals(await modelOf('text/csv'))).toBe(true);
  },
);
