/** Models at the edges of what files can hold: prediction changes its way or says what it cannot do. */

import { ClientError } from '@algo/contract';
import { createRandom } from '@algo/numerics';
import { expect, it } from 'vitest';
import { type Ensemble, NO_PARENT, type Tree } from '../../src/ensemble/tree.js';
import { compilePredictor, createExplainer, walkMargins } from '../../src/predict/index.js';
import { randomEnsemble } from './random-ensemble.js';

const base = randomEnsemble(
  { featureCount: 2, groupCount: 1, rounds: 2, depth: 2, categoricalShare: 0, thresholds: 5, isDart: false },
  createRandom(1).uniform,
);

/** A tree whose splits each lead to a leaf and to the next split. */
function chain(depth: number, feature: (level: number) => number): Tree {
  const nodeCount = 2 * depth + 1;
  const inner = (node: number) => node % 2 === 0 && node < nodeCount - 1;
  const children = (offset: number) =>
    Int32Array.from({ length: nodeCount }, (_, node) => (inner(node) ? node + offset : -1));
  return {
    nodeCount,
    left: children(1),
    right: children(2),
    parent: Int32Array.from({ length: nodeCount }, (_, node) =>
      node === 0 ? NO_PARENT : 2 * Math.floor((node - 1) / 2),
    ),
    feature: Int32Array.from({ length: nodeCount }, (_, node) => (inner(node) ? feature(node / 2) : 0)),
    condition: Float32Array.from({ length: nodeCount }, (_, node) => node),
    defaultLeft: new Uint8Array(nodeCount),
    isCategorical: new Uint8Array(nodeCount),
    lossChange: new Float32Array(nodeCount),
    sumHessian: new Float32Array(nodeCount).fill(1),
    baseWeight: new Float32Array(nodeCount),
  };
}

const ofTrees = (trees: readonly Tree[], featureCount: number): Ensemble => ({
  ...base,
  featureCount,
  trees,
  treeGroup: new Int32Array(trees.length),
  iterationStart: Int32Array.from({ length: trees.length + 1 }, (_, round) => round),
});

it.each([2 ** 22, 2 ** 24])('predicts with a model of %d columns, too many for the kernels’ memory', (featureCount) => {
  const ensemble = ofTrees([chain(3, (level) => featureCount - 1 - level)], featureCount);
  const row = new Float32Array(featureCount).fill(3);

  const predictor = compilePredictor(ensemble);

  expect(predictor.margins(row)).toEqual(walkMargins(ensemble, row));
  expect(predictor.marginsOfRow(row)).toEqual(walkMargins(ensemble, row));
});

it('predicts with category codes whose bit sets would be far larger than the model', () => {
  const codes = Int32Array.of(2 ** 24 - 1);
  const split = (code: number): Tree => ({
    ...chain(1, () => 0),
    isCategorical: Uint8Array.of(1, 0, 0),
    categories: { start: Int32Array.of(0, 1, 1, 1), values: Int32Array.of(code) },
  });
  const ensemble = ofTrees(
    Array.from({ length: 100 }, (_, index) => split(codes[0]! - index)),
    1,
  );
  const rows = Float32Array.of(codes[0]!, codes[0]! - 50, 3);

  expect(compilePredictor(ensemble).margins(rows)).toEqual(walkMargins(ensemble, rows));
});

it('predicts with a tree of 100,000 levels, and refuses to explain it', () => {
  const ensemble = ofTrees([chain(100_000, () => 0)], 1);
  const row = Float32Array.of(7);

  expect(compilePredictor(ensemble).margins(row)).toEqual(walkMargins(ensemble, row));
  expect(() => createExplainer(ensemble)).toThrow(ClientError);
  expect(() => createExplainer(ensemble)).toThrow(
    'need trees with at most 1024 levels; this model has one with 100000',
  );
});

it('explains a tree of 1024 levels', () => {
  const ensemble = ofTrees([chain(1024, (level) => level % 2)], 2);
  const row = Float32Array.of(900, 3);

  const contributions = createExplainer(ensemble).contributions(row);

  expect(contributions.reduce((sum, value) => sum + value, 0)).toBeCloseTo(walkMargins(ensemble, row)[0]!, 1); // of 1000, in float32
});
