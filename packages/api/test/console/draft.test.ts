import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareJobs } from '../../console/src/state/comparison.js';
import { integerOf, nextName, requestOf, withAt } from '../../console/src/state/request.js';
import { templateOf } from '../../console/src/state/templates.js';
import { trainingDraftOf, trainingRequestOf } from '../../console/src/state/training-draft.js';
import { isSingleTuning, tuningDraftOf, tuningRequestOf } from '../../console/src/state/tuning-draft.js';
import { hasEnded, openScene, trainingJob } from '../support/scene.js';

describe('running a job again', () => {
  it('asks for the same as before: the service takes the request made of its own description', async () => {
    const { call, put, until } = await openScene();
    put({ 'train/a.csv': '1,2\n' });
    await call('CreateTrainingJob', trainingJob('job', { HyperParameters: { k: '1' }, Environment: { A: 'b' } }));
    const described = await until('DescribeTrainingJob', { TrainingJobName: 'job' }, hasEnded);

    const request = {
      TrainingJobName: 'job-2',
      ...trainingRequestOf(trainingDraftOf(requestOf('training-job', described))),
    };

    const given = trainingJob('job-2', { HyperParameters: { k: '1' }, Environment: { A: 'b' } });
    expect(request).toMatchObject(given);
    expect((await call('CreateTrainingJob', request)).status).toBe(200);
  });

  it('changes what the form has and keeps the rest', () => {
    const origin = {
      AlgorithmSpecification: { TrainingImage: 'old.dkr.ecr.us-east-1.amazonaws.com/a:1', TrainingInputMode: 'Pipe' },
      InputDataConfig: [
        {
          ChannelName: 'train',
          InputMode: 'Pipe',
          DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: 'a' } },
        },
      ],
      StoppingCondition: { MaxRuntimeInSeconds: 5, MaxWaitTimeInSeconds: 9 },
      CheckpointConfig: { S3Uri: 's3://c/' },
    };
    const draft = trainingDraftOf(origin);

    const request = trainingRequestOf({
      ...draft,
      source: 'my-algorithm',
      hyperparameters: [
        ['a', '1'],
        ['', 'left out'],
        ['empty', ''],
      ],
      channels: [{ ...draft.channels[0]!, uri: 's3://b/', contentType: 'text/csv' }],
      metrics: [['no-regex', '']],
      maxRuntimeInSeconds: 'soon',
    });

    expect(request).toMatchObject({
      AlgorithmSpecification: { AlgorithmName: 'my-algorithm', TrainingInputMode: 'Pipe' },
      HyperParameters: { a: '1' },
      InputDataConfig: [
        {
          ...{ ChannelName: 'train', InputMode: 'Pipe', ContentType: 'text/csv' },
          DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: 's3://b/' } },
        },
      ],
      StoppingCondition: { MaxRuntimeInSeconds: 'soon', MaxWaitTimeInSeconds: 9 },
      CheckpointConfig: { S3Uri: 's3://c/' },
    });
    expect(request.HyperParameters).toEqual({ a: '1' });
    expect(request).not.toHaveProperty('AlgorithmSpecification.TrainingImage');
    expect(request).not.toHaveProperty('AlgorithmSpecification.MetricDefinitions');
  });

  it('has no channels where none is filled in, as AWS takes them', () => {
    const draft = trainingDraftOf(templateOf('training-job'));

    expect(trainingRequestOf(draft)).not.toHaveProperty('InputDataConfig');
  });

  it('asks for the same tuning job as before, in the terms of its form', async () => {
    const { call, put, until } = await openScene();
    put({ 'train/a.csv': '1,2\n' });
    const { TrainingJobName: _, ...definition } = trainingJob('');
    const config = {
      Strategy: 'Hyperband',
      StrategyConfig: { HyperbandStrategyConfig: { MinResource: 1, MaxResource: 3 } },
      HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'train:sum' },
      ResourceLimits: { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 1, MaxRuntimeInSeconds: 900 },
      ParameterRanges: {
        IntegerParameterRanges: [{ Name: 'a', MinValue: '1', MaxValue: '9', ScalingType: 'Auto' }],
        CategoricalParameterRanges: [{ Name: 'c', Values: ['x', 'y'] }],
      },
      TrainingJobEarlyStoppingType: 'Off',
    };
    const given = {
      HyperParameterTuningJobConfig: config,
      TrainingJobDefinition: { ...definition, StaticHyperParameters: { k: '1' } },
    };
    const name = 'HyperParameterTuningJobName';
    await call('CreateHyperParameterTuningJob', { [name]: 'tuning', ...given });
    const described = await until('DescribeHyperParameterTuningJob', { [name]: 'tuning' }, () => true);

    const draft = tuningDraftOf(requestOf('hyper-parameter-tuning-job', described));
    const request = tuningRequestOf(draft);
    const changed = tuningRequestOf({ ...draft, strategy: 'Random', maxJobs: '', ranges: draft.ranges.slice(1) });

    expect(request).toMatchObject(given);
    expect((await call('CreateHyperParameterTuningJob', { [name]: 'tuning-2', ...request })).status).toBe(200);
    expect(changed.HyperParameterTuningJobConfig).toEqual({
      ...{ Strategy: 'Random', TrainingJobEarlyStoppingType: 'Off' },
      HyperParameterTuningJobObjective: config.HyperParameterTuningJobObjective,
      ResourceLimits: { MaxParallelTrainingJobs: 1, MaxRuntimeInSeconds: 900 },
      ParameterRanges: { CategoricalParameterRanges: [{ Name: 'c', Values: ['x', 'y'] }] },
    });
    expect([isSingleTuning(request), isSingleTuning({ TrainingJobDefinitions: [] })]).toEqual([true, false]);
  });

  it('asks for the same values of a categorical range as before, whatever they have in them', () => {
    const tuningOf = (Values: readonly string[]) => ({
      ParameterRanges: { CategoricalParameterRanges: [{ Name: 'layers', Values }] },
    });
    const valuesAfter = (values: readonly string[]) =>
      tuningRequestOf(tuningDraftOf({ HyperParameterTuningJobConfig: tuningOf(values) })).HyperParameterTuningJobConfig;

    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', ',', '"', ' ', '\n') }), { minLength: 1 }),
        (values) => void expect(valuesAfter(values)).toMatchObject(tuningOf(values)),
      ),
      { examples: [[['64,32', '128']]] },
    );
  });

  it('takes no value from nothing between commas, and quotes that end nowhere as they are', () => {
    const draft = tuningDraftOf(templateOf('hyper-parameter-tuning-job'));
    const range = { ...draft.ranges[0]!, type: 'Categorical', name: 'c', values: ' a ,, "b , c' } as const;

    expect(tuningRequestOf({ ...draft, ranges: [range] })).toHaveProperty(
      'HyperParameterTuningJobConfig.ParameterRanges.CategoricalParameterRanges',
      [{ Name: 'c', Values: ['a', '"b', 'c'] }],
    );
  });

  it.each([
    ['a', 1, { a: 1, b: { c: 2, d: 3 } }],
    ['b.c', undefined, { b: { d: 3 } }],
    ['x.y', 'z', { b: { c: 2, d: 3 }, x: { y: 'z' } }],
    ['x.y', undefined, { b: { c: 2, d: 3 } }],
  ])('a request has %s changed to %j, without objects that would be empty', (path, value, expected) => {
    expect(withAt({ b: { c: 2, d: 3 } }, path, value)).toEqual(expected);
  });

  it('an integer of a field is a number, no text is no member, and another text is left to the service', () => {
    expect(['', '6', '6.5', 'x'].map(integerOf)).toEqual([undefined, 6, '6.5', 'x']);
  });

  it.each([
    ['job', ['job'], 'job-2'],
    ['job-2', ['job', 'job-2'], 'job-3'],
    ['eta-03', ['eta-03'], 'eta-03-2'],
    ['job', ['job-2', 'job-3'], 'job-4'],
    ['a'.repeat(63), [], `${'a'.repeat(61)}-2`],
  ])('proposes a name after %s', (name, taken, next) => {
    expect(nextName(name, new Set(taken))).toBe(next);
  });
});

it('jobs are compared member by member, in groups', () => {
  const job = (k: string, more: object = {}) => ({
    HyperParameters: { k, same: 'x' },
    FinalMetricDataList: [{ MetricName: 'rmse', Value: Number(k) }],
    ...more,
  });

  const members = compareJobs([job('1'), job('2', { Environment: { A: 'b' } })]);

  expect(members.filter(({ differs }) => differs)).toEqual([
    { group: 'Result', name: 'rmse', values: ['1', '2'], differs: true },
    { group: 'Hyperparameters', name: 'k', values: ['1', '2'], differs: true },
    { group: 'Environment', name: 'A', values: [undefined, 'b'], differs: true },
  ]);
  expect(members).toContainEqual({ group: 'Hyperparameters', name: 'same', values: ['x', 'x'], differs: false });
});
