/** Query ids are identifiers: equal numbers are one query, different ones never, however large. */
import { outputOf, useJobs } from '@algo/contract/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { gradientBoosting } from '../../src/algorithm.js';
import { ONE_THREAD } from '../support/one-thread.js';

const MODEL = 'xgboost-model.ubj';
const { train } = useJobs(gradientBoosting, { afterEach, hyperparameters: ONE_THREAD });

const LABELS = [2, 0, 1, 0, 2, 1, 1, 0, 0, 2, 1, 0];
/** Two rows a query. */
const csv = (id: (query: number) => number | string) =>
  LABELS.map((label, row) => `${label},${id(Math.floor(row / 2))},${(row * 7) % 5},${row}\n`).join('');
const libsvm = (id: (query: number) => number) =>
  LABELS.map((label, row) => `${label} qid:${id(Math.floor(row / 2))} 0:${(row * 7) % 5} 1:${row}\n`).join('');

function trainOn(data: string, contentType = 'text/csv;label_size=2', more: Record<string, string> = {}) {
  return train({
    hyperparameters: { objective: 'rank:ndcg', num_round: '3', min_child_weight: '0', ...more },
    channels: { train: { 'a.csv': data } },
    inputDataConfig: { train: { ContentType: contentType } },
  });
}

describe('query ids above 2^24', () => {
  it.each([2 ** 24, 20_240_101_000, 2 ** 53 - 7])('from %d on give the same model as small ones', async (first) => {
    const small = await trainOn(csv((query) => query));

    const fromCsv = await trainOn(csv((query) => first + query));
    const fromLibsvm = await trainOn(
      libsvm((query) => first + query),
      'text/libsvm',
    );

    expect(fromCsv.failure).toBeUndefined();
    expect(fromCsv.model.get(MODEL)).toEqual(small.model.get(MODEL));
    expect(fromLibsvm.model.get(MODEL)).toEqual(small.model.get(MODEL));
  });

  it('are kept whole in cross-validation folds, and exact in its report', async () => {
    const small = await trainOn(
      csv((query) => query),
      undefined,
      { _kfold: '2' },
    );

    const large = await trainOn(
      csv((query) => 2 ** 24 + query),
      undefined,
      { _kfold: '2' },
    );
    const report = outputOf(large, 'predictions.csv').split('\n');

    expect(large.model.get('xgboost-model-0.ubj')).toEqual(small.model.get('xgboost-model-0.ubj'));
    expect(report[0]).toBe('label_0,label_1,prediction');
    expect(report[3]).toMatch(/^1,16777217,/);
  });
});

it.each([
  ['a fraction', '7.5', 'received 7.5'],
  ['2^53, beyond which numbers run together', '9007199254740993', 'received 9007199254740992'],
  ['a negative number', '-3', 'received -3'],
])('refuses %s as query id, naming the line', async (_, id, received) => {
  const trained = await trainOn(csv((query) => (query === 1 ? id : query + 10)));

  expect(trained.exitCode).toBe(1);
  expect(trained.failure).toContain(
    `train/a.csv line 3: the query in label column 2 must be a whole number below 2^53; ${received}`,
  );
});
