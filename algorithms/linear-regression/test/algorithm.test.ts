import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { StopSignal } from '@algo/contract';
import {
  type ContainerContents,
  checkAlgorithm,
  openInvocations,
  openSample,
  outputOf,
  runTraining,
  type TrainingResult,
  useJobs,
} from '@algo/contract/testing';
import { createRandom } from '@algo/numerics';
import { afterEach, describe, expect, it } from 'vitest';
import { linearRegression } from '../src/algorithm.js';

const { folder } = openSample(new URL('../../../sample-data/linear-regression/', import.meta.url));
const penguins = { train: folder('train'), validation: folder('validation') };
const line = '4,1\n7,2\n10,3\n13,4\n';

const { train, trainFromPipes } = useJobs(linearRegression, { afterEach });

type Channels = NonNullable<ContainerContents['channels']>;

function trainOn(channels: Channels | string, hyperparameters: Record<string, string> = {}, stop?: StopSignal) {
  return train(
    { hyperparameters, channels: typeof channels === 'string' ? { train: { 'part.csv': channels } } : channels },
    stop,
  );
}

const summaryOf = (result: Pick<TrainingResult, 'root'>) => JSON.parse(outputOf(result, 'summary.json'));

it('imported by the name of its package, it is the definition, and runs nothing', () => {
  const built: unknown = createRequire(import.meta.url)('@algo/linear-regression'); // as Node reads it, without Vite

  expect(built).toMatchObject({ linearRegression: { name: 'linear-regression', train: expect.any(Function) } });
});

describe('the shared rules of algorithms', () => {
  checkAlgorithm(linearRegression, {
    test: it,
    job: { channels: penguins },
    rows: '42,19.5,200,1,0,0\n39.6,17.7,186,0,0,0\n',
    metrics: { 'validation:rmse': { atMost: 320 }, 'train:r2': { atLeast: 0.85 } },
  });
});

