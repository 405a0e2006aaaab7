/** The same seed and data give the same trees with any number of threads, on tables of many shards and batches. */

import { createRandom } from '@algo/numerics';
import { afterAll, describe, expect, it } from 'vitest';
import { type BoostOptions, boost } from '../../src/engine/boost.js';
import { createPool } from '../../src/engine/threads/pool.js';
import { defaultTreeParameters } from '../../src/engine/tree-parameters.js';
import type { Tree } from '../../src/ensemble/tree.js';
import { cutTable, makeTable, type TableShape, trainingData } from './tables.js';

const pools = [createPool(1), createPool(2), createPool(3)] as const;
afterAll(() => {
  for (const pool of pools) pool.close();
});

const DENSE: TableShape = {
  rows: 30_000,
  featureCount: 7,
  seed: 4,
  distinct: 0,
  missing: 0.1,
  firstCategorical: 99,
};
const ROUNDS = 3;
type Changes = Partial<Omit<BoostOptions, 'tree'>> & { readonly tree?: Partial<BoostOptions['tree']> };

const RUNS: readonly (readonly [string, TableShape, Changes])[] = [
  ['dense rows', DENSE, {}],
  ['sparse rows', { ...DENSE, missing: 0.97 }, {}],
  ['categories', { ...DENSE, distinct: 30, firstCategorical: 3 }, {}],
  ['classes', DENSE, { groups: 3, gradients: { kind: 'softmax' } }],
  ['samples of rows and columns', DENSE, { tree: { subsample: 0.5, colsampleBynode: 0.6 } }],
  ['samples by gradient', DENSE, { tree: { subsample: 0.3, samplingMethod: 'gradient_based' } }],
  ['growth by gain', DENSE, { tree: { growPolicy: 'lossguide', maxDepth: 0, maxLeaves: 40 } }],
  ['parallel trees', DENSE, { numParallelTree: 2, tree: { subsample: 0.5 } }],
];

describe.each(RUNS)('%s', (_, shape, { tree, ...changes }) => {
  it('grows the same trees with 1, 2 and 3 threads', () => {
    const table = makeTable(shape);
    const random = createRandom(1);
    const labels = Float32Array.from({ length: table.rows }, () => random.below(changes.groups ?? 2));
    const [one, two, three] = pools.map((pool): Tree[] => {
      const mark = pool.arena.mark();
      const train = trainingData(pool, table, cutTable(pool, table));
      train.labels.set(labels);
      const options: BoostOptions = {
        train,
        groups: 1,
        gradients: { kind: 'logistic' },
        initialMargins: new Float32Array(changes.groups ?? 1),
        tree: { ...defaultTreeParameters, ...tree },
        rounds: ROUNDS,
        seed: 9,
        ...changes,
      };
      const trees = [...boost(options)].flatMap((round) => round.trees);
      pool.arena.release(mark);
      return trees;
    });

    expect(one!.length).toBe(ROUNDS * (changes.groups ?? 1) * (changes.numParallelTree ?? 1));
    expect(one![0]!.nodeCount).toBeGreaterThan(20);
    expect(two).toEqual(one);
    expect(three).toEqual(one);
  });
});
