/** That hyperparameters reach the trees: what each promises is seen in the model or its predictions. */
import { csvTable, openInvocations, useJobs } from '@algo/contract/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { gradientBoosting } from '../../src/algorithm.js';
import { isLeaf, type Tree } from '../../src/ensemble/tree.js';
import { readEnsemble } from '../../src/model/index.js';
import { writeUbjson } from '../../src/model/write.js';
import { ONE_THREAD } from '../support/one-thread.js';

const { train } = useJobs(gradientBoosting, { afterEach, hyperparameters: ONE_THREAD });

async function trainOn(hyperparameters: Record<string, string>, csv: string, contentType = 'text/csv') {
  const result = await train({
    hyperparameters: { num_round: '10', ...hyperparameters },
    channels: { train: { 'a.csv': csv } },
    inputDataConfig: { train: { ContentType: contentType } },
  });
  expect(result.failure).toBeUndefined();
  const model = readEnsemble(result.model.get('xgboost-model.ubj')!);
  const invoke = await openInvocations(gradientBoosting, result);
  return {
    model,
    predict: async (rows: readonly (readonly number[])[]) => {
      const body = rows.map((row) => `${row.join(',')}\n`).join('');
      const answer = await invoke({ contentType: 'text/csv', body });
      return answer.body
        .trimEnd()
        .split('\n')
        .map((line) => line.split(',').map(Number));
    },
  };
}

const leaves = (tree: Tree) => Array.from({ length: tree.nodeCount }, (_, node) => node).filter((n) => isLeaf(tree, n));

/** Features on the way from the root to each leaf. */
function paths(tree: Tree): Set<number>[] {
  return leaves(tree).map((leaf) => {
    const features = new Set<number>();
    for (let node = leaf; node !== 0; node = tree.parent[node]!) features.add(tree.feature[tree.parent[node]!]!);
    return features;
  });
}

/** A wave of the first feature, and a little of the others. */
const wave = csvTable({
  rows: 600,
  seed: 8,
  label: ([a, b, c], uniform) => (Math.sin(9 * a!) + a! + b! * c! + 0.1 * uniform()).toFixed(4),
});
const sweep = Array.from({ length: 50 }, (_, step) => [step / 50, 0.5, 0.5, 0.5]);

