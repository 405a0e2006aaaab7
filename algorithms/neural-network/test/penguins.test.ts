/** A table with text, from its files to answers with names: the penguins of `sample-data/penguins`. */
import { readFileSync } from 'node:fs';
import { openInvocations, runTraining, type TrainingResult } from '@algo/contract/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { neuralNetwork } from '../src/algorithm.js';

const sample = new URL('../../../sample-data/penguins/', import.meta.url);
const [HEADER = '', ...ALL] = readFileSync(new URL('penguins.csv', sample), 'utf8').trim().split('\n');
/** The network needs every value. */
const LINES = ALL.filter((line) => !line.includes('NA'));
const NAMES = HEADER.split(',');
const RECORDS = LINES.map((line) => {
  const cells = line.split(',').map((text) => (Number.isNaN(Number(text)) ? text : Number(text)));
  return Object.fromEntries(cells.map((cell, column) => [NAMES[column]!, cell]));
});
const HEADED = 'text/csv;header=present';
const SPECIES = { objective: 'multiclass', epochs: '4', backend: 'wasm', threads: '1', hidden_units: '16' };
const FIRST = 'Torgersen,39.1,18.7,181,3750,male,2007';

const results: TrainingResult[] = [];
afterEach(() => {
  for (const { root } of results.splice(0)) root.remove();
});

const rowsOf = (lines: readonly string[]) => `${lines.join('\n')}\n`;
const TABLE = rowsOf([HEADER, ...LINES]);

type Files = Readonly<Record<string, string | Uint8Array>>;

async function train(
  files: Files,
  hyperparameters: Readonly<Record<string, string>> = {},
  { contentType = HEADED, others = {} }: { contentType?: string; others?: Readonly<Record<string, Files>> } = {},
) {
  const channels = { train: files, ...others };
  const inputDataConfig = Object.fromEntries(
    Object.keys(channels).map((name) => [
      name,
      { ContentType: name === 'model' ? 'application/x-sagemaker-model' : contentType },
    ]),
  );
  const given = { ...SPECIES, ...hyperparameters };
  const result = await runTraining(neuralNetwork, { hyperparameters: given, channels, inputDataConfig });
  results.push(result);
  return result;
}

const files = ({ model }: TrainingResult) => Object.fromEntries(model);
const serve = async (hyperparameters = {}) =>
  openInvocations(neuralNetwork, await train({ 'a.csv': TABLE }, hyperparameters));

describe('penguins', () => {
  it('give one model, to the byte, as CSV with a header line, JSON Lines, JSON and Parquet', async () => {
    const csv = await train({ 'a.csv': TABLE });
    const lines = await train(
      { 'a.jsonl': rowsOf(RECORDS.map((row) => JSON.stringify(row))) },
      {},
      { contentType: 'application/jsonlines' },
    );
    const json = await train({ 'a.json': JSON.stringify(RECORDS) }, {}, { contentType: 'application/json' });
    const parquet = await train(
      { 'a.parquet': readFileSync(new URL('penguins-complete.parquet', sample)) },
      {},
      { contentType: 'application/x-parquet' },
    );

    expect(csv.failure).toBeUndefined();
    expect(files(lines)).toEqual(files(csv));
    expect(files(json)).toEqual(files(csv));
    expect(files(parquet)).toEqual(files(csv));
  });

  it('are read again in every epoch if they are too many to keep, with the same model', async () => {
    const lines = Array.from({ length: 40 }, () => LINES).flat();
    const table = { 'a.csv': rowsOf([HEADER, ...lines]) };
    const once = await train(table, { epochs: '1' });
    const again = await train(table, { epochs: '1', data_memory_mb: '1' });

    expect(again.failure).toBeUndefined();
    expect(JSON.parse(files(again)['.manifest.json']!.toString()).input.categories).toEqual(
      JSON.parse(files(once)['.manifest.json']!.toString()).input.categories,
    );
  });

  it('are answered by the names of classes, in the order of probabilities', async () => {
    const invoke = await serve({ epochs: '30' });
    const accept = 'application/json;output="predicted_label,labels,probabilities"';

    const { body } = await invoke({ contentType: 'text/csv', accept, body: FIRST });

    const [prediction] = JSON.parse(body).predictions;
    expect(prediction).toMatchObject({ predicted_label: 'Adelie', labels: ['Adelie', 'Chinstrap', 'Gentoo'] });
    expect(prediction.probabilities[0]).toBeGreaterThan(0.5);
  });

  it.each([
    ['error', 400],
    ['other', 200],
  ])('of an unknown island are answered as unseen_categories=%s says', async (unseen_categories, status) => {
    const invoke = await serve({ unseen_categories });

    const answer = await invoke({ contentType: 'text/csv', body: FIRST.replace('Torgersen', 'Ross') });

    expect(answer.status).toBe(status);
  });

  it('with a missing category are refused, in training and in requests', async () => {
    const { failure } = await train({ 'a.csv': rowsOf([HEADER, ...ALL]) });
    const invoke = await serve();

    const { body } = await invoke({ contentType: 'text/csv', body: FIRST.replace('male', 'NA') });

    expect(failure).toContain('the value must not be missing; received "NA".');
    expect(JSON.parse(body).error.message).toContain('the value must not be missing; received "NA".');
  });

  it('of two species are class 1 by the second name', async () => {
    const two = rowsOf([HEADER, ...LINES.filter((line) => !line.startsWith('Chinstrap'))]);
    const invoke = await openInvocations(
      neuralNetwork,
      await train({ 'a.csv': two }, { objective: 'binary', epochs: '30' }),
    );
    const accept = 'application/json;output="predicted_label,probability"';

    const { body } = await invoke({ contentType: 'text/csv', accept, body: 'Biscoe,46.1,13.2,211,4500,female,2007' });

    const [{ predicted_label, probability }] = JSON.parse(body).predictions;
    expect(predicted_label).toBe('Gentoo');
    expect(probability).toBeGreaterThan(0.5);
  });
});

