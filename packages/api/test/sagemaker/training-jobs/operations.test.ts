import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackArchive } from '@algo/local';
import { describe, expect, it } from 'vitest';
import { type Programs, processPrograms } from '../../../src/index.js';
import {
  callTarget,
  channel,
  makeFolder,
  OWN_ALGORITHMS,
  openScene,
  type Scene,
  trainingJob,
} from '../../support/scene.js';
import { behave, DATA, ended } from './jobs.js';

function isInStatus(scene: Scene, TrainingJobName: string, status: string) {
  return scene.until('DescribeTrainingJob', { TrainingJobName }, ({ SecondaryStatus }) => SecondaryStatus === status);
}

function statusesOf({ SecondaryStatusTransitions }: { SecondaryStatusTransitions: { Status: string }[] }): string[] {
  return SecondaryStatusTransitions.map(({ Status }) => Status);
}

/** The log of a job that runs is a file of its folder. */
function untilPrinted({ folder }: Scene, job: string, text: string): Promise<void> {
  const pattern = join(folder, 'jobs/training-job', job, 'output/.algo-results-*/log.txt');
  return expect.poll(() => readFileSync(globSync(pattern)[0]!, 'utf8')).toContain(text);
}

describe('a training job', () => {
  it('goes through its statuses, and its model is an object afterwards', async () => {
    const scene = await openScene();
    scene.put(DATA);

    const created = await scene.call('CreateTrainingJob', trainingJob('Sum-1', { Tags: [{ Key: 'k', Value: 'v' }] }));
    const job = await ended(scene, 'Sum-1');
    const tags = await scene.call('ListTags', { ResourceArn: created.body.TrainingJobArn });

    expect(created).toMatchObject({
      status: 200,
      body: { TrainingJobArn: 'arn:aws:sagemaker:us-east-1:000000000000:training-job/sum-1' },
    });
    expect(job).toMatchObject({
      TrainingJobStatus: 'Completed',
      SecondaryStatus: 'Completed',
      ModelArtifacts: { S3ModelArtifacts: 's3://data/out/Sum-1/output/model.tar.gz' },
      FinalMetricDataList: [{ MetricName: 'train:sum', Value: 20 }],
      ...{ EnableNetworkIsolation: false, EnableManagedSpotTraining: false, ProfilingStatus: 'Disabled' },
    });
    expect(statusesOf(job)).toEqual(['Starting', 'Downloading', 'Training', 'Uploading', 'Completed']);
    expect(job.CreationTime <= job.TrainingStartTime && job.TrainingStartTime <= job.TrainingEndTime).toBe(true);
    expect(job.TrainingTimeInSeconds).toEqual(expect.any(Number));
    expect(tags.body.Tags).toEqual([{ Key: 'k', Value: 'v' }]);
    expect(existsSync(scene.object('out/Sum-1/output/model.tar.gz'))).toBe(true);
    expect(existsSync(scene.object('out/Sum-1/output/output.tar.gz'))).toBe(true);
  });

  it('on two instances has a log stream for each, and shares a sharded channel among them', async () => {
    const scene = await openScene();
    scene.put(DATA);
    const ResourceConfig = { InstanceType: 'ml.c5.xlarge', InstanceCount: 2, VolumeSizeInGB: 1 };
    const InputDataConfig = [channel('s3://data/train', {}, { S3DataDistributionType: 'ShardedByS3Key' })];

    await scene.call('CreateTrainingJob', trainingJob('job', { ResourceConfig, InputDataConfig }));
    const job = await ended(scene, 'job');
    const logs = (operation: string, more: object = {}) =>
      callTarget(scene.api.url, `Logs_20140328.${operation}`, { logGroupName: '/aws/sagemaker/TrainingJobs', ...more });
    const { body } = await logs('DescribeLogStreams');
    const names: string[] = body.logStreams.map(({ logStreamName }: { logStreamName: string }) => logStreamName).sort();
    const second = await logs('GetLogEvents', { logStreamName: names[1] });

    expect(job).toMatchObject({ TrainingJobStatus: 'Completed', ResourceConfig });
    expect(job.FinalMetricDataList).toMatchObject([{ MetricName: 'train:sum', Value: 10 }]);
    expect(names).toEqual([expect.stringMatching(/^job\/algo-1-\d+$/), expect.stringMatching(/^job\/algo-2-\d+$/)]);
    const lines = second.body.events.map(({ message }: { message: string }) => message);
    expect(lines).toContain('epoch=0 train:sum=10');
  });

  it('gives its program the variables of the platform and the job’s own, and its instance type', async () => {
    const scene = await openScene({ region: 'eu-west-1' });
    scene.put(DATA);

    const ResourceConfig = { InstanceType: 'ml.c5.xlarge', InstanceCount: 1, VolumeSizeInGB: 1 };
    await scene.call('CreateTrainingJob', trainingJob('job', { Environment: { OWN: 'yes' }, ResourceConfig }));
    await ended(scene, 'job');
    const folder = makeFolder();
    await unpackArchive(scene.object('out/job/output/output.tar.gz'), folder);
    const { environment, resources } = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));

    expect(resources.current_instance_type).toBe('ml.c5.xlarge');
    expect(resources.instance_groups[0].instance_type).toBe('ml.c5.xlarge');
    expect(environment).toMatchObject({
      ...{ OWN: 'yes', TRAINING_JOB_NAME: 'job', AWS_REGION: 'eu-west-1' },
      TRAINING_JOB_ARN: 'arn:aws:sagemaker:eu-west-1:000000000000:training-job/job',
    });
  });

  it('without compression leaves its files as objects of their own', async () => {
    const scene = await openScene();
    scene.put(DATA);
    const OutputDataConfig = { S3OutputPath: 's3://data/out/', CompressionType: 'NONE' };

    await scene.call('CreateTrainingJob', trainingJob('job', { OutputDataConfig }));
    const job = await ended(scene, 'job');

    expect(job.ModelArtifacts.S3ModelArtifacts).toBe('s3://data/out/job/output/model/');
    expect(readFileSync(scene.object('out/job/output/model/model.json'), 'utf8')).toBe('{"sum":20}');
  });

  it('that fails has the reason that its program wrote, and no model', async () => {
    const scene = await openScene();
    scene.put(DATA);

    await scene.call('CreateTrainingJob', trainingJob('job', behave('fail', { failure: 'no column "x"' })));
    const job = await ended(scene, 'job');

    expect(job).toMatchObject({
      ...{ TrainingJobStatus: 'Failed', SecondaryStatus: 'Failed', FailureReason: 'AlgorithmError: no column "x"' },
    });
    expect(job.SecondaryStatusTransitions.at(-1).StatusMessage).toBe('AlgorithmError: no column "x"');
    expect(existsSync(scene.object('out/job'))).toBe(false);
  });

  it('is stopped while it runs, and keeps what its program saved', async () => {
    const scene = await openScene();
    scene.put(DATA);
    await scene.call('CreateTrainingJob', trainingJob('job', behave('wait')));
    await isInStatus(scene, 'job', 'Training');
    await untilPrinted(scene, 'job', 'waiting');

    const stopped = await scene.call('StopTrainingJob', { TrainingJobName: 'job' });
    const repeated = await scene.call('StopTrainingJob', { TrainingJobName: 'job' });
    const job = await ended(scene, 'job');
    const late = await scene.call('StopTrainingJob', { TrainingJobName: 'job' });

    expect([stopped.status, repeated.status]).toEqual([200, 200]);
    expect(statusesOf(job)).toEqual(['Starting', 'Downloading', 'Training', 'Stopping', 'Uploading', 'Stopped']);
    expect(late.body).toMatchObject({
      __type: 'ValidationException',
      message: 'The request was rejected because the training job is in status Stopped.',
    });
    expect(existsSync(scene.object('out/job/output/model.tar.gz'))).toBe(true);
  });

  it('that waits for its turn is stopped without having begun, and one that is deleted leaves its log', async () => {
    const scene = await openScene({ concurrency: 1 });
    scene.put(DATA);
    await scene.call('CreateTrainingJob', trainingJob('first', behave('wait')));
    await scene.call('CreateTrainingJob', trainingJob('second'));

    await scene.call('StopTrainingJob', { TrainingJobName: 'second' });
    const { body: second } = await scene.call('DescribeTrainingJob', { TrainingJobName: 'second' });
    const busy = await scene.call('DeleteTrainingJob', { TrainingJobName: 'first' });
    await untilPrinted(scene, 'first', 'waiting');
    await scene.call('StopTrainingJob', { TrainingJobName: 'first' });
    await ended(scene, 'first');
    await scene.call('DeleteTrainingJob', { TrainingJobName: 'first' });
    const log = { logGroupName: '/aws/sagemaker/TrainingJobs', logStreamNamePrefix: 'first/' };
    const left = await callTarget(scene.api.url, 'Logs_20140328.FilterLogEvents', log);

    expect(left.body.events[0].message).toBe('waiting'); // as on AWS
    expect(statusesOf(second)).toEqual(['Starting', 'Stopping', 'Stopped']);
    expect(second.TrainingStartTime).toBeUndefined();
    expect(busy.body.__type).toBe('ResourceInUse');
    expect(existsSync(scene.object('out/second'))).toBe(false);
  });

  it('that exceeds its time is stopped and says so', async () => {
    const scene = await openScene();
    scene.put(DATA);
    const StoppingCondition = { MaxRuntimeInSeconds: 1 };

    await scene.call('CreateTrainingJob', trainingJob('job', { ...behave('wait'), StoppingCondition }));
    const job = await ended(scene, 'job');

    expect(job).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' });
  });
});

