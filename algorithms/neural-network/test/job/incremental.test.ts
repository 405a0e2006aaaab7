/** Channel `model`: training continues from the model of an earlier job. */
import { gzipSync } from 'node:zlib';
import {
  binaryTable,
  type ContainerContents,
  classTable,
  csvTable,
  regressionTable,
  tarOf,
} from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { predict, useJobs, valuesOf } from './jobs.js';

const { trainOn } = useJobs();

const hyperparameters = { objective: 'regression', epochs: '4', learning_rate: '0.01' };
const train = { 'a.csv': regressionTable(400) };
const archive = (model: ReadonlyMap<string, Uint8Array>) => ({ 'model.tar.gz': gzipSync(tarOf(model)) });
const goOn = (
  model: Readonly<Record<string, string | Uint8Array>>,
  more: Record<string, string> = {},
  rows: ContainerContents['channels'] = { train },
) =>
  trainOn({
    hyperparameters: { ...hyperparameters, ...more },
    channels: { ...rows, model },
    inputDataConfig: { model: { ContentType: 'application/x-sagemaker-model' } },
  });

describe('a job with a model channel', () => {
  it('starts where the earlier one ended', async () => {
    const first = await trainOn({ hyperparameters, channels: { train } });
    const second = await goOn(archive(first.model), { epochs: '1', learning_rate: '0.000000001' });
    const rows = '0.1,0.9,0.5,0.5\n0.7,0.2,0.5,0.5\n';

    const [before, after] = [await predict(first, rows), await predict(second, rows)];

    for (const [row, [score]] of before.entries()) expect(after[row]![0]).toBeCloseTo(score!, 4); // float32
    const longer = await goOn(archive(first.model), { epochs: '10' });
    expect(valuesOf(longer, 'train:rmse').at(-1)).toBeLessThan(valuesOf(first, 'train:rmse').at(-1)! / 2);
  });

  it('keeps the scaling of the model, so new rows are scaled like the old ones', async () => {
    const first = await trainOn({ hyperparameters: { ...hyperparameters, epochs: '20' }, channels: { train } });
    // Ten rows at one end: a scaling of their own would make them the middle.
    const label = ([a]: readonly number[]) => String(10 * a!);
    const few = csvTable({ rows: 10, seed: 4, label }).replaceAll(/^[^,]*,[^,]*/gm, '9.5,0.95');

    const second = await goOn(
      archive(first.model),
      { epochs: '1', learning_rate: '0.0001' },
      { train: { 'a.csv': few } },
    );

    const answers = await predict(second, '0.1,0.5,0.5,0.5\n0.9,0.5,0.5,0.5\n');
    const [low, high] = answers.map(([score]) => score);
    expect(high! - low!).toBeGreaterThan(6); // 10 · 0.8
  });

  it('keeps the categories of the model and their embeddings', async () => {
    const table = (values: readonly number[], rows: number) =>
      Array.from(
        { length: rows },
        (_, i) => `${values[i % values.length]! > 4 ? 1 : 0},${values[i % values.length]}\n`,
      ).join('');
    const options = { objective: 'binary', hidden_units: 'none', categorical_features: '0', learning_rate: '0.05' };
    const first = await trainOn({
      hyperparameters: { ...options, epochs: '20' },
      channels: { train: { 'a.csv': table([1, 3, 5, 7, 9], 300) } },
    });

    const second = await goOn(
      archive(first.model),
      { ...options, epochs: '1', learning_rate: '0.0001' },
      { train: { 'a.csv': table([7, 8], 20) } },
    );

    const scores = (await predict(second, '1\n3\n5\n7\n9\n')).flat();
    expect(scores.map((score) => Number(score > 0.5))).toEqual([0, 0, 1, 1, 1]);
  });

  it('accepts the unpacked files of a model, and other rates, penalties and dropout', async () => {
    const first = await trainOn({ hyperparameters, channels: { train } });

    const second = await goOn(Object.fromEntries(first.model), {
      optimizer: 'sgd',
      l2: '0.01',
      dropout: '0.2',
      batch_size: '8',
    });

    expect(second.failure).toBeUndefined();
    expect(second.lines.join('\n')).toContain('layers dense 16 relu, dropout 0.2');
  });

  it.each<[string, Record<string, string>, ContainerContents['channels'], string]>([
    [
      'another objective',
      { objective: 'binary' },
      { train: { 'a.csv': binaryTable(50) } },
      'must have objective binary, as this job has; received regression',
    ],
    [
      'other classes',
      { objective: 'multiclass', num_classes: '3' },
      { train: { 'a.csv': classTable(50) } },
      'must have objective multiclass',
    ],
    [
      'other layers',
      { hidden_units: '16,8' },
      { train },
      'must have layers dense 16 relu, dense 8 relu, as this job has; received dense 16 relu',
    ],
    ['another activation', { activation: 'tanh' }, { train }, 'must have layers dense 16 tanh'],
    ['an image', { input_shape: '2,2,1' }, { train }, 'must have input_shape 2,2,1, as this job has; received none'],
    [
      'other categories',
      { categorical_features: '1' },
      { train },
      'must have categorical_features 1, as this job has; received none',
    ],
    [
      'rows of another width',
      {},
      { train: { 'a.csv': csvTable({ rows: 50, seed: 1, columns: 3, label: () => '1' }) } },
      'expected 5 columns',
    ],
  ])('refuses %s', async (_, more, rows, message) => {
    const first = await trainOn({ hyperparameters, channels: { train } });

    const second = await goOn(archive(first.model), more, rows);

    expect(second.failure).toContain(message);
    expect(second.model.size).toBe(0);
  });

  it('refuses a different number of label columns', async () => {
    const first = await trainOn({ hyperparameters, channels: { train } });
    const label = () => '1,2';

    const second = await trainOn({
      hyperparameters,
      channels: { train: { 'a.csv': csvTable({ rows: 50, seed: 1, label }) }, model: archive(first.model) },
      inputDataConfig: {
        train: { ContentType: 'text/csv;label_size=2' },
        model: { ContentType: 'application/x-sagemaker-model' },
      },
    });

    expect(second.failure).toContain(
      'must have 1 label and 4 feature columns, as the start model has; received 2 and 4',
    );
  });

  it('refuses a channel without a model and a damaged archive', async () => {
    const none = await goOn({ 'notes.txt': 'hello' });
    const damaged = await goOn({ 'model.tar.gz': gzipSync('x'.repeat(600)).subarray(0, 25) });

    expect(none.failure).toContain('Channel "model" must contain the model of an earlier job');
    expect(damaged.failure).toContain(
      'model/model.tar.gz: the file must be complete gzip data; it is damaged or ends early',
    );
  });
});
