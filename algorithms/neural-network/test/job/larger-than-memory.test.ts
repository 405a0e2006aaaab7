/** Data that is larger than its memory limit: read again in each epoch, shuffled in parts. */
import type { ContainerContents } from '@algo/contract/testing';
import { createRandom } from '@algo/numerics';
import { describe, expect, it } from 'vitest';
import { useJobs, valuesOf } from './jobs.js';

const { trainOn, trainFromPipes } = useJobs();

const COLUMNS = 100;
const ROWS = 6000; // 2.4 MB as the network reads them: three windows of a MiB
const VALIDATION_ROWS = 3000;

/** The sum of the first ten columns, each a digit, and ninety columns that say nothing. */
function table(rows: number, seed: number): string {
  const random = createRandom(seed);
  const lines = Array.from({ length: rows }, () => {
    const features = Array.from({ length: COLUMNS }, () => random.below(10));
    return `${features.slice(0, 10).reduce((sum, digit) => sum + digit, 0)},${features}\n`;
  });
  return lines.join('');
}

const contents = (more: Record<string, string> = {}): ContainerContents => ({
  hyperparameters: { objective: 'regression', epochs: '3', learning_rate: '0.003', data_memory_mb: '1', ...more },
  channels: { train: { 'a.csv': table(ROWS, 1) }, validation: { 'b.csv': table(VALIDATION_ROWS, 2) } },
});

describe('a job with more rows than fit in memory', () => {
  it('trains as well as one with memory for all', async () => {
    const streamed = await trainOn(contents());
    const resident = await trainOn(contents({ data_memory_mb: '16' }));

    const [small, large] = [streamed, resident].map((result) => valuesOf(result, 'validation:rmse'));

    expect(streamed.lines.join('\n')).toContain(
      'data_memory_mb=1 fits 2560 rows: channel "train" is read again in every epoch',
    );
    expect(resident.lines.join('\n')).not.toContain('data_memory_mb');
    expect(small).toHaveLength(3);
    expect(small!.at(-1)).toBeLessThan(3); // the labels' deviation is 9
    expect(small!.at(-1)).toBeLessThan(1.2 * large!.at(-1)!);
  });

  it('gives the same model in Pipe mode, reading a pipe in each epoch', async () => {
    const file = await trainOn(contents());
    const pipe = await trainFromPipes(contents());

    expect(pipe.failure).toBeUndefined();
    expect([...pipe.model]).toEqual([...file.model]);
  });

  it('computes metrics on the same rows', async () => {
    // With a rate of almost nothing, both networks stay as they started.
    const still = { epochs: '1', learning_rate: '1e-12' };
    const streamed = await trainOn(contents(still));
    const resident = await trainOn(contents({ ...still, data_memory_mb: '16' }));

    for (const metric of ['train:rmse', 'train:mae', 'validation:loss', 'validation:rmse', 'validation:mae']) {
      const [one, other] = [streamed, resident].map((result) => valuesOf(result, metric)[0]!);
      expect(one! / other!, metric).toBeCloseTo(1, 6); // float32 outputs
    }
  });
});
