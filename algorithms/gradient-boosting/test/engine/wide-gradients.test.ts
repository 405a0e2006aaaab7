/**
 * Gradients that differ by more orders of magnitude than a float64 covers: sums stay exact, so small ones are not lost,
 * and neither threads nor the order of rows change a bit of the model.
 */

import { createRandom } from '@algo/numerics';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { GROUP, GROUPS, IS_LOSSY, LIMBS, PREPARED_MARGINS, RAW_GRADIENTS } from '../../assembly/layout.js';
import { createDatasetBuilder } from '../../src/engine/binning/binned-dataset.js';
import { type BoostOptions, boost } from '../../src/engine/boost.js';
import { createGrower } from '../../src/engine/growing/grower.js';
import { configureSampling } from '../../src/engine/growing/sampling.js';
import { createPool, type Pool } from '../../src/engine/threads/pool.js';
import type { Tree } from '../../src/ensemble/tree.js';
import { createObjective } from '../../src/objectives/index.js';
import { gridGradients, growOracle } from '../oracle/grow.js';
import { sampleOracle } from '../oracle/sample.js';
import {
  cutTable,
  defaultTreeParameters,
  makeTable,
  type Table,
  tableShapes,
  trainingData,
  treeParameters,
} from './tables.js';

const pools = [createPool(1), createPool(2), createPool(4)] as const;
const [single] = pools;
afterAll(() => {
  for (const pool of pools) pool.close();
});

/** No penalty and no minimum weight, so that a leaf's output is the plain mean of its rows. */
const MEANS = { ...defaultTreeParameters, eta: 1, lambda: 0, minChildWeight: 0 };

interface Rows {
  readonly features: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly weights?: readonly number[];
}

/** Trains squared error from margin 0 and returns trees and margins. */
function train(pool: Pool, { features, labels, weights }: Rows, changes: Partial<BoostOptions> = {}) {
  const mark = pool.arena.mark();
  const featureCount = features[0]!.length;
  const flat = Float32Array.from(features.flat());
  const table = { rows: labels.length, featureCount, features: flat, gradients: new Float32Array(), isCategorical: [] };
  const builder = createDatasetBuilder(pool, cutTable(pool, table), {
    rows: labels.length,
    purpose: 'training',
    hasWeights: weights !== undefined,
  });
  builder.addBlock(flat, Float32Array.from(labels), weights && Float32Array.from(weights));
  const rounds = [
    ...boost({
      train: builder.finish(),
      groups: 1,
      gradients: { kind: 'squared-error' },
      initialMargins: new Float32Array(changes.groups ?? 1),
      tree: MEANS,
      rounds: 1,
      seed: 0,
      ...changes,
    }),
  ];
  const result = { trees: rounds.flatMap(({ trees }) => trees), margins: [...rounds.at(-1)!.trainMargins] };
  pool.arena.release(mark);
  return result;
}

describe('labels of very different sizes', () => {
  it.each([
    ['last', [1, 2, 3, 4, 5, 1e17]],
    ['first', [1e17, 1, 2, 3, 4, 5]], // XGBoost 3.2 answers −14 for the label of 1, and the like for the next four
    ['in the middle', [1, 2, 1e17, 3, 4, 5]],
    ['first and is negative', [-1e17, 1, 2, 3, 4, 5]],
    ['twice, of both signs', [1e17, 1, 2, -1e17, 3, 4]],
    ['with small labels', [0.01, 0.02, 1e15, 0.03, 0.04, 0.05]],
    ['at the end of many sizes', [0.01, 1, 1e4, 1e8, 1e12, 1e18]],
  ])('are fitted as precisely as without the outlier that comes %s', (_, labels) => {
    const { margins } = train(single, { features: labels.map((_, row) => [row]), labels });

    for (const [row, label] of labels.entries()) expect(margins[row]! / label).toBeCloseTo(1, 6); // float32
  });

  it('keep their mean in a leaf of many rows whose sibling with the outlier is subtracted', () => {
    const rows = 4000;
    const features = Array.from({ length: rows }, (_, row) => [row < rows / 2 ? 0 : 1, row === 0 ? 1 : 0]);
    const labels = features.map(([half], row) => (row === 0 ? 1e16 : half === 1 ? 3 : 1));

    const { margins } = train(single, { features, labels });

    expect([margins[0], margins[1], margins[rows - 1]]).toEqual([Math.fround(1e16), 1, 3]);
  });

  it('keep the mean of the other rows with missing values and sparse columns', () => {
    const rows = 600;
    const features = Array.from({ length: rows }, (_, row) =>
      Array.from({ length: 13 }, (_, column) => (row % 13 === column ? (row % 3) + 1 : Number.NaN)),
    );
    const labels = features.map((_, row) => (row === 300 ? 1e16 : (row % 13) + (row % 3) / 4));

    const { margins } = train(single, { features, labels }, { tree: { ...MEANS, maxDepth: 60 } });

    const isSame = (row: number) => row % 39 === 300 % 39; // shares all values with the outlier
    for (let row = 0; row < rows; row++) if (!isSame(row)) expect(margins[row]).toBeCloseTo(labels[row]!, 4);
  });
});

