/** Parquet whose columns are in another order, or of other names, than those the model was trained on: y = 10 a. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openInvocations, useJobs } from '@algo/contract/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { gradientBoosting } from '../../src/algorithm.js';
import { readEnsemble } from '../../src/model/index.js';
import { ONE_THREAD } from '../support/one-thread.js';

const MODEL = 'xgboost-model.ubj';
const fixture = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../fixtures/column-names/${name}.parquet`, import.meta.url)));
const [train, swapped] = [{ 'a.parquet': fixture('train') }, { 'a.parquet': fixture('swapped') }];

const jobs = useJobs(gradientBoosting, { afterEach, hyperparameters: ONE_THREAD });

function trainOn(channels: Readonly<Record<string, Record<string, Buffer>>>) {
  const types = { model: 'application/x-sagemaker-model' } as const;
  const inputDataConfig = Object.fromEntries(
    Object.keys(channels).map((name) => [
      name,
      { ContentType: name === 'model' ? types.model : 'application/x-parquet' },
    ]),
  );
  const hyperparameters = { num_round: '20' };
  return jobs.train({ hyperparameters, channels, inputDataConfig });
}

const namesOf = ({ model }: { model: ReadonlyMap<string, Buffer> }) => readEnsemble(model.get(MODEL)!).featureNames;

describe('Parquet columns in a different order from training', () => {
  it('give the same metrics in channel validation', async () => {
    const { lines } = await trainOn({ train, validation: swapped });

    const last = lines.findLast((line) => line.startsWith('round='))!;
    const [, trained, validated] = /train:rmse=(\S+) validation:rmse=(\S+)/.exec(last)!;
    expect(validated).toBe(trained);
  });

  it('give the same predictions in a request, while columns without names are taken in order', async () => {
    const invoke = await openInvocations(gradientBoosting, await trainOn({ train }));
    const ask = async (body: Buffer | string, contentType: string) =>
      (await invoke({ contentType, accept: 'text/csv', body })).body;

    const expected = await ask('-2.5,100\n1,103\n', 'text/csv');

    expect(await ask(fixture('request'), 'application/x-parquet')).toBe(expected);
    expect(await ask(fixture('request-swapped'), 'application/x-parquet')).toBe(expected);
    expect(await ask('100,-2.5\n103,1\n', 'text/csv')).not.toBe(expected);
  });

  it('continue a model in the order of that model', async () => {
    const first = await trainOn({ train });
    const model = { 'xgboost-model': first.model.get(MODEL)! };

    const [same, other] = [await trainOn({ train, model }), await trainOn({ train: swapped, model })];

    expect(namesOf(other)).toEqual(['a', 'b']);
    expect(other.model.get(MODEL)).toEqual(same.model.get(MODEL));
  });
});

it('columns with names other than the model’s are refused in a request, also a label column', async () => {
  const invoke = await openInvocations(gradientBoosting, await trainOn({ train }));

  const { status, body } = await invoke({
    contentType: 'application/x-parquet',
    body: fixture('train'),
  });

  expect(status).toBe(400);
  expect(JSON.parse(body).error.message).toBe(
    'request: the columns must have the names of the model, in any order: "a", "b"; received "y", "a", "b": extra "y".',
  );
});
