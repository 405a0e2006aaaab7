/** Jobs whose hyperparameters do not fit their rows fail before the first step, saying what to change. */
import { binaryTable } from '@algo/contract/testing';
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
