import { describe, expect, it } from 'vitest';
import { createObjective, type LabelledRows, OBJECTIVE_NAMES, type ObjectiveName } from '../../src/objectives/index.js';

function refusal(
  name: ObjectiveName,
  rows: LabelledRows,
  parameters: Parameters<typeof createObjective>[1] = {},
): unknown {
  try {
    createObjective(name, { classCount: 3, ...parameters }).checkLabels(rows);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('checkLabels', () => {
  it.each([
    ['reg:squarederror', Number.NaN, 'a finite number'],
    ['reg:squaredlogerror', -1, 'a finite number above -1'],
    ['reg:logistic', 1.5, 'in [0, 1]'],
    ['binary:logistic', -0.5, 'in [0, 1]'],
    ['binary:logitraw', 2, 'in [0, 1]'],
    ['binary:hinge', Number.NaN, 'in [0, 1]'],
    ['reg:gamma', 0, 'a finite number above 0'],
    ['reg:tweedie', -2, 'a finite number of at least 0'],
    ['count:poisson', -1, 'a finite number of at least 0'],
    ['reg:absoluteerror', Number.POSITIVE_INFINITY, 'a finite number'],
    ['reg:quantileerror', Number.NEGATIVE_INFINITY, 'a finite number'],
    ['multi:softprob', 3, 'a whole number from 0 to 2 (num_class is 3)'],
    ['multi:softmax', 0.5, 'a whole number from 0 to 2 (num_class is 3)'],
    ['rank:ndcg', 0.5, 'a whole number from 0 to 31 (or set ndcg_exp_gain to false)'],
    ['rank:map', 2, '0 or 1'],
    ['survival:cox', Number.NaN, 'a finite time, negative when no event was seen until then'],
    ['survival:aft', 0, 'a finite number other than 0 (a time, negative when no event was seen until then)'],
  ] as const)('for %s refuses %f, naming row and rule', (name, label, rule) => {
    expect(refusal(name, { labels: Float32Array.of(1, 1, label) })).toMatchObject({
      name: 'ClientError',
      code: 'E_DATA_LABEL',
      message: `Label of row 3 must be ${rule} for ${name}; received ${label}.`,
    });
  });

  it('counts rows, not labels, if a row has several', () => {
    const labels = Float32Array.of(1, 2, 3, Number.NaN);

    expect(refusal('reg:squarederror', { labels }, { targetCount: 2 })).toMatchObject({
      message: expect.stringContaining('Label of row 2 '),
    });
  });

  it('accepts fractional relevance if gains are linear', () => {
    expect(refusal('rank:ndcg', { labels: Float32Array.of(0.5, 40) }, { ndcgExpGain: false })).toBeUndefined();
  });

  it.each(OBJECTIVE_NAMES)('for %s accepts labels of 1', (name) => {
    expect(refusal(name, { labels: Float32Array.of(1, 1) })).toBeUndefined();
  });

  it.each([
    [-1, 2],
    [3, 2],
    [Number.NaN, 2],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [0, 0],
  ])('for survival:aft refuses the bounds %f to %f, naming the row', (lower, upper) => {
    const bounds = { lower: Float32Array.of(1, lower), upper: Float32Array.of(2, upper) };

    expect(refusal('survival:aft', { labels: Float32Array.of(1, 1), bounds })).toMatchObject({
      code: 'E_DATA_LABEL',
      message: expect.stringMatching(/^Bounds of row 2 must be 0 <= lower <= upper .*received lower .*, upper .*\.$/),
    });
  });

  it('for a ranking objective refuses query groups that do not end at the last row', () => {
    const rows = { labels: Float32Array.of(1, 0, 1), queryStart: Uint32Array.of(0, 2) };

    expect(refusal('rank:ndcg', rows)).toMatchObject({
      code: 'E_DATA_QUERY',
      message: 'Query groups must ascend from row 0 to row 3 for rank:ndcg; received 1 groups from 0 to 2.',
    });
  });

  it('for a ranking objective refuses weights per row', () => {
    const rows = {
      labels: Float32Array.of(1, 0, 1),
      queryStart: Uint32Array.of(0, 2, 3),
      weights: Float32Array.of(1, 1, 1),
    };

    expect(refusal('rank:map', rows)).toMatchObject({
      code: 'E_DATA_WEIGHT',
      message: 'Weights must be one per query group for rank:map, 2 in all; received 3.',
    });
  });
});

describe('estimateBaseScore', () => {
  it('is the mean of labels of any size, however small their weights are', () => {
    const objective = createObjective('reg:squarederror');
    const weights = Float32Array.of(1e-8, 3e-8);

    expect([...objective.estimateBaseScore({ labels: Float32Array.of(1e23, 3e23) })]).toEqual([Math.fround(2e23)]);
    expect([...objective.estimateBaseScore({ labels: Float32Array.of(1e15, 3e15), weights })]).toEqual([
      Math.fround(2.5e15),
    ]);
  });

  it('is the mean of each label column, whatever the size of the others', () => {
    const objective = createObjective('reg:squarederror', { targetCount: 2 });
    const labels = Float32Array.of(1e30, 0.25, 3e30, 0.75);

    expect([...objective.estimateBaseScore({ labels })]).toEqual([Math.fround(2e30), 0.5]);
  });

  it('refuses counts that are all 0, which have no logarithm', () => {
    expect(() => createObjective('count:poisson').estimateBaseScore({ labels: Float32Array.of(0, 0) })).toThrow(
      "The labels' mean must be a finite number above 0 for count:poisson; received 0.",
    );
  });

  it('for labels of a single class returns a finite margin', () => {
    const objective = createObjective('binary:logistic');

    const margins = objective.toMargins(objective.estimateBaseScore({ labels: Float32Array.of(1, 1) }));

    expect(margins[0]).toBeGreaterThan(10);
    expect(margins[0]).toBeLessThan(20);
  });
});

describe('createObjective', () => {
  it.each([
    [
      'multi:softmax',
      { classCount: 1 },
      'Hyperparameter "num_class" must be a whole number of at least 2 for multi:softmax; received 1.',
    ],
    [
      'reg:quantileerror',
      { quantileAlpha: [0.5, 0.1] },
      'Hyperparameter "quantile_alpha" must be one or more numbers in [0, 1] in ascending order for reg:quantileerror; received [0.5,0.1].',
    ],
    [
      'reg:expectileerror',
      { expectileAlpha: [] },
      'Hyperparameter "expectile_alpha" must be one or more numbers in [0, 1] in ascending order for reg:expectileerror; received [].',
    ],
    [
      'reg:tweedie',
      { tweedieVariancePower: 2 },
      'Hyperparameter "tweedie_variance_power" must be in [1, 2) for reg:tweedie; received 2.',
    ],
    [
      'reg:pseudohubererror',
      { huberSlope: 0 },
      'Hyperparameter "huber_slope" must be other than 0 for reg:pseudohubererror; received 0.',
    ],
    [
      'survival:aft',
      { aftLossDistributionScale: 0 },
      'Hyperparameter "aft_loss_distribution_scale" must be above 0 for survival:aft; received 0.',
    ],
  ] as const)('for %s refuses a parameter out of range, naming it', (name, parameters, message) => {
    expect(() => createObjective(name, parameters)).toThrow(message);
  });

  it.each(OBJECTIVE_NAMES)('for %s transforms in place if it has as many predictions as margins', (name) => {
    const objective = createObjective(name, { classCount: 3, quantileAlpha: [0.2, 0.8] });
    const margins = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i));
    const fresh = objective.transform(margins);

    expect(objective.transform(margins, new Float32Array(fresh.length))).toEqual(fresh);
    if (objective.outputCount !== objective.groupCount) return;
    const same = margins.slice();
    expect(objective.transform(same, same)).toEqual(fresh);
    expect(same).toEqual(fresh);
  });

  it('has a rule for base_score', () => {
    expect(createObjective('binary:logistic').baseScoreProblem(1.2)).toBe('a number in [0, 1]');
    expect(createObjective('reg:gamma').baseScoreProblem(0)).toBe('a finite number above 0');
    expect(createObjective('reg:squarederror').baseScoreProblem(-7)).toBeUndefined();
  });
});
