/** Features that exclude each other, which share a column of bins. */

import { createRandom } from '@algo/numerics';
import { afterAll, describe, expect, it } from 'vitest';
import { createCutSketch } from '../../src/engine/binning/cuts.js';
import { createPool } from '../../src/engine/threads/pool.js';
import { collect, options } from './rounds.js';
import { cutTable, trainingData } from './tables.js';

const pool = createPool(1);
afterAll(() => pool.close());

describe('feature bundles', () => {
  it('give the same trees as features in separate columns', () => {
    const random = createRandom(8);
    const rows = 3000;
    const features = new Float32Array(rows * 12);
    for (let row = 0; row < rows; row++) {
      features[row * 12] = random.uniform();
      features[row * 12 + 1 + random.below(6)] = 1; // one-hot of six
      if (random.uniform() < 0.5) features[row * 12 + 7 + random.below(3)] = 2.5; // at most one of three
      features[row * 12 + 10] = random.below(2); // a separate flag
      features[row * 12 + 11] = random.below(3);
    }
    const gradients = Float32Array.from({ length: rows * 2 }, (_, i) =>
      i % 2 ? 1 : random.uniform() - features[12 * (i >> 1) + 2]! + features[12 * (i >> 1) + 8]!,
    );
    const source = { rows, featureCount: 12, features, gradients, isCategorical: [] };
    const cuts = cutTable(pool, source);
    const grow = (bundles: readonly (readonly number[])[]) => {
      const train = trainingData(pool, source, { ...cuts, bundles });
      const given = { computeGradients: (_: Float32Array, out: Float32Array) => out.set(gradients) };
      const [round] = collect(options(train, { rounds: 1, gradients: given }));
      return { columns: train.layout.columns.length, tree: round!.trees[0]!, margins: round!.trainMargins };
    };

    const bundled = grow(cuts.bundles);
    const plain = grow([]);

    expect(cuts.bundles).toEqual([
      [1, 2, 3, 4, 5, 6],
      [7, 8, 9],
    ]);
    expect([bundled.columns, plain.columns]).toEqual([5, 12]);
    expect(bundled.tree).toEqual(plain.tree);
    expect(bundled.margins).toEqual(plain.margins);
    expect(new Set(bundled.tree.feature)).toContain(2);
  });

  it('exclude a feature that conflicts with another one only in later rows', () => {
    const rows = 20_000;
    const features = new Float32Array(rows * 3);
    for (let row = 0; row < rows; row++) features[row * 3 + (row % 3)] = 1;
    features[19_999 * 3] = 1;
    features[19_999 * 3 + 1] = 1;
    const sketch = createCutSketch(pool, { featureCount: 3, maxBin: 256 });
    sketch.addBlock(features);

    expect(sketch.finish().bundles).toEqual([[0, 2]]);
  });
});
