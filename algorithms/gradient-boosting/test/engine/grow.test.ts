/**
 * The engine against the oracle: the same trees to the bit, on any table, with any parameters, with any threads.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createPool } from '../../src/engine/threads/pool.js';
import { runs } from '../support/runs.js';
import {
  cutTable,
  defaultTreeParameters,
  growEngine,
  growPlain,
  makeTable,
  tableShapes,
  treeParameters,
  walkTree,
} from './tables.js';

const pools = [createPool(1), createPool(3)];
afterAll(() => {
  for (const pool of pools) pool.close();
});

describe('growing a tree', () => {
  it.each(pools.map((pool) => [pool.threads, pool] as const))('grows the oracle’s tree with %i threads', (_, pool) => {
    fc.assert(
      fc.property(
        tableShapes,
        treeParameters,
        fc.nat(1000),
        fc.constantFrom(8, 256, 300),
        (shape, parameters, seed, maxBin) => {
          const mark = pool.arena.mark();
          const table = makeTable(shape);
          const cuts = cutTable(pool, table, maxBin); // 300: bins of two bytes

          const { tree, margins } = growEngine(pool, table, cuts, parameters, seed);

          expect(tree).toEqual(growPlain(table, cuts, parameters, seed));
          for (let row = 0; row < table.rows; row++) expect(margins[row]).toBe(0 + walkTree(tree, table, row));
          pool.arena.release(mark);
        },
      ),
      { seed: 4, numRuns: runs(50, 1000) },
    );
  });

  it('gives the same tree for 1 and 3 threads on many rows', () => {
    const table = makeTable({
      rows: 40_000,
      featureCount: 6,
      seed: 9,
      distinct: 0,
      missing: 0.05,
      firstCategorical: 5,
    });
    const trees = pools.map((pool) => growEngine(pool, table, cutTable(pool, table), defaultTreeParameters, 1));

    expect(trees[1]).toEqual(trees[0]);
    expect(trees[0]!.tree.nodeCount).toBeGreaterThan(60);
  });

  it('keeps only a root if no split has a gain', () => {
    const [pool] = pools;
    const table = {
      rows: 10,
      featureCount: 1,
      features: new Float32Array(10),
      gradients: new Float32Array(20).fill(1),
      isCategorical: [],
    };

    const { tree, margins } = growEngine(pool!, table, cutTable(pool!, table), { ...defaultTreeParameters, eta: 1 }, 1);

    expect(tree.nodeCount).toBe(1);
    expect(margins[0]).toBe(Math.fround(-10 / 11)); // −G / (H + λ) with G = H = 10, λ = 1
  });
});
