/**
 * Losses, metrics, early stopping and folds of a job on several hosts: the model, the metrics of every round and all reports
 * are those of one host that has all rows, to the byte.
 */
import { type HostResult, useHosts } from '@algo/contract/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { expectSuccess, PROGRAM } from './jobs.js';
import { denseLines, filesOf, type LabelOf, type Lines, type Split } from './split-table.js';

const { train } = useHosts({ afterEach });

interface Job {
  readonly train: Lines;
  readonly validation: Lines;
  readonly contentType?: string;
  readonly distribution?: 'ShardedByS3Key' | 'FullyReplicated';
  readonly hyperparameters: Readonly<Record<string, string>>;
}

const UNEVEN: readonly [Split, Split] = [
  [301, 599],
  [100, 200],
];
const ROUNDS = { num_round: '40', eta: '0.5', max_depth: '4' };
const EARLY = { ...ROUNDS, early_stopping_rounds: '3' };

/** @param splits of the rows of both channels; each host of a FullyReplicated one has all rows */
async function resultOf(job: Job, splits: readonly [Split, Split]): Promise<HostResult> {
  const { contentType = 'text/csv', distribution = 'ShardedByS3Key', hyperparameters } = job;
  const filesFor = (lines: Lines, split: Split) =>
    distribution === 'ShardedByS3Key' ? filesOf(lines, split) : split.map(() => filesOf(lines, [lines.length])[0]!);
  const validation = filesFor(job.validation, splits[1]);
  const config = { ContentType: contentType, S3DistributionType: distribution };
  const results = await train({
    program: PROGRAM,
    hosts: filesFor(job.train, splits[0]).map((files, host) => ({
      channels: { train: files, validation: validation[host]! },
    })),
    hyperparameters,
    inputDataConfig: { train: config, validation: config },
  });
  expectSuccess(results);
  return results[0]!;
}

/** What a job leaves that must not depend on its hosts. */
function leftBy({ lines, model, outputs }: HostResult) {
  return {
    metrics: lines.filter((line) => /(train|validation):[a-z]/.test(line)),
    models: Object.fromEntries([...model].filter(([name]) => name.startsWith('xgboost-model'))),
    outputs: Object.fromEntries(outputs),
  };
}

/** @returns what one host left */
async function expectSame(job: Job, ...splits: readonly (readonly [Split, Split])[]): Promise<HostResult> {
  const alone = await resultOf(job, [[job.train.length], [job.validation.length]]);
  const expected = leftBy(alone);
  expect(expected.metrics.length).toBeGreaterThan(0);
  for (const split of splits) {
    const together = leftBy(await resultOf(job, split));
    expect(together.metrics).toEqual(expected.metrics);
    expect(Object.keys(together.models)).toEqual(Object.keys(expected.models));
    for (const [name, bytes] of Object.entries(expected.models)) {
      expect(together.models[name]?.equals(bytes), `${name}, split ${JSON.stringify(split)}`).toBe(true);
    }
    expect(together.outputs).toEqual(expected.outputs);
  }
  return alone;
}

function requireStoppedEarly({ lines }: HostResult): void {
  expect(lines.filter((line) => /^round=\d/.test(line)).length).toBeLessThan(40);
}

const binary: LabelOf = ([a, b], noise) => Number(a! + 4 * b! + 6 * noise > 8);
const weighted =
  (label: LabelOf): LabelOf =>
  (features, noise) =>
    `${label(features, noise)},${Math.fround(0.2 + noise)}`;
const classes: LabelOf = ([a, b], noise) => Math.min(2, Math.max(0, Math.floor(a! / 4 + b! + 2 * noise - 0.5)));
const positive: LabelOf = ([a, b, c], noise) => Math.fround(1 + a! * (1 + noise) + c! * (b! + 0.5));

