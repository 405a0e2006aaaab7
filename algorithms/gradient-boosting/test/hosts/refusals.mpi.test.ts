/**
 * Data that one host refuses ends the job on all hosts, with one reason: that of one host with all rows, and the name of
 * the host that has the row.
 */
import { type ContainerContents, useHosts } from '@algo/contract/testing';
import { afterEach, expect, it } from 'vitest';
import { PROGRAM } from './jobs.js';

const { train } = useHosts({ afterEach });

type Channels = NonNullable<ContainerContents['channels']>;

interface Job {
  readonly hosts: readonly Channels[];
  readonly contentType?: string;
  readonly hyperparameters?: Readonly<Record<string, string>>;
  /** Without the host. */
  readonly reason: string;
}

const ROWS = '0,1,2\n1,2,3\n0,3,4\n1,4,5\n';
const logistic = { objective: 'binary:logistic' };
const ranking = { contentType: 'text/csv;label_size=2', hyperparameters: { objective: 'rank:ndcg' } };

/** The job on its hosts, or on one that has the files of all. */
async function failuresOf({ hosts, contentType = 'text/csv', hyperparameters }: Job, isOne: boolean) {
  const names = [...new Set(hosts.flatMap((channels) => Object.keys(channels)))];
  const filesOf = (all: readonly Channels[]) =>
    Object.fromEntries(names.map((name) => [name, Object.assign({}, ...all.map((channels) => channels[name]))]));
  const config = { ContentType: contentType, S3DistributionType: 'ShardedByS3Key' };
  const results = await train({
    program: PROGRAM,
    hosts: isOne ? [{ channels: filesOf(hosts) }] : hosts.map((channels) => ({ channels: filesOf([channels]) })),
    hyperparameters: { num_round: '2', ...hyperparameters },
    inputDataConfig: Object.fromEntries(names.map((name) => [name, config])),
  });
  expect(results.map(({ exitCode }) => exitCode)).toEqual(results.map(() => 1));
  return results.map(({ failure }) => failure!);
}

it.each<[string, Job]>([
  [
    'a label that the objective cannot take',
    {
      hosts: [{ train: { 'a.csv': ROWS } }, { train: { 'b.csv': `${ROWS}7,1,2\n` } }],
      hyperparameters: logistic,
      reason: 'Label of train/b.csv line 5 must be in [0, 1] for binary:logistic; received 7.',
    },
  ],
  [
    'a label behind rows that do not count',
    {
      hosts: [{ train: { 'a.csv': ROWS } }, { train: { 'b.csv': '1,0,2\n0,0,1\n9,1,2\n' } }],
      hyperparameters: { ...logistic, csv_weights: '1' },
      reason: 'Label of train/b.csv line 3 must be in [0, 1] for binary:logistic; received 9.',
    },
  ],
  [
    'a label of several that the metric cannot take',
    {
      hosts: [{ train: { 'a.csv': '1,1,2\n2,2,3\n' } }, { train: { 'b.csv': '3,3,4\n4,-5,1\n5,5,2\n' } }],
      contentType: 'text/csv;label_size=2',
      hyperparameters: { eval_metric: 'rmsle' },
      reason: 'Label of train/b.csv line 2 must be above -1 for rmsle; received -5.',
    },
  ],
  [
    'a validation row',
    {
      hosts: [
        { train: { 'a.csv': ROWS }, validation: { 'v.csv': ROWS } },
        { train: { 'b.csv': ROWS }, validation: { 'w.csv': '0,1,2\n0,x,2\n' } },
      ],
      reason: 'validation/w.csv line 2 column 2: expected a number; received "x".',
    },
  ],
  [
    'a weight',
    {
      hosts: [{ train: { 'a.csv': ROWS } }, { train: { 'b.csv': '1,-2,3\n' } }],
      hyperparameters: { csv_weights: '1' },
      reason: 'train/b.csv line 1 column 2: the sample weight must be a finite number ≥ 0; received "-2".',
    },
  ],
  [
    'a query that is no number of one',
    {
      hosts: [{ train: { 'a.csv': ROWS } }, { train: { 'b.csv': '1,9,3\n0,9.5,3\n' } }],
      ...ranking,
      reason: 'train/b.csv line 2: the query in label column 2 must be a whole number below 2^53; received 9.5.',
    },
  ],
  [
    'a query to which another host goes back',
    {
      hosts: [{ train: { 'a.csv': '1,1,3\n0,1,4\n1,2,3\n' } }, { train: { 'b.csv': '0,2,5\n1,1,3\n' } }],
      ...ranking,
      reason:
        'Channel "train": the rows of a query must be contiguous; train/b.csv line 2 goes back to query 1 of train/a.csv line 1.',
    },
  ],
  [
    'weights of a query that differ between hosts',
    {
      hosts: [{ train: { 'a.csv': '1,1,2,3\n0,1,2,4\n' } }, { train: { 'b.csv': '0,1,5,5\n' } }],
      contentType: 'text/csv;label_size=2',
      hyperparameters: { objective: 'rank:ndcg', csv_weights: '1' },
      reason: 'the rows of a query must have one weight; train/a.csv line 1 has 2, train/b.csv line 1 has 5.',
    },
  ],
  [
    'a label in folds',
    {
      hosts: [
        { train: { 'a.csv': ROWS }, validation: {} },
        { train: { 'b.csv': ROWS }, validation: { 'v.csv': '1,2,3\n2,2,3\n' } },
      ],
      hyperparameters: { ...logistic, _kfold: '2' },
      reason: 'Label of validation/v.csv line 2 must be in [0, 1] for binary:logistic; received 2.',
    },
  ],
  [
    'numbers in a column that is text on another',
    {
      hosts: [{ train: { 'a.csv': '0,red\n1,blue\n' } }, { train: { 'b.csv': '0,7\n1,8\n' } }],
      reason:
        'train/b.csv line 1 column 2: expected text, as "red" in train/a.csv line 1 column 2; received the number 7.',
    },
  ],
])('%s', async (_, job) => {
  const [alone] = await failuresOf(job, true);
  const together = await failuresOf(job, false);

  expect(alone).toContain(job.reason);
  expect(together[1]).toBe(together[0]);
  expect(together[0]).toContain('127.0.0.2');
  expect(together[0]!.replaceAll(/ of host 127\.0\.0\.\d/g, '')).toContain(job.reason);
});
