/** Channel `model`: training continues from the model of an earlier job. */
import { gzipSync } from 'node:zlib';
import { binaryTable, csvTable, regressionTable, tarOf, useJobs } from '@algo/contract/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { gradientBoosting } from '../../src/algorithm.js';
import { readEnsemble } from '../../src/model/index.js';
import { writeJson } from '../../src/model/write.js';
import { walkMargins } from '../../src/predict/index.js';
import { ONE_THREAD } from '../support/one-thread.js';

const MODEL = 'xgboost-model.ubj';
const { train: trainOn } = useJobs(gradientBoosting, { afterEach, hyperparameters: ONE_THREAD });

const hyperparameters = { objective: 'binary:logistic', num_round: '4', max_depth: '3' };
const train = { 'a.csv': binaryTable(400) };
const goOn = (model: Record<string, string | Uint8Array>, more: Record<string, string> = {}) =>
  trainOn({
    hyperparameters: { ...hyperparameters, ...more },
    channels: { train, model },
    inputDataConfig: { model: { ContentType: 'application/x-sagemaker-model' } },
  });

describe('a job with a model channel', () => {
  it('ends with the same model as one job with all rounds', async () => {
    const all = await trainOn({ hyperparameters: { ...hyperparameters, num_round: '8' }, channels: { train } });
    const first = await trainOn({ hyperparameters, channels: { train } });

    const second = await goOn({ 'model.tar.gz': gzipSync(tarOf(first.model)) });
    const grown = readEnsemble(second.model.get(MODEL)!);
    const expected = readEnsemble(all.model.get(MODEL)!);
    const rows = Float32Array.from({ length: 400 }, (_, index) => ((index * 37) % 101) / 101);

    expect(grown.trees).toHaveLength(8);
    expect(walkMargins(grown, rows)).toEqual(walkMargins(expected, rows));
  });

  it('accepts a single XGBoost model file as JSON', async () => {
    const first = await trainOn({ hyperparameters, channels: { train } });

    const second = await goOn({ 'model.json': writeJson(readEnsemble(first.model.get(MODEL)!)) });

    expect(second.failure).toBeUndefined();
    expect(readEnsemble(second.model.get(MODEL)!).trees).toHaveLength(8);
  });

  it.each<[string, Record<string, string>, string]>([
    ['another objective', { objective: 'reg:squarederror' }, 'must have objective reg:squarederror'],
    ['dart', { booster: 'dart' }, '"booster" must be gbtree with channel "model"; received "dart"'],
    ['other forests', { num_parallel_tree: '2' }, 'must have num_parallel_tree 2, as this job has; received 1'],
    ['a base score', { base_score: '0.4' }, '"base_score" cannot be used with channel "model"'],
    ['cross-validation', { _kfold: '2' }, 'Channel "model" cannot be used with hyperparameter "_kfold"'],
  ])('refuses %s', async (_, more, message) => {
    const first = await trainOn({ hyperparameters, channels: { train } });

    const second = await goOn({ 'xgboost-model': first.model.get(MODEL)! }, more);

    expect(second.failure).toContain(message);
  });

  it('refuses other quantiles, each of which is an output, however they are written', async () => {
    const quantiles = (levels: string, model?: Buffer) =>
      trainOn({
        hyperparameters: { objective: 'reg:quantileerror', num_round: '2', quantile_alpha: levels },
        channels: { train: { 'a.csv': regressionTable(60) }, ...(model && { model: { 'xgboost-model': model } }) },
        inputDataConfig: model ? { model: { ContentType: 'application/x-sagemaker-model' } } : {},
      });
    const first = (await quantiles('0.1,0.9')).model.get(MODEL)!;

    expect((await quantiles('[0.1, 9e-1]', first)).failure).toBeUndefined();
    expect((await quantiles('0.1,0.8', first)).failure).toContain('must have quantile_alpha 0.1');
    expect((await quantiles('0.5', first)).failure).toContain('must have quantile_alpha 0.5');
  });

  it('refuses a dart model, because later rounds would change the weights of its trees', async () => {
    const dart = await trainOn({ hyperparameters: { ...hyperparameters, booster: 'dart' }, channels: { train } });

    const second = await goOn({ 'xgboost-model': dart.model.get(MODEL)! });

    expect(second.failure).toContain('the start model must have booster gbtree, as this job has; received dart');
  });

  it('refuses a different number of label columns', async () => {
    const targets = (labels: number, model?: Buffer) =>
      trainOn({
        hyperparameters: { num_round: '2' },
        channels: {
          train: {
            'a.csv': csvTable({ rows: 60, seed: 1, label: ([a, b]) => `${a},${b}`.split(',').slice(0, labels).join() }),
          },
          ...(model && { model: { 'xgboost-model': model } }),
        },
        inputDataConfig: {
          train: { ContentType: `text/csv;label_size=${labels}` },
          ...(model && { model: { ContentType: 'application/x-sagemaker-model' } }),
        },
      });

    const one = (await targets(1)).model.get(MODEL)!;

    expect((await targets(2, one)).failure).toContain('must have 2 outputs, as this job has');
  });

  it('refuses a channel without a model and a damaged archive', async () => {
    const none = await goOn({ 'notes.txt': 'hello' });
    const damaged = await goOn({ 'model.tar.gz': gzipSync('x'.repeat(600)).subarray(0, 25) });

    expect(none.failure).toContain('Channel "model" must contain one model');
    expect(damaged.failure).toContain(
      'model/model.tar.gz: the file must be complete gzip data; it is damaged or ends early',
    );
  });

  it('refuses rows with a different number of columns', async () => {
    const first = await trainOn({ hyperparameters, channels: { train } });

    const second = await trainOn({
      hyperparameters,
      channels: { train: { 'a.csv': '1,2\n0,3\n' }, model: { 'xgboost-model': first.model.get(MODEL)! } },
      inputDataConfig: { model: { ContentType: 'application/x-sagemaker-model' } },
    });

    expect(second.exitCode).toBe(1);
    expect(second.failure).toContain('train/a.csv line 1: expected 5 columns; received 2');
  });
});
