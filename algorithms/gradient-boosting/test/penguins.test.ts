/** A table with text, from its files to answers with names: the penguins of `sample-data/penguins`. */
import { readFileSync } from 'node:fs';
import { openInvocations, runPipeTraining, runTraining, type TrainingResult } from '@algo/contract/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { gradientBoosting } from '../src/algorithm.js';
import { readEnsemble } from '../src/model/index.js';
import { ONE_THREAD } from './support/one-thread.js';

const sample = new URL('../../../sample-data/penguins/', import.meta.url);
const TABLE = readFileSync(new URL('penguins.csv', sample), 'utf8');
const [HEADER = '', ...LINES] = TABLE.trim().split('\n');
const NAMES = HEADER.split(',');
const RECORDS = LINES.map((line) => {
  const cells = line
    .split(',')
    .map((text) => (text === 'NA' ? null : Number.isNaN(Number(text)) ? text : Number(text)));
  return Object.fromEntries(cells.map((cell, column) => [NAMES[column]!, cell]));
});
const HEADED = 'text/csv;header=present';
const SPECIES = { objective: 'multi:softprob', num_round: '10', ...ONE_THREAD };

const results: TrainingResult[] = [];
afterEach(() => {
  for (const { root } of results.splice(0)) root.remove();
});

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A training on these files of channel `train`, or of several channels of one content type. */
async function train(
  files: Files,
  contentType: string,
  hyperparameters = {},
  others: Readonly<Record<string, Files>> = {},
) {
  const channels = { train: files, ...others };
  const inputDataConfig = Object.fromEntries(
    Object.keys(channels).map((name) => [
      name,
      { ContentType: name === 'model' ? 'application/x-sagemaker-model' : contentType },
    ]),
  );
  const result = await runTraining(gradientBoosting, {
    hyperparameters: { ...SPECIES, ...hyperparameters },
    channels,
    inputDataConfig,
  });
  results.push(result);
  return result;
}

const files = ({ model }: TrainingResult) => Object.fromEntries(model);
const rowsOf = (lines: readonly string[]) => `${lines.join('\n')}\n`;

describe('the same penguins', () => {
  it('give one model, to the byte, as CSV with a header line, JSON Lines, JSON and Parquet', async () => {
    const csv = await train({ 'penguins.csv': TABLE }, HEADED);
    const lines = await train(
      { 'penguins.jsonl': rowsOf(RECORDS.map((row) => JSON.stringify(row))) },
      'application/jsonlines',
    );
    const json = await train({ 'penguins.json': JSON.stringify(RECORDS) }, 'application/json');
    const parquet = await train(
      { 'penguins.parquet': readFileSync(new URL('penguins.parquet', sample)) },
      'application/x-parquet',
    );

    expect(csv.failure).toBeUndefined();
    expect(files(lines)).toEqual(files(csv));
    expect(files(json)).toEqual(files(csv));
    expect(files(parquet)).toEqual(files(csv));
  });

  it('give one model without a header line, from a file and from a pipe', async () => {
    const contents = {
      hyperparameters: SPECIES,
      channels: { train: { 'penguins.csv': rowsOf(LINES) } },
      inputDataConfig: { train: { ContentType: 'text/csv' } },
    };
    const file = await runTraining(gradientBoosting, contents);
    const pipe = await runPipeTraining(gradientBoosting, contents);
    results.push(file, pipe);

    expect(pipe.failure).toBeUndefined();
    expect(files(pipe)).toEqual(files(file));
  });

  it('give the same dictionaries in any order of files', async () => {
    const csv = await train({ 'penguins.csv': TABLE }, HEADED);
    const parts = await train(
      { 'a.csv': rowsOf([HEADER, ...LINES.slice(200)]), 'b.csv': rowsOf([HEADER, ...LINES.slice(0, 200)]) },
      HEADED,
    );

    const inputOf = ({ model }: TrainingResult) => JSON.parse(model.get('.manifest.json')!.toString()).input;
    expect(inputOf(parts)).toEqual(inputOf(csv));
    expect(inputOf(csv)).toMatchObject({
      featureNames: NAMES.slice(1),
      categories: {
        unseen: 'error',
        labels: [['Adelie', 'Chinstrap', 'Gentoo']],
        features: [['Biscoe', 'Dream', 'Torgersen'], null, null, null, null, ['female', 'male'], null],
      },
    });
  });
});

describe('answers', () => {
  const serve = async (hyperparameters = {}) =>
    openInvocations(gradientBoosting, await train({ 'a.csv': TABLE }, HEADED, hyperparameters));
  const FIRST = 'Torgersen,39.1,18.7,181,3750,male,2007';

  it('give the names of classes, in the order of probabilities', async () => {
    const invoke = await serve();
    const accept = 'application/json;output="predicted_label,labels,probabilities"';

    const { body } = await invoke({ contentType: 'text/csv', accept, body: `${FIRST}\nBiscoe,,,,,NA,2008\n` });

    const { predictions } = JSON.parse(body);
    expect(predictions[0]).toMatchObject({ predicted_label: 'Adelie', labels: ['Adelie', 'Chinstrap', 'Gentoo'] });
    expect(predictions[0].probabilities[0]).toBeGreaterThan(0.9);
    expect(predictions[1].predicted_label).toBe('Gentoo');
  });

  it('give the name as the score of an objective that predicts a class', async () => {
    const invoke = await serve({ objective: 'multi:softmax' });

    expect((await invoke({ contentType: 'text/csv', body: FIRST })).body).toBe('Adelie\n');
  });

  it('take the names of columns in a header line and in JSON', async () => {
    const invoke = await serve();
    const ask = async (contentType: string, body: string) => (await invoke({ contentType, body })).body;
    const expected = await ask('text/csv', FIRST);
    const { species: _, ...record } = RECORDS[0]!;

    expect(await ask('text/csv;header=present', `${NAMES.slice(1).join()}\n${FIRST}`)).toBe(expected);
    expect(await ask('application/json', JSON.stringify({ instances: [record] }))).toBe(expected);
  });

  it('are wrong for few penguins that training has seen', async () => {
    const invoke = await serve();
    const body = rowsOf([NAMES.slice(1).join(), ...LINES.map((line) => line.slice(line.indexOf(',') + 1))]);

    const answer = await invoke({ contentType: HEADED, accept: 'text/csv;output=predicted_label', body });

    const wrong = answer.body
      .trim()
      .split('\n')
      .filter((name, row) => name !== RECORDS[row]!.species);
    expect(wrong.length).toBeLessThan(4);
  });

  it.each([
    ['error', 400],
    ['missing', 200],
    ['other', 200],
  ])('to an island that training does not have follow unseen_categories=%s', async (unseen_categories, status) => {
    const invoke = await serve({ unseen_categories });
    const ask = (island: string) => invoke({ contentType: 'text/csv', body: FIRST.replace('Torgersen', island) });

    const answer = await ask('Ross');

    expect(answer.status).toBe(status);
    if (unseen_categories === 'error') expect(answer.body).toContain('expected a category of training');
    if (unseen_categories === 'missing') expect(answer.body).toBe((await ask('')).body);
  });
});

