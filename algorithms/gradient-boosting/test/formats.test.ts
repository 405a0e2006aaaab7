/** Rows with labels, weights and features give the same model in each format that has columns. */
import { type EncodedType, encodeRows, useJobs } from '@algo/contract/testing';
import { afterEach, expect, it } from 'vitest';
import { gradientBoosting } from '../src/algorithm.js';
import { ONE_THREAD } from './support/one-thread.js';

const { train } = useJobs(gradientBoosting, { afterEach, hyperparameters: ONE_THREAD });

/** Label, weight and features. */
const rows = Array.from({ length: 60 }, (_, row) => {
  const [a, b] = [row % 7, row % 11];
  return [Number(a + b > 7), 1 + (row % 3), a / 7, b / 11];
});

const modelOf = async (type: EncodedType) => {
  const trained = await train({
    hyperparameters: { objective: 'binary:logistic', num_round: '2', csv_weights: '1' },
    channels: { train: { a: encodeRows(type, rows) }, validation: { b: encodeRows(type, rows) } },
    inputDataConfig: { train: { ContentType: type }, validation: { ContentType: type } },
  });
  expect(trained.failure).toBeUndefined();
  return trained.model.get('xgboost-model.ubj')!;
};

it('weighted rows in .npy, JSON and JSON Lines give the model of the same rows in CSV', async () => {
  const fromCsv = await modelOf('text/csv');

  for (const type of ['application/x-npy', 'application/json', 'application/jsonlines'] as const) {
    expect((await modelOf(type)).equals(fromCsv), type).toBe(true);
  }
});
