import { expect, it } from 'vitest';
import {
  draftFor,
  filledIn,
  hyperparametersOf,
  renamed,
  requiredChannelsOf,
} from '../../console/src/state/algorithm-draft.js';
import { templateOf } from '../../console/src/state/templates.js';
import { trainingDraftOf, trainingRequestOf } from '../../console/src/state/training-draft.js';
import { bestSoFar, commonFailureOf, rankTrials, trialsOf } from '../../console/src/state/tuning.js';
import { NEW_RANGE } from '../../console/src/state/tuning-draft.js';

const summary = (name: string, value?: number) => ({
  TrainingJobName: name,
  TrainingJobStatus: 'Completed',
  TunedHyperParameters: { eta: '0.1' },
  ...(value !== undefined && { FinalHyperParameterTuningJobObjectiveMetric: { MetricName: 'rmse', Value: value } }),
});

it('trials of a tuning job are ranked by their objective, and those without one are last', () => {
  const trials = trialsOf([summary('a', 3), summary('b'), summary('c', 1), summary('d', 2)]);

  expect(rankTrials(trials, 'Minimize').map(({ name }) => name)).toEqual(['c', 'd', 'a', 'b']);
  expect(rankTrials(trials, 'Maximize').map(({ name }) => name)).toEqual(['a', 'd', 'c', 'b']);
  expect(bestSoFar(trials, 'Minimize')).toEqual([3, 1, 1]);
  expect(bestSoFar(trials, 'Maximize')).toEqual([3, 3, 3]);
  expect(trials[0]).toMatchObject({ status: 'Completed', values: { eta: '0.1' } });
});

const METHOD = {
  ...{ Name: 'method', Type: 'Categorical', IsTunable: true },
  Range: { CategoricalParameterRangeSpecification: { Values: ['ols', 'ridge'] } },
};

it('the most frequent failure is that of most jobs that failed, whatever value each of them had', () => {
  const failed = (name: string, reason: string) => ({
    ...{ TrainingJobName: name, TrainingJobStatus: 'Failed', FailureReason: reason },
  });
  const summaries = [
    summary('good', 1),
    failed('a', 'disk full'),
    failed('b', '"l2" is only for ridge; received "0.5".'),
    failed('c', '"l2" is only for ridge; received "1e-7".'),
    { ...failed('d', 'disk full'), TrainingJobStatus: 'Stopped' },
  ];

  expect(commonFailureOf(summaries)).toEqual({
    ...{ reason: '"l2" is only for ridge; received "0.5".', count: 2, name: 'b' },
  });
  expect(commonFailureOf([summary('good', 1)])).toBeUndefined();
});

it('a draft for an algorithm has its channels, metrics and required hyperparameters, and keeps what was filled in', () => {
  const description = {
    TrainingSpecification: {
      SupportedHyperParameters: [
        { Name: 'rounds', IsRequired: true, Description: 'how many' },
        METHOD,
        {
          ...{ Name: 'eta', IsRequired: false, DefaultValue: '0.3', IsTunable: true, Type: 'Continuous' },
          Range: { ContinuousParameterRangeSpecification: { MinValue: '0', MaxValue: '1' } },
        },
      ],
      MetricDefinitions: [{ Name: 'rmse', Regex: 'rmse=(.*)', Description: 'not a member of the request' }],
      TrainingChannels: [
        {
          Name: 'train',
          IsRequired: true,
          SupportedContentTypes: ['text/csv', 'application/x-parquet'],
          SupportedInputModes: ['Pipe'],
        },
        { Name: 'validation', SupportedContentTypes: [] },
      ],
    },
  };
  const before = trainingDraftOf({
    ...templateOf('training-job'),
    HyperParameters: { eta: '0.1' },
    InputDataConfig: [
      { ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://a/' } } },
    ],
  });

  const draft = draftFor(before, '1.dkr.ecr.us-east-1.amazonaws.com/boost:latest', description);

  expect(hyperparametersOf(description.TrainingSpecification)).toEqual([
    {
      ...{ name: 'rounds', type: '', about: 'how many', isRequired: true, hint: 'required', valid: '' },
      range: undefined,
    },
    {
      ...{ name: 'method', type: 'Categorical', about: '', isRequired: false, hint: '', valid: 'ols, ridge' },
      range: { type: 'Categorical', min: '', max: '', scale: 'Auto', values: 'ols, ridge' },
    },
    {
      ...{ name: 'eta', type: 'Continuous', about: '', isRequired: false, hint: '0.3', valid: '0 to 1' },
      range: { type: 'Continuous', min: '', max: '', scale: 'Auto', values: '' },
    },
  ]);
  const range = { ...NEW_RANGE, name: 'eta' };
  const known = hyperparametersOf(description.TrainingSpecification);
  expect(filledIn(range, known)).toEqual({ ...range, type: 'Continuous' });
  expect(filledIn({ ...range, type: 'Integer', min: '5' }, known)).toEqual({ ...range, type: 'Integer', min: '5' });
  const method = renamed(range, 'method', known);
  expect(method).toMatchObject({ name: 'method', type: 'Categorical', values: 'ols, ridge' });
  expect(renamed(method, 'eta', known)).toEqual({ ...range, type: 'Continuous' });
  expect(renamed({ ...range, max: '9' }, 'method', known)).toEqual({ ...range, name: 'method', max: '9' });
  const advised = { eta: { MinValue: '0.01', MaxValue: '0.5', ScalingType: 'Logarithmic' } };
  const advice = hyperparametersOf(description.TrainingSpecification, advised);
  const search = { ...range, min: '0.01', max: '0.5', scale: 'Logarithmic' };
  expect(filledIn(range, advice)).toEqual(search);
  expect(renamed(search, 'eta2', advice)).toEqual({ ...range, name: 'eta2' });
  expect(requiredChannelsOf(description)).toEqual(['train']);
  expect(trainingRequestOf(draft)).toMatchObject({
    AlgorithmSpecification: {
      ...{ TrainingImage: '1.dkr.ecr.us-east-1.amazonaws.com/boost:latest', TrainingInputMode: 'Pipe' },
      MetricDefinitions: [{ Name: 'rmse', Regex: 'rmse=(.*)' }],
    },
    HyperParameters: { eta: '0.1' },
    InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3Uri: 's3://a/' } } }],
  });
  expect(draft.hyperparameters).toEqual([
    ['eta', '0.1'],
    ['rounds', ''],
  ]);
  expect(trainingRequestOf(draft).HyperParameters).not.toHaveProperty('rounds');
  expect(draft.channels.map(({ name, uri }) => [name, uri])).toEqual([
    ['train', 's3://a/'],
    ['validation', ''],
  ]);
});