describe('labels that are text', () => {
  const TWO = rowsOf([HEADER, ...LINES.filter((line) => !line.startsWith('Chinstrap'))]);

  it('are class 1 by the second name where there are two', async () => {
    const result = await train({ 'a.csv': TWO }, HEADED, { objective: 'binary:logistic' });
    const invoke = await openInvocations(gradientBoosting, result);
    const body = 'Biscoe,46.1,13.2,211,4500,female,2007';

    const answer = await invoke({
      contentType: 'text/csv',
      accept: 'application/json;output="predicted_label,probability"',
      body,
    });

    const [{ predicted_label, probability }] = JSON.parse(answer.body).predictions;
    expect(predicted_label).toBe('Gentoo');
    expect(probability).toBeGreaterThan(0.5);
  });

  it.each([
    [
      { objective: 'reg:squarederror' },
      'Hyperparameter "objective" must be one of multi: or binary: for labels that are text ("Adelie", "Chinstrap", "Gentoo"); received "reg:squarederror".',
    ],
    [
      { objective: 'binary:logistic' },
      'Hyperparameter "objective" must be one of multi: for 3 classes ("Adelie", "Chinstrap", "Gentoo"); received "binary:logistic", which takes 2.',
    ],
    [
      { num_class: '4' },
      'Hyperparameter "num_class" must be 3, the classes of the labels ("Adelie", "Chinstrap", "Gentoo"); received "4".',
    ],
  ])('are refused with %j', async (hyperparameters, message) => {
    const { failure } = await train({ 'a.csv': TABLE }, HEADED, hyperparameters);

    expect(failure).toBe(`ClientError: ${message}`);
  });

  it('are refused with label_size=2', async () => {
    const { failure } = await train({ 'a.csv': TABLE }, `${HEADED};label_size=2`);

    expect(failure).toContain('labels that are text must be one column of classes; received 2 label columns.');
  });
});

describe('labels that are numbers', () => {
  it('need num_class with several classes', async () => {
    const { failure } = await train({ 'a.csv': '0,1\n1,2\n2,3\n' }, 'text/csv');

    expect(failure).toBe(
      'ClientError: Hyperparameter "num_class" is required with objective "multi:softprob" where labels are numbers: the number of classes.',
    );
  });

  it.each(['max_cat_to_onehot', 'max_cat_threshold', 'unseen_categories'])(
    'and columns without categories are refused with %s, which would do nothing',
    async (name) => {
      const value = name === 'unseen_categories' ? 'other' : '9';
      const { failure } = await train({ 'a.csv': '0,1\n1,2\n2,3\n' }, 'text/csv', { num_class: '3', [name]: value });

      expect(failure).toContain(`Hyperparameter "${name}" is only for`);
    },
  );
});

describe('a training that resumes from a model with names', () => {
  it('has the codes of the model, whatever rows there are', async () => {
    const first = await train({ 'a.csv': TABLE }, HEADED);
    const some = rowsOf([HEADER, ...LINES.filter((line) => line.includes('Dream'))]);

    const second = await train({ 'a.csv': some }, HEADED, {}, { model: files(first) });

    expect(second.failure).toBeUndefined();
    const inputOf = ({ model }: TrainingResult) => JSON.parse(model.get('.manifest.json')!.toString()).input;
    expect(inputOf(second)).toEqual(inputOf(first));
  });

  it('is refused for a category that the model does not have', async () => {
    const first = await train({ 'a.csv': TABLE }, HEADED);
    const other = TABLE.replaceAll('Torgersen', 'Ross');

    const { failure } = await train({ 'a.csv': other }, HEADED, {}, { model: files(first) });

    expect(failure).toContain(
      'column 2 "island": expected a category of training ("Biscoe", "Dream", "Torgersen"); received "Ross".',
    );
  });
});

describe('the model file', () => {
  it('has the types of columns and the names of categories', async () => {
    const { model } = await train({ 'a.csv': TABLE }, HEADED);

    const { featureTypes, featureNames, categoryNames } = readEnsemble(model.get('xgboost-model.ubj')!, 'model');
    expect(featureNames).toEqual(NAMES.slice(1));
    expect(featureTypes).toEqual(['c', 'float', 'float', 'float', 'float', 'c', 'float']);
    expect(categoryNames).toMatchObject({ feature_segments: [0, 3, 3, 3, 3, 3, 5, 5] });
  });
});
