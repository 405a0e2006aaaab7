import { describe, expect, it } from 'vitest';
import { METRIC_DESCRIPTIONS } from '../../src/evaluation/descriptions.js';
import { createMetrics, isBetter, METRIC_KINDS, splitMetricList } from '../../src/evaluation/index.js';
import { createObjective } from '../../src/objectives/index.js';

const binary = createObjective('binary:logistic');

describe('splitMetricList', () => {
  it('drops spaces, empty entries and repetitions', () => {
    expect(splitMetricList(' auc, error@0.7,,auc ')).toEqual(['auc', 'error@0.7']);
  });
});

describe('createMetrics', () => {
  it('keeps the requested order, and names arguments like XGBoost', () => {
    const metrics = createMetrics(['ndcg@5-', 'error@0.50', 'error@0.70', 'map-', 'pre@3'], binary);

    expect(metrics.map(({ name }) => name)).toEqual(['ndcg@5-', 'error', 'error@0.7', 'map-', 'pre@3']);
  });

  it('lists the known metrics if one is unknown', () => {
    expect(() => createMetrics(['aux'], binary)).toThrow(
      /^Hyperparameter "eval_metric" must list known metrics; received "aux"\. Known metrics: accuracy, .*tweedie-nloglik\.$/,
    );
  });

  it.each([
    ['error@x', 'error or error@t with a number t'],
    ['error@', 'error or error@t with a number t'],
    ['tweedie-nloglik', 'tweedie-nloglik@p with a number p in (1, 2)'],
    ['tweedie-nloglik@2', 'tweedie-nloglik@p with a number p in (1, 2)'],
    ['ndcg@0', 'ndcg, ndcg@k, ndcg- or ndcg@k- with a whole number k of at least 1'],
    ['map@1.5', 'map, map@k, map- or map@k- with a whole number k of at least 1'],
    ['pre@3-', 'pre or pre@k with a whole number k of at least 1'],
    ['auc@5', 'auc without an argument'],
    ['rmse-', 'rmse without an argument'],
  ])('refuses %s, with the rule for its argument', (entry, rule) => {
    expect(() => createMetrics([entry], binary)).toThrow(
      `Hyperparameter "eval_metric" must be ${rule}; received "${entry}".`,
    );
  });

  it.each([
    ['auc', 'reg:squarederror', 'a classification or ranking objective (binary:*, multi:*, rank:* or reg:logistic)'],
    ['accuracy', 'rank:ndcg', 'a classification objective (binary:*, multi:* or reg:logistic)'],
    ['precision', 'multi:softprob', 'a binary objective (binary:* or reg:logistic)'],
    ['merror', 'binary:logistic', 'a multi-class objective (multi:*)'],
    ['rmse', 'multi:softmax', 'an objective with one prediction per label'],
    ['quantile', 'reg:squarederror', 'objective reg:quantileerror'],
    ['cox-nloglik', 'survival:aft', 'objective survival:cox'],
  ] as const)('refuses %s for %s, naming what it needs', (entry, name, need) => {
    const parameters = { classCount: 3, quantileAlpha: [0.2, 0.8] };

    expect(() => createMetrics([entry], createObjective(name, parameters), parameters)).toThrow(
      `Hyperparameter "eval_metric": ${entry} needs ${need}; received objective "${name}".`,
    );
  });

  it('reports all problems in one error', () => {
    expect(() => createMetrics(['auc@1', 'auc', 'merror'], binary)).toThrow(/auc@1.*merror needs/);
  });
});

describe('checkRows', () => {
  it.each([
    ['mape', 'reg:squarederror', 0, 'a finite number other than 0'],
    ['rmsle', 'reg:squarederror', -1, 'above -1'],
    ['logloss', 'binary:logistic', 2, 'in [0, 1]'],
    ['accuracy', 'reg:logistic', 0.5, 'a whole number from 0 to 1 (num_class is 2)'],
    ['map', 'rank:ndcg', 2, '0 or 1'],
    ['mlogloss', 'multi:softprob', 3, 'a whole number from 0 to 2 (num_class is 3)'],
  ] as const)('of %s for %s refuses the label %f, naming the row', (entry, name, label, rule) => {
    const parameters = { classCount: 3 };
    const [metric] = createMetrics([entry], createObjective(name, parameters), parameters);

    expect(() => metric!.checkRows({ labels: Float32Array.of(1, label) })).toThrow(
      `Label of row 2 must be ${rule} for ${entry}; received ${label}.`,
    );
  });

  it('names the row of a label among several of each', () => {
    const objective = createObjective('reg:squarederror', { targetCount: 2 });
    const [metric] = createMetrics(['rmsle'], objective, { targetCount: 2 });

    expect(() => metric!.checkRows({ labels: Float32Array.of(1, 2, 3, -4), targets: 2 })).toThrow(
      'Label of row 2 must',
    );
  });
});

describe('isBetter', () => {
  it.each([
    ['maximize', 0.7, 0.6, true],
    ['maximize', 0.6, 0.6, false],
    ['minimize', 0.5, 0.6, true],
    ['minimize', Number.NaN, 0.6, false],
    ['maximize', 0.1, Number.NaN, true],
  ] as const)('with goal %s prefers %f to %f: %s', (goal, value, than, expected) => {
    expect(isBetter({ goal }, value, than)).toBe(expected);
  });
});

describe('METRIC_KINDS', () => {
  it('has each metric that is described, and no other', () => {
    expect(METRIC_KINDS.map(({ name }) => name)).toEqual(Object.keys(METRIC_DESCRIPTIONS));
  });

  it('has the goals that SageMaker tunes by, and treats interval accuracy as an accuracy', () => {
    const maximized = METRIC_KINDS.map(({ name }) => name).filter(
      (name) => METRIC_DESCRIPTIONS[name].goal === 'maximize',
    );

    expect(maximized).toEqual([
      'accuracy',
      'auc',
      'aucpr',
      'balanced_accuracy',
      'f1',
      'f1_binary',
      'f1_macro',
      'interval-regression-accuracy',
      'map',
      'ndcg',
      'pre',
      'precision',
      'precision_macro',
      'precision_micro',
      'r2',
      'recall',
      'recall_macro',
      'recall_micro',
    ]);
  });
});
