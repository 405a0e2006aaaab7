/**
 * Rounds of boosting: margins, resumed runs, dart, groups, evaluation data and bundles.
 */

import { createRandom } from '@algo/numerics';
import { afterAll, describe, expect, it } from 'vitest';
import { createDatasetBuilder } from '../../src/engine/binning/binned-dataset.js';
import { createCutSketch } from '../../src/engine/binning/cuts.js';
import type { Dataset } from '../../src/engine/binning/dataset.js';
import { type BoostOptions, boost } from '../../src/engine/boost.js';
import { createPool, type Pool } from '../../src/engine/threads/pool.js';
import { defaultTreeParameters, type TreeParameters } from '../../src/engine/tree-parameters.js';
import type { Tree } from '../../src/ensemble/tree.js';
import { cutTable, makeTable, type Table, trainingData, walkTree } from './tables.js';

const pools = [createPool(1), createPool(3)] as const;
const [single] = pools;
afterAll(() => {
  for (const pool of pools) pool.close();
});

const SHAPE = { rows: 700, featureCount: 6, seed: 11, distinct: 0, missing: 0.1, firstCategorical: 4 };
const table = makeTable({ ...SHAPE, distinct: 6 });

/** Labels 0 and 1 that depend on the features. */
function labelsOf(source: Table): Float32Array {
  const random = createRandom(2);
  return Float32Array.from({ length: source.rows }, (_, row) => {
    const [a = 0, b = 0] = source.features.subarray(row * source.featureCount);
    return random.uniform() < 1 / (1 + Math.exp(-((a || 0) - (b || 0)))) ? 1 : 0;
  });
}

function labelled(pool: Pool, source: Table = table): Dataset {
  const data = trainingData(pool, source, cutTable(pool, source));
  data.labels.set(labelsOf(source));
  return data;
}

function options(
  train: Dataset,
  changes: Partial<BoostOptions> & { readonly treeChanges?: Partial<TreeParameters> } = {},
): BoostOptions {
  const { treeChanges, ...rest } = changes;
  return {
    train,
    groups: 1,
    gradients: { kind: 'logistic' },
    initialMargins: Float32Array.of(0.25),
    tree: { ...defaultTreeParameters, maxDepth: 4, ...treeChanges },
    rounds: 6,
    seed: 5,
    ...rest,
  };
}

/** All rounds of a run; margins copied, since they are live views. */
function collect(given: BoostOptions) {
  const rounds = [];
  for (const round of boost(given)) {
    rounds.push({
      ...round,
      trainMargins: round.trainMargins.slice(),
      evaluationMargins: round.evaluationMargins.map((margins) => margins.slice()),
    });
  }
  return rounds;
}

/** Margins of all rows by walking the trees on the features themselves, in float32 and in order. */
function walkAll(source: Table, trees: readonly Tree[], initial: number, weights?: readonly number[]): number[] {
  return Array.from({ length: source.rows }, (_, row) =>
    trees.reduce(
      (sum, tree, index) => Math.fround(sum + Math.fround(walkTree(tree, source, row) * (weights?.[index] ?? 1))),
      initial,
    ),
  );
}

