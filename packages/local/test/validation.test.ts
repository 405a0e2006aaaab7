import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LocalEvent, readValidationProfile, type Validation, validateAlgorithm } from '../src/index.js';
import { originOf } from '../src/validation/validation-origin.js';
import { makeFolder, readJson, sumDescription, sumProgram, writeFiles } from './scene.js';

interface ProfileChanges {
  readonly trainingJob?: object | undefined;
  readonly [key: string]: unknown;
}

/** For tests of something else than what the model answers, which takes a server for each kind of answers. */
const NO_OUTPUTS = { transformJob: undefined, realTime: [] };

/** Sample data of the sum algorithm with outputs that are right: the model's sum is 10. */
function makeSampleData(folder: string, changes: ProfileChanges = {}): string {
  const profile = {
    trainingJob: { channels: { train: { path: 'train', contentType: 'text/csv' } } },
    transformJob: {
      input: 'inference/batch',
      contentType: 'text/csv',
      accept: 'text/csv',
      expectedOutput: 'inference/batch-output',
    },
    realTime: [
      {
        input: 'inference/real-time/01.csv',
        contentType: 'text/csv',
        accept: 'application/json',
        expectedOutput: 'inference/real-time-output/01.json',
      },
    ],
    metricBounds: { 'train:sum': { atMost: 10, atLeast: 10 } },
    ...changes,
  };
  return writeFiles(join(folder, 'sample-data'), {
    'validation-profile.json': JSON.stringify(profile),
    'train/a.csv': '1,2\n3,4\n',
    'inference/batch/a.csv': '1\n2\n',
    'inference/batch-output/a.csv.out': '11\n12.000000000001\n',
    'inference/real-time/01.csv': '5\n',
    'inference/real-time-output/01.json': '{ "predictions": [{ "score": 15 }] }\n',
  });
}

async function validate(folder: string, isUpdate = false) {
  const events: LocalEvent[] = [];
  const validation = await validateAlgorithm({
    program: sumProgram,
    description: sumDescription,
    sampleData: join(folder, 'sample-data'),
    directory: join(folder, 'run'),
    isUpdate,
    onEvent: (event) => events.push(event),
  });
  return { validation, events };
}

function resultsOf(validation: Validation): string[] {
  return validation.steps.map(({ step, result }) => `${step} ${result}`);
}