describe('checkpoints', () => {
  it('are the objects of a prefix: there when the job starts, and as its program left them when it has ended', async () => {
    const scene = await openScene({ programs: processPrograms(OWN_ALGORITHMS) });
    scene.put({ 'train/a.csv': '1\n', 'checkpoints/count': '41', 'checkpoints/old': '', 'checkpoints/sub/kept': 'k' });
    const CheckpointConfig = { S3Uri: 's3://data/checkpoints', LocalPath: '/opt/ml/checkpoints' };
    const AlgorithmSpecification = { TrainingImage: 'checkpoint', TrainingInputMode: 'File' };

    await scene.call('CreateTrainingJob', trainingJob('job', { CheckpointConfig, AlgorithmSpecification }));
    const job = await ended(scene, 'job');

    expect(job).toMatchObject({ TrainingJobStatus: 'Failed', CheckpointConfig });
    expect(readFileSync(scene.object('checkpoints/count'), 'utf8')).toBe('42');
    expect(readFileSync(scene.object('checkpoints/sub/kept'), 'utf8')).toBe('k');
    expect(globSync('**/*', { cwd: scene.object('checkpoints') }).sort()).toEqual([
      'count',
      'sub',
      'sub/kept',
      'sub/new',
    ]);
  });

  it('are kept, and no longer followed, when what ran their job cannot be closed', async () => {
    const programs = processPrograms(OWN_ALGORITHMS);
    const close = () => Promise.reject(new Error('the engine is gone'));
    const open: Programs['open'] = async (...args) => ({ ...(await programs.open(...args)), close });
    const scene = await openScene({ programs: { ...programs, open } });
    scene.put({ 'train/a.csv': '1\n', 'checkpoints/count': '41', 'checkpoints/old': '', 'checkpoints/sub/kept': 'k' });
    const CheckpointConfig = { S3Uri: 's3://data/checkpoints' };
    const AlgorithmSpecification = { TrainingImage: 'checkpoint', TrainingInputMode: 'File' };

    await scene.call('CreateTrainingJob', trainingJob('job', { CheckpointConfig, AlgorithmSpecification }));
    const job = await ended(scene, 'job');

    expect(job.FailureReason).toBe('InternalServerError: the engine is gone');
    expect(readFileSync(scene.object('checkpoints/count'), 'utf8')).toBe('42');
  });
});

describe('the command of a job', () => {
  it('is train, or the arguments of its specification', async () => {
    const scene = await openScene();
    scene.put(DATA);
    const { AlgorithmSpecification } = trainingJob('job');
    const ContainerArguments = ['train', '--verbose'];

    await scene.call(
      'CreateTrainingJob',
      trainingJob('job', { AlgorithmSpecification: { ...AlgorithmSpecification, ContainerArguments } }),
    );
    const job = await ended(scene, 'job');
    const folder = makeFolder();
    await unpackArchive(scene.object('out/job/output/output.tar.gz'), folder);

    expect(job.AlgorithmSpecification).toMatchObject({ ContainerArguments });
    expect(JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8')).arguments).toEqual(ContainerArguments);
  });
});
