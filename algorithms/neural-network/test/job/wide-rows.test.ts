/** Rows of more columns than a call may have arguments (about 125,000): trained, saved, served, trained on from. */
import { describe, expect, it } from 'vitest';
import { predict, useJobs } from './jobs.js';

const { trainOn } = useJobs();

const COLUMNS = 150_000;
/** Class 1 where the columns are 1, some more than others. */
const row = (value: number) => Array.from({ length: COLUMNS }, (_, column) => value * (1 + (column % 3))).join();

describe('rows of 150,000 columns', () => {
  it('can be trained on, served, and trained on again', async () => {
    const hyperparameters = { objective: 'binary', epochs: '2', hidden_units: '2', categorical_features: '149999' };
    const rows = [0, 1, 0, 1].map((label) => `${label},${row(label)}\n`).join('');

    const first = await trainOn({ hyperparameters, channels: { train: { 'a.csv': rows } } });
    const model = Object.fromEntries(['network.json', 'weights.bin'].map((name) => [name, first.model.get(name)!]));
    const second = await trainOn({
      hyperparameters,
      channels: { train: { 'a.csv': rows }, model },
      inputDataConfig: { model: { ContentType: 'application/x-sagemaker-model' } },
    });

    expect([first.failure, second.failure]).toEqual([undefined, undefined]);
    const [[low], [high]] = (await predict(second, `${row(0)}\n${row(1)}\n`)) as [number[], number[]];
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
  });
});
