import { describe, expect, it } from 'vitest';
import { compareJobs } from '../../console/src/state/comparison.js';
import { nextName, requestOf, trainingDraftOf, trainingRequestOf } from '../../console/src/state/draft.js';
import { hasEnded, openScene, trainingJob } from '../support/scene.js';

describe('running a job again', () => {
  it('asks for the same as before: the service takes the request made of its own description', async () => {
    const { call, put, until } = await openScene();
    put({ 'train/a.csv': '1,2\n' });
    await call('CreateTrainingJob', trainingJob('job', { HyperParameters: { k: '1' }, Environment: { A: 'b' } }));
    const described = await until('DescribeTrainingJob', { TrainingJobName: 'job' }, hasEnded);

    const request = trainingRequestOf(trainingDraftOf('job-2', requestOf('training-job', described)));

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
    const draft = trainingDraftOf('job', origin);

    const request = trainingRequestOf({
      ...draft,
      source: 'my-algorithm',
      hyperparameters: [
        ['a', '1'],
        ['', 'left out'],
      ],
      channels: [{ ...draft.channels[0]!, uri: 's3://b/', contentType: 'text/csv' }],
      maxRuntimeInSeconds: 'soon',
    });

    expect(request).toMatchObject({
      TrainingJobName: 'job',
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
    expect(request).not.toHaveProperty('AlgorithmSpecification.TrainingImage');
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