describe('the effect of a hyperparameter', () => {
  it('monotone_constraints: predictions never move against the constraint', async () => {
    const rising = (await (await trainOn({ monotone_constraints: '(1,0,0,0)' }, wave)).predict(sweep)).flat();
    const free = (await (await trainOn({}, wave)).predict(sweep)).flat();
    const rises = (values: readonly number[]) => values.every((value, i) => i === 0 || value >= values[i - 1]!);

    expect(rises(rising)).toBe(true);
    expect(rises(free)).toBe(false);
  });

  it('interaction_constraints: a path uses columns of one group only', async () => {
    const pair = (first: number) => [first, first + 1];
    const groups = [pair(0), pair(2)];
    const { model } = await trainOn({ interaction_constraints: JSON.stringify(groups) }, wave);

    const found = model.trees.flatMap(paths);

    expect(found.some((path) => path.size === 2)).toBe(true);
    expect(found.every((path) => groups.some((group) => [...path].every((f) => group.includes(f))))).toBe(true);
  });

  it('max_leaves and grow_policy: lossguide grows the leaves with the largest gain', async () => {
    const { model } = await trainOn({ grow_policy: 'lossguide', max_depth: '0', max_leaves: '9' }, wave);

    expect(Math.max(...model.trees.map((tree) => leaves(tree).length))).toBe(9);
  });

  it('max_depth: no path is longer than this', async () => {
    const { model } = await trainOn({ max_depth: '2' }, wave);

    expect(Math.max(...model.trees.map((tree) => leaves(tree).length))).toBe(4);
  });

  it('num_parallel_tree: each round is a random forest', async () => {
    const { model } = await trainOn({ num_parallel_tree: '4', subsample: '0.5', num_round: '3' }, wave);

    expect(model).toMatchObject({ numParallelTree: 4, iterationStart: Int32Array.of(0, 4, 8, 12) });
    expect(model.trees).toHaveLength(12);
  });

  it('base_score: predictions start from it', async () => {
    const { model, predict } = await trainOn({ base_score: '5', num_round: '1', eta: '0' }, wave);

    expect(model.baseScore).toEqual([5]);
    expect(await predict([[0, 0, 0, 0]])).toEqual([[5]]);
  });

  it('booster dart: earlier trees lose weight', async () => {
    const { model } = await trainOn({ booster: 'dart', rate_drop: '0.5', one_drop: '1' }, wave);

    expect(model.booster).toBe('dart');
    expect(Math.min(...model.weightDrop!)).toBeLessThan(0.9);
  });

  it('categorical_features: splits are sets of categories, whatever their codes', async () => {
    const good = [3, 7, 11, 12];
    const label = ([a, b]: readonly number[]) => {
      const category = Math.floor(20 * a!);
      return `${Number(good.includes(category)) + 0.1 * b!},${category}`;
    };
    const csv = csvTable({ rows: 500, seed: 9, label, columns: 2 });
    const { model, predict } = await trainOn(
      { categorical_features: '0', num_round: '20', max_depth: '3', lambda: '0' },
      csv,
    );
    const rows = Array.from({ length: 20 }, (_, category) => [category, 0.5, 0.5]);
    const predictions = (await predict(rows)).flat();

    expect(model.featureTypes).toEqual(['c', 'float', 'float']);
    expect(model.trees.some((tree) => tree.isCategorical.includes(1))).toBe(true);
    for (const [category, prediction] of predictions.entries()) {
      expect(Math.abs(prediction - (good.includes(category) ? 1.05 : 0.05))).toBeLessThan(0.1);
    }
  });

  it.each([
    ['numbers', {}, (row: number) => `${row % 17},${row % 5}`],
    ['columns that only such rows have a value in', {}, (row: number) => `,${row}`],
    ['categories', { categorical_features: '1', max_cat_to_onehot: '1' }, (row: number) => `${row},${row % 9}`],
    ['sampled rows', { subsample: '0.5', sampling_method: 'gradient_based' }, (row: number) => `7,${row}`],
    ['medians', { objective: 'reg:absoluteerror' }, (row: number) => `7,${row}`],
  ])(
    'csv_weights: the model equals, byte for byte, that of the rows with a weight above 0: %s',
    async (_, changes, poison) => {
      const weighted = Array.from(
        { length: 300 },
        (_, row) => `${(row % 17) + (row % 5) * 3},${1 + (row % 3)},${row % 17},${row % 5}`,
      );
      const mixed = weighted.flatMap((line, row) => [
        `${1_000_000 + row},0,${poison(row)}`,
        line,
        `-5,0,${poison(row + 1)}`,
      ]);
      const hyperparameters = { csv_weights: '1', num_round: '5', ...changes };

      const clean = await trainOn(hyperparameters, `${weighted.join('\n')}\n`);
      const poisoned = await trainOn(hyperparameters, `${mixed.join('\n')}\n`);

      expect(writeUbjson(poisoned.model)).toEqual(writeUbjson(clean.model));
    },
  );

  it('max_bin: more than 256 bins are distinguished', async () => {
    const csv = csvTable({ rows: 2000, seed: 10, label: ([a]) => String(Math.floor(500 * a!) % 2), columns: 1 });
    const rows = csv.trimEnd().split('\n');
    const share = async (bins: string) => {
      const { predict } = await trainOn({ max_bin: bins, max_depth: '12', num_round: '30', lambda: '0' }, csv);
      const predicted = await predict(rows.map((row) => [Number(row.split(',')[1])]));
      return predicted.filter(([p], i) => Math.round(p!) === Number(rows[i]![0])).length / rows.length;
    };

    expect(await share('4000')).toBeGreaterThan(0.97);
    expect(await share('16')).toBeLessThan(0.8);
  });

  it('label_size=2 with a regression: predicts both targets', async () => {
    const label = ([a, b]: readonly number[]) => `${10 * a!},${-10 * b!}`;
    const csv = csvTable({ rows: 400, seed: 11, label });
    const { model, predict } = await trainOn({ num_round: '30' }, csv, 'text/csv;label_size=2');

    const [[first, second]] = (await predict([[0.2, 0.7, 0.5, 0.5]])) as [[number, number]];

    expect(model).toMatchObject({ groupCount: 2, targetCount: 2 });
    expect(first).toBeCloseTo(2, 0);
    expect(second).toBeCloseTo(-7, 0);
  });

  it('label_size=2 with survival:aft: a negative upper bound means none', async () => {
    const label = ([a]: readonly number[]) => (a! > 0.5 ? `${5 * a!},-1` : `${5 * a!},${5 * a!}`);
    const csv = csvTable({ rows: 400, seed: 12, label });
    const { predict } = await trainOn({ objective: 'survival:aft', num_round: '40' }, csv, 'text/csv;label_size=2');

    const [[early], [late]] = (await predict([
      [0.2, 0.5, 0.5, 0.5],
      [0.9, 0.5, 0.5, 0.5],
    ])) as [[number], [number]];

    expect(early).toBeCloseTo(1, 0);
    expect(late).toBeGreaterThan(4.5); // nobody beyond 0.5 was seen to end
  });
});
