import { createRequire } from 'node:module';
import {
  binaryTable,
  checkAlgorithm,
  csvTable,
  openInvocations,
  openSample,
  outputOf,
  regressionTable,
  useJobs,
} from '@algo/contract/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { gradientBoosting } from '../src/algorithm.js';
import { readEnsemble } from '../src/model/index.js';

const { folder, hyperparameters } = openSample(new URL('../../../sample-data/gradient-boosting/', import.meta.url));
const breastCancer = { train: folder('train'), validation: folder('validation') };

const { train: trainOn } = useJobs(gradientBoosting, { afterEach });

it('imported by the name of its package, it is the definition, and runs nothing', () => {
  const built: unknown = createRequire(import.meta.url)('@algo/gradient-boosting'); // as Node reads it, without Vite

  expect(built).toMatchObject({ gradientBoosting: { name: 'gradient-boosting', train: expect.any(Function) } });
});

describe('the shared rules of algorithms', () => {
  checkAlgorithm(gradientBoosting, {
    test: it,
    job: { hyperparameters, channels: breastCancer },
    rows: Object.values(folder('inference/batch'))[0]!.toString().split('\n').slice(0, 4).join('\n'),
    metrics: { 'validation:auc': { atLeast: 0.98 }, 'validation:logloss': { atMost: 0.15 } },
  });
});