describe('weights of very different sizes', () => {
  it('keep the mean of each group of rows', () => {
    const sizes = [1e12, 1, 1e-1, 1, 1e-1, 1e-2]; // the heavy rows' label is 0: gains are float32, as XGBoost's
    const rows = Array.from({ length: 60 }, (_, row) => row);

    const { margins } = train(single, {
      features: rows.map((row) => [row % 6]),
      labels: rows.map((row) => (row % 6) * (row < 30 ? 1.1 : 0.9)),
      weights: rows.map((row) => sizes[row % 6]!),
    });

    for (const row of rows) expect(margins[row]).toBeCloseTo(row % 6, 5);
  });

  it('keep the influence of rows of small weight if scale_pos_weight is large', () => {
    const rows = Array.from({ length: 400 }, (_, row) => row);
    const data = { features: rows.map((row) => [row % 4]), labels: rows.map((row) => (row % 4 === 3 ? 1 : 0)) };

    const { margins } = train(single, data, { gradients: { kind: 'logistic', scalePositive: 1e6 } });

    expect(margins.slice(0, 4)).toEqual([-2, -2, -2, 2]); // −G / H of one class at margin 0: ½ / ¼
  });
});

describe('objectives with exploding gradients', () => {
  // Labels 1 … 5 and 1e17 after three rounds; XGBoost 3.2 gives the same, its gains being float32 too.
  it.each([
    ['reg:gamma', [20.085537, 20.085537, 20.085537, 20.085537, 20.085537, 20.085537]],
    ['reg:tweedie', [403.4288, 403.4288, 403.4288, 403.4288, 403.4288, 403.4288]],
    ['reg:squaredlogerror', [1, 1.9966066, 2.9283688, 3.716589, 4.35914, 14.388797]],
  ] as const)('give XGBoost’s predictions: %s', (name, expected) => {
    const objective = createObjective(name, { classCount: 0 });
    const labels = [1, 2, 3, 4, 5, 1e17];
    const gradients = objective.prepare({ labels: Float32Array.from(labels) });
    const initialMargins = objective.toMargins(Float32Array.of(1));

    const data = { features: labels.map((_, row) => [row]), labels };
    const { margins } = train(single, data, { gradients, initialMargins, rounds: 3 });

    const predictions = objective.transform(Float32Array.from(margins));
    for (const [row, value] of expected.entries()) expect(predictions[row]! / value).toBeCloseTo(1, 5);
  });
});

const FORMS = [
  ['dense rows', { rows: 2000, featureCount: 5, seed: 1, distinct: 0, missing: 0.1, firstCategorical: 9 }, {}],
  ['sparse rows', { rows: 2000, featureCount: 5, seed: 2, distinct: 0, missing: 0.9, firstCategorical: 9 }, {}],
  ['categories', { rows: 2000, featureCount: 5, seed: 3, distinct: 30, missing: 0.1, firstCategorical: 2 }, {}],
  [
    'sampled rows',
    { rows: 2000, featureCount: 5, seed: 4, distinct: 0, missing: 0, firstCategorical: 9 },
    { subsample: 0.5, samplingMethod: 'gradient_based' },
  ],
] as const;

