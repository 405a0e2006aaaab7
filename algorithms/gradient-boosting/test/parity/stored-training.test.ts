/** Training on the stored runs of real XGBoost (test/peers/parity.py --fixtures), from its own cut points. */
import { afterAll, describe, expect, it } from 'vitest';
import { createCutSketch } from '../../src/engine/binning/cuts.js';
import { createPool } from '../../src/engine/threads/pool.js';
import { compareCase, deviations } from './compare-case.js';
import { type Comparison, compareTrees, emptyComparison } from './compare-trees.js';
import { categoricalColumns, prepareCase, trainingCases } from './training-case.js';

const pool = createPool(2);
afterAll(() => pool.close());
const cases = trainingCases();

it('the stored training cases cover every kind of split, limit and growth policy', () => {
  const settings = cases.map((stored) => stored.settings);
  const names = ['alpha', 'grow_policy', 'monotone_constraints', 'interaction_constraints', 'categorical_features'];

  expect(names.filter((name) => !settings.some((own) => name in own))).toEqual([]);
});

describe.each(cases)('$name', (stored) => {
  it("grows XGBoost's trees: features, thresholds, default directions, outputs, covers, gains", async () => {
    const found = await compareCase(pool, stored);

    expect(deviations(found, stored)).toEqual([]);
    expect(found.sameGain + found.sameWeights + found.sameRows).toBe(0);
    expect(found.nodes).toBeGreaterThan(3 * found.trees);
  });

  it('finds the same cut points if each distinct value has a bin', () => {
    const sketch = createCutSketch(pool, {
      featureCount: stored.columns,
      maxBin: Number(stored.settings.max_bin),
      isCategorical: categoricalColumns(stored),
      hasWeights: true,
    });
    sketch.addBlock(stored.features, stored.weights);
    const { starts, values } = sketch.finish();

    const cuts = stored.cuts.map((_, column) => values.slice(starts[column], starts[column + 1]));
    expect(cuts).toEqual(stored.cuts);
  });
});

describe('the comparison of trees', () => {
  const stored = cases.find(({ name }) => name === 'squared-error')!;
  const run = prepareCase(pool, stored);
  const rows = {
    columns: stored.columns,
    features: stored.features,
    gradients: run.gradients([]),
    parameters: run.parameters,
  };
  const theirs = stored.model.trees[0]!;
  const compare = (changes: Partial<typeof theirs>): Comparison => {
    const found = emptyComparison();
    compareTrees({ ...theirs, ...changes }, theirs, rows, 'tree', found);
    return found;
  };

  it('detects another threshold', () => {
    const condition = theirs.condition.slice();
    condition[0]! += 3;

    expect(compare({ condition, lossChange: theirs.lossChange.map((gain) => gain * 0.99) }).differences).toHaveLength(
      1,
    );
    expect(compare({}).differences).toEqual([]);
  });

  it('detects another leaf value and another cover', () => {
    const leaf = theirs.left.indexOf(-1);
    const condition = theirs.condition.map((value, node) => (node === leaf ? value * 1.01 : value));
    const sumHessian = theirs.sumHessian.map((value, node) => (node === leaf ? value * 1.02 : value));

    expect(compare({ condition }).output).toBeGreaterThan(1e-3);
    expect(compare({ sumHessian }).cover).toBeCloseTo(0.02 / 1.02, 3);
  });

  it('detects a leaf in place of a split', () => {
    const left = theirs.left.slice();
    left[0] = -1;

    expect(compare({ left }).differences).toHaveLength(1);
  });
});
