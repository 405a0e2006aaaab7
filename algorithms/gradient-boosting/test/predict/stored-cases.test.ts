import { describe, expect, it } from 'vitest';
import { readEnsemble, readModel } from '../../src/model/index.js';
import {
  bestRange,
  compilePredictor,
  createExplainer,
  featureImportance,
  IMPORTANCE_TYPES,
  linearContributions,
  linearMargins,
  walkLeaves,
  walkMargins,
} from '../../src/predict/index.js';
import { largestDifference, storedCase, storedCases } from '../model/stored-cases.js';

const treeCases = storedCases().filter(({ name }) => name !== 'linear');

describe.each(treeCases)('model $name of real XGBoost', ({ name, expected, ubjson, rows }) => {
  const ensemble = readEnsemble(ubjson, name);

  it('has the margins that XGBoost predicts', () => {
    const margins = walkMargins(ensemble, rows);

    // Equal to the last bit, but that libm may round the link of an expectile base score the other way.
    const tolerance = expected.objective === 'reg:expectileerror' ? 5e-7 : 0;
    expect(largestDifference(margins, expected.margins)).toBeLessThanOrEqual(tolerance);
    expect(compilePredictor(ensemble).margins(rows)).toEqual(margins);
  });

  it('reaches the same leaves as XGBoost', () => {
    expect([...walkLeaves(ensemble, rows)]).toEqual(expected.leaves);
  });

  it('uses the rounds of an iteration range', () => {
    const margins = compilePredictor(ensemble, [1, 3]).margins(rows);

    const tolerance = expected.objective === 'reg:expectileerror' ? 5e-7 : 0;
    expect(largestDifference(margins, expected.firstRounds!)).toBeLessThanOrEqual(tolerance);
    expect(walkMargins(ensemble, rows, { range: [1, 3] })).toEqual(margins);
  });

  it('has the contributions and interactions that XGBoost computes', () => {
    const explainer = createExplainer(ensemble);

    // XGBoost sums in float32, here it is float64.
    expect(largestDifference(explainer.contributions(rows), expected.contributions)).toBeLessThan(1e-5);
    if (!expected.interactions) return;
    const few = rows.subarray(0, 3 * ensemble.featureCount);
    expect(largestDifference(explainer.interactions(few), expected.interactions)).toBeLessThan(1e-5);
  });

  it('has the importance of features that XGBoost reports', () => {
    for (const type of IMPORTANCE_TYPES) {
      expect([...featureImportance(ensemble, type)]).toEqual([...Float32Array.from(expected.importance![type]!)]);
    }
  });
});

it('a linear model predicts like XGBoost', () => {
  const { expected, ubjson, rows } = storedCase('linear');
  const model = readModel(ubjson, 'linear');
  if (model.booster !== 'gblinear') throw new Error('the stored case must be linear');

  expect(largestDifference(linearMargins(model, rows), expected.margins)).toBe(0);
  expect(largestDifference(linearContributions(model, rows), expected.contributions)).toBe(0);
});

it('the best iteration of early stopping is read from the model', () => {
  const ensemble = readEnsemble(storedCase('early-stopped').ubjson);

  const [begin, end] = bestRange(ensemble);

  expect(begin).toBe(0);
  expect(end).toBe(Number(ensemble.attributes.best_iteration) + 1);
  expect(bestRange({ ...ensemble, attributes: {} })).toEqual([0, 0]);
});
