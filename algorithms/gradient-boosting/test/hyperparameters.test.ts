import { ClientError, defineAlgorithm } from '@algo/contract';
import { runTraining } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { checkHyperparameters } from '../src/hyperparameters/rules.js';
import { completeObjectiveParameters, treeParameters } from '../src/hyperparameters/settings.js';
import { hyperparameterAliases, hyperparameters } from '../src/hyperparameters.js';

type Values = Parameters<typeof checkHyperparameters>[0];

/** What a job with these texts would train with, or how it fails. */
async function parse(given: Readonly<Record<string, string>>): Promise<Values> {
  let parsed: Values | undefined;
  const algorithm = defineAlgorithm({
    name: 'hyperparameters',
    version: '1.0.0',
    description: 'Keeps its hyperparameters.',
    hyperparameters,
    checkHyperparameters,
    hyperparameterAliases,
    channels: { train: { description: 'rows', required: true, contentTypes: ['text/csv'] } },
    metrics: {},
    contentTypes: { input: ['text/csv'], output: ['text/csv'] },
    outputs: { score: { description: 'none' } },
    values: { missingValues: 'accept', infiniteValues: 'accept' },
    train(job) {
      parsed = job.hyperparameters;
      job.saveModel({ files: {}, featureCount: 1 });
    },
    load: () => undefined,
    predict: () => ({ score: [] }),
  });
  const job = { hyperparameters: { num_round: '10', ...given }, channels: { train: { 'a.csv': '1,2\n' } } };
  const { root, failure } = await runTraining(algorithm, job);
  root.remove();
  if (!parsed) throw new ClientError('E_HYPERPARAMETER', failure ?? 'no failure file');
  return parsed;
}

