/**
 * Rounds of boosting: margins, resumed runs, dart, groups, evaluation data and the kernel's losses.
 */

import { afterAll, describe, expect, it } from 'vitest';
import { createDatasetBuilder } from '../../src/engine/binning/binned-dataset.js';
import type { Dataset } from '../../src/engine/binning/dataset.js';
import { createPool } from '../../src/engine/threads/pool.js';
import type { Tree } from '../../src/ensemble/tree.js';
import { collect, labelled, options, SHAPE, table } from './rounds.js';
import { makeTable, type Table, walkTree } from './tables.js';

const pools = [createPool(1), createPool(3)] as const;
const [single] = pools;
afterAll(() => {
  for (const pool of pools) pool.close();
});

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
