/** What CreateTrainingJob refuses, and how many jobs run. */
import { describe, expect, it } from 'vitest';
import { channel, IMAGE, openScene, sharedScene, trainingJob } from '../../support/scene.js';
import { behave, DATA, ended } from './jobs.js';

describe('CreateTrainingJob', () => {
  const shared = sharedScene((scene) => scene.put(DATA));
  const specification = (changes: object) => ({
    AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File', ...changes },
  });
  const source = (changes: object, more: object = {}) => ({
    InputDataConfig: [channel('s3://data/train', more, changes)],
  });
  const resources = { InstanceType: 'ml.m5.xlarge', InstanceCount: 255, VolumeSizeInGB: 1 };

  it.each([
    [{ ResourceConfig: resources }, 'ResourceConfig.InstanceCount must be in [1, 250] on this machine; received 255.'],
    [{ ResourceConfig: {} }, 'ResourceConfig must have InstanceType.'],
    [{ StoppingCondition: undefined, ResourceConfig: undefined }, /must have ResourceConfig and StoppingCondition/],
    [specification({ TrainingImage: undefined }), /must have exactly one of TrainingImage and AlgorithmName/],
    [specification({ AlgorithmName: 'sum' }), /must have exactly one of TrainingImage and AlgorithmName/],
    [
      specification({ TrainingImage: undefined, AlgorithmName: 'sum' }),
      /^Algorithm arn:.*algorithm\/sum does not exist\.$/,
    ],
    [
      specification({ TrainingImage: 'x.dkr.ecr.us-east-1.amazonaws.com/none:1' }),
      /^Cannot find repository: Image ".*none:1" must name an algorithm/,
    ],
    [
      specification({ MetricDefinitions: [{ Name: 'loss', Regex: '((' }] }),
      /^Metric "loss": "\(\(" must be a regular expression; .*Unterminated group\.$/,
    ],
    [specification({ ContainerEntrypoint: ['sh'] }), /^AlgorithmSpecification.ContainerEntrypoint must have an image/],
    [
      { AlgorithmSpecification: { AlgorithmName: 'x', TrainingInputMode: 'File', ContainerArguments: ['a'] } },
      /^ContainerEntrypoint and ContainerArguments must be with TrainingImage, not AlgorithmName\.$/,
    ],
    [
      { CheckpointConfig: { S3Uri: 's3://nobody/c' } },
      /^CheckpointConfig.S3Uri "s3:\/\/nobody\/c": The specified bucket/,
    ],
    [
      { InputDataConfig: [channel('s3://data/train'), channel('s3://data/train')] },
      /each channel's name must be used once/,
    ],
    [
      source({ S3Uri: 's3://data/nothing' }),
      /^No S3 objects found under S3 URL "s3:\/\/data\/nothing" given in input data source\./,
    ],
    [source({ S3Uri: 's3://nobody/x' }), /Error message from S3: The specified bucket does not exist$/],
    [source({}, { ChannelName: '..' }), /^InputDataConfig channel \.\.: the name must not be "\." or "\.\."\.$/],
    [
      source({ S3Uri: 's3://data/tr' }, { InputMode: 'FastFile' }),
      'InputDataConfig channel train: with InputMode FastFile, S3Uri must name a whole folder; received "s3://data/tr".',
    ],
    [source({ S3DataType: 'AugmentedManifestFile' }), /AugmentedManifestFile must have AttributeNames/],
    [
      source({ S3DataType: 'ManifestFile' }, { InputMode: 'FastFile' }),
      /InputMode FastFile must have S3DataType S3Prefix; received ManifestFile\.$/,
    ],
    [
      source({ S3DataType: 'AugmentedManifestFile', AttributeNames: ['a'] }),
      /AugmentedManifestFile must have InputMode Pipe/,
    ],
    [source({ AttributeNames: ['a'] }), /AttributeNames must have S3DataType AugmentedManifestFile/],
    [{ InputDataConfig: [{ ChannelName: 'a', DataSource: {} }] }, /S3DataSource must be given/],
    [
      { OutputDataConfig: { S3OutputPath: 's3://nobody/x' } },
      /^OutputDataConfig.S3OutputPath "s3:\/\/nobody\/x": The specified bucket/,
    ],
    [{ EnableManagedSpotTraining: true }, /^Invalid MaxWaitTimeInSeconds\. It must be present/],
    [
      { StoppingCondition: { MaxRuntimeInSeconds: 5, MaxWaitTimeInSeconds: 9 } },
      /^Invalid MaxWaitTimeInSeconds\. It is only supported when EnableManagedSpotTraining is set to true$/,
    ],
  ])('refuses %j', async (changes, message) => {
    const scene = shared();

    const { status, body } = await scene.call('CreateTrainingJob', trainingJob('job', changes));

    expect([status, body.__type]).toEqual([400, 'ValidationException']);
    expect(body.message).toMatch(message);
    expect((await scene.call('ListTrainingJobs')).body.TrainingJobSummaries).toEqual([]);
  });

  it('answers an empty key and a day of run time where a request has neither, as SageMaker’s Python SDK v2 expects', async () => {
    const scene = shared();

    await scene.call('CreateTrainingJob', trainingJob('defaults', { StoppingCondition: {} }));
    const job = await ended(scene, 'defaults');

    expect(job.OutputDataConfig).toEqual({ KmsKeyId: '', S3OutputPath: 's3://data/out' });
    expect(job.StoppingCondition).toEqual({ MaxRuntimeInSeconds: 86_400 });
  });

  it('takes session tags, which DescribeTrainingJob does not answer', async () => {
    const scene = shared();
    const SessionChainingConfig = { EnableSessionTagChaining: true };

    await scene.call('CreateTrainingJob', trainingJob('chained', { SessionChainingConfig }));
    const job = await ended(scene, 'chained');

    expect(job).toMatchObject({ TrainingJobStatus: 'Completed' });
    expect(job).not.toHaveProperty('SessionChainingConfig');
  });

  it('makes jobs that ListTrainingJobs does not find by a warm pool or a training plan', async () => {
    const scene = shared();
    await scene.call('CreateTrainingJob', trainingJob('cold'));
    const plan = 'arn:aws:sagemaker:us-east-1:000000000000:training-plan/p';

    const lists = [
      await scene.call('ListTrainingJobs', { WarmPoolStatusEquals: 'Available' }),
      await scene.call('ListTrainingJobs', { TrainingPlanArnEquals: plan }),
    ];

    expect(lists.map(({ body }) => body)).toEqual([{ TrainingJobSummaries: [] }, { TrainingJobSummaries: [] }]);
  });

  it('makes one job of many requests at the same time', async () => {
    const scene = await openScene();
    scene.put(DATA);

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => scene.call('CreateTrainingJob', trainingJob('job'))),
    );
    const job = await ended(scene, 'job');

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.__type === 'ResourceInUse')).toHaveLength(19);
    expect(job.TrainingJobStatus).toBe('Completed');
  });
});

describe('quotas', () => {
  it('limit the instances in use, by type, until a job has ended', async () => {
    const scene = await openScene({ quotas: { 'ml.m5.xlarge': 1 }, concurrency: 2 });
    scene.put(DATA);
    const large = { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 } };

    await scene.call('CreateTrainingJob', trainingJob('first', behave('wait')));
    const over = await scene.call('CreateTrainingJob', trainingJob('second'));
    const other = await scene.call('CreateTrainingJob', trainingJob('other', large));
    await scene.call('StopTrainingJob', { TrainingJobName: 'first' });
    await ended(scene, 'first');
    const again = await scene.call('CreateTrainingJob', trainingJob('second'));

    expect(over).toMatchObject({
      status: 400,
      body: {
        __type: 'ResourceLimitExceeded',
        message: expect.stringMatching(
          /^The account-level service limit 'ml\.m5\.xlarge for training job usage' is 1 Instances, with current utilization of 1 Instances and a request delta of 1 Instances\./,
        ),
      },
    });
    expect([other.status, again.status]).toEqual([200, 200]);
  });
});
