/** Jobs that are refused, with what to change. */
import { binaryTable, regressionTable } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { useJobs } from './jobs.js';

const { trainOn } = useJobs();
const base = { objective: 'binary', epochs: '1', hidden_units: '4' };

describe('batch_normalization', () => {
  it.each([
    ['65', 64, '"batch_size" must not leave a last batch of one row with "batch_normalization"'],
    ['1', 32, 'Use more rows'],
  ])('of %s rows in batches of %i is refused', async (rows, batchSize, message) => {
    const failed = await trainOn({
      hyperparameters: { ...base, batch_normalization: 'true', batch_size: String(batchSize) },
      channels: { train: { 'a.csv': binaryTable(Number(rows)) } },
    });

    expect(failed.exitCode).toBe(1);
    expect(failed.failure).toContain(message);
  });

  it.each([
    ['66', '64'],
    ['64', '64'],
    ['2', '64'],
  ])('of %s rows in batches of %s is accepted', async (rows, batch_size) => {
    const done = await trainOn({
      hyperparameters: { ...base, batch_normalization: 'true', batch_size },
      channels: { train: { 'a.csv': binaryTable(Number(rows)) } },
    });

    expect(done.failure).toBeUndefined();
  });

  it('turned off accepts batches of one row', async () => {
    const done = await trainOn({
      hyperparameters: { ...base, batch_size: '1' },
      channels: { train: { 'a.csv': binaryTable(5) } },
    });

    expect(done.failure).toBeUndefined();
  });
});

describe('csv_weights', () => {
  const libsvm = '0 0:1 1:2\n1:0.5 0:3 1:4\n';

  it.each([
    ['1', 1],
    ['0', 0],
  ])('%s with libsvm ends a job with exit code %i', async (csv_weights, exitCode) => {
    const result = await trainOn({
      hyperparameters: { ...base, csv_weights },
      channels: { train: { 'a.libsvm': csv_weights === '1' ? libsvm : libsvm.replace(':0.5', '') } },
      inputDataConfig: { train: { ContentType: 'text/libsvm' } },
    });

    expect(result.exitCode).toBe(exitCode);
    if (exitCode) expect(result.failure).toContain('"csv_weights" is only for CSV, JSON, Parquet and .npy');
  });
});

describe('a training job', () => {
  it.each<[string, Record<string, string>, Record<string, Record<string, string>>, string]>([
    [
      'early stopping without validation data',
      { objective: 'binary', early_stopping_patience: '1' },
      { train: { 'a.csv': '1,2\n' } },
      'Channel "validation" is required with hyperparameter "early_stopping_patience"',
    ],
    [
      'a label outside the classes',
      { objective: 'multiclass', num_classes: '2' },
      { train: { 'a.csv': '0,1\n2,2\n' } },
      'train/a.csv line 2: the label must be a class, 0 or 1; received 2',
    ],
    [
      'such a label in the validation data',
      { objective: 'binary' },
      { train: { 'a.csv': '0,1\n1,2\n' }, validation: { 'b.csv': '0,1\n0.5,2\n' } },
      'validation/b.csv line 2: the label must be a class, 0 or 1; received 0.5',
    ],
    [
      'a label beyond the range of float32',
      { objective: 'regression' },
      { train: { 'a.csv': '1,2\n1e300,3\n' } },
      'train/a.csv line 2 column 1: the label must be within ±3.4028235e38, the range of float32, which the algorithm computes in; received "1e300".',
    ],
    [
      'a validation row of another width',
      { objective: 'regression' },
      { train: { 'a.csv': '1,2\n3,4\n' }, validation: { 'b.csv': '1,2,3\n' } },
      'b.csv',
    ],
    [
      'an image of another size',
      { objective: 'regression', input_shape: '2,2,1' },
      { train: { 'a.csv': '1,2,3,4\n' } },
      'must have 4 feature columns for input_shape 2,2,1; received 3',
    ],
    [
      'a categorical column that is not there',
      { objective: 'regression', categorical_features: '4' },
      { train: { 'a.csv': '1,2\n3,4\n' } },
      '"categorical_features" must name columns 0 to 0',
    ],
    ['a missing value', { objective: 'regression' }, { train: { 'a.csv': '1,2\n3,\n' } }, 'a.csv line 2 column 2'],
    [
      'weights of classes that leave nothing to learn',
      { objective: 'binary', class_weights: '0,1' },
      { train: { 'a.csv': '0,2\n0,3\n' } },
      '"class_weights" must be above 0 for a class that channel "train" has',
    ],
    [
      'a learning rate that makes the loss infinite',
      { objective: 'regression', optimizer: 'sgd', learning_rate: '10', hidden_units: '64,64' },
      { train: { 'a.csv': regressionTable(200) } },
      'The loss must stay a finite number; it is',
    ],
  ])('refuses %s', async (_, hyperparameters, channels, message) => {
    const trained = await trainOn({ hyperparameters, channels });

    expect(trained.exitCode).toBe(1);
    expect(trained.failure).toContain(message);
    expect(trained.model.size).toBe(0);
  });
});
