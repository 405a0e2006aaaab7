/**
 * "A job written for SageMaker's XGBoost container runs here": each row of what that container documents, by its name,
 * its neutral value, its channel type and its output key. Taken from its validation of hyperparameters and its serving.
 */
import { binaryTable, csvTable, openInvocations, regressionTable, useJobs } from '@algo/contract/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { gradientBoosting } from '../src/algorithm.js';
import { hyperparameters } from '../src/hyperparameters/index.js';
import { checkHyperparameters, hyperparameterWarnings } from '../src/hyperparameters/rules.js';
import { ONE_THREAD } from './support/one-thread.js';

const { train: trainOn } = useJobs(gradientBoosting, { afterEach, hyperparameters: ONE_THREAD });

/** Name, a value that selects the only implementation, and the other hyperparameters that it needs. */
const NEUTRAL: readonly (readonly [name: string, value: string, beside?: Readonly<Record<string, string>>])[] = [
  ['num_round', '2'],
  ['csv_weights', '0'],
  ['early_stopping_rounds', '5'],
  ['booster', 'gbtree'],
  ['verbosity', '1'],
  ['nthread', '1'],
  ['eta', '0.3'],
  ['learning_rate', '0.3'],
  ['gamma', '0'],
  ['min_split_loss', '0'],
  ['max_depth', '6'],
  ['max_depth', '0'],
  ['min_child_weight', '1'],
  ['max_delta_step', '0'],
  ['subsample', '1'],
  ['colsample_bytree', '1'],
  ['colsample_bylevel', '1'],
  ['colsample_bynode', '1'],
  ['lambda', '1'],
  ['reg_lambda', '1'],
  ['alpha', '0'],
  ['reg_alpha', '0'],
  ['tree_method', 'auto'],
  ['tree_method', 'hist'],
  ['sketch_eps', '0.03'],
  ['scale_pos_weight', '1'],
  ['updater', 'grow_quantile_histmaker'],
  ['updater', 'grow_quantile_histmaker,prune'],
  ['dsplit', 'row'],
  ['refresh_leaf', '1'],
  ['process_type', 'default'],
  ['grow_policy', 'depthwise'],
  ['max_leaves', '0'],
  ['max_bin', '256'],
  ['predictor', 'auto'],
  ['predictor', 'cpu_predictor'],
  ['monotone_constraints', '(0,0)', { tree_method: 'hist' }],
  ['interaction_constraints', '[[0,1,2,3]]', { tree_method: 'hist' }],
  ['sample_type', 'uniform'],
  ['normalize_type', 'tree'],
  ['rate_drop', '0.0'],
  ['one_drop', '0'],
  ['skip_drop', '0.0'],
  ['lambda_bias', '0.0'],
  ['tweedie_variance_power', '1.5'],
  ['objective', 'reg:squarederror'],
  ['num_class', '3', { objective: 'multi:softmax' }],
  ['base_score', '0.5'],
  ['eval_metric', 'rmse'],
  ['seed', '0'],
  ['num_parallel_tree', '1'],
  ['save_model_on_termination', 'true'],
  ['deterministic_histogram', 'true'],
  ['single_precision_histogram', 'false'],
  ['use_dask_gpu_training', 'false'],
  ['aft_loss_distribution', 'normal'],
  ['aft_loss_distribution_scale', '1'],
  ['sampling_method', 'uniform'],
  ['prob_buffer_row', '1.0'],
  ['_kfold', '2', { early_stopping_rounds: '' }],
  ['_num_cv_round', '1'],
  ['_tuning_objective_metric', 'validation:rmse'],
];

const three = csvTable({ rows: 60, seed: 3, label: ([a]) => `${Math.floor(3 * a!)}` });
const channels = { train: { 'a.csv': three }, validation: { 'b.csv': three } };

