/** Formats besides CSV: the same rows give the same model and the same answers. */
import { encodeRows, openInvocations, useJobs } from '@algo/contract/testing';
import { afterEach, expect, it } from 'vitest';
import { linearRegression } from '../src/algorithm.js';

const { train } = useJobs(linearRegression, { afterEach });

/** Label, weight and two features; one row is no sum of the features. */
const rows = [
  [3, 1, 1, 2],
  [5.5, 2, 2, 3.5],
  [0.1, 1, -1, 1],
  [9, 0.5, 4, 5],
];

it('rows in .npy give the model of the same rows in CSV, and .npy answers its scores', async () => {
  const jobOf = (type: 'text/csv' | 'application/x-npy') =>
    train({
      hyperparameters: { csv_weights: '1' },
      channels: { train: { a: encodeRows(type, rows) }, validation: { b: encodeRows(type, rows) } },
      inputDataConfig: { train: { ContentType: type }, validation: { ContentType: type } },
    });
  const [csv, npy] = [await jobOf('text/csv'), await jobOf('application/x-npy')];
  expect(npy.failure).toBeUndefined();
  expect(npy.model.get('model.json')).toEqual(csv.model.get('model.json'));

  const invoke = await openInvocations(linearRegression, npy);
  const request = {
    contentType: 'application/x-npy',
    body: encodeRows('application/x-npy', [
      [1, 2],
      [4, 5],
    ]),
  };
  const inCsv = await invoke({ ...request, accept: 'text/csv' });
  const answer = await invoke({ ...request, accept: 'application/x-npy' });

  const scores = inCsv.body.trim().split('\n').map(Number);
  expect(scores).toHaveLength(2);
  expect(answer).toMatchObject({ status: 200, headers: { 'Content-Type': 'application/x-npy' } });
  expect([
    answer.bytes.readDoubleLE(answer.bytes.length - 16),
    answer.bytes.readDoubleLE(answer.bytes.length - 8),
  ]).toEqual(scores);
});