describe('a validation', () => {
  it('passes all steps, compares every output, and leaves inputs, outputs, logs and metrics in one folder', async () => {
    const folder = makeFolder();
    makeSampleData(folder);

    const { validation, events } = await validate(folder);

    expect(validation).toMatchObject({ algorithm: 'sum', version: '1.2.3', result: 'passed' });
    expect(
      validation.steps.map(({ step, text }) => [
        step,
        text.replaceAll(/\d+\.\d\d s|\d+ ms|\d+ bytes|[0-9a-f]{12}/g, '#'),
      ]),
    ).toEqual([
      ['training job', 'Completed; 2 of 2 metrics found, train:sum 10 ≤ 10'],
      ['model', 'model.tar.gz #, 1 file, sha256 #…'],
      ['batch transform', '2 records in 1 request, as many out; 1 stored output equal, 2 numbers within 1e-9'],
      ['endpoint', '/ping 200 after #, empty body'],
      ['invocations', '1 sample, slowest #; 1 stored output equal, 1 number within 1e-9'],
      ['stop', 'SIGTERM: exit code 0 after #'],
    ]);
    const [training] = validation.steps;
    expect(training!.seconds).toBeGreaterThan(0);
    expect(readJson(join(folder, 'run/validation.json'))).toEqual(validation);
    expect(validation.metrics).toEqual({ 'train:sum': 10, 'train:rows': 2 });
    expect(Object.keys(validation.digests.inputs).sort()).toEqual([
      'inference/batch/a.csv',
      'inference/real-time/01.csv',
      'train/a.csv',
    ]);
    expect(validation.digests.model).toMatch(/^[0-9a-f]{64}$/);
    expect(readJson(join(folder, 'run/description.json'))).toEqual(sumDescription);
    expect(readJson(join(folder, 'run/validation-profile.json'))).toMatchObject({ relativeTolerance: 1e-9 });
    for (const file of [
      'inputs/train/a.csv',
      'training-job/log.txt',
      'training-job/metrics.json',
      'training-job/model.tar.gz',
      'transform-job/log.txt',
      'transform-job/output/a.csv.out',
      'endpoint/log.txt',
      'endpoint/output/inference/real-time/01.csv.out',
    ]) {
      expect(existsSync(join(folder, 'run', file)), file).toBe(true);
    }
    const finished = events.filter((event) => event.type === 'step-finished');
    expect(finished.map((event) => event.step)).toEqual(validation.steps.map(({ step }) => step));
  });

  it('keeps a hold-out that the profile names with the other inputs', async () => {
    const folder = makeFolder();
    makeSampleData(folder, { ...NO_OUTPUTS, holdOut: { path: 'hold-out/a.csv' } });
    writeFiles(join(folder, 'sample-data'), { 'hold-out/a.csv': '11,1\n' });

    const { validation } = await validate(folder);

    expect(validation.digests.inputs['hold-out/a.csv']).toMatch(/^[0-9a-f]{64}$/);
    expect(readFileSync(join(folder, 'run/inputs/hold-out/a.csv'), 'utf8')).toBe('11,1\n');
    expect(readJson(join(folder, 'run/validation-profile.json'))).toMatchObject({
      holdOut: { path: 'hold-out/a.csv', contentType: 'text/csv' },
    });
  });

  it('runs further transform jobs of other content types, and compares their outputs', async () => {
    const folder = makeFolder();
    const csv = { contentType: 'text/csv', accept: 'text/csv' };
    const lines = { contentType: 'application/jsonlines', accept: 'application/jsonlines' };
    makeSampleData(folder, {
      ...NO_OUTPUTS,
      moreTransformJobs: [
        { input: 'inference/by-type/csv', ...csv, expectedOutput: 'inference/by-type-output/csv' },
        { input: 'inference/by-type/one.jsonl', ...lines, expectedOutput: 'inference/by-type-output/one.jsonl.out' },
      ],
    });
    const samples = writeFiles(join(folder, 'sample-data'), {
      'inference/by-type/csv/a.csv': '1\n',
      'inference/by-type/csv/b.csv': '2\n',
      'inference/by-type/one.jsonl': '[3]\n',
      'inference/by-type-output/csv/stale.csv.out': '',
    });

    const stored = await validate(folder, true);
    const again = await validate(folder);
    writeFiles(samples, { 'inference/by-type-output/csv/b.csv.out': '13\n' });
    const differing = await validate(folder);

    const more = 'inference/by-type-output';
    expect(stored.validation.cause).toBeUndefined();
    expect(readdirSync(join(samples, more, 'csv')).sort()).toEqual(['a.csv.out', 'b.csv.out']);
    expect(readFileSync(join(samples, more, 'one.jsonl.out'), 'utf8')).toBe('{"sum":13}\n');
    expect(again.validation.steps.find(({ step }) => step === 'more batches')).toMatchObject({
      result: 'passed',
      text: 'csv, one.jsonl: 3 stored outputs equal, 3 numbers within 1e-9',
    });
    expect(differing.validation.cause).toBe(
      `more batches: ${more}/csv/b.csv.out line 1, column 1: expected 13; received 12`,
    );
  });

  it('names the further transform job that fails', async () => {
    const folder = makeFolder();
    const job = {
      contentType: 'application/jsonlines',
      accept: 'application/jsonlines',
      expectedOutput: 'inference/output',
    };
    makeSampleData(folder, { ...NO_OUTPUTS, moreTransformJobs: [{ ...job, input: 'inference/wrong' }] });
    writeFiles(join(folder, 'sample-data'), { 'inference/wrong/a.jsonl': '{\n' });

    const { validation } = await validate(folder);

    expect(validation.cause).toMatch(/^more batches: inference\/wrong: /);
  });

  it('names the commit of the program, and no commit outside of a repository', async () => {
    const folder = makeFolder();
    makeSampleData(folder, NO_OUTPUTS);
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: sumProgram.folder, encoding: 'utf8' }).trim();

    const inside = (await validate(folder)).validation;
    const outside = await originOf({ ...sumProgram, folder });

    expect(inside.commit?.id).toBe(commit);
    expect(outside).toEqual({});
  });

  it('removes the files of an earlier run', async () => {
    const folder = makeFolder();
    makeSampleData(folder, NO_OUTPUTS);
    writeFiles(folder, { 'run/old.txt': '' });
    await validate(folder);

    const { validation } = await validate(folder);

    expect(validation.result).toBe('passed');
    expect(existsSync(join(folder, 'run/old.txt'))).toBe(false);
  });

  it('fails with file, line, column, expected and received of the first difference', async () => {
    const folder = makeFolder();
    makeSampleData(folder);
    writeFiles(folder, { 'sample-data/inference/batch-output/a.csv.out': '11\n12.1\n' });

    const { validation } = await validate(folder);

    expect(validation.cause).toBe(
      'batch transform: inference/batch-output/a.csv.out line 2, column 1: expected 12.1; received 12',
    );
    expect(resultsOf(validation)).toEqual([
      'training job passed',
      'model passed',
      'batch transform failed',
      'endpoint passed',
      'invocations passed',
      'stop passed',
    ]);
  });

  it('skips steps that need a failed step, with the reason of the job', async () => {
    const folder = makeFolder();
    const hyperparameters = { behave: 'fail', failure: 'ClientError: the data are odd' };
    makeSampleData(folder, { trainingJob: { hyperparameters, channels: { train: { path: 'train' } } } });

    const { validation } = await validate(folder);

    expect(validation.cause).toBe('training job: ClientError: the data are odd');
    expect(
      resultsOf(validation)
        .slice(1)
        .every((text) => text.endsWith('skipped')),
    ).toBe(true);
  });

  it('fails if a metric is out of its bounds', async () => {
    const folder = makeFolder();
    makeSampleData(folder, { ...NO_OUTPUTS, metricBounds: { 'train:sum': { atMost: 9 } } });

    const { validation } = await validate(folder);

    expect(validation.cause).toBe('training job: metric train:sum must be at most 9; received 10');
  });

  it('fails if the response has another type than requested', async () => {
    const folder = makeFolder();
    const sample = { input: 'inference/real-time/01.csv', contentType: 'text/csv', expectedOutput: 'x' };
    makeSampleData(folder, { ...NO_OUTPUTS, realTime: [{ ...sample, accept: 'application/jsonlines' }] });

    const { validation } = await validate(folder);

    expect(validation.cause).toBe(
      'invocations: inference/real-time/01.csv: the answer must be application/jsonlines; its Content-Type is "text/csv"',
    );
  });

  it('fails for a stored output that is missing, or that has no input', async () => {
    const folder = makeFolder();
    makeSampleData(folder);
    writeFiles(folder, { 'sample-data/inference/batch-output/old.csv.out': '' });
    writeFiles(folder, { 'sample-data/inference/batch/b.csv': '1\n' });

    const missing = await validate(folder);
    writeFiles(folder, { 'sample-data/inference/batch-output/b.csv.out': '11\n' });
    const stale = await validate(folder);

    expect(missing.validation.cause).toMatch(/there is no stored output inference\/batch-output\/b\.csv\.out\./);
    expect(stale.validation.cause).toMatch(/stored output inference\/batch-output\/old\.csv\.out belongs to no input/);
  });

  it('stores the outputs of the run with update, and passes afterwards', async () => {
    const folder = makeFolder();
    const sampleData = makeSampleData(folder);
    writeFiles(sampleData, { 'inference/batch-output/old.csv.out': '', 'inference/batch-output/a.csv.out': 'x' });

    const update = await validate(folder, true);
    const again = await validate(folder);

    expect(update.validation.result).toBe('passed');
    expect(readdirSync(join(sampleData, 'inference/batch-output'))).toEqual(['a.csv.out']);
    expect(readFileSync(join(sampleData, 'inference/batch-output/a.csv.out'), 'utf8')).toBe('11\n12\n');
    expect(again.validation.result).toBe('passed');
  });
});