describe('a hyperparameter of SageMaker’s XGBoost container', () => {
  for (const [name, value, beside] of NEUTRAL) {
    it(`${name}=${value}, which selects the only implementation, is accepted without a warning`, async () => {
      const given: Record<string, string> = { num_round: '2', objective: 'reg:squarederror', ...beside, [name]: value };
      const hyperparameters = Object.fromEntries(Object.entries(given).filter(([, text]) => text !== ''));

      const { failure, lines } = await trainOn({ hyperparameters, channels });

      expect(failure).toBeUndefined();
      expect(lines.filter((line) => line.startsWith('warning'))).toEqual([]);
    });
  }

  it('is accepted together with all others', async () => {
    const all = NEUTRAL.filter(([, , beside]) => !beside).map(([name, value]) => [name, value] as const);

    const { failure, lines } = await trainOn({ hyperparameters: Object.fromEntries(all), channels });

    expect(failure).toBeUndefined();
    expect(lines.filter((line) => line.startsWith('warning')).join('\n')).toMatch(
      /^(warning: .* are names of the same hyperparameter.*\n?)*$/,
    );
  });

  it.each([
    {
      ...{ eval_metric: 'auc', num_round: '3', objective: 'binary:logistic', rate_drop: '0.3' },
      ...{ tweedie_variance_power: '1.4', eta: '0.2', alpha: '0.5', min_child_weight: '2', max_depth: '5' },
    },
    {
      ...{ eta: '0.2', gamma: '4', learning_rate: '0.01', max_depth: '5', min_child_weight: '6' },
      ...{ num_round: '3', objective: 'reg:squarederror', subsample: '0.7' },
    },
  ])('of AWS’s own samples is accepted, with a warning if it has no effect: %j', async (hyperparameters) => {
    const data = { train: { 'a.csv': binaryTable(60) } };

    const { failure, lines } = await trainOn({ hyperparameters: { ...hyperparameters }, channels: data });

    expect(failure).toBeUndefined();
    expect(lines.filter((line) => line.startsWith('warning')).length).toBeGreaterThan(0);
  });

  it('max_depth=0 grows without a limit of depth', async () => {
    const data = { train: { 'a.csv': regressionTable(300) } };
    const deep = await trainOn({ hyperparameters: { num_round: '1', max_depth: '0' }, channels: data });
    const flat = await trainOn({ hyperparameters: { num_round: '1', max_depth: '2' }, channels: data });
    const deepest = await trainOn({ hyperparameters: { num_round: '1', max_depth: '300' }, channels: data });
    const model = (job: typeof deep) => job.model.get('xgboost-model.ubj')!;

    expect(model(deep)).toEqual(model(deepest)); // no more splits than rows
    expect(model(deep).length).toBeGreaterThan(model(flat).length);
  });
});

/** Its metrics, with an objective that has them. */
const METRICS: readonly (readonly [objective: string, names: string])[] = [
  [
    'reg:squarederror',
    'rmse,mae,mape,mse,r2,rmsle,mphe,gamma-deviance,gamma-nloglik,poisson-nloglik,tweedie-nloglik@1.5',
  ],
  [
    'binary:logistic',
    'accuracy,auc,aucpr,balanced_accuracy,error,error@0.7,f1,f1_binary,f1_macro,logloss,precision,recall',
  ],
  ['multi:softprob', 'merror,mlogloss,precision_macro,precision_micro,recall_macro,recall_micro,f1_macro,accuracy'],
  ['rank:ndcg', 'map,ndcg,map@2,ndcg@2,auc'],
  ['survival:cox', 'cox-nloglik'],
  ['survival:aft', 'aft-nloglik,interval-regression-accuracy'],
  ['reg:tweedie', 'tweedie-nloglik@1.5'],
];

it.each(METRICS)('the metrics of the XGBoost container for %s are known: %s', (objective, eval_metric) => {
  const values = hyperparameters().parse({
    ...{ num_round: 1, objective, eval_metric },
    ...(objective.startsWith('multi:') && { num_class: 3 }),
  });

  expect(checkHyperparameters(values)).toEqual([]);
  expect(hyperparameterWarnings(values)).toEqual([]);
});

const CLASSIFICATION = ['predicted_label', 'labels', 'raw_score', 'raw_scores'];
const PROBABILITY = [...CLASSIFICATION, 'probability', 'probabilities'];

