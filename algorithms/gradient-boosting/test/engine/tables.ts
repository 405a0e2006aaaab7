/**
 * Random tables, parameters and the two ways to grow a tree on them, for tests that hold engine and oracle together.
 */

import { createRandom } from '@algo/numerics';
import fc from 'fast-check';
import { createDatasetBuilder } from '../../src/engine/binning/binned-dataset.js';
import { type Cuts, createCutSketch } from '../../src/engine/binning/cuts.js';
import type { Dataset } from '../../src/engine/binning/dataset.js';
import { boost } from '../../src/engine/boost.js';
import { samplingThreshold } from '../../src/engine/growing/sampling.js';
import type { Pool } from '../../src/engine/threads/pool.js';
import { defaultTreeParameters, type TreeParameters } from '../../src/engine/tree-parameters.js';
import type { Tree } from '../../src/ensemble/tree.js';
import type { GradientSource } from '../../src/objectives/objective.js';
import { gridGradients, growOracle } from '../oracle/grow.js';
import { sampleOracle } from '../oracle/sample.js';

export interface Table {
  readonly rows: number;
  readonly featureCount: number;
  /** [rows × featureCount] */
  readonly features: Float32Array;
  /** [rows × 2] */
  readonly gradients: Float32Array;
  readonly isCategorical: readonly boolean[];
}

export interface TableShape {
  readonly rows: number;
  readonly featureCount: number;
  readonly seed: number;
  /** Distinct values of a feature; 0: continuous. */
  readonly distinct: number;
  /** Share of missing values. */
  readonly missing: number;
  /** Features from this one on are categorical. */
  readonly firstCategorical: number;
}

export const tableShapes: fc.Arbitrary<TableShape> = fc.record({
  rows: fc.integer({ min: 2, max: 300 }),
  featureCount: fc.integer({ min: 1, max: 9 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
  distinct: fc.constantFrom(0, 2, 3, 7, 40),
  missing: fc.constantFrom(0, 0, 0.1, 0.5, 0.9, 0.97),
  firstCategorical: fc.constantFrom(99, 99, 0, 3),
});

export const treeParameters: fc.Arbitrary<TreeParameters> = fc
  .record({
    eta: fc.constantFrom(1, 0.3),
    gamma: fc.constantFrom(0, 0, 0.5),
    maxDepth: fc.constantFrom(1, 3, 5, 6, 0),
    maxLeaves: fc.constantFrom(0, 0, 3, 8),
    growPolicy: fc.constantFrom('depthwise', 'lossguide'),
    minChildWeight: fc.constantFrom(0, 1, 5),
    maxDeltaStep: fc.constantFrom(0, 0, 0.5),
    lambda: fc.constantFrom(1, 0.1, 0),
    alpha: fc.constantFrom(0, 0, 0.4),
    subsample: fc.constantFrom(1, 1, 0.6),
    samplingMethod: fc.constantFrom('uniform', 'gradient_based'),
    colsampleBytree: fc.constantFrom(1, 1, 0.7),
    colsampleBylevel: fc.constantFrom(1, 1, 0.7),
    colsampleBynode: fc.constantFrom(1, 1, 0.7),
    monotoneConstraints: fc.constantFrom([], [], [1, -1, 0, 1]),
    interactionConstraints: fc.constantFrom(
      [],
      [],
      [
        [0, 1],
        [1, 2, 3],
      ],
    ),
    maxCatToOnehot: fc.constantFrom(4, 100),
    maxCatThreshold: fc.constantFrom(64, 4),
  })
  .filter((p) => p.maxDepth > 0 || p.maxLeaves > 0);

export function makeTable(shape: TableShape): Table {
  const { rows, featureCount, distinct, missing } = shape;
  const random = createRandom(shape.seed);
  const isCategorical = Array.from({ length: featureCount }, (_, feature) => feature >= shape.firstCategorical);
  const value = (feature: number) => {
    if (random.uniform() < missing) return Number.NaN;
    if (isCategorical[feature]) return random.below(Math.max(2, distinct));
    return distinct === 0 ? random.uniform() * 2 - 1 : random.below(distinct) - 1;
  };
  const features = Float32Array.from({ length: rows * featureCount }, (_, index) => value(index % featureCount));
  const gradients = Float32Array.from({ length: rows * 2 }, (_, index) =>
    index % 2 === 0 ? random.uniform() * 2 - 1 : 0.05 + random.uniform(),
  );
  return { rows, featureCount, features, gradients, isCategorical };
}

export function cutTable(pool: Pool, table: Table, maxBin = 256): Cuts {
  const { featureCount, isCategorical, features } = table;
  const sketch = createCutSketch(pool, { featureCount, maxBin, isCategorical });
  sketch.addBlock(features);
  return sketch.finish();
}

export function trainingData(pool: Pool, table: Table, cuts: Cuts): Dataset {
  const builder = createDatasetBuilder(pool, cuts, { rows: table.rows, purpose: 'training' });
  builder.addBlock(table.features, new Float32Array(table.rows));
  return builder.finish();
}

/** The engine's first tree on the table's gradients, and the margins it leads to. */
export function growEngine(pool: Pool, table: Table, cuts: Cuts, tree: TreeParameters, seed: number) {
  const train = trainingData(pool, table, cuts);
  const gradients: GradientSource = { computeGradients: (_, out) => out.set(table.gradients) };
  const [round] = boost({ train, groups: 1, gradients, initialMargins: new Float32Array(1), tree, rounds: 1, seed });
  return { tree: round!.trees[0]!, margins: round!.trainMargins.slice() };
}

/** The oracle's. */
export function growPlain(table: Table, cuts: Cuts, p: TreeParameters, seed: number): Tree {
  const random = createRandom(seed);
  const threshold = (values: Float32Array, wanted: number) =>
    samplingThreshold({ values, rows: table.rows, groups: 1, group: 0 }, wanted);
  const sample = sampleOracle(table.gradients, p, random, threshold);
  return growOracle(
    { cuts, rows: table.rows, features: table.features },
    gridGradients(sample.pairs),
    sample.rows,
    p,
    p.eta,
    random,
  );
}

/** The output of a tree for one row, by the tree alone. */
export function walkTree(tree: Tree, table: Table, row: number): number {
  let node = 0;
  while (tree.left[node] !== -1) {
    const value = table.features[row * table.featureCount + tree.feature[node]!]!;
    const isLeft = Number.isNaN(value)
      ? tree.defaultLeft[node] === 1
      : tree.isCategorical[node]
        ? !tree
            .categories!.values.subarray(tree.categories!.start[node], tree.categories!.start[node + 1])
            .includes(value)
        : value < tree.condition[node]!;
    node = isLeft ? tree.left[node]! : tree.right[node]!;
  }
  return tree.condition[node]!;
}

export { defaultTreeParameters };
