/** A job on several hosts ends with the model and the outputs of one host that has all rows, to the byte. */
import { useHosts } from '@algo/contract/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { expectSuccess, MODEL, PROGRAM } from './jobs.js';
import {
  denseLines,
  fileOf,
  type LabelOf,
  type Lines,
  partsOf,
  type Split,
  sparseLines,
  textLines,
} from './split-table.js';

const { train } = useHosts({ afterEach });

interface Rows {
  readonly lines: Lines;
  /** Default: none. */
  readonly validation?: Lines;
  readonly contentType?: string;
  readonly hyperparameters?: Readonly<Record<string, string>>;
  /** The model that training continues from. */
  readonly start?: Uint8Array;
}

/** What the first host leaves when each has its part of the rows, or, with a number, when that many have all of them. */
async function run(
  { lines, validation, contentType = 'text/csv', hyperparameters, start }: Rows,
  split: Split | number,
) {
  const sharing = typeof split === 'number' ? 'FullyReplicated' : 'ShardedByS3Key';
  const channel = { ContentType: contentType, S3DistributionType: sharing };
  const ofModel = { ContentType: 'application/x-sagemaker-model', S3DistributionType: 'FullyReplicated' };
  const channelsOf = (part: Lines, ofValidation: Lines = []) => ({
    train: fileOf(part),
    ...(validation && { validation: fileOf(ofValidation) }),
    ...(start && { model: { [MODEL]: start } }),
  });
  const hosts =
    typeof split === 'number'
      ? Array.from({ length: split }, () => ({ channels: channelsOf(lines, validation) }))
      : partsOf(lines, split).map((part, rank) => {
          // The first and the last host have rows of validation.
          const [first, last] = [Math.floor((validation?.length ?? 0) / 3), validation?.length];
          const bounds = [rank === 0 ? 0 : first, rank === split.length - 1 ? last : first];
          return { channels: channelsOf(part, validation?.slice(...bounds)) };
        });
  const results = await train({
    ...{ program: PROGRAM, hosts, hyperparameters: { num_round: '4', ...hyperparameters } },
    inputDataConfig: { train: channel, ...(validation && { validation: channel }), ...(start && { model: ofModel }) },
  });
  expectSuccess(results);
  for (const other of results.slice(1)) expect([other.model.size, other.outputs.size]).toEqual([0, 0]);
  return results[0]!;
}

/** Each division of the rows gives what all rows on one host give. */
async function expectSame(rows: Rows, splits: readonly (Split | number)[]) {
  const alone = await run(rows, [rows.lines.length]);
  const manifest = JSON.parse(String(alone.model.get('.manifest.json')));
  for (const split of splits) {
    const together = await run(rows, split);
    expect([...together.model.keys()]).toEqual([...alone.model.keys()]);
    for (const [name, content] of [...alone.model, ...alone.outputs]) {
      if (name === '.manifest.json') continue;
      const own = together.model.get(name) ?? together.outputs.get(name);
      expect(own?.equals(content), `${name}, rows divided as ${split}`).toBe(true);
    }
    expect(JSON.parse(String(together.model.get('.manifest.json'))).categories).toEqual(manifest.categories);
  }
}

const regression: LabelOf = ([a, b, c, d], noise) => Math.fround(a! * c! + 9 * b! + (Number.isNaN(d) ? 5 : d!) + noise);
const binary: LabelOf = ([a, b], noise) => Number(a! + 4 * b! + 4 * noise > 7);
const classes: LabelOf = ([a, b], noise) => Math.max(0, Math.floor(a! / 4 + b! + noise));
const rowsOf = (split: Split | number) => (typeof split === 'number' ? 900 : split.reduce((sum, own) => sum + own, 0));
const logistic = { objective: 'binary:logistic' };