describe('a validation profile', () => {
  it('has paths in one form, however they are written', async () => {
    const sampleData = makeSampleData(makeFolder(), {
      transformJob: { input: './batch//more/', contentType: 'a/b', accept: 'a/b', expectedOutput: 'out/' },
    });

    const { transformJob } = await readValidationProfile(sampleData);

    expect(transformJob).toMatchObject({ input: 'batch/more', expectedOutput: 'out' });
  });

  it.each([
    ['an unknown key', { trainingjob: {} }, /Unrecognized key: "trainingjob"/],
    [
      'a path that leads out',
      { trainingJob: { channels: { train: { path: '../x' } } } },
      /must be a path below the sample data/,
    ],
    ['a path of all the sample data', { transformJob: { input: './' } }, /must be a path below the sample data/],
    ['a bound without a number', { metricBounds: { a: {} } }, /must have atMost, atLeast or both/],
  ])('with %s is an ArgumentError that names the place', async (_case, changes, message) => {
    const folder = makeFolder();
    makeSampleData(folder, changes);

    const run = validate(folder);

    await expect(run).rejects.toMatchObject({ name: 'ArgumentError', message: expect.stringMatching(message) });
  });

  it('that names a missing file is an ArgumentError', async () => {
    const folder = makeFolder();
    makeSampleData(folder, { trainingJob: { channels: { train: { path: 'training' } } } });

    await expect(validate(folder)).rejects.toThrow(/Sample data "training": there is no file or folder/);
  });
});