describe('hyperparameters', () => {
  it('have XGBoost’s defaults', async () => {
    const values = await parse({});

    expect(treeParameters(values)).toMatchObject({
      eta: 0.3,
      gamma: 0,
      maxDepth: 6,
      minChildWeight: 1,
      lambda: 1,
      alpha: 0,
      subsample: 1,
      maxDeltaStep: 0,
      growPolicy: 'depthwise',
    });
    expect(values).toMatchObject({ objective: 'reg:squarederror', max_bin: 256, booster: 'gbtree', seed: 0 });
  });

  it('are known by XGBoost’s other names too', async () => {
    const values = await parse({ learning_rate: '0.1', min_split_loss: '2', reg_lambda: '3', reg_alpha: '4' });

    expect(treeParameters(values)).toMatchObject({ eta: 0.1, gamma: 2, lambda: 3, alpha: 4 });
  });

  it('refuse a name and its alias together', async () => {
    await expect(parse({ eta: '0.1', learning_rate: '0.1' })).rejects.toThrow('"eta" is given twice');
  });

  it.each([
    ['(1,0,-1)', [1, 0, -1]],
    ['[1, 0, -1]', [1, 0, -1]],
    ['1,0,-1', [1, 0, -1]],
    ['"(1,)"', [1]],
  ])('read monotone_constraints %s', async (text, expected) => {
    expect((await parse({ monotone_constraints: text })).monotone_constraints).toEqual(expected);
  });

  it.each(['(1,0', '(1,0]', '1;0', '(2)', '(0.5)', '()', '__import__("os")', '(1,,0)', '[[1]]', 'None', '(1) 0'])(
    'refuse monotone_constraints %s',
    async (text) => {
      await expect(parse({ monotone_constraints: text })).rejects.toThrow(
        /"monotone_constraints" .*It must be a list of -1, 0 or 1 for each column/,
      );
    },
  );

  it.each([
    [
      '[[0,1],[2,3,4]]',
      [
        [0, 1],
        [2, 3, 4],
      ],
    ],
    ['((0,1),(2,))', [[0, 1], [2]]],
    ['[0,1],[2]', [[0, 1], [2]]],
  ])('read interaction_constraints %s', async (text, expected) => {
    expect((await parse({ interaction_constraints: text })).interaction_constraints).toEqual(expected);
  });

  it.each(['[0,1]', '[[]]', '[[0,-1]]', '[[0,1.5]]', '[]', '[[[0]]]', '[["f0","f1"]]'])(
    'refuse interaction_constraints %s',
    async (text) => {
      await expect(parse({ interaction_constraints: text })).rejects.toThrow('such as [[0,1],[2,3]]');
    },
  );

  it('read a list of metrics with arguments, each once', async () => {
    const values = await parse({ objective: 'binary:logistic', eval_metric: 'logloss, auc,error@0.7,auc' });

    expect(values.eval_metric).toEqual(['logloss', 'auc', 'error@0.7']);
    expect((await parse({ eval_metric: '["rmse","mae"]' })).eval_metric).toEqual(['rmse', 'mae']);
  });

  it('give an objective its own parameters', async () => {
    const values = await parse({ objective: 'reg:quantileerror', quantile_alpha: '[0.1, 0.5, 0.9]' });
    const poisson = await parse({ objective: 'count:poisson' });

    expect(completeObjectiveParameters(values).quantileAlpha).toEqual([0.1, 0.5, 0.9]);
    expect(completeObjectiveParameters(poisson).maxDeltaStep).toBe(0.7);
    expect(treeParameters(poisson).maxDeltaStep).toBe(0.7);
  });

  it.each<[Record<string, string>, string]>([
    [{ objective: 'multi:softmax' }, '"num_class" is required with objective "multi:softmax"'],
    [{ num_class: '3' }, '"num_class" is only for objective multi:softmax or multi:softprob'],
    [{ rate_drop: '0.1' }, '"rate_drop" is only for booster dart; received "0.1" with booster "gbtree"'],
    [{ booster: 'gblinear' }, 'received "gblinear". Use the algorithm linear-regression'],
    [{ tree_method: 'exact' }, '"tree_method" must be auto or hist; received "exact". Only the histogram method'],
    [{ tree_method: 'approx' }, 'It makes new histogram bins in every round'],
    [{ tree_method: 'gpu_hist' }, 'There is no GPU version'],
    [{ max_depth: '0' }, '"max_leaves" must be at least 2 when "max_depth" is 0'],
    [{ max_leaves: '1' }, '"max_leaves" must be 0 (no limit) or at least 2; received "1"'],
    [{ scale_pos_weight: '2', objective: 'count:poisson' }, '"scale_pos_weight" is only for objective binary:logistic'],
    [{ quantile_alpha: '0.5' }, '"quantile_alpha" is only for objective reg:quantileerror; received "0.5"'],
    [{ objective: 'reg:quantileerror', quantile_alpha: '0.9,0.1' }, 'in ascending order'],
    [{ huber_slope: '2' }, '"huber_slope" is only for objective reg:pseudohubererror'],
    [{ tweedie_variance_power: '1.2' }, '"tweedie_variance_power" is only for objective reg:tweedie'],
    [{ aft_loss_distribution: 'logistic' }, '"aft_loss_distribution" is only for objective survival:aft'],
    [{ lambdarank_unbiased: 'true' }, '"lambdarank_unbiased" is only for objective rank:pairwise, rank:ndcg, rank:map'],
    [{ objective: 'binary:logistic', base_score: '2' }, '"base_score" must be a number in [0, 1] with objective'],
    [{ eval_metric: 'auc' }, 'auc needs'],
    [{ eval_metric: 'rmsee' }, 'received "rmsee"'],
    [{ _num_cv_round: '2' }, '"_num_cv_round" is only for cross-validation'],
    [{ _kfold: '3', early_stopping_rounds: '5' }, '"early_stopping_rounds" cannot be used with "_kfold"'],
    [{ subsample: '0' }, '"subsample" must be a number in (0, 1]; received "0"'],
    [{ updater: 'prune' }, 'Unknown hyperparameter "updater"'],
  ])('refuse %j', async (given, message) => {
    await expect(parse(given)).rejects.toThrow(message);
  });

  it('must have num_round', async () => {
    await expect(parse({ num_round: '' })).rejects.toThrow('"num_round" must be an integer in [1, 100000]');
  });

  it('take the service’s and other clients’ additions', async () => {
    const values = await parse({ _tuning_objective_metric: 'validation:rmse', verbosity: '2', tree_method: 'hist' });

    expect(values.num_round).toBe(10);
  });
});
