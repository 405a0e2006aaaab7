/** Text in requests: coded by the names in the model's manifest, with the model's choice for a name that it does not have. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAlgorithm } from '../../src/define-algorithm.js';
import type { UnseenCategories } from '../../src/formats/categories/categories.js';
import { openModel } from '../../src/model/open.js';
import { writeModel } from '../../src/model/save.js';
import { openInvocations, runTraining, type TrainingResult } from '../../src/testing/index.js';

/** Answers each row with its values, so that tests see what `predict` gets. */
const echo = defineAlgorithm({
  name: 'echo',
  version: '1.0.0',
  description: 'Answers with the values of a row.',
  hyperparameters: z.object({
    unseen: z
      .enum(['error', 'missing', 'other'])
      .default('error')
      .meta({ description: 'What a name is.', tunable: false }),
  }),
  channels: { train: { description: 'Rows.', required: true, contentTypes: ['text/csv'] } },
  metrics: { 'train:rows': { goal: 'maximize', description: 'Rows.' } },
  contentTypes: {
    input: ['text/csv', 'application/json', 'application/jsonlines', 'text/libsvm'],
    output: ['application/json', 'text/csv', 'application/jsonlines', 'application/x-recordio-protobuf'],
  },
  outputs: { values: { description: 'The values.' }, classes: { description: 'The classes.' } },
  values: { missingValues: 'accept', infiniteValues: 'refuse', text: 'accept' },
  async train(job) {
    let featureCount = 0;
    for await (const { columns } of job.channels.train.blocks()) featureCount = columns;
    job.saveModel({ files: { model: 'm' }, featureCount, unseenCategories: job.hyperparameters.unseen });
  },
  load: ({ artifact }) => artifact.categories?.labels[0] ?? [],
  predict: (classes, { features, rows, columns }) => ({
    values: { values: Float64Array.from(features), width: columns },
    classes: { values: Array.from({ length: rows }, () => classes).flat(), width: classes.length },
  }),
});

const TABLE = 'species,island,bill,sex\nAdelie,Torgersen,39.1,male\nGentoo,Biscoe,46,female\nAdelie,Dream,NA,\n';

let trained: TrainingResult | undefined;
afterEach(() => trained?.root.remove());

/** A function that gives the values of the first row of an answer, or the message of an error. */
async function serve(unseen: UnseenCategories = 'error', contentType = 'text/csv;header=present', table = TABLE) {
  trained = await runTraining(echo, {
    hyperparameters: { unseen },
    channels: { train: { 'a.csv': table } },
    inputDataConfig: { train: { ContentType: contentType } },
  });
  expect(trained.failure).toBeUndefined();
  const invoke = await openInvocations(echo, trained);
  return async (body: string | object, type = typeof body === 'string' ? 'text/csv' : 'application/json') => {
    const answer = await invoke({ contentType: type, body: typeof body === 'string' ? body : JSON.stringify(body) });
    const { predictions, error } = JSON.parse(answer.body);
    return error?.message ?? predictions[0].values;
  };
}

describe('a request with text', () => {
  it.each([
    ['CSV', 'Dream,40,male', 'text/csv'],
    ['CSV with quotes and blanks', ' "Dream" , 40 ,"male"', 'text/csv'],
    ['CSV with a header line in another order', 'sex,bill,island\nmale,40,Dream', 'text/csv;header=present'],
    ['CSV whose header line is found', 'sex,bill,island\nmale,40,Dream', 'text/csv;header=auto'],
    ['CSV without the header line that it may have', 'Dream,40,male', 'text/csv;header=auto'],
    ['JSON with features', '{"instances":[{"features":["Dream",40,"male"]}]}', 'application/json'],
    ['JSON with bare lists', '{"instances":[["Dream",40,"male"]]}', 'application/json'],
    ['JSON with a row', '["Dream",40,"male"]', 'application/json'],
    [
      'JSON with data.features.values',
      '{"instances":[{"data":{"features":{"values":["Dream",40,"male"]}}}]}',
      'application/json',
    ],
    ['JSON with names', '{"instances":[{"sex":"male","island":"Dream","bill":40}]}', 'application/json'],
    ['JSON by column', '{"inputs":{"sex":["male"],"island":["Dream"],"bill":[40]}}', 'application/json'],
    ['JSON Lines', '{"features":["Dream",40,"male"]}', 'application/jsonlines'],
  ])('is coded from %s', async (_, body, type) => {
    expect(await (await serve())(body, type)).toEqual([1, 40, 1]);
  });

  it('keeps all digits of integers in JSON', async () => {
    const table = 'b,12345678901234567890,5\na,12345678901234567891,6\n';
    const ask = await serve('error', 'text/csv;text_columns=2', table);

    expect(await ask('[12345678901234567891,5]', 'application/json')).toEqual([1, 5]);
    expect(await ask('[12345678901234567892,5]', 'application/json')).toContain('received "12345678901234567892"');
  });

  it('has missing cells in all formats', async () => {
    const ask = await serve();

    expect(await ask('NA,,null')).toEqual([null, null, null]);
    expect(await ask({ instances: [[null, 'NA', '']] })).toEqual([null, null, null]);
    expect(await ask({ island: null, bill: null, sex: 'NA' })).toEqual([null, null, null]);
  });

  it('is refused where the model has numbers', async () => {
    const ask = await serve();

    expect(await ask('Dream,x,male')).toBe('request row 1 column 2: expected a number; received "x".');
    expect(await ask({ instances: [['Dream', 'x', 'male']] })).toBe(
      'request row 1 column "bill": expected a number; received "x".',
    );
  });

  it('is refused in a format without text', async () => {
    expect(await (await serve())('1 0:1', 'text/libsvm')).toBe(
      'Header Content-Type must be text/csv, application/json, application/jsonlines or application/x-parquet, since the model has columns of text; received text/libsvm, which holds numbers only.',
    );
  });

  it('is refused as some columns of a row by key', async () => {
    const body = { instances: [{ data: { features: { keys: [0], shape: [3], values: ['Dream'] } } }] };

    expect(await (await serve())(body)).toContain('since the model has columns of text; received "keys" of some.');
  });

  it('has a header line that is skipped where the model has no names', async () => {
    const ask = await serve('error', 'text/csv', TABLE.slice(TABLE.indexOf('\n') + 1));

    expect(await ask('a,b,c\nDream,40,male', 'text/csv;header=present')).toEqual([1, 40, 1]);
  });

  it.each([
    [
      'other names',
      'island,bill,gender\nDream,40,male',
      'request header: the columns must have the names of the model',
    ],
    ['fewer names', 'island,bill\nDream,40', 'request header: the columns must have the names of the model'],
  ])('is refused with a header line of %s', async (_, body, message) => {
    expect(await (await serve())(body, 'text/csv;header=present')).toContain(message);
  });

  it('counts rows, not the header line, in messages', async () => {
    expect(await (await serve())('island,bill,sex\nDream,x,male', 'text/csv;header=present')).toBe(
      'request row 1 column 2 "bill": expected a number; received "x".',
    );
  });
});

