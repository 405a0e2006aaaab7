/** What a job learns from its rows, weights and hyperparameters. */
import { binaryTable, type ContainerContents, csvTable, regressionTable } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { predict, useJobs, valuesOf } from './jobs.js';

const { trainOn } = useJobs();

describe('a training job', () => {
  it('learns several label columns together, each in its own unit', async () => {
    const label = ([a, b]: readonly number[]) => `${1000 * a!},${(b! - 0.5).toFixed(4)}`;
    const trained = await trainOn({
      hyperparameters: { objective: 'regression', epochs: '30', learning_rate: '0.01' },
      channels: { train: { 'a.csv': csvTable({ rows: 600, seed: 1, label }) } },
      inputDataConfig: { train: { ContentType: 'text/csv;label_size=2' } },
    });

    const [first, second] = (await predict(trained, '0.3,0.9,0.5,0.5'))[0]!;

    expect(first).toBeGreaterThan(200); // 300
    expect(first).toBeLessThan(400);
    expect(second).toBeGreaterThan(0.3); // 0.4
    expect(second).toBeLessThan(0.5);
  });

  it('learns categories with arbitrary numbers, and predicts unknown ones too', async () => {
    // The label depends on the category, whose order means nothing.
    const labels = [1, 0, 0, 1, 0, 1, 1, 0, 0, 1];
    const table = Array.from({ length: 800 }, (_, row) => `${labels[(row * 7) % 10]},${7 * ((row * 7) % 10)}\n`).join(
      '',
    );
    const contents = (more: Record<string, string>): ContainerContents => ({
      hyperparameters: { objective: 'binary', epochs: '12', learning_rate: '0.02', hidden_units: 'none', ...more },
      channels: { train: { 'a.csv': table } },
    });

    const named = await trainOn(contents({ categorical_features: '0' }));
    const numeric = await trainOn(contents({}));

    expect(named.failure).toBeUndefined();
    expect(valuesOf(named, 'train:accuracy').at(-1)).toBe(1);
    expect(valuesOf(numeric, 'train:accuracy').at(-1)).toBeLessThan(0.8); // a line cannot
    const [unknown, known] = (await predict(named, '1000\n0\n')).map(([score]) => score);
    expect(known).toBeGreaterThan(0.8);
    expect(Math.abs(unknown! - 0.5)).toBeLessThan(Math.abs(known! - 0.5));
  });

  it('ignores rows whose csv_weights weight is 0', async () => {
    const rows = binaryTable(300).trimEnd().split('\n');
    const weighted = rows.map((line) => line.replace(',', ',1,'));
    const noise = binaryTable(300, 9)
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^(.),/, (_, label) => `${1 - Number(label)},0,`));
    const job = (lines: readonly string[], more: Record<string, string> = {}): ContainerContents => ({
      hyperparameters: { objective: 'binary', epochs: '10', csv_weights: '1', learning_rate: '0.01', ...more },
      channels: {
        train: { 'a.csv': `${lines.join('\n')}\n` },
        validation: { 'b.csv': `${weighted.join('\n')}\n` },
      },
    });

    const mixed = await trainOn(job([...weighted, ...noise]));
    const misled = await trainOn(job([...weighted, ...noise.map((line) => line.replace(',0,', ',3,'))]));

    expect(valuesOf(mixed, 'validation:accuracy').at(-1)).toBeGreaterThan(0.85);
    expect(valuesOf(misled, 'validation:accuracy').at(-1)).toBeLessThan(0.5);
  });

  it('with class_weights=balanced finds a rare class', async () => {
    const label = (_: readonly number[], uniform: () => number) => String(Number(uniform() < 0.1));
    const table = csvTable({ rows: 2000, seed: 1, label });
    const probability = async (more: Record<string, string>) => {
      const trained = await trainOn({
        hyperparameters: { objective: 'binary', epochs: '8', learning_rate: '0.01', hidden_units: 'none', ...more },
        channels: { train: { 'a.csv': table } },
      });
      const score = (await predict(trained, '0.5,0.5,0.5,0.5'))[0]![0];
      return score!;
    };

    const plain = await probability({});
    const balanced = await probability({ class_weights: 'balanced' });
    const given = await probability({ class_weights: '1,36' });

    // Odds of 1 : 9 times the ratio of weights, 9 and 36. Nothing else is there to learn but noise.
    expect(Math.abs(plain - 0.1)).toBeLessThan(0.06);
    expect(Math.abs(balanced - 0.5)).toBeLessThan(0.15);
    expect(Math.abs(given - 0.8)).toBeLessThan(0.1);
  });

  it('follows its learning-rate schedule', async () => {
    const rates = async (more: Record<string, string>) =>
      valuesOf(
        await trainOn({
          hyperparameters: { objective: 'regression', epochs: '6', learning_rate: '0.01', ...more },
          channels: { train: { 'a.csv': regressionTable(64) } },
        }),
        'learning_rate',
      );

    const stepped = await rates({ lr_schedule: 'step', lr_step_factor: '0.5' });
    const warm = await rates({ warmup_epochs: '3' });
    const cosine = await rates({ lr_schedule: 'cosine' });

    expect(stepped).toEqual([0.01, 0.01, 0.005, 0.005, 0.0025, 0.0025]); // two epochs are a third of six
    expect(warm.map((rate) => Number(rate.toFixed(5)))).toEqual([0.00333, 0.00667, 0.01, 0.01, 0.01, 0.01]);
    expect(cosine[2]).toBeCloseTo((0.01 * (1 + Math.cos((Math.PI * 5) / 12))) / 2, 6); // 2 steps per epoch: the 6th of 12
    expect(cosine[5]).toBeLessThan(0.0005);
  });

  it.each<[string, Record<string, string>]>([
    ['l2', { l2: '3' }],
    ['l1', { l1: '1' }],
    ['weight_decay', { optimizer: 'adamw', weight_decay: '10' }],
  ])('shrinks weights by %s', async (_, more) => {
    const job = (given: Record<string, string>): ContainerContents => ({
      hyperparameters: { objective: 'regression', epochs: '10', learning_rate: '0.01', ...given },
      channels: { train: { 'a.csv': regressionTable(300) } },
    });
    const spread = (rows: readonly (readonly number[])[]) => Math.abs(rows[0]![0]! - rows[1]![0]!);
    const ends = '0.1,0.5,0.5,0.5\n0.9,0.5,0.5,0.5\n';

    const free = spread(await predict(await trainOn(job({})), ends));
    const held = spread(await predict(await trainOn(job(more)), ends));

    expect(free).toBeGreaterThan(6); // 10 · 0.8
    expect(held).toBeLessThan(free / 2);
  });

  it('gives the same model for the same seed, another for another', async () => {
    const job = (seed: string): ContainerContents => ({
      hyperparameters: { objective: 'binary', epochs: '3', dropout: '0.3', seed },
      channels: { train: { 'a.csv': binaryTable(300) } },
    });

    const models = [await trainOn(job('4')), await trainOn(job('4')), await trainOn(job('5'))].map(({ model }) =>
      model.get('weights.bin'),
    );

    expect(models[1]).toEqual(models[0]);
    expect(models[2]).not.toEqual(models[0]);
  });
});