describe('a training job', () => {
  it('learns y = 3x + 1 from exact rows and predicts 31 for 10', async () => {
    const trained = await trainOn(line);
    const invoke = await openInvocations(linearRegression, trained);

    const answer = await invoke({ contentType: 'text/csv', body: '10\n' });

    expect(answer).toMatchObject({ status: 200, body: '31\n' });
  });

  it('writes the same model for any order and partition of the rows', async () => {
    const rows = Object.values(penguins.train).join('').trim().split('\n');
    const random = createRandom(2).uniform;
    const shuffled = rows.map((row) => ({ row, key: random() })).sort((a, b) => a.key - b.key);
    const parts = [shuffled.slice(0, 100), shuffled.slice(100)].map((part) =>
      part.map(({ row }) => `${row}\n`).join(''),
    );

    const whole = await trainOn({ train: penguins.train });
    const split = await trainOn({ train: { 'b.csv': parts[0]!, 'a.csv': parts[1]! } });

    expect(split.model.get('model.json')).toEqual(whole.model.get('model.json'));
    expect(split.model.get('.manifest.json')).toEqual(whole.model.get('.manifest.json'));
  });

  it('reads a second epoch in Pipe mode if the rows do not fit in memory', async () => {
    // Two doubles a row: 2.2 million rows are above the limit of 32 MiB.
    const part = Array.from({ length: 100 }, (_, i) => `${i % 7 === 0 ? 3 : 1},${i % 10}\n`).join('');
    const trained = await trainFromPipes({ channels: { train: { 'a.csv': part.repeat(22_000) } } });
    const small = await trainOn(part);
    const metricsOf = (lines: readonly string[]) => lines.find((entry) => entry.startsWith('train:rmse='));

    expect(trained.exitCode).toBe(0);
    expect(metricsOf(trained.lines)).toBe(metricsOf(small.lines));
    expect(readdirSync(trained.root.paths.data)).toContain('train_1');
  });

  it('writes summary.json', async () => {
    const summary = summaryOf(await trainOn(penguins));

    expect(summary).toMatchObject({ method: 'ols', rows: 266, degreesOfFreedom: 259 });
    expect(summary.coefficients).toHaveLength(7);
    expect(summary.coefficients[3]).toMatchObject({ name: 'column 3', p: expect.any(Number) });
  });

  it('uses the second column as the weight with csv_weights', async () => {
    const trained = await trainOn('4,1,1\n7,1,2\n10,2,3\n99,0,3\n', { csv_weights: '1' });

    expect(trained.exitCode).toBe(0);
    expect(summaryOf(trained)).toMatchObject({ rows: 3, rSquared: 1 });
  });

  it.each([
    [{ method: 'theil-sen' }, 31],
    [{ method: 'polynomial', polynomial_degree: '2' }, 31],
    [{ method: 'robust-polynomial', seed: '3' }, 31],
    [{ method: 'ridge', l2: '0.0001' }, 31],
    [{ method: 'elastic-net', l1: '0.0001', l2: '0' }, 31],
  ])('trains and predicts with %j', async (hyperparameters, expected) => {
    const trained = await trainOn(
      { train: { 'a.csv': line }, validation: { 'b.csv': '31,10\n34,11\n' } },
      hyperparameters,
    );
    expect(trained.failure).toBeUndefined();
    const invoke = await openInvocations(linearRegression, trained);

    const { body } = await invoke({ contentType: 'text/csv', body: '10\n' });

    expect(Number(body)).toBeCloseTo(expected, 2); // the penalties pull a little
    expect(trained.lines.join('\n')).toMatch(/validation:rmse=\S+ validation:mae=\S+ validation:r2=\S+/);
  });

  it('stopped before the end of the data, logs after how many rows and leaves no model', async () => {
    const stop = { requested: true, check: async () => true, signal: new AbortController().signal };
    const trained = await trainOn(line, {}, stop);

    expect(trained.exitCode).toBe(1);
    expect(trained.failure).toContain('stopped after 0 rows');
    expect(trained.model.size).toBe(0);
  });

  it.each([
    [{ l1: '1' }, '"l1" is only for method elastic-net; received "1" with method "ols"'],
    [{ l2: '1', method: 'power' }, '"l2" is only for method ridge or elastic-net'],
    [{ method: 'theil-sen', csv_weights: '1' }, '"csv_weights" is only for method ols, ridge or elastic-net'],
    [{ method: 'exponential', fit_intercept: 'false' }, '"fit_intercept" is only for method'],
    [{ method: 'power', polynomial_degree: '2' }, '"polynomial_degree" is only for method'],
    [{ seed: '7' }, '"seed" is only for method robust-polynomial; received "7" with method "ols". Leave it out.'],
    [{ method: 'ridge', prediction_interval: '0.9' }, '"prediction_interval" is only for method ols'],
  ])('refuses %j', async (hyperparameters, message) => {
    const trained = await trainOn(line, hyperparameters);

    expect(trained.exitCode).toBe(1);
    expect(trained.failure).toContain(message);
  });

  it.each([
    [
      'two features for one',
      '1,2,3\n2,3,4\n',
      { method: 'theil-sen' },
      'train/part.csv line 1: method theil-sen fits exactly 1 feature column; received 2',
    ],
    [
      'a label without a logarithm',
      '1,2\n2,3\n0,4\n',
      { method: 'power' },
      'train/part.csv line 3: the label must be above 0 for method power',
    ],
    ['a missing value', '1,2,\n', {}, 'missing'],
    ['an infinite value', '1,2,inf\n', {}, 'inf'],
    ['dependent columns', '1,2,4\n2,3,6\n4,5,10\n7,6,12\n', {}, 'feature 2 = 2 × feature 1'],
    ['one row', '1,2\n', {}, 'at least 2 rows'],
    [
      '5,001 rows',
      Array.from({ length: 5001 }, (_, i) => `${i},${i}\n`).join(''),
      { method: 'theil-sen' },
      'at most 5000',
    ],
  ])('refuses %s', async (_, csv, hyperparameters, message) => {
    const trained = await trainOn(csv, hyperparameters);

    expect(trained.exitCode).toBe(1);
    expect(trained.failure).toContain(message);
  });

  it('takes as many rows as a method allows', async () => {
    const csv = Array.from({ length: 5000 }, (_, i) => `${i},${i}\n`).join('');

    expect((await trainOn(csv, { method: 'robust-polynomial' })).failure).toBeUndefined();
  });

  it('reads a header line that the content type announces, and refuses text', async () => {
    const job = (text: string) => ({
      channels: { train: { 'a.csv': text } },
      inputDataConfig: { train: { ContentType: 'text/csv;header=present' } },
    });
    const headed = await runTraining(linearRegression, job('y,x\n1,1\n3,2\n5,3\n'));
    const withText = await runTraining(linearRegression, job('y,color\n1,red\n3,blue\n'));
    headed.root.remove();
    withText.root.remove();

    expect(headed.failure).toBeUndefined();
    expect(JSON.parse(headed.model.get('.manifest.json')!.toString()).input.featureNames).toEqual(['x']);
    expect(withText.failure).toBe(
      'ClientError: train/a.csv line 2 column 2 "color": expected a number; received "red". The algorithm takes numbers only: encode text as numbers, or drop the column.',
    );
  });

  it('refuses validation rows with another number of columns', async () => {
    const trained = await trainOn({ train: { 'a.csv': line }, validation: { 'b.csv': '31,10,1\n' } });

    expect(trained.failure).toBe(
      'ClientError: validation/b.csv line 1: rows must have 1 feature column as in channel "train"; received 2.',
    );
  });

  it.each(['ols', 'theil-sen'])('refuses rows of two labels for method %s, naming the place', async (method) => {
    const trained = await runTraining(linearRegression, {
      channels: { train: { 'a.csv': '1,2,3\n2,3,4\n' } },
      inputDataConfig: { train: { ContentType: 'text/csv;label_size=2' } },
      hyperparameters: { method },
    });
    trained.root.remove();

    expect(trained.failure).toBe(
      'ClientError: train/a.csv line 1: rows must have 1 label column; received 2. Check label_size of the content type, or in RecordIO and libsvm the labels of each row.',
    );
  });
});

