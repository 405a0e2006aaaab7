/** Gradients are rounded to a grid before they are summed: what that must not cost. */
import { afterAll, expect, it } from 'vitest';
import type { Dataset } from '../../src/engine/binning/dataset.js';
import { boost } from '../../src/engine/boost.js';
import { createPool } from '../../src/engine/threads/pool.js';
import { defaultTreeParameters } from '../../src/engine/tree-parameters.js';
import type { GradientSource } from '../../src/objectives/objective.js';
import { cutTable, makeTable, trainingData } from './tables.js';

const pool = createPool(1);
afterAll(() => pool.close());
const table = makeTable({ rows: 500, featureCount: 4, seed: 3, distinct: 9, missing: 0.1, firstCategorical: 9 });
const tree = { ...defaultTreeParameters, maxDepth: 3, lambda: 0 };

function growRound(train: Dataset, groups: number, write: (out: Float32Array) => void) {
  const gradients: GradientSource = { computeGradients: (_, out) => write(out) };
  const [round] = boost({
    train,
    groups,
    gradients,
    initialMargins: new Float32Array(groups),
    tree,
    rounds: 1,
    seed: 0,
  });
  return round!.trees;
}

it('grows the same tree for a target as without the other target, whose labels are 10^20 times as large', () => {
  const data = trainingData(pool, table, cutTable(pool, table));
  const [alone] = growRound(data, 1, (out) => out.set(table.gradients));

  const both = growRound(data, 2, (out) => {
    for (let row = 0; row < table.rows; row++) {
      const [gradient, hessian] = [table.gradients[2 * row]!, table.gradients[2 * row + 1]!];
      out.set([gradient * 1e20, hessian * 1e20, gradient, hessian], 4 * row);
    }
  });

  expect(alone!.nodeCount).toBeGreaterThan(3);
  expect(both[1]).toEqual(alone);
});

it('splits rows whose hessians are tiny compared with those of other rows', () => {
  const data = trainingData(pool, table, cutTable(pool, table));
  const isFlat = (row: number) => table.features[row * table.featureCount] === 0;
  const grow = (flat: number) =>
    boost({
      train: data,
      groups: 1,
      gradients: {
        computeGradients: (_, out) => {
          for (let row = 0; row < table.rows; row++) out.set(isFlat(row) ? [-5, flat] : [1, 1], 2 * row);
        },
      },
      initialMargins: Float32Array.of(0),
      tree: { ...tree, minChildWeight: 0, lambda: 1, maxDepth: 2 },
      rounds: 1,
      seed: 0,
    }).next().value!.trees[0]!;

  const nearly = grow(1e-16);

  expect(nearly.nodeCount).toBe(5);
  expect(nearly.feature).toEqual(grow(1e-6).feature);
  expect(nearly.condition[4]).toBeCloseTo(grow(1e-6).condition[4]!, 2);
});
