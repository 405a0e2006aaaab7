/** The metrics that a job reports, and that its predictions have. */
import { binaryTable, classTable, regressionTable } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { historyOf, predict, useJobs } from './jobs.js';

const { trainOn } = useJobs();

describe('a training job', () => {
  it('writes the metrics of each epoch, and a history of them', async () => {
    const trained = await trainOn({
      hyperparameters: { objective: 'regression', epochs: '15', learning_rate: '0.01' },
      channels: { train: { 'a.csv': regressionTable(600) }, validation: { 'b.csv': regressionTable(100, 2) } },
    });

    const lines = trained.lines.filter((line) => line.startsWith('epoch='));
    const history = historyOf(trained);

    expect(trained.failure).toBeUndefined();
    expect(lines).toHaveLength(15);
    expect(lines[14]).toMatch(
      /^epoch=15 learning_rate=0.01 train:loss=\S+ train:rmse=\S+ train:mae=\S+ validation:loss=\S+ validation:rmse=\S+ validation:mae=\S+$/,
    );
    expect(history).toHaveLength(15);
    expect(history[14]).toMatchObject({ epoch: 15, learning_rate: 0.01, 'validation:rmse': expect.any(Number) });
    // The labels' deviation is 2.9, their noise 0.03.
    expect(history[14]!['validation:rmse']).toBeLessThan(0.3);
  });

  it.each<[string, Record<string, string>, (rows: number, seed?: number) => string]>([
    ['binary', {}, binaryTable],
    ['multiclass', { num_classes: '3' }, classTable],
    ['regression', {}, regressionTable],
  ])('with objective %s reports the metrics that its predictions have', async (objective, more, table) => {
    const validation = table(200, 2);
    const trained = await trainOn({
      hyperparameters: { objective, epochs: '5', ...more },
      channels: { train: { 'a.csv': table(600) }, validation: { 'b.csv': validation } },
    });
    const rows = validation.trimEnd().split('\n');
    const labels = rows.map((line) => Number(line.split(',')[0]));
    const features = rows.map((line) => line.slice(line.indexOf(',') + 1)).join('\n');

    const scores = await predict(trained, features);

    const last = historyOf(trained).at(-1)!;
    if (objective === 'regression') {
      const squares = scores.map(([score], row) => (score! - labels[row]!) ** 2);
      const rmse = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / 200);
      expect(last['validation:rmse']).toBeCloseTo(rmse, 4); // float32 predictions of labels up to 11
    } else {
      const right = scores.filter((row, index) => {
        const label = row.length === 1 ? Number(row[0]! > 0.5) : row.indexOf(Math.max(...row));
        return label === labels[index];
      });
      const probability = scores.map((row, index) =>
        row.length === 1 ? (labels[index] === 1 ? row[0]! : 1 - row[0]!) : row[labels[index]!]!,
      );
      const loss = probability.reduce((sum, p) => sum - Math.log(p), 0) / 200;
      expect(last['validation:accuracy']).toBeCloseTo(right.length / 200, 12);
      expect(last['validation:loss']).toBeCloseTo(loss, 4); // float32 probabilities
    }
  });

  it('logs which metric is undefined for the rows, and continues', async () => {
    const trained = await trainOn({
      hyperparameters: { objective: 'binary', epochs: '2' },
      channels: {
        train: { 'a.csv': binaryTable(100) },
        validation: { 'b.csv': '1,0.9,0.9,0.9,0.9\n1,0.8,0.8,0.8,0.8\n' },
      },
    });

    expect(trained.exitCode).toBe(0);
    expect(trained.lines.join('\n')).toContain('validation:auc: not defined for these rows');
    expect(trained.lines.filter((line) => line.includes('validation:loss='))).toHaveLength(2);
  });
});