describe('a job on text', () => {
  it.each([
    [
      { objective: 'regression' },
      'Hyperparameter "objective" must be binary or multiclass for labels that are text ("Adelie", "Chinstrap", "Gentoo"); received "regression".',
    ],
    [
      { objective: 'binary' },
      'Hyperparameter "objective" must be multiclass for 3 classes ("Adelie", "Chinstrap", "Gentoo"); received "binary".',
    ],
    [
      { num_classes: '4' },
      'Hyperparameter "num_classes" must be 3, the classes of the labels ("Adelie", "Chinstrap", "Gentoo"); received "4".',
    ],
    [{ class_weights: '1,2' }, 'Hyperparameter "class_weights" must have 3 weights, one per class; received 2.'],
  ])('is refused with %j', async (hyperparameters, message) => {
    const { failure } = await train({ 'a.csv': TABLE }, hyperparameters);

    expect(failure).toBe(`ClientError: ${message}`);
  });

  it('continues from a model with its codes, and is refused for a category that the model does not have', async () => {
    const first = await train({ 'a.csv': TABLE });
    const some = rowsOf([HEADER, ...LINES.filter((line) => line.includes('Dream'))]);

    const second = await train({ 'a.csv': some }, {}, { others: { model: files(first) } });
    const third = await train({ 'a.csv': TABLE.replaceAll('Biscoe', 'Ross') }, {}, { others: { model: files(first) } });

    expect(second.failure).toBeUndefined();
    const inputOf = (result: TrainingResult) => JSON.parse(files(result)['.manifest.json']!.toString()).input;
    expect(inputOf(second).categories).toEqual(inputOf(first).categories);
    expect(third.failure).toContain(
      'expected a category of training ("Biscoe", "Dream", "Torgersen"); received "Ross".',
    );
  });
});

describe('a job on numbers', () => {
  it.each([
    [{}, 'Hyperparameter "num_classes" is required with objective "multiclass" where labels are numbers'],
    [
      { num_classes: '2', embedding_dimensions: '4' },
      'Hyperparameter "embedding_dimensions" is only for columns of categories',
    ],
    [
      { num_classes: '2', unseen_categories: 'other' },
      'Hyperparameter "unseen_categories" is only for feature columns of text',
    ],
  ])('is refused with %j', async (hyperparameters, message) => {
    const { failure } = await train({ 'a.csv': '0,1\n1,2\n' }, hyperparameters, { contentType: 'text/csv' });

    expect(failure).toContain(message);
  });
});
