import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { removeTree } from '@algo/local';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { processPrograms } from '../../../src/index.js';
import type { ObjectStore } from '../../../src/object-store.js';
import type { SageMaker } from '../../../src/sagemaker/resources/context.js';
import { TRANSFORM_JOB, transformJobKind } from '../../../src/sagemaker/transform-jobs/run.js';
import { openStore } from '../../../src/store/store.js';
import { makeModel, placeModel } from '../../support/model.js';
import {
  ALGORITHMS,
  callTarget,
  IMAGE,
  makeFolder,
  openScene,
  ROLE,
  type Scene,
  sharedScene,
} from '../../support/scene.js';
import { transformJob } from '../../support/transform-job.js';

function ended(scene: Scene, name: string) {
  return scene.until('DescribeTransformJob', { TransformJobName: name }, ({ TransformJobStatus }) =>
    ['Completed', 'Failed', 'Stopped'].includes(TransformJobStatus),
  );
}

describe('a transform job', () => {
  const shared = sharedScene(async (scene) => {
    await placeModel(scene);
    scene.put({ 'batch/a.csv': '1\n' });
  });

  it('writes an object for each object below its prefix', async () => {
    const scene = await openScene();
    await makeModel(scene);
    scene.put({ 'batch/a.csv': '1\n2\n', 'batch/sub/b.csv': '5\n' });

    const { body } = await scene.call('CreateTransformJob', transformJob('t-1'));
    const job = await ended(scene, 't-1');

    expect(body.TransformJobArn).toBe('arn:aws:sagemaker:us-east-1:000000000000:transform-job/t-1');
    expect(job).toMatchObject({ TransformJobStatus: 'Completed', DataProcessing: { JoinSource: 'None' } });
    expect(job.CreationTime <= job.TransformStartTime && job.TransformStartTime <= job.TransformEndTime).toBe(true);
    expect(readFileSync(scene.object('predicted/a.csv.out'), 'utf8')).toBe('11\n12\n');
    expect(readFileSync(scene.object('predicted/sub/b.csv.out'), 'utf8')).toBe('15\n');
  });

  it('joins the selected columns of its input with the answers, and describes itself as it was requested', async () => {
    const scene = await openScene();
    await placeModel(scene);
    scene.put({ 'in/list': '[{"prefix":"s3://data/in/"},"sub/a.csv.gz"]', 'in/sub/a.csv.gz': gzipSync('x,1\ny,2\n') });
    const DataProcessing = { InputFilter: '$[1:]', JoinSource: 'Input', OutputFilter: '$[0,-1]' };
    const request = transformJob(
      't-1',
      {
        DataProcessing,
        BatchStrategy: 'SingleRecord',
        MaxPayloadInMB: 1,
        MaxConcurrentTransforms: 2,
        ModelClientConfig: { InvocationsTimeoutInSeconds: 5, InvocationsMaxRetries: 1 },
        Environment: { A: 'b' },
        ExperimentConfig: { ExperimentName: 'e', TrialComponentDisplayName: 't' },
      },
      {
        DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: 's3://data/in/list' } },
        CompressionType: 'Gzip',
      },
    );

    await scene.call('CreateTransformJob', request);
    const job = await ended(scene, 't-1');

    expect(job).toMatchObject({ ...request, TransformJobStatus: 'Completed' });
    expect(readFileSync(scene.object('predicted/sub/a.csv.gz.out'), 'utf8')).toBe('x,11\ny,12\n');
  });

  it('with MaxPayloadInMB 0 sends each object as one chunked request', async () => {
    const scene = await openScene();
    await placeModel(scene);
    scene.put({ 'batch/a.csv': '1\n2\n' });
    const request = transformJob('t-1', { MaxPayloadInMB: 0 }, { SplitType: 'None' });

    await scene.call('CreateTransformJob', request);
    const job = await ended(scene, 't-1');

    expect(job).toMatchObject({ TransformJobStatus: 'Completed', MaxPayloadInMB: 0 });
    expect(readFileSync(scene.object('predicted/a.csv.out'), 'utf8')).toBe('11\n12\n');
  });

  it('has the model that it was made with, also when that is deleted before the job runs', async () => {
    const folder = makeFolder();
    const scene = await openScene({ folder });
    await placeModel(scene);
    await scene.api.close();
    scene.put({ 'batch/a.csv': '1\n' });
    const waiting = await openScene({ folder, concurrency: 0 });
    await waiting.call('CreateTransformJob', transformJob('t-1'));
    await waiting.call('DeleteModel', { ModelName: 'model' });
    await waiting.api.close();

    const job = await ended(await openScene({ folder }), 't-1');

    expect(job).toMatchObject({ TransformJobStatus: 'Completed', ModelName: 'model' });
    expect(job.Model).toBeUndefined();
    expect(readFileSync(scene.object('predicted/a.csv.out'), 'utf8')).toBe('11\n');
  });

  it('whose model is no archive, or whose objects are empty, names their URI', async () => {
    const scene = await openScene();
    await placeModel(scene);
    scene.put({ 'batch/a.csv': '1\n', 'bad/model.tar.gz': 'no gzip' });
    const PrimaryContainer = { Image: IMAGE, ModelDataUrl: 's3://data/bad/model.tar.gz' };
    await scene.call('CreateModel', { ModelName: 'bad', PrimaryContainer, ExecutionRoleArn: ROLE });

    await scene.call('CreateTransformJob', transformJob('t-1', { ModelName: 'bad' }));
    const { FailureReason } = await ended(scene, 't-1');

    scene.put({ 'empty/a.csv': '' });
    const DataSource = { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/empty' } };
    await scene.call('CreateTransformJob', transformJob('t-2', {}, { DataSource }));
    const ofNothing = await ended(scene, 't-2');

    expect(ofNothing.FailureReason).toBe('ClientError: Transform input s3://data/empty has no files with content.');
    expect(FailureReason).toMatch(
      /^AlgorithmError: s3:\/\/data\/bad\/model\.tar\.gz must be a gzip-compressed tar archive/,
    );
    expect(FailureReason).not.toContain(scene.folder);
  });

  it('that fails for one object keeps the others’ output and says why', async () => {
    const scene = await openScene();
    await placeModel(scene, { REFUSE: '13' });
    scene.put({ 'batch/a.csv': '1\n', 'batch/b.csv': '13\n' });

    await scene.call('CreateTransformJob', transformJob('t-1', { ModelClientConfig: { InvocationsMaxRetries: 0 } }));
    const job = await ended(scene, 't-1');

    expect(job).toMatchObject({
      TransformJobStatus: 'Failed',
      FailureReason: expect.stringContaining('ClientError: 1 of 2 input files failed'),
    });
    const { body } = await callTarget(scene.api.url, 'Logs_20140328.FilterLogEvents', {
      logGroupName: '/aws/sagemaker/TransformJobs',
      logStreamNamePrefix: 't-1/',
      filterPattern: '"[sagemaker logs]"',
    });
    expect(body.events.map(({ message }: { message: string }) => message.replace(/^\S+?Z?:(?=\[)/, ''))).toEqual([
      '[sagemaker logs]: MaxConcurrentTransforms=1, MaxPayloadInMB=6, BatchStrategy=MULTI_RECORD',
      expect.stringMatching(/^\[sagemaker logs\]: b\.csv, 1 record from line 1: the server answered 400/),
    ]);
    expect(body.events[0].logStreamName).toMatch(/^t-1\/i-[0-9a-f]+\/data-log$/);
    expect([existsSync(scene.object('predicted/a.csv.out')), existsSync(scene.object('predicted/b.csv.out'))]).toEqual([
      ...[true, false],
    ]);
  });

  it('is stopped while its server answers nothing, and cannot be stopped again', async () => {
    const scene = await openScene();
    await placeModel(scene, { BEHAVE: 'silent' });
    scene.put({ 'batch/a.csv': '1\n' });

    await scene.call('CreateTransformJob', transformJob('t-1'));
    await scene.until('DescribeTransformJob', { TransformJobName: 't-1' }, (job) => job.TransformStartTime);
    await scene.call('StopTransformJob', { TransformJobName: 't-1' });
    const job = await ended(scene, 't-1');
    const again = await scene.call('StopTransformJob', { TransformJobName: 't-1' });

    expect(job.TransformJobStatus).toBe('Stopped');
    expect(again.body.message).toBe('The request was rejected because the transform job is in status Stopped.');
  });

  it.each([
    [{ ModelName: 'none' }, {}, /^Could not find model "arn:/],
    [{ MaxPayloadInMB: 60, MaxConcurrentTransforms: 2 }, {}, /must be up to 100 MB; received 2 × 60/],
    [{ BatchStrategy: 'SingleRecord' }, { SplitType: 'None' }, /^BatchStrategy SingleRecord must have a SplitType/],
    [{ TransformResources: { InstanceType: 'ml.m5.xlarge', InstanceCount: 2 } }, {}, /InstanceCount must be 1/],
    [{ DataProcessing: { InputFilter: '$..id' } }, {}, /^InputFilter must be a JSONPath of .* received "\$\.\.id"/],
    [{ DataProcessing: { InputFilter: '$.id' } }, {}, /^A filter of text\/csv must have indexes of columns/],
    [{ DataProcessing: { OutputFilter: `$.${'x'.repeat(62)}` } }, {}, /length less than or equal to 63/],
    [
      { DataProcessing: { JoinSource: 'Input' } },
      { ContentType: 'application/jsonlines' },
      /^JoinSource and OutputFilter must have the same ContentType and Accept/,
    ],
    [
      { DataProcessing: { JoinSource: 'Input' } },
      { SplitType: undefined },
      /^DataProcessing with ContentType text\/csv must have SplitType Line; received None/,
    ],
    [
      { DataCaptureConfig: { DestinationS3Uri: 's3://none/x' } },
      {},
      /^DataCaptureConfig.DestinationS3Uri "s3:\/\/none\/x": The specified bucket does not exist/,
    ],
    [
      {
        DataCaptureConfig: { DestinationS3Uri: 's3://data/x', GenerateInferenceId: true },
        TransformOutput: { S3OutputPath: 's3://data/out', Accept: 'application/x-npy' },
      },
      {},
      /^GenerateInferenceId must have an output of text\/csv, .* received application\/x-npy/,
    ],
    [{ TransformOutput: { S3OutputPath: 's3://none/x' } }, {}, /The specified bucket does not exist/],
    [
      {},
      { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/nothing' } } },
      /^No S3 objects found/,
    ],
  ])('with %j %j is refused', async (changes, input, message) => {
    const { status, body } = await shared().call('CreateTransformJob', transformJob('t', changes, input));

    expect([status, body.__type]).toEqual([400, 'ValidationException']);
    expect(body.message).toMatch(message);
  });
});

describe('a transform job that cannot record that it starts, as on a full disk', () => {
  it('closes the programs of its model', async () => {
    const folder = makeFolder();
    const file = join(folder, 'a.csv');
    writeFileSync(file, '1\n');
    const store = openStore(folder);
    onTestFinished(() => store.close());
    const Model = { containers: [{ Image: 'sum' }], isDirect: false, isIsolated: false };
    const times = { created: 1, modified: 1 };
    const head = { kind: TRANSFORM_JOB, name: 't', arn: 'arn:t', status: 'InProgress' };
    store.records.insert({ ...head, ...times, body: { ...transformJob('t'), Model } });
    const objects = {
      folder,
      objects: () => [{ key: 'batch/a.csv', size: 2 }],
      fileOf: () => file,
    } as unknown as ObjectStore;
    const close = vi.fn(async () => undefined);
    const programs = processPrograms(ALGORITHMS);
    const kind = transformJobKind({
      store: {
        ...store,
        transaction() {
          throw new Error('database or disk is full');
        },
      },
      objects,
      programs: { ...programs, open: async (image, options) => ({ ...(await programs.open(image, options)), close }) },
      workFolder: join(folder, 'jobs'),
      clearFolder: removeTree,
      closing: new AbortController().signal,
    } as Partial<SageMaker> as SageMaker);

    await kind.run('t', new AbortController().signal);

    expect(close).toHaveBeenCalledOnce();
  });
});