describe('boosting', () => {
  it('keeps margins that equal the predictions of its trees', () => {
    const rounds = collect(options(labelled(single)));

    const trees = rounds.flatMap((round) => round.trees);
    expect([...rounds.at(-1)!.trainMargins]).toEqual(walkAll(table, trees, 0.25));
    expect(trees).toHaveLength(6);
  });

  it('lowers the loss of the training data in every round', () => {
    const data = labelled(single);
    const losses = collect(options(data)).map(({ trainMargins }) =>
      data.labels.reduce(
        (sum, label, row) => sum + Math.log1p(Math.exp(label ? -trainMargins[row]! : trainMargins[row]!)),
        0,
      ),
    );

    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
  });

  it('predicts evaluation data with missing values and with categories that training did not have', () => {
    const train = labelled(single, {
      ...table,
      features: table.features.map((value, i) => (i % 6 < 2 && Number.isNaN(value) ? 1 : value)),
    });
    const other = makeTable({ ...SHAPE, rows: 90, seed: 3, distinct: 9, missing: 0.3 });
    const builder = createDatasetBuilder(single, train.cuts, { rows: other.rows, purpose: 'evaluation' });
    builder.addBlock(other.features, new Float32Array(other.rows));
    const evaluations = [{ dataset: builder.finish(), initialMargins: Float32Array.of(-1) }];

    const rounds = collect(options(train, { evaluations }));

    const trees = rounds.flatMap((round) => round.trees);
    expect([...rounds.at(-1)!.evaluationMargins[0]!]).toEqual(walkAll(other, trees, -1));
  });

  it.each([
    ['plain', {}],
    ['sampled', { treeChanges: { subsample: 0.7, colsampleBynode: 0.6 } }],
    ['sampled by gradient', { treeChanges: { subsample: 0.4, samplingMethod: 'gradient_based' } }],
    ['with parallel trees', { numParallelTree: 3, treeChanges: { subsample: 0.5 } }],
    ['dart', { dart: { rateDrop: 0.4, oneDrop: true, skipDrop: 0.2, sampleType: 'weighted', normalizeType: 'tree' } }],
  ] as const)('gives the same model, %s, with any number of threads and when resumed', (_, changes) => {
    const whole = collect(options(labelled(single), changes));
    const threaded = collect(options(labelled(pools[1]), changes));
    const first = collect(options(labelled(single), { ...changes, rounds: 3 }));
    const second = collect(options(labelled(single), { ...changes, resume: first.at(-1)!.state() }));

    expect(threaded.map((round) => round.trees)).toEqual(whole.map((round) => round.trees));
    expect([...first, ...second].map((round) => round.trees)).toEqual(whole.map((round) => round.trees));
    expect(second.at(-1)!.trainMargins).toEqual(whole.at(-1)!.trainMargins);
    expect(second.at(-1)!.treeWeights).toEqual(whole.at(-1)!.treeWeights);
  });

  it('gives other trees for another seed if rows are sampled', () => {
    const changes = { treeChanges: { subsample: 0.5 } };
    const [one] = collect(options(labelled(single), { ...changes, seed: 1 }));
    const [two] = collect(options(labelled(single), { ...changes, seed: 2 }));

    expect(one!.trees).not.toEqual(two!.trees);
  });

  it('samples about the requested fraction of the rows', () => {
    const [round] = collect(
      options(labelled(single), { rounds: 1, initialMargins: Float32Array.of(0), treeChanges: { subsample: 0.5 } }),
    );

    const share = round!.trees[0]!.sumHessian[0]! / (0.25 * table.rows); // every hessian is ¼ at margin 0
    expect(share).toBeGreaterThan(0.44); // 3 standard errors: √(0.25 / 700) · 3 = 0.057
    expect(share).toBeLessThan(0.56);
  });

  it('keeps the expected sums if rows are sampled by gradient', () => {
    const changes = {
      rounds: 1,
      initialMargins: Float32Array.of(1),
      treeChanges: { subsample: 0.5, samplingMethod: 'gradient_based' },
    } as const;
    const sums = Array.from({ length: 60 }, (_, seed) => {
      const mark = single.arena.mark();
      const [round] = collect(options(labelled(single), { ...changes, seed }));
      single.arena.release(mark);
      return round!.trees[0]!.sumHessian[0]!;
    });

    const mean = sums.reduce((a, b) => a + b) / sums.length;
    const exact = table.rows * 0.19661193; // p(1 − p) at margin 1
    expect(Math.abs(mean / exact - 1)).toBeLessThan(0.02);
  });

  it('divides eta among parallel trees', () => {
    const [round] = collect(options(labelled(single), { rounds: 1, numParallelTree: 2 }));
    const [alone] = collect(options(labelled(single), { rounds: 1 }));

    const leaf = (tree: Tree) => tree.condition[tree.left.lastIndexOf(-1)]!;
    expect(leaf(round!.trees[0]!)).toBeCloseTo(leaf(alone!.trees[0]!) / 2, 7); // float32
  });

  it('gives a new dart tree and the dropped ones together the weight of the dropped ones before', () => {
    const dart = { rateDrop: 1, oneDrop: false, skipDrop: 0, sampleType: 'uniform', normalizeType: 'tree' } as const;
    const rounds = collect(options(labelled(single), { rounds: 3, dart }));

    const [, second, third] = rounds.map((round) => round.treeWeights!);
    // One tree left out: it keeps 1 / (1 + η), the new one gets 1 / (1 + η); η = 0.3.
    expect(second).toEqual([Math.fround(1 / 1.3), Math.fround(1 / 1.3)]);
    expect(third![2]).toBeCloseTo(1 / 2.3, 7);
    const trees = rounds.flatMap((round) => round.trees);
    expect([...rounds.at(-1)!.trainMargins]).toEqual(walkAll(table, trees, 0.25, third));
  });

  it('grows one tree per class, and the probabilities fit the labels', () => {
    const data = labelled(single);
    for (let row = 0; row < data.rows; row++) data.labels[row] = row % 3 === 0 ? 2 : data.labels[row]!;
    const rounds = collect(
      options(data, { groups: 3, gradients: { kind: 'softmax' }, initialMargins: new Float32Array(3) }),
    );

    const margins = rounds.at(-1)!.trainMargins;
    const right = data.labels.filter((label, row) => {
      const own = [...margins.subarray(3 * row, 3 * row + 3)];
      return own.indexOf(Math.max(...own)) === label;
    });
    expect(rounds[0]!.trees).toHaveLength(3);
    expect(right.length / data.rows).toBeGreaterThan(0.6);
  });

  it('refuses gradients that are not finite', () => {
    const gradients = { computeGradients: (_: Float32Array, out: Float32Array) => out.fill(1).fill(Number.NaN, 7, 8) };

    expect(() => collect(options(labelled(single), { gradients }))).toThrow(/must be finite; received NaN/);
  });
});

