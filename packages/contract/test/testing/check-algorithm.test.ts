import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Algorithm } from '../../src/algorithm.js';
import { defineAlgorithm } from '../../src/define-algorithm.js';
import type { Block } from '../../src/formats/block.js';
import { algorithmChecks, checkAlgorithm } from '../../src/testing/check-algorithm.js';
import { mean } from '../fixtures/mean.ts';

const options = {
  job: { channels: { train: { 'a.csv': '1,10,5\n3,20,5\n', 'b.csv': '5,30,5\n' } } },
  rows: '10,1\n20,2\n30,3\n',
  metrics: { 'train:mean': { atMost: 3, atLeast: 3 } },
};

describe('a correct algorithm passes the shared suite', () => {
  checkAlgorithm(mean, { ...options, test: it });
});

describe('an algorithm that takes columns of text passes the shared suite', () => {
  const taken: Algorithm = defineAlgorithm({
    name: 'taken',
    version: '1.0.0',
    description: 'Takes columns of text.',
    values: { text: 'accept' },
    channels: { train: { description: 'Rows.', required: true, contentTypes: ['text/csv'] } },
    metrics: { 'train:rows': { goal: 'maximize', description: 'Rows.' } },
    contentTypes: { input: ['text/csv', 'application/json'], output: ['application/json'] },
    outputs: { score: { description: 'The code of the first column, and the value of the second.' } },
    async train(job) {
      let rows = 0;
      for await (const block of job.channels.train.blocks()) rows += block.rows;
      job.metrics.write({ 'train:rows': rows });
      await job.saveModel({ files: { 'model.json': String(rows) }, featureCount: 2 });
    },
    load: ({ artifact }) => artifact.readJson('model.json', z.number()),
    predict: (_, { rows, features }: Block) => ({
      score: Float64Array.from({ length: rows }, (_, row) => features[2 * row]! + features[2 * row + 1]!),
    }),
  });
  const inputDataConfig = { train: { ContentType: 'text/csv;header=present' } };
  const channels = { train: { 'a.csv': 'y,c,x\nyes,red,1\nno,blue,2\nno,green,3\n' } };
  checkAlgorithm(taken, { job: { channels, inputDataConfig }, rows: 'red,1\nblue,2\ngreen,3\n', test: it });
});

it('a rule about a channel that the algorithm does not have is no check of it', () => {
  const { train } = mean.channels;
  const metric = { goal: 'minimize', description: 'Error.' } as const;
  const withValidation: Algorithm = {
    ...mean,
    channels: { train, validation: train },
    metrics: { ...mean.metrics, 'validation:rmse': metric },
  };
  const tuning = (algorithm: Algorithm) =>
    algorithmChecks(algorithm, options).filter(({ title }) => title.startsWith('a tuning job'));

  expect(tuning(mean)).toHaveLength(0);
  expect(tuning(withValidation)).toHaveLength(1);
});

it('one sample row is too few for the suite', () => {
  expect(() => algorithmChecks(mean, { ...options, rows: '1,2\n' })).toThrow(
    'the option rows must have two rows or more',
  );
});

describe('an algorithm with an optional output', () => {
  const TITLE = 'every optional output comes when it is asked for, if the model has it';
  const described = { description: 'Twice the mean.', optional: true } as const;
  const asking = (spelling: string): Algorithm => ({
    ...mean,
    outputs: { ...mean.outputs, twice: described },
    async predict(model, input, request) {
      const predicted = (await (mean as Algorithm).predict(model, input, request)) as { score: Float64Array };
      const isAsked = request.outputs?.includes(spelling);
      return { ...predicted, ...(isAsked && { twice: predicted.score.map((value) => 2 * value) }) };
    },
  });
  const check = (algorithm: Algorithm) => algorithmChecks(algorithm, options).find(({ title }) => title === TITLE);

  it('passes if the output comes when it is asked for', async () => {
    await expect(check(asking('twice'))?.run()).resolves.toBeUndefined();
  });

  it('fails if predict looks for another name', async () => {
    await expect(check(asking('twcie'))?.run()).rejects.toThrow('output twice: ');
  });

  it('passes if the definition says that the model does not have it', async () => {
    const lacking = { ...asking('twcie'), availableOutputs: () => ({ names: ['score'] }) };

    await expect(check(lacking)?.run()).resolves.toBeUndefined();
  });
});