describe('a category that the model does not have', () => {
  it('is an error that lists what there is', async () => {
    const ask = await serve('error');

    const message = 'expected a category of training ("Biscoe", "Dream", "Torgersen"); received "Mars".';
    expect(await ask('Mars,40,male')).toBe(`request row 1 column 1: ${message}`);
    expect(await ask({ instances: [['Mars', 40, 'male']] })).toBe(`request row 1 column "island": ${message}`);
    expect(await ask({ island: 'Mars', bill: 40, sex: 'male' })).toBe(`request row 1 column "island": ${message}`);
  });

  it.each([
    ['missing', [null, 40, null]],
    ['other', [3, 40, 2]],
  ] as const)('is %s where the model says so', async (unseen, values) => {
    const ask = await serve(unseen);

    expect(await ask('Mars,40,x')).toEqual(values);
    expect(await ask({ instances: [['Mars', 40, 'x']] })).toEqual(values);
  });
});

describe('an answer with names', () => {
  it.each([
    ['application/json', '{"predictions":[{"classes":["Adelie","Gentoo"]}]}'],
    ['application/jsonlines', '{"classes":["Adelie","Gentoo"]}\n'],
    ['text/csv', 'Adelie,Gentoo\n'],
  ])('is a list per row in %s', async (accept, expected) => {
    await serve();
    const invoke = await openInvocations(echo, trained!);

    const { body } = await invoke({
      contentType: 'text/csv',
      accept: `${accept};output=classes`,
      body: 'Dream,1,male',
    });

    expect(body).toBe(expected);
  });
});

describe('a request with a header line only', () => {
  it('is answered with no rows where the header line is found', async () => {
    await serve();
    const invoke = await openInvocations(echo, trained!);
    const request = { contentType: 'text/csv;header=auto', body: 'sex,bill,island\n' };

    const json = await invoke(request);
    const csv = await invoke({ ...request, accept: 'text/csv' });

    expect({ json, csv }).toMatchObject({
      json: { status: 200, body: '{"predictions":[]}' },
      csv: { status: 204, body: '' },
    });
  });
});

describe('a manifest with categories', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'model-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const identity = { name: 'echo', version: '1.0.0' };
  const categories = { labels: [['no', 'yes']], features: [undefined, ['a', 'é']] };

  it('gives them to load', () => {
    void writeModel(directory, { files: { m: '' }, featureCount: 2, categories }, identity);

    expect(openModel(directory, identity).categories).toEqual(categories);
  });

  it('is refused when a name was changed', () => {
    void writeModel(directory, { files: { m: '' }, featureCount: 2, categories }, identity);
    const path = join(directory, '.manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"yes"', '"yEs"'));

    expect(() => openModel(directory, identity)).toThrow(
      'the names of categories were changed or damaged after training (their digest differs)',
    );
  });

  it('has nothing of them where no column holds text', () => {
    void writeModel(directory, { files: { m: '' }, featureCount: 2 }, identity);

    expect(readFileSync(join(directory, '.manifest.json'), 'utf8')).not.toContain('categories');
  });
});