describe('losses computed in the kernel', () => {
  const data = labelled(single);
  const weights = Float32Array.from({ length: data.rows }, (_, row) => 0.5 + (row % 4));
  const weighted = (): Dataset => {
    const builder = createDatasetBuilder(single, data.cuts, { rows: data.rows, purpose: 'training', hasWeights: true });
    builder.addBlock(table.features, data.labels, weights);
    return builder.finish();
  };
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

  it('give the same trees as their formulas in TypeScript', () => {
    const formulas = {
      logistic: (margin: number, label: number, weight: number) => {
        const p = sigmoid(margin);
        return [(p - label) * weight, p * (1 - p) * weight] as const;
      },
      'squared-error': (margin: number, label: number, weight: number) => [(margin - label) * weight, weight] as const,
    };
    for (const kind of ['logistic', 'squared-error'] as const) {
      const computeGradients = (margins: Float32Array, out: Float32Array) => {
        for (let row = 0; row < data.rows; row++) {
          const weight = weights[row]! * (data.labels[row] === 1 ? 3 : 1);
          out.set(formulas[kind](margins[row]!, data.labels[row]!, weight), 2 * row);
        }
      };
      const kernel = collect(options(weighted(), { gradients: { kind, scalePositive: 3 } }));
      const plain = collect(options(weighted(), { gradients: { computeGradients } }));

      const kernelMargins = kernel.at(-1)!.trainMargins;
      for (const [row, margin] of plain.at(-1)!.trainMargins.entries()) {
        expect(kernelMargins[row]).toBeCloseTo(margin, 4); // float32 exponentials, 6 rounds
      }
    }
  });
});

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
    const cuts = cutTable(single, source);
    const grow = (bundles: readonly (readonly number[])[]) => {
      const train = trainingData(single, source, { ...cuts, bundles });
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
    const sketch = createCutSketch(single, { featureCount: 3, maxBin: 256 });
    sketch.addBlock(features);

    expect(sketch.finish().bundles).toEqual([[0, 2]]);
  });
});
