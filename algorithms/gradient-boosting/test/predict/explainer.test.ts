import { createRandom } from '@algo/numerics';
import { describe, expect, it } from 'vitest';
import type { Ensemble, Tree } from '../../src/ensemble/tree.js';
import { createExplainer, walkMargins } from '../../src/predict/index.js';
import { gaussLegendre } from '../../src/predict/quadrature.js';
import { goesLeft } from '../../src/predict/reference-predictor.js';
import { type EnsembleShape, randomEnsemble, randomRows } from './random-ensemble.js';

const SHAPE: EnsembleShape = {
  featureCount: 5,
  groupCount: 2,
  rounds: 4,
  depth: 7,
  categoricalShare: 0.2,
  thresholds: 20,
  isDart: true,
};

/** The game that Shapley values divide: known features follow the row, unknown ones the shares of training rows. */
function coalitionValue(tree: Tree, row: Float32Array, known: number, node = 0): number {
  if (tree.left[node] === -1) return tree.condition[node]!;
  const left = coalitionValue(tree, row, known, tree.left[node]!);
  const right = coalitionValue(tree, row, known, tree.right[node]!);
  const feature = tree.feature[node]!;
  if ((known >> feature) & 1) return goesLeft(tree, node, row[feature]!) ? left : right;
  const cover = tree.sumHessian[node]!;
  return (left * tree.sumHessian[tree.left[node]!]!) / cover + (right * tree.sumHessian[tree.right[node]!]!) / cover;
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

/** Shapley's definition, over all coalitions. */
function bruteForce(ensemble: Ensemble, row: Float32Array, group: number, feature: number): number {
  const count = ensemble.featureCount;
  let sum = 0;
  ensemble.trees.forEach((tree, index) => {
    if (ensemble.treeGroup[index] !== group) return;
    for (let known = 0; known < 1 << count; known++) {
      if ((known >> feature) & 1) continue;
      const size = known.toString(2).replaceAll('0', '').length;
      const weight = (factorial(size) * factorial(count - size - 1)) / factorial(count);
      const gain = coalitionValue(tree, row, known | (1 << feature)) - coalitionValue(tree, row, known);
      sum += weight * gain * (ensemble.weightDrop?.[index] ?? 1);
    }
  });
  return sum;
}

describe('createExplainer', () => {
  it("returns the contributions of Shapley's definition", () => {
    const random = createRandom(1).uniform;
    const ensemble = randomEnsemble(SHAPE, random);
    const rows = randomRows(SHAPE, 6, 0.2, random);

    const contributions = createExplainer(ensemble).contributions(rows);

    for (let entry = 0; entry < 12; entry++) {
      const row = rows.subarray((entry >> 1) * 5, (entry >> 1) * 5 + 5);
      for (let feature = 0; feature < 5; feature++) {
        // The result is rounded to float32.
        expect(contributions[entry * 6 + feature]).toBeCloseTo(bruteForce(ensemble, row, entry & 1, feature), 6);
      }
    }
  });

  it.each([3, 9, 14])('returns contributions that add up to the margin, to depth %d', (depth) => {
    const random = createRandom(depth).uniform;
    const shape = { ...SHAPE, depth, featureCount: 30 };
    const ensemble = randomEnsemble(shape, random);
    const rows = randomRows(shape, 20, 0.1, random);

    const contributions = createExplainer(ensemble).contributions(rows);

    walkMargins(ensemble, rows).forEach((margin, entry) => {
      const sum = contributions.subarray(entry * 31, entry * 31 + 31).reduce((total, value) => total + value, 0);
      expect(sum).toBeCloseTo(margin, 5);
    });
  });

  it('returns symmetric interactions whose rows add up to the contributions', () => {
    const random = createRandom(4).uniform;
    const ensemble = randomEnsemble(SHAPE, random);
    const rows = randomRows(SHAPE, 8, 0.1, random);
    const explainer = createExplainer(ensemble);

    const contributions = explainer.contributions(rows);
    const interactions = explainer.interactions(rows);

    contributions.forEach((contribution, index) => {
      const matrix = Math.floor(index / 6) * 36;
      const line = interactions.subarray(matrix + (index % 6) * 6, matrix + (index % 6) * 6 + 6);
      expect(line.reduce((total, value) => total + value, 0)).toBeCloseTo(contribution, 5);
      line.forEach((value, column) => {
        expect(interactions[matrix + column * 6 + (index % 6)]).toBe(value);
      });
    });
  });

  it('explains the rounds of a range, starting from the given margins', () => {
    const random = createRandom(5).uniform;
    const ensemble = randomEnsemble({ ...SHAPE, groupCount: 1 }, random);
    const rows = randomRows(SHAPE, 3, 0, random);
    const startMargins = Float32Array.of(1, 2, 3);

    const contributions = createExplainer(ensemble, [1, 3]).contributions(rows, startMargins);

    walkMargins(ensemble, rows, { range: [1, 3], startMargins }).forEach((margin, row) => {
      const sum = contributions.subarray(row * 6, row * 6 + 6).reduce((total, value) => total + value, 0);
      expect(sum).toBeCloseTo(margin, 5);
    });
  });

  it('stays finite if no training row reached a child', () => {
    const random = createRandom(6).uniform;
    const ensemble = randomEnsemble({ ...SHAPE, rounds: 1, groupCount: 1, depth: 4 }, random);
    for (const tree of ensemble.trees) tree.sumHessian.fill(0, 1);

    const contributions = createExplainer(ensemble).contributions(randomRows(SHAPE, 10, 0, random));

    expect(contributions.every(Number.isFinite)).toBe(true);
  });

  it('rejects splits with negative covers, but not a lone leaf', () => {
    const random = createRandom(2).uniform;
    const ensemble = randomEnsemble({ ...SHAPE, rounds: 1, groupCount: 1 }, random);
    const leaf = randomEnsemble({ ...SHAPE, rounds: 1, groupCount: 1, depth: 0 }, random);
    for (const { trees } of [ensemble, leaf]) trees[0]!.sumHessian[0] = -1;

    expect(ensemble.trees[0]!.nodeCount).toBeGreaterThan(1);
    expect(() => createExplainer(ensemble)).toThrow(
      'Contributions need covers (sum_hessian) ≥ 0 in every split; received -1.',
    );
    expect(createExplainer(leaf).contributions(new Float32Array(5))).toHaveLength(6);
  });
});

describe('gaussLegendre', () => {
  it.each([1, 2, 3, 8, 33])('integrates polynomials of degree 2n − 1 exactly with %d points', (count) => {
    const { points, weights } = gaussLegendre(count);

    const integral = points.reduce((sum, point, index) => sum + weights[index]! * point ** (2 * count - 1), 0);

    expect(integral).toBeCloseTo(1 / (2 * count), 14);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 14);
  });
});
