import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTrainingJob, type TrainingJobRequest, unpackArchive } from '../src/index.js';
import { makeFolder, readJson, sumDescription, writeFiles } from './scene.js';
import { makeRequest, seenBy } from './training-scene.js';

describe('a job that completes', () => {
  it('packs the model and the output, and finds metrics in stdout and stderr, with tabs logged like the platform', async () => {
    const folder = makeFolder();

    const result = await runTrainingJob(makeRequest(folder));

    expect(result).toMatchObject({ status: 'Completed', secondaryStatus: 'Completed', exitCode: 0, wasKilled: false });
    expect(result.finalMetrics).toEqual({ 'train:sum': 20, 'train:rows': 3 });
    expect(readJson(join(folder, 'out/metrics.json'))).toEqual(result.metrics);
    const model = writeFiles(join(folder, 'model'), { keep: '' });
    await unpackArchive(result.modelArchive!, model);
    expect(readJson(join(model, 'model.json'))).toEqual({ sum: 20 });
    expect(existsSync(result.outputArchive!)).toBe(true);
    expect(readFileSync(result.logFile, 'utf8').split('\n').sort()).toEqual([
      '',
      'done\trows=3 train:sum=not-a-number',
      'epoch=0 train:sum=20',
    ]);
  });

  it('has a line at the end of its log about a metric whose expression takes too long', async () => {
    const folder = writeFiles(makeFolder(), { trap: `${'a'.repeat(64)}!\n` });
    const MetricDefinitions = [{ Name: 'endless', Regex: '(a+)+b=([0-9]+)' }];
    const description = { ...sumDescription, TrainingSpecification: { MetricDefinitions } };
    const channels = { train: { path: join(folder, 'trap') } };

    const result = await runTrainingJob(
      makeRequest(folder, { description, channels, hyperparameters: { behave: 'show' } }),
    );

    const [last] = readFileSync(result.logFile, 'utf8').trimEnd().split('\n').slice(-1);
    expect(last).toMatch(/^Metric "endless" is searched no more: /);
  });

  it('can have no channel: the program gets an empty configuration of its input', async () => {
    const folder = makeFolder();

    const result = await runTrainingJob(makeRequest(folder, { channels: {} }));

    expect(result).toMatchObject({ status: 'Completed', finalMetrics: { 'train:sum': 0, 'train:rows': 0 } });
    expect(seenBy(folder).channels).toEqual({});
  });

  it('gets the arguments of its job in place of train', async () => {
    const folder = makeFolder();

    // The fixture does what its first argument says.
    const result = await runTrainingJob(makeRequest(folder, { arguments: ['train', '--more'] }));

    expect(result.status).toBe('Completed');
    expect(readJson(join(folder, 'work/opt/ml/output/data/seen.json'))).toMatchObject({
      arguments: ['train', '--more'],
    });
  });

  it('accepts paths relative to the working directory', async () => {
    const folder = makeFolder();
    const request = makeRequest(folder);
    const here = (path: string) => relative(process.cwd(), path);

    const result = await runTrainingJob({
      ...request,
      channels: { train: { path: here(join(folder, 'data')) } },
      workDirectory: here(request.workDirectory),
      outputDirectory: here(request.outputDirectory),
    });

    expect(result.finalMetrics['train:sum']).toBe(20);
  });

  it('has the variables of the platform and none of the caller', async () => {
    const folder = makeFolder();
    process.env.ALGO_TEST_SECRET = 'secret';

    await runTrainingJob(
      makeRequest(folder, { environment: { MY_FLAG: 'on', CURRENT_HOST: 'mine' }, region: 'eu-west-1' }),
    );

    const { environment } = seenBy(folder);
    expect(Object.keys(environment).sort()).toEqual([
      'AWS_REGION',
      'CURRENT_HOST',
      'HOME',
      'MY_FLAG',
      'PATH',
      'SAGEMAKER_BASE_DIR',
      'TRAINING_JOB_ARN',
      'TRAINING_JOB_NAME',
    ]);
    expect(environment).toMatchObject({
      AWS_REGION: 'eu-west-1',
      CURRENT_HOST: 'algo-1',
      MY_FLAG: 'on',
      TRAINING_JOB_NAME: 'sum-1',
      TRAINING_JOB_ARN: 'arn:aws:sagemaker:eu-west-1:000000000000:training-job/sum-1',
    });
  });

  it('has every key of the configuration files that the platform writes, and ContentType only if one is given', async () => {
    const folder = makeFolder();
    const data = join(folder, 'data');
    const channels = { train: { path: data, contentType: 'text/csv' }, 'more.data': { path: join(data, 'a.csv') } };

    await runTrainingJob(makeRequest(folder, { channels, hyperparameters: { eta: '0.1' }, inputMode: 'FastFile' }));

    const seen = seenBy(folder);
    const rest = { TrainingInputMode: 'File', S3DistributionType: 'FullyReplicated', RecordWrapperType: 'None' };
    expect(seen.hyperparameters).toEqual({ eta: '0.1' });
    expect(seen.channels).toEqual({ train: { ContentType: 'text/csv', ...rest }, 'more.data': rest });
    expect(seen.resources).toEqual({
      current_host: 'algo-1',
      current_instance_type: 'ml.m5.xlarge',
      current_group_name: 'homogeneousCluster',
      hosts: ['algo-1'],
      instance_groups: [
        { instance_group_name: 'homogeneousCluster', instance_type: 'ml.m5.xlarge', hosts: ['algo-1'] },
      ],
      network_interface_name: 'eth0',
    });
    expect(readdirSync(join(folder, 'work/opt/ml/input/data/more.data'))).toEqual(['a.csv']);
    expect(readdirSync(join(folder, 'work/opt/ml/input/data/train')).sort()).toEqual(['.hidden', 'a.csv', 'sub']);
  });

  it('leaves no process of the container behind', async () => {
    const folder = makeFolder();

    const result = await runTrainingJob(makeRequest(folder, { hyperparameters: { behave: 'leave-child' } }));

    const child = Number(/child=(\d+)/.exec(readFileSync(result.logFile, 'utf8'))?.[1]);
    expect(child).toBeGreaterThan(0);
    await expect.poll(() => isAlive(child)).toBe(false);
  });

  it('creates the same archive from the same model, wherever and whenever it was trained', async () => {
    const [one, two] = [makeFolder(), makeFolder()];

    const first = await runTrainingJob(makeRequest(one));
    const second = await runTrainingJob(makeRequest(two));

    expect(readFileSync(first.modelArchive!).equals(readFileSync(second.modelArchive!))).toBe(true);
  });
});