describe('a validation of a model package', () => {
  const { TrainingSpecification: _, ...packaged } = sumDescription;
  const run = (folder: string, changes: ProfileChanges, description = packaged) => {
    makeSampleData(folder, { trainingJob: undefined, metricBounds: undefined, ...changes });
    return validateAlgorithm({
      program: sumProgram,
      description,
      sampleData: join(folder, 'sample-data'),
      directory: join(folder, 'run'),
    });
  };

  it('packs its model, transforms and serves it, without a training job', async () => {
    const folder = makeFolder();
    writeFiles(join(folder, 'sample-data'), { 'model/model.json': '{"sum":10}' });

    const validation = await run(folder, { model: 'model' });

    expect(validation.cause).toBeUndefined();
    expect(resultsOf(validation)).toEqual([
      'model passed',
      'batch transform passed',
      'endpoint passed',
      'invocations passed',
      'stop passed',
    ]);
    expect(validation.digests.model).toHaveLength(64);
    expect(Object.keys(validation.digests.inputs)).toContain('model/model.json');
  });

  it('has no model to pack when it is in the image', async () => {
    const folder = makeFolder();

    const validation = await run(folder, { transformJob: undefined, realTime: [] });

    expect(validation.steps[0]).toMatchObject({ step: 'model', result: 'passed', text: 'in the image; no artifacts' });
  });

  it('is refused with the profile of a product that is trained, and the other way round', async () => {
    const trainingJob = { channels: { train: { path: 'train' } } };

    await expect(run(makeFolder(), { trainingJob })).rejects.toThrow(
      'must not have trainingJob: sum is a model package',
    );
    await expect(run(makeFolder(), {}, sumDescription)).rejects.toThrow('must have trainingJob: sum is trained');
    await expect(run(makeFolder(), { trainingJob, model: 'model' }, sumDescription)).rejects.toThrow(
      'must not have model: sum is trained',
    );
  });
});
