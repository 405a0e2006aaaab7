/** The outputs of a validation against those that are stored. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, writeFiles } from './scene.js';
import { makeSampleData, NO_OUTPUTS, resultsOf, validate } from './validation-scene.js';

describe('a validation', () => {
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
