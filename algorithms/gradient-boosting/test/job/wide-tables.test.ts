/** Tables of more columns than arguments fit on a stack, or than sketches fit into memory. */
import { runTraining } from '@algo/contract/testing';
import { createRandom } from '@algo/numerics';
import { afterAll, describe, expect, it } from 'vitest';
import { gradientBoosting } from '../../src/algorithm.js';
import { createCutSketch } from '../../src/engine/binning/cuts.js';
import { alone } from '../../src/engine/team.js';
import { createPool } from '../../src/engine/threads/pool.js';
import { findCuts } from '../../src/job/bin-table.js';
import type { FeatureBlock, Table } from '../../src/job/table.js';
import { readEnsemble } from '../../src/model/index.js';
import { expectLastColumnToCount } from './wide-tables.js';

const pool = createPool(2);
afterAll(() => pool.close());

describe('a table of many columns', () => {
  it('trains with 150,000 columns in libsvm, and uses the last one', () => expectLastColumnToCount(150_000));

  it('trains with 130,000 columns in CSV', async () => {
    const lines = Array.from({ length: 6 }, (_, row) => `${row % 2},${`${row % 3},`.repeat(129_999)}${row % 2}`);

    const { model, root, failure } = await runTraining(gradientBoosting, {
      hyperparameters: { num_round: '1', max_depth: '1', min_child_weight: '0', nthread: '1' },
      channels: { train: { 'a.csv': `${lines.join('\n')}\n` } },
      inputDataConfig: { train: { ContentType: 'text/csv' } },
    });
    root.remove();

    expect(failure).toBeUndefined();
    expect(readEnsemble(model.get('xgboost-model.ubj')!).trees[0]!.feature[0]).toBe(129_999);
  });
});

describe('cut points computed in slices of columns', () => {
  const columns = 20_000; // a slice and a part of one
  const rows = 60;
  const random = createRandom(3);
  const entries = Array.from({ length: rows }, () =>
    Array.from({ length: columns }, (_, column) => column).filter(() => random.uniform() < 0.01),
  );
  const values = entries.map((own) => own.map(() => random.below(9)));

  const dense = new Float32Array(rows * columns).fill(Number.NaN);
  for (const [row, own] of entries.entries()) {
    for (const [index, column] of own.entries()) dense[row * columns + column] = values[row]![index]!;
  }
  const tableOf = (block: FeatureBlock): Table => ({
    name: 'train',
    rows,
    columns,
    labelCount: 1,
    labels: new Float32Array(rows),
    weights: undefined,
    queryIds: undefined,
    columnNames: undefined,
    async *blocks() {
      yield block;
    },
  });

  const rowStarts = Uint32Array.from([0, ...entries.map((_, row) => entries.slice(0, row + 1).flat().length)]);
  const sparse = {
    rowStarts,
    columnIndices: Uint32Array.from(entries.flat()),
    values: Float32Array.from(values.flat()),
  };

  it.each([
    ['dense', { rows, features: dense }],
    ['sparse', { rows, ...sparse }],
  ])('equal those of all columns together, %s', async (_, block) => {
    const whole = createCutSketch(pool, { featureCount: columns, maxBin: 256, rows });
    whole.addBlock(dense);
    const expected = whole.finish();

    const found = await findCuts(pool, tableOf(block), { maxBin: 256, categoricalFeatures: undefined }, alone);

    expect(found).toEqual(expected);
  });
});
