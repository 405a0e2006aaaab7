import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { unpackArchive } from '@algo/local';
import { describe, expect, it } from 'vitest';
import { type Programs, processPrograms } from '../../../src/index.js';
import {
  callTarget,
  channel,
  hasEnded,
  IMAGE,
  makeFolder,
  OWN_ALGORITHMS,
  openScene,
  type Scene,
  sharedScene,
  trainingJob,
} from '../../support/scene.js';

const DATA = { 'train/a.csv': '1,2\n3,4\n', 'train/sub/b.csv': '10\n' };

function ended(scene: Scene, TrainingJobName: string) {
  return scene.until('DescribeTrainingJob', { TrainingJobName }, hasEnded);
}

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

const behave = (value: string, more: object = {}) => ({ HyperParameters: { behave: value, ...more } });

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

describe('the input of a job', () => {
  /** What the job sums, or why it failed. */
  const train = async (channels: object[], data: Record<string, string | Uint8Array>, changes: object = {}) => {
    const scene = await openScene();
    scene.put(data);
    const { status, body } = await scene.call(
      'CreateTrainingJob',
      trainingJob('job', { InputDataConfig: channels, ...changes }),
    );
    expect([status, body]).toMatchObject([200, {}]);
    const { FinalMetricDataList, FailureReason } = await ended(scene, 'job');
    return FailureReason ?? FinalMetricDataList[0].Value;
  };

  it('can be none: the container makes its own', async () => {
    const scene = await openScene();
    const { InputDataConfig: _, ...request } = trainingJob('job');

    await scene.call('CreateTrainingJob', request);
    const job = await ended(scene, 'job');

    expect(job).toMatchObject({ TrainingJobStatus: 'Completed', FinalMetricDataList: [{ Value: 0 }] });
    expect(job).not.toHaveProperty('InputDataConfig');
  });

  it('is what a manifest lists', async () => {
    const manifest = JSON.stringify([{ prefix: 's3://data/in/' }, 'a.csv', 'sub/b.csv']);
    const data = { manifest, 'in/a.csv': '1\n', 'in/sub/b.csv': '2\n', 'in/c.csv': '4\n' };

    expect(await train([channel('s3://data/manifest', {}, { S3DataType: 'ManifestFile' })], data)).toBe(3);
  });

  /** The lines of s3://data/list in each of three epochs, as a job in Pipe mode sees them. */
  const ordersOf = async (scene: Scene, name: string, changes: object, source: object): Promise<string[]> => {
    const InputDataConfig = [channel('s3://data/list', { InputMode: 'Pipe', ...changes }, source)];
    const HyperParameters = { behave: 'show', epochs: '3' };
    await scene.call('CreateTrainingJob', trainingJob(name, { InputDataConfig, HyperParameters }));
    await ended(scene, name);
    const logs = { logGroupName: '/aws/sagemaker/TrainingJobs', logStreamNamePrefix: `${name}/` };
    const { body } = await callTarget(scene.api.url, 'Logs_20140328.FilterLogEvents', logs);
    return body.events.flatMap(({ message }: { message: string }) => /^epoch \d: (.*)/.exec(message)?.[1] ?? []);
  };

  it('comes through a pipe in the order of its manifest, or in one of the seed for each epoch', async () => {
    const scene = await openScene();
    const names = ['c', 'a', 'd', 'b'];
    const list = JSON.stringify([{ prefix: 's3://data/in/' }, ...names]);
    scene.put({ list, ...Object.fromEntries(names.map((name, i) => [`in/${name}`, `${i}\n`])) });
    const source = { S3DataType: 'ManifestFile' };

    const plain = await ordersOf(scene, 'plain', {}, source);
    const mixed = await ordersOf(scene, 'mixed', { ShuffleConfig: { Seed: 2 } }, source);

    expect(plain).toEqual(['0 1 2 3', '0 1 2 3', '0 1 2 3']);
    expect(mixed.map((order) => order.split(' ').sort().join(' '))).toEqual(plain);
    expect(new Set([...mixed, plain[0]]).size).toBe(4);
  });

  it('comes through a pipe as the attributes of an augmented manifest, an order of its lines for each epoch', async () => {
    const scene = await openScene();
    const lines = ['a', 'b', 'c', 'd'].map((name) => JSON.stringify({ 'part-ref': `s3://data/in/${name}`, end: '\n' }));
    scene.put({ list: lines.join('\n'), 'in/a': '0', 'in/b': '1', 'in/c': '2', 'in/d': '3' });
    const source = { S3DataType: 'AugmentedManifestFile', AttributeNames: ['part-ref', 'end'] };

    const orders = await ordersOf(scene, 'job', { ShuffleConfig: { Seed: 1 } }, source);

    expect(orders.map((order) => order.split(' ').sort().join(' '))).toEqual(['0 1 2 3', '0 1 2 3', '0 1 2 3']);
    expect(new Set([...orders, '0 1 2 3']).size).toBe(4);
  });

  it.each([
    [
      channel('s3://data/in/', { InputMode: 'Pipe', CompressionType: 'Gzip' }),
      'ClientError: s3://data/in/a, b.csv.gz could not be read: incorrect header check.',
    ],
    [
      channel(
        's3://data/list',
        { InputMode: 'Pipe' },
        { S3DataType: 'AugmentedManifestFile', AttributeNames: ['line'] },
      ),
      'ClientError: s3://data/list line 3: attribute "line" must be there; it is missing.',
    ],
  ])('that breaks while it comes through a pipe is named by its URI: %j', async (config, reason) => {
    expect(await train([config], { 'in/a, b.csv.gz': 'no gzip', list: '{"line":"1\\n"}\n\n{}\n' })).toBe(reason);
  });

  it('that cannot be read fails the job, which then has not started its program', async () => {
    const config = [channel('s3://data/manifest', {}, { S3DataType: 'ManifestFile' })];

    expect(await train(config, { manifest: '{' })).toMatch(
      /^ClientError: Data download failed: channel train: The manifest s3:\/\/data\/manifest must be JSON/,
    );
  });

  it('comes through a pipe, unpacked, and sharded by key to the one host', async () => {
    const pipe = channel(
      's3://data/train/',
      { InputMode: 'Pipe', CompressionType: 'Gzip' },
      { S3DataDistributionType: 'ShardedByS3Key' },
    );
    const data = { 'train/a.gz': gzipSync('1\n'), 'train/b.gz': gzipSync('2\n') };

    expect(await train([pipe], data)).toBe(3);
  });

  it('is one whole folder in FastFile mode', async () => {
    const data = { 'train/a.csv': '1\n', 'train-more/b.csv': '2\n' };

    expect(await train([channel('s3://data/train', { InputMode: 'FastFile' })], data)).toBe(1);
    expect(await train([channel('s3://data/train')], data)).toBe(3);
  });

  it('is described to its program as the request has it, in channels of any name', async () => {
    const scene = await openScene();
    scene.put(DATA);
    const sharded = channel('s3://data/train/', {}, { S3DataDistributionType: 'ShardedByS3Key' });
    const InputDataConfig = [sharded, channel('s3://data/train/a.csv', { ChannelName: '__proto__' })];

    await scene.call('CreateTrainingJob', trainingJob('job', { InputDataConfig }));
    const job = await ended(scene, 'job');
    const folder = makeFolder();
    await unpackArchive(scene.object('out/job/output/output.tar.gz'), folder);
    const { channels } = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));

    expect(job.FinalMetricDataList).toMatchObject([{ Value: 20 + 10 }]);
    expect(Object.entries(channels)).toMatchObject([
      ['train', { S3DistributionType: 'ShardedByS3Key' }],
      ['__proto__', { S3DistributionType: 'FullyReplicated' }],
    ]);
  });
});

describe('CreateTrainingJob', () => {
  const shared = sharedScene((scene) => scene.put(DATA));
  const specification = (changes: object) => ({
    AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File', ...changes },
  });
  const source = (changes: object, more: object = {}) => ({
    InputDataConfig: [channel('s3://data/train', more, changes)],
  });
  const resources = { InstanceType: 'ml.m5.xlarge', InstanceCount: 2, VolumeSizeInGB: 1 };

  it.each([
    [
      { ResourceConfig: resources },
      'ResourceConfig.InstanceCount must be 1: distributed training is not available on this machine; received 2.',
    ],
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