describe('a job that fails', () => {
  it.each([
    ['the failure file', { behave: 'fail', failure: 'Data is odd.\nTrace' }, 'AlgorithmError: Data is odd.\nTrace'],
    ['a class of the platform unchanged', { behave: 'fail', failure: 'ClientError: no rows' }, 'ClientError: no rows'],
    ['a class of ours', { behave: 'fail', failure: 'PlatformError: x' }, 'AlgorithmError: PlatformError: x'],
    ['an empty failure file', { behave: 'fail', failure: '', code: '3' }, 'AlgorithmError: , exit code: 3'],
    ['no failure file', { behave: 'exit' }, 'AlgorithmError: , exit code: 7'],
    ['a crash', { behave: 'crash' }, 'AlgorithmError: , exit code: 139'],
  ])('has the reason: %s', async (_case, hyperparameters, failureReason) => {
    const folder = makeFolder();

    const result = await runTrainingJob(makeRequest(folder, { hyperparameters }));

    expect(result).toMatchObject({ status: 'Failed', secondaryStatus: 'Failed', failureReason });
    expect(result.modelArchive).toBeUndefined();
    expect(existsSync(join(folder, 'out/model.tar.gz'))).toBe(false);
  });

  it('has a reason of at most 1024 characters, without a split character', async () => {
    const folder = makeFolder();
    const hyperparameters = { behave: 'fail', failure: '😀'.repeat(1200) };

    const result = await runTrainingJob(makeRequest(folder, { hyperparameters }));

    expect(result.failureReason).toBe(`AlgorithmError: ${'😀'.repeat(1008)}`);
  });
});

describe('a training job that SageMaker would refuse', () => {
  it.each<[string, Partial<TrainingJobRequest>, RegExp]>([
    [
      'a product without training',
      { description: { ...sumDescription, TrainingSpecification: undefined } },
      /^sum is a model package, which has no training: serve, transform or validate it\.$/,
    ],
    ['no such path', { channels: { train: { path: '/nowhere' } } }, /Channel "train": there is no .* \/nowhere/],
    [
      'channels past the limit',
      { channels: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`c${i}`, { path: '/' }])) },
      /can have 20 channels; received 21/,
    ],
    ['an entrypoint without an image', { entrypoint: ['sh'] }, /An entrypoint must be in an image; .* as a process/],
    ['a channel name', { channels: { 'a b': { path: '/' } } }, /received "a b"/],
    ['a channel name that is a path', { channels: { '..': { path: '/' } } }, /received "\.\."/],
    [
      'a long value',
      { hyperparameters: { a: 'x'.repeat(2501) } },
      /"a" must be at most 2500 characters; received 2501/,
    ],
    ['a variable', { environment: { 'a-b': '' } }, /Variable "a-b"/],
    ['a run time', { maxRuntimeInSeconds: 0 }, /must be in \[1, 2419200\]; received 0/],
    ['a job name', { jobName: 'a_b' }, /received "a_b"/],
  ])('is an ArgumentError before anything starts: %s', async (_case, changes, message) => {
    const folder = makeFolder();

    const run = runTrainingJob(makeRequest(folder, changes));

    await expect(run).rejects.toMatchObject({ name: 'ArgumentError', message: expect.stringMatching(message) });
    expect(existsSync(join(folder, 'out/log.txt'))).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
