/** Jobs that are refused, with what to change. */
import { type ContainerContents, encodeRows, useJobs } from '@algo/contract/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { gradientBoosting } from '../../src/algorithm.js';

const { train: trainOn } = useJobs(gradientBoosting, { afterEach, hyperparameters: { num_round: '2' } });

describe('a training job', () => {
  it.each<[string, ContainerContents, string]>([
    [
      'early stopping without validation data',
      { hyperparameters: { early_stopping_rounds: '1' }, channels: { train: { 'a.csv': '1,2\n' } } },
      'Channel "validation" is required with hyperparameter "early_stopping_rounds"',
    ],
    [
      'a label outside the classes',
      {
        hyperparameters: { objective: 'multi:softmax', num_class: '2' },
        channels: { train: { 'a.csv': '0,1\n2,2\n' } },
      },
      'Label of train/a.csv line 2 must be a whole number from 0 to 1',
    ],
    [
      'a label of a later file, behind rows that do not count',
      {
        hyperparameters: { objective: 'binary:logistic', csv_weights: '1' },
        channels: { train: { 'a.csv': '0,1,1\n1,0,2\n', 'b.csv': 'y,w,x\n1,0,1\n0,1,3\n7,1,2\n' } },
        inputDataConfig: { train: { ContentType: 'text/csv;header=auto' } },
      },
      'Label of train/b.csv line 4 must be in [0, 1] for binary:logistic; received 7.',
    ],
    [
      'a label of the validation channel',
      {
        hyperparameters: { objective: 'binary:logistic' },
        channels: { train: { 'a.libsvm': '0 1:1\n1 1:2\n' }, validation: { 'v.libsvm': '0 1:1\n3 1:2\n' } },
        inputDataConfig: { train: { ContentType: 'text/libsvm' }, validation: { ContentType: 'text/libsvm' } },
      },
      'Label of validation/v.libsvm line 2 must be in [0, 1] for binary:logistic; received 3.',
    ],
    [
      'a label in folds of both channels',
      {
        hyperparameters: { objective: 'binary:logistic', _kfold: '2' },
        channels: { train: { 'a.csv': '0,1\n1,2\n' }, validation: { 'v.jsonl': '[0,1]\n[1,2]\n[0.5,3]\n[9,4]\n' } },
        inputDataConfig: { validation: { ContentType: 'application/jsonlines' } },
      },
      'Label of validation/v.jsonl line 4 must be in [0, 1] for binary:logistic; received 9.',
    ],
    [
      'survival times that contradict each other',
      {
        hyperparameters: { objective: 'survival:aft' },
        channels: { train: { 'a.csv': '1,2,5\n3,2,5\n' } },
        inputDataConfig: { train: { ContentType: 'text/csv;label_size=2' } },
      },
      'Bounds of train/a.csv line 2 must be 0 <= lower <= upper',
    ],
    [
      'weights within a query',
      {
        hyperparameters: { objective: 'rank:ndcg', csv_weights: '1' },
        channels: { train: { 'a.csv': '1,1,2,5\n0,1,2,6\n0,1,3,5\n' } },
        inputDataConfig: { train: { ContentType: 'text/csv;label_size=2' } },
      },
      'the rows of a query must have one weight; train/a.csv line 1 has 2, train/a.csv line 3 has 3.',
    ],
    [
      'a validation row of another width',
      { channels: { train: { 'a.csv': '1,2\n3,4\n' }, validation: { 'b.csv': '1,2,3\n' } } },
      'b.csv',
    ],
    [
      'constraints on columns that are not there',
      {
        hyperparameters: { monotone_constraints: '(1,0)', categorical_features: '4' },
        channels: { train: { 'a.csv': '1,2\n3,4\n' } },
      },
      '"monotone_constraints" must have at most 1 entry, one per column; received 2. Hyperparameter "categorical_features" must name columns 0 to 0',
    ],
    [
      'csv_weights with libsvm, which has its own',
      {
        hyperparameters: { csv_weights: '1' },
        channels: { train: { 'a.libsvm': '1 0:2\n0 0:1\n' } },
        inputDataConfig: { train: { ContentType: 'text/libsvm' } },
      },
      '"csv_weights" is only for CSV, JSON, Parquet and .npy; received "1" with channel "train" of text/libsvm. Leave it out: libsvm has weights as label:weight.',
    ],
    [
      'csv_weights for records, which have no weights',
      {
        hyperparameters: { csv_weights: '1' },
        channels: {
          train: {
            'a.pbr': encodeRows('application/x-recordio-protobuf', [
              [1, 2],
              [0, 1],
            ]),
          },
        },
        inputDataConfig: { train: { ContentType: 'application/x-recordio-protobuf' } },
      },
      'with channel "train" of application/x-recordio-protobuf. Leave it out: records have no weights.',
    ],
    [
      'a tuned metric that the objective does not have, naming what asks for it',
      {
        hyperparameters: { _tuning_objective_metric: 'validation:auc' },
        channels: { train: { 'a.csv': '1,2\n3,4\n' }, validation: { 'b.csv': '1,2\n' } },
      },
      'Hyperparameter "_tuning_objective_metric": auc needs',
    ],
    [
      'a power of 1, with which the metric of the objective is not defined',
      {
        hyperparameters: { objective: 'reg:tweedie', tweedie_variance_power: '1' },
        channels: { train: { 'a.csv': '1,2\n3,4\n' } },
      },
      '"tweedie_variance_power" must be above 1 for tweedie-nloglik, the metric of objective "reg:tweedie"; received "1"',
    ],
    [
      'no label column',
      {
        channels: { train: { 'a.csv': '1,2\n3,4\n' } },
        inputDataConfig: { train: { ContentType: 'text/csv;label_size=0' } },
      },
      'received 0. Check label_size of its content type, or in RecordIO and libsvm the labels of each row.',
    ],
    [
      'ranking without queries',
      { hyperparameters: { objective: 'rank:ndcg' }, channels: { train: { 'a.csv': '1,2\n0,4\n' } } },
      'must say which query each row belongs to',
    ],
    [
      'a query that is torn apart',
      {
        hyperparameters: { objective: 'rank:ndcg' },
        channels: { train: { 'a.csv': '1,1,5\n0,2,5\n0,1,5\n' } },
        inputDataConfig: { train: { ContentType: 'text/csv;label_size=2' } },
      },
      'train/a.csv line 3 goes back to query 1 of train/a.csv line 1.',
    ],
  ])('refuses %s', async (_, contents, message) => {
    const trained = await trainOn(contents);

    expect(trained.exitCode).toBe(1);
    expect(trained.failure).toContain(message);
  });
});
