import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { originOf } from '../src/validation/validation-origin.js';
import { makeFolder, readJson, sumDescription, sumProgram, writeFiles } from './scene.js';
import { makeSampleData, NO_OUTPUTS, resultsOf, validate } from './validation-scene.js';

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
});