describe('on several hosts as on one', () => {
  it.each<[string, LabelOf, Record<string, string>, readonly (readonly [Split, Split])[]]>([
    [
      'areas and scores of weighted classes, uneven hosts and one without rows',
      weighted(binary),
      {
        objective: 'binary:logistic',
        csv_weights: '1',
        scale_pos_weight: '2',
        eval_metric: 'f1,accuracy,logloss,aucpr,auc',
      },
      [
        [
          [400, 300, 200],
          [100, 7, 193],
        ],
        [
          [0, 896, 4, 0],
          [299, 0, 0, 1],
        ],
      ],
    ],
    [
      'the logarithmic loss of classes',
      binary,
      { objective: 'binary:logistic' },
      [
        [
          [451, 449],
          [149, 151],
        ],
      ],
    ],
    [
      'several classes',
      classes,
      { objective: 'multi:softprob', num_class: '3', eval_metric: 'merror,auc,mlogloss' },
      [
        [
          [500, 400],
          [0, 300],
        ],
      ],
    ],
    [
      'weighted absolute errors',
      weighted(positive),
      { objective: 'reg:absoluteerror', csv_weights: '1', eval_metric: 'r2,rmse,mae' },
      [
        [
          [301, 299, 300],
          [100, 100, 100],
        ],
      ],
    ],
    ['quantiles', positive, { objective: 'reg:quantileerror', quantile_alpha: '[0.1,0.5,0.9]' }, [UNEVEN]],
    ['expectiles', positive, { objective: 'reg:expectileerror', expectile_alpha: '[0.2,0.8]' }, [UNEVEN]],
    ['counts, from the mean of all labels', positive, { objective: 'count:poisson' }, [UNEVEN]],
    [
      'proportional hazards with many rows of one time',
      (features, noise) => Math.ceil(Number(positive(features, noise))) * (noise < 0.3 ? -1 : 1),
      { objective: 'survival:cox' },
      [
        [
          [301, 299, 300],
          [100, 0, 200],
        ],
      ],
    ],
    [
      'failure times',
      (features, noise) => Number(positive(features, noise)) * (noise < 0.3 ? -1 : 1),
      { objective: 'survival:aft', eval_metric: 'interval-regression-accuracy,aft-nloglik' },
      [
        [
          [301, 299, 300],
          [100, 0, 200],
        ],
      ],
    ],
  ])('%s', async (_, label, hyperparameters, splits) => {
    const own = { ...EARLY, ...hyperparameters };
    const job = { train: denseLines(900, label), validation: denseLines(300, label, 7), hyperparameters: own };

    requireStoppedEarly(await expectSame(job, ...splits));
  });

  const relevance: LabelOf = ([a, b], noise) => Math.min(3, Math.max(0, Math.floor(a! / 4 + 2 * b! + 2 * noise - 0.5)));
  /** Relevance and query before the features; queries of 10 rows. */
  const ranked = (rows: number, seed: number) =>
    denseLines(rows, relevance, seed).map((line, row) => line.replace(',', `,${Math.floor(row / 10)},`));
  const ranking = { train: ranked(900, 1), validation: ranked(300, 7), contentType: 'text/csv;label_size=2' };

  it.each<[string, Record<string, string>]>([
    ['the best ranks', { objective: 'rank:ndcg', eval_metric: 'auc,ndcg@5' }],
    ['biased positions', { objective: 'rank:ndcg', lambdarank_unbiased: 'true' }],
    ['random pairs', { objective: 'rank:pairwise', lambdarank_pair_method: 'mean' }],
  ])('rankings whose queries are on two or three hosts: %s', async (_, hyperparameters) => {
    const splits: readonly [Split, Split] = [
      [455, 3, 442],
      [101, 198, 1],
    ];

    requireStoppedEarly(await expectSame({ ...ranking, hyperparameters: { ...EARLY, ...hyperparameters } }, splits));
  });

  it('rows that all hosts have are each of one host', async () => {
    const hyperparameters = { ...EARLY, objective: 'binary:logistic', eval_metric: 'auc' };
    const job = { train: denseLines(901, binary), validation: denseLines(301, binary, 7), hyperparameters };

    requireStoppedEarly(
      await expectSame({ ...job, distribution: 'FullyReplicated' }, [
        [0, 0, 0],
        [0, 0, 0],
      ]),
    );
  });

  it.each<[string, Omit<Job, 'hyperparameters'>, Record<string, string>]>([
    [
      'of weighted classes',
      { train: denseLines(300, weighted(binary)), validation: denseLines(100, weighted(binary), 7) },
      { objective: 'binary:logistic', csv_weights: '1', eval_metric: 'logloss,auc', _num_cv_round: '2' },
    ],
    [
      'of hazards',
      { train: denseLines(300, positive), validation: denseLines(100, positive, 7) },
      { objective: 'survival:cox' },
    ],
    [
      'of queries',
      { ...ranking, train: ranked(300, 1), validation: ranked(100, 7).map((line) => line.replace(/,(\d+),/, ',9$1,')) },
      { objective: 'rank:ndcg', eval_metric: 'ndcg' },
    ],
  ])('folds %s', async (_, tables, hyperparameters) => {
    const job = { ...tables, hyperparameters: { ...ROUNDS, ...hyperparameters, num_round: '4', _kfold: '3' } };

    await expectSame(job, [
      [155, 145],
      [0, 100],
    ]);
  });

  it('a label that one host refuses ends the job on all hosts', async () => {
    const lines = denseLines(60, binary);
    const wrong = [...lines.slice(0, 50), lines[50]!.replace(/^\d/, '7'), ...lines.slice(51)];
    const results = await train({
      program: PROGRAM,
      hosts: filesOf(wrong, [30, 30]).map((files) => ({ channels: { train: files } })),
      hyperparameters: { num_round: '2', objective: 'binary:logistic' },
      inputDataConfig: { train: { ContentType: 'text/csv', S3DistributionType: 'ShardedByS3Key' } },
    });

    expect(results.map(({ exitCode }) => exitCode)).toEqual([1, 1]);
    for (const { failure } of results) {
      expect(failure).toContain(
        'Label of train/part.csv line 21 of host 127.0.0.2 must be in [0, 1] for binary:logistic; received 7.',
      );
    }
    expect(results[0]!.failure).toContain('127.0.0.2');
  });
});
