import { readHyperparameters } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { definition } from '../src/definition.js';
import * as rules from '../src/hyperparameters/rules.js';
import { settingsOf } from '../src/hyperparameters/settings.js';

await definition.loadHyperparameters();

/** What a job with these texts would train with and warn of. @throws ClientError as the job fails */
function parse(given: Readonly<Record<string, string>>) {
  const { values, warnings } = readHyperparameters(definition, { num_round: '10', ...given }, rules);
  return { ...values, warnings };
}

describe('hyperparameters', () => {
  it('have XGBoost’s defaults', () => {
    const values = parse({});

    expect(settingsOf(values).tree).toMatchObject({
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

  it('are also accepted under XGBoost’s other names', () => {
    const values = parse({ learning_rate: '0.1', min_split_loss: '2', reg_lambda: '3', reg_alpha: '4' });

    expect(settingsOf(values).tree).toMatchObject({ eta: 0.1, gamma: 2, lambda: 3, alpha: 4 });
  });

  it.each([
    [
      { eta: '0.2', gamma: '4', learning_rate: '0.01' },
      0.01,
      '"eta" and "learning_rate" are names of the same hyperparameter; the last one, "learning_rate"',
    ],
    [
      { learning_rate: '0.01', eta: '0.2' },
      0.2,
      '"learning_rate" and "eta" are names of the same hyperparameter; the last one, "eta", is used',
    ],
  ])('given under two names: the last one is used, with a warning: %j', (given, eta, warning) => {
    const values = parse(given as Record<string, string>);

    expect(values.eta).toBe(eta);
    expect(values.warnings).toEqual([expect.stringContaining(warning)]);
  });

  it('parse constraints in the notations of XGBoost’s clients', () => {
    const values = parse({ monotone_constraints: '(1,0,-1)', interaction_constraints: '[[0,1],[2,3,4]]' });

    expect(values.monotone_constraints).toEqual([1, 0, -1]);
    expect(values.interaction_constraints).toEqual([
      [0, 1],
      [2, 3, 4],
    ]);
    expect(parse({ monotone_constraints: '()' }).monotone_constraints).toEqual([]);
  });

  it.each([
    ['monotone_constraints', '(2)', 'a list of -1, 0 or 1 for each column, such as (1,0,-1)'],
    ['interaction_constraints', '[[0,-1]]', 'a list of lists of column numbers from 0, such as [[0,1],[2,3]]'],
  ])('refuse %s %s', (name, text, rule) => {
    expect(() => parse({ [name]: text })).toThrow(`Hyperparameter "${name}" must be ${rule}; received "${text}".`);
  });

  it('parse a list of metrics with arguments, without duplicates', () => {
    const values = parse({ objective: 'binary:logistic', eval_metric: 'logloss, auc,error@0.7,auc' });

    expect(values.eval_metric).toEqual(['logloss', 'auc', 'error@0.7']);
    expect(parse({ eval_metric: '["rmse","mae"]' }).eval_metric).toEqual(['rmse', 'mae']);
  });

  it('that belong to an objective are passed to it', () => {
    const values = parse({ objective: 'reg:quantileerror', quantile_alpha: '[0.1, 0.5, 0.9]' });
    const poisson = parse({ objective: 'count:poisson' });

    expect(settingsOf(values).parameters.quantileAlpha).toEqual([0.1, 0.5, 0.9]);
    expect(settingsOf(poisson).parameters.maxDeltaStep).toBe(0.7);
    expect(settingsOf(poisson).tree.maxDeltaStep).toBe(0.7);
  });

  it.each<[Record<string, string>, string]>([
    [{ num_class: '3' }, '"num_class" is only for objective multi:softmax or multi:softprob'],
    [{ booster: 'gblinear' }, 'received "gblinear". Use the algorithm linear-regression'],
    [{ tree_method: 'exact' }, '"tree_method" must be auto or hist; received "exact". Only the histogram method'],
    [{ tree_method: 'approx' }, 'It computes new histogram bins in every round'],
    [{ tree_method: 'gpu_hist' }, 'There is no GPU version'],
    [{ max_leaves: '1' }, '"max_leaves" must be 0 (no limit) or at least 2; received "1"'],
    [{ quantile_alpha: '0.5' }, '"quantile_alpha" is only for objective reg:quantileerror; received "0.5"'],
    [{ objective: 'reg:quantileerror', quantile_alpha: '0.9,0.1' }, 'in ascending order'],
    [{ huber_slope: '2' }, '"huber_slope" is only for objective reg:pseudohubererror'],
    [{ lambdarank_unbiased: 'true' }, '"lambdarank_unbiased" is only for objective rank:pairwise, rank:ndcg, rank:map'],
    [{ objective: 'binary:logistic', base_score: '2' }, '"base_score" must be a number in [0, 1] with objective'],
    [{ eval_metric: 'auc' }, 'auc needs'],
    [{ eval_metric: 'rmsee' }, 'received "rmsee"'],
    [{ _kfold: '3', early_stopping_rounds: '5' }, '"early_stopping_rounds" cannot be used with "_kfold"'],
    [{ subsample: '0' }, '"subsample" must be a number in (0, 1]; received "0"'],
    [{ updater: 'prune' }, '"updater" must be grow_quantile_histmaker, alone or with prune and sync; received "prune"'],
    [{ updater: 'grow_colmaker,prune' }, 'received "grow_colmaker,prune". Only the histogram method is supported'],
    [{ process_type: 'update' }, 'pass it in channel "model"'],
    [{ use_dask_gpu_training: 'true' }, 'There is no GPU version'],
    [
      { objective: 'rank:ndcg', lambdarank_bias_norm: '2' },
      '"lambdarank_bias_norm" is only for lambdarank_unbiased; received "2" with it being false',
    ],
    [{ nthreads: '2' }, 'Unknown hyperparameter "nthreads"; did you mean "nthread"?'],
  ])('that are invalid are refused: %j', (given, message) => {
    expect(() => parse(given)).toThrow(message);
  });

  it.each<[Record<string, string>, string]>([
    [
      { rate_drop: '0.1' },
      '"rate_drop" is only for booster dart; received "0.1" with booster "gbtree". It has no effect.',
    ],
    [{ sample_type: 'weighted' }, '"sample_type" is only for booster dart'],
    [{ normalize_type: 'forest' }, '"normalize_type" is only for booster dart'],
    [{ one_drop: '1' }, '"one_drop" is only for booster dart'],
    [{ skip_drop: '0.5' }, '"skip_drop" is only for booster dart'],
    [
      { tweedie_variance_power: '1.4', objective: 'binary:logistic' },
      '"tweedie_variance_power" is only for objective reg:tweedie; received "1.4" with objective "binary:logistic". It has no effect.',
    ],
    [{ scale_pos_weight: '2', objective: 'count:poisson' }, '"scale_pos_weight" is only for objective binary:logistic'],
    [{ aft_loss_distribution: 'logistic' }, '"aft_loss_distribution" is only for objective survival:aft'],
    [{ aft_loss_distribution_scale: '2' }, '"aft_loss_distribution_scale" is only for objective survival:aft'],
    [{ sampling_method: 'gradient_based' }, '"sampling_method" is only for a subsample below 1'],
    [{ _num_cv_round: '2' }, '"_num_cv_round" is only for cross-validation'],
    [{ verbosity: '2' }, '"verbosity" has no effect here: the log is always the same; received "2".'],
    [{ deterministic_histogram: 'false' }, '"deterministic_histogram" has no effect here'],
    [{ single_precision_histogram: 'true' }, '"single_precision_histogram" has no effect here'],
    [{ refresh_leaf: '0' }, '"refresh_leaf" has no effect here: it is only for process_type update'],
    [{ predictor: 'gpu_predictor' }, '"predictor" has no effect here: there is no GPU version'],
    [{ dsplit: 'col' }, '"dsplit" has no effect here: several instances always share the rows'],
    [{ sketch_eps: '0.1' }, '"sketch_eps" has no effect here: it is only for tree_method approx; set max_bin instead'],
    [{ lambda_bias: '1' }, '"lambda_bias" has no effect here: it is only for booster gblinear'],
    [{ prob_buffer_row: '1.5' }, '"prob_buffer_row" has no effect here'],
  ])('of the XGBoost container that have no effect cause a warning: %j', (given, warning) => {
    expect(parse(given).warnings).toEqual([expect.stringContaining(`Hyperparameter ${warning}`)]);
  });

  it('at their defaults are neither refused nor warned about, with any objective and booster', () => {
    const defaults = definition.hyperparameters.parse({ num_round: 1 });
    const given = Object.fromEntries(
      Object.entries(defaults).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    );
    for (const change of [
      {},
      { booster: 'dart' },
      { objective: 'rank:ndcg' },
      { objective: 'reg:tweedie' },
      { _kfold: '2' },
    ]) {
      expect(parse({ ...given, ...(change as Record<string, string>) }).warnings).toEqual([]);
    }
  });

  it('require num_round', () => {
    expect(() => parse({ num_round: '' })).toThrow('"num_round" must be an integer in [1, 100000]');
  });

  it('may include the names that the platform and other clients add', () => {
    const values = parse({ _tuning_objective_metric: 'validation:rmse', verbosity: '2', tree_method: 'hist' });

    expect(values.num_round).toBe(10);
  });
});