/** Its objectives, and the keys that its answers have for them. */
const OBJECTIVES: readonly (readonly [objective: string, keys: readonly string[], label: (a: number) => string])[] = [
  ['reg:linear', [], (a) => `${a}`],
  ['reg:squarederror', ['predicted_score'], (a) => `${a}`],
  ['reg:logistic', ['predicted_score'], (a) => `${a}`],
  ['reg:gamma', ['predicted_score'], (a) => `${1 + a}`],
  ['reg:absoluteerror', ['predicted_score'], (a) => `${a}`],
  ['reg:tweedie', ['predicted_score'], (a) => `${a}`],
  ['reg:pseudohubererror', [], (a) => `${a}`],
  ['reg:squaredlogerror', [], (a) => `${a}`],
  ['count:poisson', [], (a) => `${Math.floor(5 * a)}`],
  ['binary:logistic', PROBABILITY, (a) => `${Number(a > 0.5)}`],
  ['binary:logitraw', CLASSIFICATION, (a) => `${Number(a > 0.5)}`],
  ['binary:hinge', CLASSIFICATION, (a) => `${Number(a > 0.5)}`],
  ['multi:softmax', CLASSIFICATION, (a) => `${Math.floor(3 * a)}`],
  ['multi:softprob', PROBABILITY, (a) => `${Math.floor(3 * a)}`],
  ['rank:pairwise', [], (a) => `${Math.floor(3 * a)},1`],
  ['rank:ndcg', [], (a) => `${Math.floor(3 * a)},1`],
  ['rank:map', [], (a) => `${Number(a > 0.5)},1`],
  ['survival:cox', [], (a) => `${1 + a}`],
  ['survival:aft', [], (a) => `${1 + a}`],
];

it.each(OBJECTIVES)(
  'the XGBoost container’s objective %s trains, and its output keys are %j',
  async (objective, keys, label) => {
    const trained = await trainOn({
      hyperparameters: { objective, num_round: '2', ...(objective.startsWith('multi:') && { num_class: '3' }) },
      channels: { train: { 'a.csv': csvTable({ rows: 40, seed: 1, label: ([a]) => label(a!) }) } },
      inputDataConfig: { train: { ContentType: `text/csv;label_size=${objective.startsWith('rank:') ? 2 : 1}` } },
    });
    expect(trained.failure).toBeUndefined();
    const variables = keys.length > 0 ? { SAGEMAKER_INFERENCE_OUTPUT: keys.join(',').toUpperCase() } : {};
    const invoke = await openInvocations(gradientBoosting, trained, variables);

    const answer = await invoke({ contentType: 'text/csv', accept: 'application/json', body: '0.1,0.2,0.3,0.4' });
    const [row] = JSON.parse(answer.body).predictions;

    expect(Object.keys(row)).toEqual(keys.length > 0 ? keys : ['score']);
    expect(Object.values(row).flat().every(Number.isFinite)).toBe(true);
  },
);

describe('the content types of the XGBoost container', () => {
  const libsvm = binaryTable(40).replaceAll(/^(\d),([^,]+),([^,]+),.*$/gm, '$1 0:$2 1:$3');

  it.each([
    ['text/csv', 'csv', binaryTable(40), '0.1,0.2,0.3,0.4'],
    ['csv', 'text/csv', binaryTable(40), '0.1,0.2,0.3,0.4'],
    ['text/libsvm', 'libsvm', libsvm, '0:0.1 1:0.2'],
    ['libsvm', 'text/x-libsvm', libsvm, '0:0.1 1:0.2'],
    ['text/x-libsvm', 'text/libsvm', libsvm, '0:0.1 1:0.2'],
  ])('are read from channels, %s, and from requests, %s', async (channelType, requestType, data, body) => {
    const trained = await trainOn({
      hyperparameters: { objective: 'binary:logistic', num_round: '2' },
      channels: { train: { data }, validation: { data } },
      inputDataConfig: { train: { ContentType: channelType }, validation: { ContentType: channelType } },
    });
    expect(trained.failure).toBeUndefined();
    const invoke = await openInvocations(gradientBoosting, trained);

    const answer = await invoke({ contentType: requestType, body });

    expect([answer.status, answer.headers['Content-Type']]).toEqual([200, 'text/csv']);
  });

  it.each(['text/csv', 'text/libsvm', 'text/x-libsvm', 'application/x-parquet', 'application/x-recordio-protobuf'])(
    '%s are read from channels train and validation',
    (type) => {
      const { train, validation } = gradientBoosting.channels;

      expect(train!.contentTypes).toContain(type);
      expect(validation!.contentTypes).toContain(type);
    },
  );

  it('are read from requests and written in responses, CSV first', () => {
    const { input, output } = gradientBoosting.contentTypes;

    expect(input).toEqual(expect.arrayContaining(['text/csv', 'text/libsvm', 'application/x-recordio-protobuf']));
    expect(output).toEqual(
      expect.arrayContaining(['application/json', 'application/jsonlines', 'application/x-recordio-protobuf']),
    );
    expect(output[0]).toBe('text/csv');
  });
});