describe('a training job', () => {
  it('writes the metrics of each round, importance and history', async () => {
    const trained = await trainOn({
      hyperparameters: { num_round: '5', max_depth: '3', eval_metric: 'rmse,mae' },
      channels: { train: { 'a.csv': regressionTable(300) }, validation: { 'b.csv': regressionTable(100, 2) } },
    });

    const history = JSON.parse(outputOf(trained, 'evaluation-history.json'));
    const importance = JSON.parse(outputOf(trained, 'feature-importance.json'));

    expect(trained.failure).toBeUndefined();
    expect(trained.lines.filter((line) => line.startsWith('round='))).toHaveLength(5);
    expect(trained.lines.join('\n')).toMatch(
      /round=4 train:mae=\S+ train:rmse=\S+ validation:rmse=\S+ validation:mae=/,
    );
    expect(history).toHaveLength(5);
    expect(history[4]).toMatchObject({ round: 4, 'validation:rmse': expect.any(Number) });
    expect(history[4]['validation:rmse']).toBeLessThan(history[0]['validation:rmse'] / 3); // 0.7⁴ of the error is left
    expect(importance.features[0]).toMatchObject({ feature: 'f0', index: 0, weight: expect.any(Number) });
    expect(Object.keys(importance.features[0])).toEqual(
      expect.arrayContaining(['weight', 'gain', 'cover', 'total_gain', 'total_cover']),
    );
  });

  it('gives the same model for any number of threads', async () => {
    const channels = { train: { 'a.csv': binaryTable(3000) } };
    const options = { objective: 'binary:logistic', num_round: '8', subsample: '0.7', colsample_bynode: '0.5' };

    const one = await trainOn({ hyperparameters: { ...options, nthread: '1' }, channels });
    const three = await trainOn({ hyperparameters: { ...options, nthread: '3' }, channels });

    expect(three.model.get('xgboost-model.ubj')).toEqual(one.model.get('xgboost-model.ubj'));
  });

  it('keeps the trees up to the best round and records which it was', async () => {
    const trained = await trainOn({
      hyperparameters: {
        objective: 'binary:logistic',
        num_round: '200',
        early_stopping_rounds: '5',
        eta: '0.5',
        max_depth: '8',
      },
      channels: { train: { 'a.csv': binaryTable(400) }, validation: { 'b.csv': binaryTable(400, 2) } },
    });

    const model = readEnsemble(trained.model.get('xgboost-model.ubj')!);
    const best = Number(model.attributes.best_iteration);
    const history: Record<string, number>[] = JSON.parse(outputOf(trained, 'evaluation-history.json'));

    expect(history).toHaveLength(best + 6);
    expect(history[best]!['validation:logloss']).toBe(Math.min(...history.map((e) => e['validation:logloss']!)));
    expect(model.trees).toHaveLength(best + 1);
    expect(Number(model.attributes.best_score)).toBe(history[best]!['validation:logloss']);
  });

  it('adds the metric of a tuning job to the requested ones', async () => {
    const trained = await trainOn({
      hyperparameters: {
        objective: 'binary:logistic',
        num_round: '2',
        eval_metric: 'logloss',
        _tuning_objective_metric: 'validation:f1',
      },
      channels: { train: { 'a.csv': binaryTable(100) }, validation: { 'b.csv': binaryTable(100, 2) } },
    });

    expect(trained.lines.join('\n')).toMatch(/validation:logloss=\S+ validation:f1=/);
  });

  it('reports a tuned tweedie-nloglik under its plain name, with the power of the objective', async () => {
    const trained = await trainOn({
      hyperparameters: {
        objective: 'reg:tweedie',
        num_round: '2',
        tweedie_variance_power: '1.3',
        _tuning_objective_metric: 'validation:tweedie-nloglik',
      },
      channels: { train: { 'a.csv': regressionTable(60) }, validation: { 'b.csv': regressionTable(60, 2) } },
    });
    const [, full, plain] =
      /validation:tweedie-nloglik@1\.3=(\S+) validation:tweedie-nloglik=(\S+)/.exec(trained.lines.join('\n')) ?? [];

    expect(trained.failure).toBeUndefined();
    expect(plain).toBe(full);
  });

  it('trains with a variance power of 1 if another metric is set', async () => {
    const trained = await trainOn({
      hyperparameters: { objective: 'reg:tweedie', num_round: '2', tweedie_variance_power: '1', eval_metric: 'rmse' },
      channels: { train: { 'a.csv': regressionTable(60) } },
    });

    expect(trained.failure).toBeUndefined();
  });

  it('computes training metrics of a large table every few rounds and at the end, validation metrics in every round', async () => {
    const contents = (validation: boolean) => ({
      hyperparameters: { num_round: '5', max_depth: '2' },
      channels: {
        train: { 'a.csv': regressionTable(250_000) },
        ...(validation && { validation: { 'b.csv': regressionTable(50, 2) } }),
      },
    });

    const alone = await trainOn(contents(false));
    const validated = await trainOn(contents(true));
    const rounds = ({ lines }: typeof alone, name: string) =>
      lines.flatMap((line) => (line.includes(name) ? [/^round=(\d+)/.exec(line)?.[1]] : []));

    expect(rounds(alone, 'round=')).toEqual(['0', '3', '4']);
    expect(rounds(validated, 'train:rmse')).toEqual(['0', '3', '4']);
    expect(rounds(validated, 'validation:rmse')).toEqual(['0', '1', '2', '3', '4']);
  });

  it.each<[string, Record<string, string>, (f: readonly number[]) => string, string?]>([
    ['reg:absoluteerror', {}, ([a]) => `${10 * a!}`],
    ['reg:quantileerror', { quantile_alpha: '0.1,0.5,0.9' }, ([a]) => `${10 * a!}`],
    ['reg:pseudohubererror', {}, ([a]) => `${10 * a!}`],
    ['reg:gamma', {}, ([a]) => `${1 + a!}`],
    ['reg:tweedie', { tweedie_variance_power: '1.3' }, ([a]) => `${Math.floor(3 * a!)}`],
    ['count:poisson', {}, ([a]) => `${Math.floor(5 * a!)}`],
    ['binary:hinge', {}, ([a]) => `${Number(a! > 0.5)}`],
    ['binary:logitraw', {}, ([a]) => `${Number(a! > 0.5)}`],
    ['multi:softmax', { num_class: '3' }, ([a]) => `${Math.floor(3 * a!)}`],
    ['multi:softprob', { num_class: '3' }, ([a]) => `${Math.floor(3 * a!)}`],
    ['survival:cox', {}, ([a]) => `${(a! > 0.8 ? -1 : 1) * (1 + a!)}`],
    ['survival:aft', { aft_loss_distribution: 'logistic' }, ([a]) => `${(a! > 0.8 ? -1 : 1) * (1 + a!)}`],
    ['rank:ndcg', {}, ([a, b]) => `${Math.floor(3 * a!)},${Math.floor(10 * b!)}`, 'text/csv;label_size=2'],
  ])('trains and serves objective %s', async (objective, more, label, contentType = 'text/csv') => {
    const rows = csvTable({ rows: 200, seed: 3, label }).trimEnd().split('\n');
    const sorted = objective.startsWith('rank:')
      ? rows.sort((a, b) => Number(a.split(',')[1]) - Number(b.split(',')[1]))
      : rows;
    const trained = await trainOn({
      hyperparameters: { objective, num_round: '10', max_depth: '3', ...more },
      channels: { train: { 'a.csv': `${sorted.join('\n')}\n` } },
      inputDataConfig: { train: { ContentType: contentType } },
    });
    expect(trained.failure).toBeUndefined();
    const invoke = await openInvocations(gradientBoosting, trained);

    const { status, body } = await invoke({ contentType: 'text/csv', body: '0.1,0.5,0.5,0.5\n0.9,0.5,0.5,0.5\n' });
    const [low, high] = body.trimEnd().split('\n');

    expect(status).toBe(200);
    expect(low).not.toBe(high);
  });

  it('reads libsvm requests with the index base of the training data', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => `${index % 2} 1:${index % 2} 2:${index}`).join('\n');
    const trained = await trainOn({
      hyperparameters: { objective: 'binary:logistic', num_round: '3' },
      channels: { train: { 'a.libsvm': rows } },
      inputDataConfig: { train: { ContentType: 'text/libsvm;index_base=1' } },
    });
    const invoke = await openInvocations(gradientBoosting, trained);

    const sparse = await invoke({ contentType: 'text/libsvm', body: '1:1 2:7\n1:0 2:7\n' });
    const dense = await invoke({ contentType: 'text/csv', body: '1,7\n0,7\n' });

    expect(sparse.status, sparse.body).toBe(200);
    expect(sparse.body).toBe(dense.body);
    expect(Number(dense.body.split('\n')[0])).toBeGreaterThan(0.5);
  });

  it('reads absent values of sparse libsvm rows as missing', async () => {
    const line = (index: number) => `${index % 2} ${index % 2 === 0 ? `1:${index}` : ''} 3:${(index * 7) % 5}`;
    const rows = Array.from({ length: 100 }, (_, index) => line(index)).join('\n');
    const trained = await trainOn({
      hyperparameters: { objective: 'binary:logistic', num_round: '3', min_child_weight: '0' },
      channels: { train: { 'a.libsvm': rows } },
      inputDataConfig: { train: { ContentType: 'text/libsvm' } },
    });
    expect(trained.failure).toBeUndefined();

    const importance = JSON.parse(outputOf(trained, 'feature-importance.json'));

    expect(importance.featureCount).toBeGreaterThanOrEqual(3);
    expect(importance.features).toHaveLength(1); // the label is whether the first value is missing
  });

  it('logs which metric is undefined for the rows, and continues', async () => {
    const trained = await trainOn({
      hyperparameters: { objective: 'binary:logistic', num_round: '3', eval_metric: 'auc,logloss' },
      channels: {
        train: { 'a.csv': binaryTable(100) },
        validation: { 'b.csv': '1,0.9,0.9,0.9,0.9\n1,0.8,0.8,0.8,0.8\n' },
      },
    });

    expect(trained.exitCode).toBe(0);
    expect(trained.lines.join('\n')).toContain('validation:auc: not defined for these rows');
    expect(trained.lines.filter((line) => line.includes('validation:logloss='))).toHaveLength(3);
  });
});