describe('an algorithm with a metric that must be requested', () => {
  const rmse = { goal: 'minimize', description: 'Error.', optional: true } as const;
  const titled = (algorithm: Algorithm, metrics: Record<string, object>) =>
    algorithmChecks(algorithm, { ...options, metrics }).find(({ title }) => title.startsWith('every metric'));
  const algorithm = { ...mean, metrics: { ...mean.metrics, 'train:rmse': rmse } };

  it('passes if the job does not write it', async () => {
    await expect(titled(algorithm, {})?.run()).resolves.toBeUndefined();
  });

  it('fails if the suite is asked to look for it', async () => {
    await expect(titled(algorithm, { 'train:rmse': {} })?.run()).rejects.toThrow('train:rmse is not in the log');
  });
});

describe('the shared suite detects', () => {
  let trainings = 0;
  it.each<[string, string, Partial<Algorithm>]>([
    [
      'a model that differs from run to run',
      'the same data and hyperparameters give the same model, to the byte',
      { train: (job) => job.saveModel({ files: { 'model.json': `{"mean":${++trainings}}` }, featureCount: 2 }) },
    ],
    [
      'predictions that depend on the other rows',
      'a row gets the same prediction alone, among others and in another order',
      { predict: (_, input: Block) => ({ score: Float64Array.from({ length: input.rows }, (_, row) => row) }) },
    ],
    [
      'a metric that is declared and never written',
      'every metric of the job is found in its log by the derived expression, within its bounds',
      { metrics: { ...mean.metrics, 'train:rmse': { goal: 'minimize', description: 'Error.' } } },
    ],
    [
      'a description that the service would refuse',
      'the definition keeps the limits of CreateAlgorithm',
      { description: 'x'.repeat(2000) },
    ],
  ])('%s', async (_, title, fault) => {
    const check = algorithmChecks({ ...mean, ...fault }, options).find((candidate) => candidate.title === title);

    await expect(check?.run()).rejects.toThrow();
  });

  it('a metric outside its bounds', async () => {
    const strict = { ...options, metrics: { 'train:mean': { atMost: 1 } } };
    const check = algorithmChecks(mean, strict).find(({ title }) => title.startsWith('every metric'));

    await expect(check?.run()).rejects.toThrow('metric train:mean is 3');
  });
});

it('an unknown name of a check to skip is refused', () => {
  const skip = { 'no such check': 'a reason' };

  expect(() => checkAlgorithm(mean, { ...options, skip, test: () => {} })).toThrow('There is no check "no such check"');
});

it('reports a skipped check as skipped, with its reason', () => {
  const title = 'the same data and hyperparameters give the same model, to the byte';
  const run: string[] = [];
  const skipped: string[] = [];
  const test = Object.assign((name: string) => void run.push(name), {
    skip: (name: string) => void skipped.push(name),
  });

  checkAlgorithm(mean, { ...options, skip: { [title]: 'threads add in any order' }, test });

  expect(skipped).toEqual([`${title} (skipped: threads add in any order)`]);
  expect(run).not.toContain(title);
});

it('trains once for all checks of inference, and gives each a model of its own', async () => {
  let trainings = 0;
  const counted: Algorithm = {
    ...mean,
    train(job) {
      trainings += 1;
      return mean.train(job as Parameters<typeof mean.train>[0]);
    },
  };
  const checks = algorithmChecks(counted, options).filter(({ title }) => /row|model whose file|415/.test(title));

  for (const { run } of [...checks, ...checks]) await run();

  expect(checks.length).toBeGreaterThan(6);
  expect(trainings).toBe(1);
});