describe('a request for predictions', () => {
  it('returns the prediction interval that Accept asks for', async () => {
    const trained = await trainOn('1,1\n3,2\n2,3\n5,4\n4,5\n');
    const invoke = await openInvocations(linearRegression, trained);

    const answer = await invoke({ contentType: 'text/csv', accept: 'text/csv;interval=0.95', body: '6\n' });
    const [score, lower, upper] = answer.body.split(',').map(Number);

    expect(score).toBeCloseTo(5.4, 14);
    expect([lower, upper].map((value) => Math.abs(value! - 5.4))).toEqual([
      expect.closeTo(5.051977, 5),
      expect.closeTo(5.051977, 5),
    ]);
  });

  it('returns the interval of the hyperparameter in every response, with names in JSON', async () => {
    const trained = await trainOn('1,1\n3,2\n2,3\n5,4\n4,5\n', { prediction_interval: '0.5' });
    const invoke = await openInvocations(linearRegression, trained);

    const answer = await invoke({ contentType: 'text/csv', accept: 'application/json', body: '6\n' });

    expect(Object.keys(JSON.parse(answer.body).predictions[0])).toEqual(['score', 'lower', 'upper']);
  });

  it('returns the requested outputs in their order', async () => {
    const trained = await trainOn('1,1\n3,2\n2,3\n5,4\n4,5\n');
    const ask = { contentType: 'text/csv', body: '6\n' };
    const invoke = await openInvocations(linearRegression, trained);
    const whole = await openInvocations(linearRegression, trained, { SAGEMAKER_INFERENCE_OUTPUT: 'score' });

    const asked = await invoke({ ...ask, accept: 'text/csv;interval=0.95;output="upper,score"' });
    const without = await invoke({ ...ask, accept: 'text/csv;output=lower' });
    const ofVariable = await whole({ ...ask, accept: 'text/csv;interval=0.95' });

    expect(asked.body).toBe('10.451976890758221,5.4\n');
    expect(without.status).toBe(400);
    expect(without.body).toContain('must be score: lower and upper need the parameter interval; received \\"lower\\"');
    expect(ofVariable.body).toBe('5.4\n');
    await expect(
      openInvocations(linearRegression, trained, { SAGEMAKER_INFERENCE_OUTPUT: 'predicted_label' }),
    ).rejects.toThrow('Variable SAGEMAKER_INFERENCE_OUTPUT must be score: lower');
  });

  it('with a level that is not a probability, or for a model without intervals, is a 400', async () => {
    const ols = await openInvocations(linearRegression, await trainOn('1,1\n3,2\n2,3\n'));
    const theilSen = await openInvocations(linearRegression, await trainOn(line, { method: 'theil-sen' }));
    const ask = { contentType: 'text/csv', body: '6\n' };

    const wrong = await ols({ ...ask, accept: 'text/csv;interval=95' });
    const undefinedFor = await theilSen({ ...ask, accept: 'text/csv;interval=0.9' });

    expect(wrong).toMatchObject({ status: 400, body: expect.stringMatching(/between 0 and 1.*received .*95/) });
    expect(undefinedFor).toMatchObject({ status: 400, body: expect.stringContaining('trained with method theil-sen') });
  });
});