describe.each(FORMS)('%s', (_, shape, changes) => {
  /** Gradients of sizes from 1e-15 to 1e15, each row's from its number in the table as it was made. */
  const table = makeTable(shape);
  const random = createRandom(5);
  for (let row = 0; row < table.rows; row++) {
    const size = 10 ** (30 * random.uniform() - 15);
    table.gradients[2 * row]! *= size;
    if (row % 2) table.gradients[2 * row + 1]! *= size;
  }

  const grow = (pool: Pool, { gradients, ...data }: Table): Tree[] => {
    const mark = pool.arena.mark();
    const cuts = cutTable(pool, { ...data, gradients });
    const rounds = boost({
      train: trainingData(pool, { ...data, gradients }, cuts),
      groups: 1,
      gradients: { computeGradients: (_, out) => out.set(gradients) },
      initialMargins: new Float32Array(1),
      tree: { ...defaultTreeParameters, lambda: 0, minChildWeight: 0, ...changes },
      rounds: 2,
      seed: 0,
    });
    const trees = [...rounds].flatMap((round) => round.trees);
    pool.arena.release(mark);
    return trees;
  };

  it('gives the same model with 1, 2 and 4 threads', () => {
    const [one, two, four] = pools.map((pool) => grow(pool, table));

    expect(one![0]!.nodeCount).toBeGreaterThan(15);
    expect(two).toEqual(one);
    expect(four).toEqual(one);
  });

  // A sample is drawn by the rows' numbers.
  if ('subsample' in changes) return;
  it('gives the same model for any order of the rows', () => {
    const order = Array.from({ length: table.rows }, (_, row) => (row * 1777 + 13) % table.rows);
    const pick = (values: Float32Array, width: number) =>
      Float32Array.from(
        { length: values.length },
        (_, i) => values[order[Math.floor(i / width)]! * width + (i % width)]!,
      );

    const shuffled = grow(single, {
      ...table,
      features: pick(table.features, table.featureCount),
      gradients: pick(table.gradients, 2),
    });

    expect(shuffled).toEqual(grow(single, table));
  });
});

it('a tree whose sums have several limbs equals the oracle’s tree', () => {
  fc.assert(
    fc.property(tableShapes, treeParameters, fc.nat(1000), (shape, given, seed) => {
      const mark = single.arena.mark();
      const p = { ...given, samplingMethod: 'uniform' } as const;
      const table = makeTable(shape);
      // Large and small gradients, each of few bits, so that the oracle's plain sums are exact too.
      for (let i = 0; i < table.gradients.length; i++) {
        const scale = i % 2 === 0 && i % 6 === 0 ? 2 ** 25 : 1;
        table.gradients[i] = (Math.ceil(table.gradients[i]! * 64) / 64) * scale;
      }
      const cuts = cutTable(single, table);
      const train = trainingData(single, table, cuts);
      const raw = single.arena.allocate(table.rows * 8, 'gradients');
      single.floats().set(table.gradients, raw >> 2);
      const random = createRandom(seed);
      single.set(RAW_GRADIENTS, raw);
      single.set(GROUPS, 1);
      single.set(GROUP, 0);
      single.set(PREPARED_MARGINS, single.arena.allocateZeros(table.rows * 4, 'margins'));
      const values = { values: table.gradients, rows: table.rows, groups: 1, group: 0 };
      configureSampling(single, p, random, values);

      // A largest gradient that no row has: the first limb holds the large gradients, the second the others.
      const tree = createGrower(train, p).grow({ random, eta: p.eta, maxima: { gradient: 2 ** 60, hessian: 2 ** 60 } });

      const own = createRandom(seed);
      const sample = sampleOracle(table.gradients, p, own, () => 0);
      const data = { cuts, rows: table.rows, features: table.features };
      expect(tree).toEqual(growOracle(data, gridGradients(sample.pairs), sample.rows, p, p.eta, own));
      expect([single.words()[LIMBS >> 2], single.words()[IS_LOSSY >> 2]]).toEqual([2, 0]);
      single.arena.release(mark);
    }),
    { seed: 4, numRuns: 120 },
  );
});

it('usual losses need one limb only, which is fastest', () => {
  const rows = Array.from({ length: 3000 }, (_, row) => row);
  const data = { features: rows.map((row) => [row % 50, row % 7]), labels: rows.map((row) => (row % 50 < 20 ? 1 : 0)) };

  train(single, data, { gradients: { kind: 'logistic' }, tree: defaultTreeParameters, rounds: 80 });

  expect(single.words()[LIMBS >> 2]).toBe(1);
});