describe('training on several hosts leaves what one host leaves', () => {
  it.each<[string, LabelOf, Split | number, Record<string, string>]>([
    ['squared error, one host without rows', regression, [400, 0, 1, 499], {}],
    ['sampled rows and features', binary, [200, 700], { ...logistic, subsample: '0.6', colsample_bynode: '0.6' }],
    ['rows that all hosts have', binary, 3, { ...logistic, subsample: '0.6', scale_pos_weight: '2' }],
    ['classes', classes, [890, 5, 5], { objective: 'multi:softmax', num_class: '4' }],
    ['growth by gain', regression, [300, 600], { max_bin: '16', grow_policy: 'lossguide', num_parallel_tree: '2' }],
    ['many bins', regression, [700, 800], { max_bin: '1000' }],
    ['dart', binary, [500, 400], { ...logistic, booster: 'dart', rate_drop: '0.5', num_round: '6' }],
    [
      'constraints',
      regression,
      [500, 400],
      { monotone_constraints: '(1,1)', interaction_constraints: '[[0,1],[2,3]]' },
    ],
    ['samples by gradients', binary, [100, 800], { ...logistic, subsample: '0.3', sampling_method: 'gradient_based' }],
    [
      'labels of very different sizes',
      (features, noise) => (noise > 0.99 ? 1e17 : regression(features, noise)),
      [200, 700],
      {},
    ],
    ['quantiles', regression, [400, 500], { objective: 'reg:quantileerror', quantile_alpha: '[0.1,0.9]' }],
  ])('%s', async (_, labelOf, split, hyperparameters) => {
    await expectSame({ lines: denseLines(rowsOf(split), labelOf), hyperparameters }, [split]);
  });

  it('early stopping by rows of one host, and training from the model', async () => {
    const [lines, validation] = [denseLines(900, binary), denseLines(300, binary, 9)];
    const hyperparameters = { ...logistic, num_round: '40', eta: '1', early_stopping_rounds: '3', eval_metric: 'auc' };
    const rows = { lines, validation, hyperparameters };
    await expectSame(rows, [[450, 450]]);
    const start = (await run(rows, [900])).model.get(MODEL)!;
    await expectSame({ lines, hyperparameters: logistic, start }, [[300, 600]]);
  });

  it('folds of the rows of both channels', async () => {
    const [lines, validation] = [denseLines(600, binary), denseLines(300, binary, 9)];
    const hyperparameters = { ...logistic, num_round: '2', _kfold: '3', subsample: '0.5' };
    await expectSame({ lines, validation, hyperparameters }, [[200, 0, 400]]);
  });

  it('sparse rows, of which one host has the last columns', async () => {
    await expectSame({ lines: sparseLines(600, 80), contentType: 'text/libsvm' }, [
      [300, 297, 3],
      [0, 598, 0, 2],
    ]);
  });

  it('sparse rows of a type that only hosts with rows can find', async () => {
    await expectSame({ lines: sparseLines(600, 80), contentType: '' }, [[0, 300, 300]]);
  });

  it('text, of which hosts have different names', async () => {
    const hyperparameters = { objective: 'multi:softprob', max_cat_to_onehot: '5' };
    await expectSame({ lines: textLines(600), hyperparameters }, [[100, 0, 500], [150, 450], 2]);
  });

  it('rows sorted by their label', async () => {
    await expectSame({ lines: denseLines(900, binary).toSorted(), hyperparameters: logistic }, [[300, 300, 300]]);
  });

  it('weights, text and sparse rows through pipes, on hosts of different instance types and numbers of threads', async () => {
    const sparse = sparseLines(300, 40).map((line, row) => line.replace(/^\S+/, `$&:${1 + (row % 3)}`));
    const weighted = denseLines(
      300,
      (features, noise) => `${regression(features, noise)},${1 + Math.floor(3 * noise)}`,
    );
    const text = textLines(300);
    for (const [lines, contentType, hyperparameters] of [
      [weighted, 'text/csv', { csv_weights: '1', subsample: '0.6' }],
      [sparse, 'text/libsvm', {}],
      [text, 'text/csv', { objective: 'multi:softprob' }],
    ] as const) {
      const alone = await run({ lines, contentType, hyperparameters }, [300]);
      const instances = ['ml.m5.large', 'ml.c5.4xlarge', 'ml.m5.large'];
      const hosts = partsOf(lines, [100, 0, 200]).map((part, rank) => ({
        channels: { train: fileOf(part) },
        resourceConfig: { current_instance_type: instances[rank]! },
      }));
      const config = { ContentType: contentType, S3DistributionType: 'ShardedByS3Key', TrainingInputMode: 'Pipe' };
      const network = {
        names: ['127.0.0.1', '127.0.0.2', '127.0.0.3'],
        interfaceName: 'lo',
        launcher: (rank: number) => (rank === 1 ? ['taskset', '--cpu-list', '0'] : []), // one thread
      };
      const results = await train({
        ...{ program: PROGRAM, hosts, network, hyperparameters: { num_round: '4', ...hyperparameters } },
        inputDataConfig: { train: config },
      });
      expectSuccess(results);
      expect(results[0]!.model.get(MODEL)?.equals(alone.model.get(MODEL)!), contentType).toBe(true);
    }
  });
});
