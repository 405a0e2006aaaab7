/** `_kfold`: models, out-of-fold metrics and predictions. */
import { binaryTable, csvTable, openInvocations, outputOf, useJobs } from '@algo/contract/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { gradientBoosting } from '../../src/algorithm.js';
import { readEnsemble } from '../../src/model/index.js';
import { walkMargins } from '../../src/predict/index.js';
import { ONE_THREAD } from '../support/one-thread.js';

const { train: trainOn } = useJobs(gradientBoosting, { afterEach, hyperparameters: ONE_THREAD });

const rows = (csv: string) =>
  csv
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').map(Number));
const sigmoid = (margin: number) => 1 / (1 + Math.exp(-margin));
const hyperparameters = { objective: 'binary:logistic', num_round: '10', _kfold: '3', _num_cv_round: '2' };
const train = binaryTable(150);
const validation = binaryTable(60, 2);
const channels = { train: { 'a.csv': train }, validation: { 'b.csv': validation } };

describe('cross-validation', () => {
  it('predicts each row with models that have not seen it', async () => {
    const trained = await trainOn({ hyperparameters, channels });
    expect(trained.failure).toBeUndefined();
    const all = [...rows(train), ...rows(validation)];
    const [header, ...lines] = outputOf(trained, 'predictions.csv').trim().split('\n');
    const models = [...trained.model]
      .filter(([name]) => name.startsWith('xgboost-model'))
      .map(([, content]) => readEnsemble(content));
    const features = Float32Array.from(all.flatMap((row) => row.slice(1)));
    const probabilities = models.map((model) => Array.from(walkMargins(model, features), sigmoid));

    expect(header).toBe('label,prediction');
    expect(models).toHaveLength(6);
    for (const [row, line] of lines.entries()) {
      const [label, prediction] = line.split(',').map(Number);
      // Of each three models one has not seen the row: some pair of models, one of each repetition, has this mean.
      const means = [0, 1, 2].flatMap((one) =>
        [3, 4, 5].map((other) => (probabilities[one]![row]! + probabilities[other]![row]!) / 2),
      );
      expect(label).toBe(all[row]![0]);
      expect(Math.min(...means.map((mean) => Math.abs(mean - prediction!)))).toBeLessThan(1e-6); // float32
    }
  });

  it('prints metrics of left-out rows, which are worse than those of training rows', async () => {
    const trained = await trainOn({ hyperparameters: { ...hyperparameters, eval_metric: 'logloss' }, channels });
    const predictions = rows(outputOf(trained, 'predictions.csv').split('\n').slice(1).join('\n'));
    const loss = predictions.reduce((sum, [y, p]) => sum - Math.log(y === 1 ? p! : 1 - p!) / predictions.length, 0);
    const last = trained.lines.findLast((line) => line.includes('validation:logloss='))!;
    const value = (name: string) => Number(new RegExp(`${name}=(\\S+)`).exec(last)?.[1]);

    expect(value('validation:logloss')).toBeCloseTo(loss, 5); // printed to 8 digits, predicted in float32
    expect(value('validation:logloss')).toBeGreaterThan(2 * value('train:logloss'));
    expect(trained.lines.filter((line) => /^repetition=\d fold=\d /.test(line))).toHaveLength(6);
  });

  it('averages the models in serving', async () => {
    const trained = await trainOn({ hyperparameters, channels });
    const invoke = await openInvocations(gradientBoosting, trained);
    const features = Float32Array.of(0.3, 0.9, 0.1, 0.5);
    const models = [...trained.model].filter(([name]) => name.startsWith('xgboost')).map(([, c]) => readEnsemble(c));
    const mean = models.reduce((sum, model) => sum + sigmoid(walkMargins(model, features)[0]!) / models.length, 0);

    const { body } = await invoke({ contentType: 'text/csv', body: '0.3,0.9,0.1,0.5\n' });

    expect(Number(body)).toBeCloseTo(mean, 6);
  });

  it('votes if the objective predicts classes', async () => {
    const label = ([a, b]: readonly number[]) => String(Math.floor(1.5 * (a! + b!)));
    const table = csvTable({ rows: 120, seed: 5, label });
    const trained = await trainOn({
      hyperparameters: { objective: 'multi:softmax', num_class: '3', num_round: '4', _kfold: '3' },
      channels: { train: { 'a.csv': table } },
    });
    const invoke = await openInvocations(gradientBoosting, trained);

    const body = rows(table)
      .map((row) => row.slice(1).join(','))
      .join('\n');
    const answer = await invoke({ contentType: 'text/csv', body });
    const right = rows(answer.body).filter(([predicted], row) => predicted === rows(table)[row]![0]);

    expect(rows(answer.body).every(([predicted]) => [0, 1, 2].includes(predicted!))).toBe(true);
    expect(right.length).toBeGreaterThan(105);
  });

  it('refuses fewer rows than folds', async () => {
    const trained = await trainOn({ hyperparameters, channels: { train: { 'a.csv': '1,2\n0,3\n' } } });

    expect(trained.failure).toContain('with _kfold 3 must have at least 3 rows; received 2');
  });
});
