/** The engine on the rows of several hosts grows the trees of one that has all rows, for any table, parameters and division. */
import { type Communicator, oneHost } from '@algo/contract';
import { createRandom } from '@algo/numerics';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createDatasetBuilder } from '../../src/engine/binning/binned-dataset.js';
import { type Cuts, createCutSketch } from '../../src/engine/binning/cuts.js';
import { boost } from '../../src/engine/boost.js';
import type { Team } from '../../src/engine/team.js';
import { createPool } from '../../src/engine/threads/pool.js';
import { defaultTreeParameters, type TreeParameters } from '../../src/engine/tree-parameters.js';
import type { Tree } from '../../src/ensemble/tree.js';
import { onHosts } from '../support/hosts.js';
import { makeTable, type Table, tableShapes, treeParameters } from './tables.js';

const pool = createPool(1);
const start = pool.arena.mark();
afterEach(() => pool.arena.release(start));
afterAll(() => pool.close());

interface Part {
  readonly first: number;
  readonly end: number;
}

interface Growth {
  readonly table: Table;
  readonly tree: TreeParameters;
  readonly maxBin: number;
  readonly hasWeights?: boolean;
}

interface Rows {
  readonly features: Float32Array;
  readonly gradients: Float32Array;
  readonly weights: Float32Array | undefined;
}

function rowsOf({ table, hasWeights }: Growth, { first, end }: Part): Rows {
  const { featureCount, features, gradients } = table;
  // Whole numbers, so that their sums have no order.
  const weights = hasWeights
    ? Float32Array.from({ length: end - first }, (_, row) => 1 + ((first + row) % 5))
    : undefined;
  return {
    features: features.subarray(first * featureCount, end * featureCount),
    gradients: gradients.subarray(2 * first, 2 * end),
    weights,
  };
}

/** Cut points of all hosts, of which this one has a part of the rows. */
function cutsOf(hosts: Communicator, growth: Growth, part: Part): Cuts {
  pool.arena.release(start);
  const { table, maxBin, hasWeights = false } = growth;
  const { featureCount, isCategorical } = table;
  const rows = part.end - part.first;
  const team = teamOf(hosts);
  const sketch = createCutSketch(pool, { featureCount, maxBin, isCategorical, rows, hasWeights, team });
  const { features, weights } = rowsOf(growth, part);
  sketch.addBlock(features, weights);
  return sketch.finish();
}

/** The first trees of all hosts, grown on this one. */
function treesOf(hosts: Communicator, growth: Growth, part: Part): Tree[] {
  const cuts = cutsOf(hosts, growth, part);
  const { tree, hasWeights = false } = growth;
  const rows = part.end - part.first;
  const { features, gradients, weights } = rowsOf(growth, part);
  const builder = createDatasetBuilder(pool, cuts, { rows, purpose: 'training', hasWeights, team: teamOf(hosts) });
  builder.addBlock(features, new Float32Array(rows), weights);
  const options = { groups: 1, initialMargins: new Float32Array(1), tree, rounds: 2, seed: 5 };
  const source = { computeGradients: (_: Float32Array, out: Float32Array) => out.set(gradients) };
  return [...boost({ train: builder.finish(), gradients: source, ...options })].flatMap((round) => round.trees);
}

function teamOf(hosts: Communicator): Team {
  return { hosts, isStopping: () => false };
}

/** Ascending row numbers at which the rows of another host begin. */
const divisions = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 3 });

describe('trees of several hosts', () => {
  it('are those of one host that has all rows', () => {
    const cases = [tableShapes, treeParameters, divisions, fc.constantFrom(2, 16, 256), fc.boolean()] as const;
    fc.assert(
      fc.property(...cases, (shape, tree, division, maxBin, hasWeights) => {
        const growth = { table: makeTable(shape), tree, maxBin, hasWeights };
        const { rows } = growth.table;
        const bounds = [0, ...division.map((share) => Math.floor(share * rows)).sort((a, b) => a - b), rows];
        const alone = treesOf(oneHost(), growth, { first: 0, end: rows });

        const together = onHosts(bounds.length - 1, (hosts) =>
          treesOf(hosts, growth, { first: bounds[hosts.rank]!, end: bounds[hosts.rank + 1]! }),
        );

        for (const trees of together) expect(trees).toEqual(alone);
      }),
      { numRuns: 20 },
    );
  });

  it('sends less than XGBoost: a pair of float64 for each bin of the root and of one child of each inner split', () => {
    const shape = { rows: 2000, featureCount: 6, seed: 3, distinct: 0, missing: 0.1, firstCategorical: 5 };
    const growth = { table: makeTable(shape), tree: { ...defaultTreeParameters, maxDepth: 4 }, maxBin: 64 };
    const bytes = { all: 0 };
    const counting: Communicator = {
      ...oneHost(),
      size: 2,
      sum(values) {
        bytes.all += values.byteLength;
      },
      // The other host has no rows.
      gather: (part) => [part, part.slice().fill(0 as never) as typeof part],
      gatherValues: (value) => [value, undefined as typeof value],
    };
    const cuts = cutsOf(oneHost(), growth, { first: 0, end: shape.rows });
    cutsOf(counting, growth, { first: 0, end: shape.rows });
    const ofCuts = bytes.all;

    const trees = treesOf(counting, growth, { first: 0, end: shape.rows });

    const inner = (tree: Tree, node = 0, depth = 0): number =>
      tree.left[node] === -1 || depth > 2
        ? 0
        : 1 + inner(tree, tree.left[node], depth + 1) + inner(tree, tree.right[node], depth + 1);
    const built = trees.reduce((sum, tree) => sum + 1 + inner(tree), 0);
    const ofTrees = bytes.all - 2 * ofCuts;
    expect(built).toBeGreaterThan(10);
    // Besides, of each tree the sums of the root, and of each batch of nodes whether there is a stop.
    expect(ofTrees).toBeLessThanOrEqual(16 * cuts.values.length * built + trees.length * 64);
  });
});

describe('cut points of several hosts', () => {
  it('are those of one host for more values than a sample holds', () => {
    const rows = 300_000;
    const random = createRandom(8);
    const features = Float32Array.from({ length: rows }, () => random.uniform());
    const table = { rows, featureCount: 1, features, gradients: new Float32Array(2 * rows), isCategorical: [false] };
    const growth = { table, tree: defaultTreeParameters, maxBin: 256, hasWeights: true };
    const alone = cutsOf(oneHost(), growth, { first: 0, end: rows });

    const together = onHosts(2, (hosts) =>
      cutsOf(hosts, growth, hosts.rank === 0 ? { first: 0, end: 100_000 } : { first: 100_000, end: rows }),
    );

    expect(together).toEqual([alone, alone]);
  });

  it('bundle the features that exclude each other on all hosts', () => {
    const rows = 900;
    const features = Float32Array.from({ length: rows * 4 }, (_, index) => {
      const row = index >> 2;
      // Features 0 to 2 are one-hot; feature 3 goes with 0 on the second host only.
      return Number((index & 3) === row % 3 || ((index & 3) === 3 && row >= 600 && row % 3 === 0));
    });
    const isCategorical = [false, false, false, false];
    const table = { rows, featureCount: 4, features, gradients: new Float32Array(2 * rows), isCategorical };
    const growth = { table, tree: defaultTreeParameters, maxBin: 256 };

    const [first, second] = onHosts(2, (hosts) =>
      cutsOf(hosts, growth, hosts.rank === 0 ? { first: 0, end: 600 } : { first: 600, end: rows }),
    );

    expect(first!.bundles).toEqual([[0, 1, 2]]);
    expect(second).toEqual(first);
  });
});
