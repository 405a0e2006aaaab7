/** A job on several hosts ends with the model of one host that has all rows, to the byte. */
import { fileURLToPath } from 'node:url';
import { useHosts } from '@algo/contract/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { denseLines, filesOf, type LabelOf, type Lines, type Split, sparseLines, textLines } from './split-table.js';

const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const { train } = useHosts({ afterEach });

interface Shards {
  readonly lines: Lines;
  readonly split: Split;
  readonly contentType?: string;
  readonly hyperparameters: Readonly<Record<string, string>>;
}

/** The model file and its manifest's categories of a job on hosts that have the rows as `split` says. */
async function modelOf({ lines, split, contentType = 'text/csv', hyperparameters }: Shards) {
  const results = await train({
    program: PROGRAM,
    hosts: filesOf(lines, split).map((files) => ({ channels: { train: files } })),
    hyperparameters: { num_round: '4', base_score: '0.5', ...hyperparameters },
    inputDataConfig: { train: { ContentType: contentType, S3DistributionType: 'ShardedByS3Key' } },
  });
  const said = results.map(({ lines, failure }) => failure ?? lines.join('\n')).join('\n');
  expect(
    results.map(({ exitCode }) => exitCode),
    said,
  ).toEqual(split.map(() => 0));
  expect(results.slice(1).map(({ model }) => model.size)).toEqual(split.slice(1).map(() => 0));
  return results[0]!.model;
}

/** Each of `splits` gives the model of all rows on one host. */
async function expectSame({ splits, ...job }: Omit<Shards, 'split'> & { readonly splits: readonly Split[] }) {
  const alone = await modelOf({ ...job, split: [job.lines.length] });
  const manifest = JSON.parse(String(alone.get('.manifest.json')));
  for (const split of splits) {
    const together = await modelOf({ ...job, split });
    expect([...together.keys()]).toEqual([...alone.keys()]);
    expect(together.get('xgboost-model.ubj')?.equals(alone.get('xgboost-model.ubj')!), String(split)).toBe(true);
    expect(JSON.parse(String(together.get('.manifest.json'))).categories).toEqual(manifest.categories);
  }
}

const regression: LabelOf = ([a, b, c, d], noise) => Math.fround(a! * c! + 9 * b! + (Number.isNaN(d) ? 5 : d!) + noise);
const binary: LabelOf = ([a, b], noise) => Number(a! + 4 * b! + 4 * noise > 7);
const classes: LabelOf = ([a, b], noise) => Math.max(0, Math.floor(a! / 4 + b! + noise));

describe('training on several hosts ends with the model of one host', () => {
  it.each<[string, LabelOf, readonly Split[], Record<string, string>]>([
    [
      'squared error',
      regression,
      [
        [400, 600],
        [1000, 0, 1, 499],
      ],
      {},
    ],
    [
      'logistic loss, sampled rows and features',
      binary,
      [[0, 700, 800]],
      { objective: 'binary:logistic', subsample: '0.6', colsample_bytree: '0.7', colsample_bynode: '0.8' },
    ],
    ['classes', classes, [[1490, 5, 5]], { objective: 'multi:softmax', num_class: '4' }],
    [
      'few bins, growth by gain, parallel trees',
      regression,
      [[300, 900, 300]],
      { max_bin: '16', grow_policy: 'lossguide', max_leaves: '20', num_parallel_tree: '2' },
    ],
    ['many bins', regression, [[700, 800]], { max_bin: '1000', tree_method: 'hist' }],
    ['dart', binary, [[700, 800]], { objective: 'binary:logistic', booster: 'dart', rate_drop: '0.5', num_round: '6' }],
    [
      'constraints',
      regression,
      [[700, 800]],
      { monotone_constraints: '(1,1)', interaction_constraints: '[[0,1],[2,3,4]]' },
    ],
    [
      'rows sampled by gradients',
      binary,
      [[100, 1400]],
      { objective: 'binary:logistic', subsample: '0.3', sampling_method: 'gradient_based' },
    ],
    [
      'labels of very different sizes',
      (features, noise) => (noise > 0.99 ? 1e17 : regression(features, noise)),
      [[200, 1300]],
      {},
    ],
  ])('%s', async (_, labelOf, splits, hyperparameters) => {
    const rows = splits[0]!.reduce((sum, own) => sum + own, 0);
    await expectSame({ lines: denseLines(rows, labelOf), splits, hyperparameters });
  });

  it('sparse rows, of which one host has the last columns', async () => {
    const lines = sparseLines(600, 80);
    await expectSame({
      lines,
      splits: [
        [300, 297, 3],
        [0, 598, 0, 2],
      ],
      contentType: 'text/libsvm',
      hyperparameters: {},
    });
  });

  it('text, of which hosts have different names', async () => {
    const lines = textLines(600);
    await expectSame({
      lines,
      splits: [
        [100, 0, 500],
        [150, 450],
      ],
      hyperparameters: { objective: 'multi:softprob', max_cat_to_onehot: '5' },
    });
  });

  it('rows sorted by their label', async () => {
    const lines = denseLines(900, binary).toSorted();
    await expectSame({ lines, splits: [[300, 300, 300]], hyperparameters: { objective: 'binary:logistic' } });
  });
});
