import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type LocalEvent, runTrainingJob, type TrainingJobRequest, unpackArchive } from '../src/index.js';
import { makeFolder, readJson, sumDescription, sumProgram, writeFiles } from './scene.js';

interface Seen {
  environment: Record<string, string>;
  hyperparameters: unknown;
  channels: unknown;
  resources: unknown;
}

function makeRequest(folder: string, changes: Partial<TrainingJobRequest> = {}): TrainingJobRequest {
  writeFiles(folder, { 'data/a.csv': '1,2\n3,4\n', 'data/sub/b.csv': '10\n', 'data/.hidden': '' });
  return {
    program: sumProgram,
    description: sumDescription,
    channels: { train: { path: join(folder, 'data'), contentType: 'text/csv' } },
    workDirectory: join(folder, 'work'),
    outputDirectory: join(folder, 'out'),
    jobName: 'sum-1',
    ...changes,
  };
}

function seenBy(folder: string): Seen {
  return readJson<Seen>(join(folder, 'work/opt/ml/output/data/seen.json'));
}

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

  it('removes the artifacts of an earlier job and creates none for an empty model folder', async () => {
    const folder = makeFolder();
    await runTrainingJob(makeRequest(folder));

    const result = await runTrainingJob(makeRequest(folder, { hyperparameters: { behave: 'no-model' } }));

    expect(result.status).toBe('Completed');
    expect(result.modelArchive).toBeUndefined();
    expect(existsSync(join(folder, 'out/model.tar.gz'))).toBe(false);
  });

  it('keeps the results of an earlier job if it fails, and writes its own log next to them', async () => {
    const folder = makeFolder();
    const first = await runTrainingJob(makeRequest(folder));
    const names = ['model.tar.gz', 'output.tar.gz', 'metrics.json', 'log.txt'];
    const before = names.map((name) => readFileSync(join(folder, 'out', name), 'hex'));

    const failed = await runTrainingJob(makeRequest(folder, { hyperparameters: { behave: 'fail' } }));
    const after = names.map((name) => readFileSync(join(folder, 'out', name), 'hex'));
    const listed = readdirSync(join(folder, 'out')).sort();
    const third = await runTrainingJob(makeRequest(folder));

    expect(failed.status).toBe('Failed');
    expect(after).toEqual(before);
    expect(failed.logFile).toBe(join(folder, 'out/unfinished-log.txt'));
    expect(listed).toEqual(['.algo-training-job', ...names, 'unfinished-log.txt', 'unfinished-metrics.json'].sort());
    expect(third.logFile).toBe(first.logFile);
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['.algo-training-job', ...names].sort());
  });

  it.each(['model.tar.gz', 'output.tar.gz', 'metrics.json', 'log.txt'])(
    'refuses an output folder with a %s that no job wrote, and touches nothing',
    async (name) => {
      const folder = writeFiles(makeFolder(), { [`out/${name}`]: 'mine' });

      const run = runTrainingJob(makeRequest(folder));

      await expect(run).rejects.toMatchObject({
        name: 'ArgumentError',
        message: expect.stringMatching(new RegExp(`unless a training job wrote them; it contains ${name}\\.`)),
      });
      expect(readdirSync(join(folder, 'out'))).toEqual([name]);
      expect(readFileSync(join(folder, 'out', name), 'utf8')).toBe('mine');
    },
  );

  it.each(['opt', 'home'])('refuses a working folder with a folder %s that no job made', async (name) => {
    const folder = writeFiles(makeFolder(), { [`work/${name}/mine.txt`]: 'mine' });

    const run = runTrainingJob(makeRequest(folder));

    await expect(run).rejects.toMatchObject({
      name: 'ArgumentError',
      message: expect.stringContaining(`or contain no ${name}; it contains one that no job made`),
    });
    expect(readFileSync(join(folder, 'work', name, 'mine.txt'), 'utf8')).toBe('mine');
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  });

  it('creates the same archive from the same model, wherever and whenever it was trained', async () => {
    const [one, two] = [makeFolder(), makeFolder()];

    const first = await runTrainingJob(makeRequest(one));
    const second = await runTrainingJob(makeRequest(two));

    expect(readFileSync(first.modelArchive!).equals(readFileSync(second.modelArchive!))).toBe(true);
  });
});

describe('a job in Pipe mode', () => {
  it('reads the channel once per epoch, all files one after the other', async () => {
    const folder = makeFolder();

    const result = await runTrainingJob(makeRequest(folder, { inputMode: 'Pipe', hyperparameters: { epochs: '3' } }));

    expect(result.status).toBe('Completed');
    expect(result.metrics.filter(({ name }) => name === 'train:sum').map(({ value }) => value)).toEqual([20, 40, 60]);
    expect(readdirSync(join(folder, 'work/opt/ml/input/data'))).toEqual([]);
  });

  it('sends the files of a manifest in its order, shuffled anew for each epoch if there is a seed', async () => {
    const folder = makeFolder();
    const names = ['d', 'b', 'c', 'a', 'f', 'e'];
    const files = Object.fromEntries(names.map((name, i) => [`in/${name}`, `${i}\n`]));
    writeFiles(folder, { ...files, list: JSON.stringify([{ prefix: 'in/' }, ...names]) });
    const run = async (shuffleSeed: number | undefined) => {
      const train = { path: join(folder, 'list'), dataType: 'ManifestFile', shuffleSeed } as const;
      const hyperparameters = { behave: 'show', epochs: '2' };
      const { logFile } = await runTrainingJob(
        makeRequest(folder, { inputMode: 'Pipe', channels: { train }, hyperparameters }),
      );
      return readFileSync(logFile, 'utf8').match(/(?<=^epoch \d: ).*/gm);
    };

    const [plain, mixed] = [await run(undefined), await run(1)];

    expect(plain).toEqual(['0 1 2 3 4 5', '0 1 2 3 4 5']);
    expect(mixed?.map((order) => order.split(' ').sort().join(' '))).toEqual(plain);
    expect(new Set([...mixed!, plain![0]]).size).toBe(3);
    expect(await run(1)).toEqual(mixed);
  });

  it('unpacks a gzip channel, and fails with a ClientError if it is not gzip', async () => {
    const folder = makeFolder();
    const padded = Buffer.concat([gzipSync('5\n'), Buffer.alloc(512), gzipSync('6\n')]);
    writeFiles(folder, { 'packed/a.csv.gz': padded, 'broken/a.csv.gz': 'no gzip' });
    const run = (name: string) => {
      const train = { path: join(folder, name), compressionType: 'Gzip' } as const;
      return runTrainingJob(makeRequest(folder, { inputMode: 'Pipe', channels: { train } }));
    };

    const good = await run('packed');
    const bad = await run('broken');

    expect(good.finalMetrics['train:sum']).toBe(11);
    expect(bad.status).toBe('Failed');
    expect(bad.failureReason).toMatch(/^ClientError: .*broken\/a\.csv\.gz could not be read: incorrect header check/);
  });

  it('ends even if the program never opens its FIFO', async () => {
    const folder = makeFolder();

    const result = await runTrainingJob(
      makeRequest(folder, { inputMode: 'Pipe', hyperparameters: { behave: 'exit' } }),
    );

    expect(result).toMatchObject({ status: 'Failed', exitCode: 7 });
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

describe('a stopped job', () => {
  it.each([
    ['wait', 0],
    ['fail-on-sigterm', 3],
  ])('gets SIGTERM, keeps its model, and is Stopped whatever its exit code: %s', async (behave, exitCode) => {
    const folder = makeFolder();
    const stop = new AbortController();
    const onEvent = (event: LocalEvent) => {
      if (event.type === 'log' && event.line === 'waiting') stop.abort();
    };

    const result = await runTrainingJob(
      makeRequest(folder, { hyperparameters: { behave }, stop: stop.signal, onEvent }),
    );

    expect(result).toMatchObject({ status: 'Stopped', secondaryStatus: 'Stopped', wasKilled: false, exitCode });
    expect(result.failureReason).toBeUndefined();
    expect(existsSync(result.modelArchive!)).toBe(true);
  });

  it('stops for MaxRuntimeInSeconds, and kills a program that ignores SIGTERM', async () => {
    const folder = makeFolder();
    const request = makeRequest(folder, { hyperparameters: { behave: 'ignore-sigterm' }, maxRuntimeInSeconds: 3600 });
    // The hour passes when the program is at work, the grace of 120 s when it has seen the signal.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const onEvent = (event: LocalEvent) => {
      if (event.type === 'log' && event.line === 'waiting') vi.advanceTimersByTime(3_600_000);
      if (event.type === 'log' && event.line === 'got SIGTERM') vi.advanceTimersByTime(120_000);
    };

    const result = await runTrainingJob({ ...request, onEvent });

    expect(result).toMatchObject({ status: 'Stopped', secondaryStatus: 'MaxRuntimeExceeded', exitCode: 137 });
    expect(result.wasKilled).toBe(true);
    expect(readFileSync(result.logFile, 'utf8')).toBe('waiting\ngot SIGTERM\n');
  });
});

describe('a listener that fails when a job is to stop', () => {
  it('ends the job, and the error is that of the run', async () => {
    const folder = makeFolder();
    const stop = new AbortController();
    let exited = '';
    const onEvent = (event: LocalEvent) => {
      if (event.type === 'training-status' && event.status === 'Stopping') throw new Error('database or disk is full');
      if (event.type === 'log') exited = event.line;
      if (event.type === 'log' && event.line === 'waiting') stop.abort();
    };

    const run = runTrainingJob(
      makeRequest(folder, { hyperparameters: { behave: 'wait' }, stop: stop.signal, onEvent }),
    );

    await expect(run).rejects.toThrow('database or disk is full');
    expect(exited).toBe('got SIGTERM');
  });
});

describe('a job whose instance is taken away', () => {
  it('gets SIGTERM, keeps no model, and is Interrupted, however its program ends', async () => {
    const folder = makeFolder();
    const interruption = new AbortController();
    const statuses: string[] = [];
    const onEvent = (event: LocalEvent) => {
      if (event.type === 'log' && event.line === 'waiting') interruption.abort();
      if (event.type === 'training-status') statuses.push(event.status);
    };
    const request = makeRequest(folder, { hyperparameters: { behave: 'wait' } });

    const result = await runTrainingJob({ ...request, interrupt: interruption.signal, onEvent });

    expect(result).toMatchObject({ status: 'Stopped', secondaryStatus: 'Interrupted', exitCode: 0 });
    expect(result.modelArchive).toBeUndefined();
    expect(statuses).toEqual(['Downloading', 'Training']);
    expect(readFileSync(result.logFile, 'utf8')).toContain('got SIGTERM');
  });

  it('is stopped for good when the time that it may wait and run is over', async () => {
    const folder = makeFolder();
    const request = makeRequest(folder, { hyperparameters: { behave: 'wait' }, maxWaitTimeInSeconds: 7200 });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const onEvent = (event: LocalEvent) => {
      if (event.type === 'log' && event.line === 'waiting') vi.advanceTimersByTime(7_200_000);
    };

    const result = await runTrainingJob({ ...request, onEvent });

    expect(result).toMatchObject({ status: 'Stopped', secondaryStatus: 'MaxWaitTimeExceeded', exitCode: 0 });
    expect(result.modelArchive).toBeDefined();
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

describe('an output folder', () => {
  it.each([
    [
      'cannot be made',
      '/proc/x',
      /^Output folder \/proc\/x must be a writable folder: no such file or directory \(ENOENT\)/,
    ],
    [
      'cannot be made for what lies above it',
      '/proc/x/deep',
      /^Output folder \/proc\/x\/deep must be a writable folder/,
    ],
    ['cannot be written', '/proc', /^Output folder \/proc must be a writable folder: .* \(E/],
    ['is a file', '/etc/passwd', /^Output folder: \/etc\/passwd must be a folder; it is a file\. Choose another/],
    ['lies below a file', '/etc/passwd/x', /^Output folder \/etc\/passwd\/x must be a writable folder: .*ENOTDIR/],
  ])('that %s is refused before the program starts: %s', async (_case, outputDirectory, message) => {
    const folder = makeFolder();
    const lines: string[] = [];
    const onEvent = (event: LocalEvent) => void (event.type === 'log' && lines.push(event.line));

    const run = runTrainingJob(makeRequest(folder, { outputDirectory, onEvent }));

    await expect(run).rejects.toMatchObject({ name: 'ArgumentError', message: expect.stringMatching(message) });
    expect(lines).toEqual([]);
  });
});

describe('a channel folder', () => {
  it('without files, or with the output folder in it, is an ArgumentError', async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'empty'));
    const run = (path: string) => runTrainingJob(makeRequest(folder, { channels: { train: { path } } }));

    await expect(run(join(folder, 'empty'))).rejects.toThrow(/^Channel "train": there are no files in .*empty\.$/);
    await expect(run(folder)).rejects.toThrow(
      /^Channel "train": .* contains the output folder .*Choose another output\.$/,
    );
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

describe('records of a channel', () => {
  it('come to the program wrapped, and its configuration says so', async () => {
    const folder = makeFolder();
    const channels = {
      train: { path: join(folder, 'data'), inputMode: 'Pipe', recordWrapperType: 'RecordIO' },
    } as const;

    await runTrainingJob(makeRequest(folder, { channels }));

    expect(readJson(join(folder, 'work/opt/ml/input/config/inputdataconfig.json'))).toMatchObject({
      train: { TrainingInputMode: 'Pipe', RecordWrapperType: 'RecordIO' },
    });
  });

  it.each([
    [
      { recordWrapperType: 'RecordIO' },
      'Channel "train": RecordWrapperType must be None in File mode; received "RecordIO".',
    ],
    [
      { attributeNames: ['source-ref'] },
      'Channel "train": an augmented manifest must be read in Pipe mode; received "File".',
    ],
    [
      { inputMode: 'FastFile', dataType: 'ManifestFile' },
      'Channel "train": a manifest must be read in File or Pipe mode; received "FastFile".',
    ],
    [{ inputMode: 'Pipe', attributeNames: [] }, 'Channel "train": AttributeNames must have 1 to 16 names; received 0.'],
    [{ inputMode: 'Pipe', attributeNames: ['a'] }, 'Channel "train": an augmented manifest must be one file;'],
  ] as const)('are refused where the service refuses them: %j', async (changes, message) => {
    const folder = makeFolder();
    const channels = { train: { path: join(folder, 'data'), ...changes } };

    await expect(runTrainingJob(makeRequest(folder, { channels }))).rejects.toThrow(message);
  });
});

describe('checkpoints', () => {
  it('are in a folder that the program finds filled, may write to, and is told of', async () => {
    const folder = makeFolder();
    const initial = writeFiles(join(folder, 'initial'), { 'a.txt': 'old', 'sub/b.txt': 'old' });
    let place = '';

    const result = await runTrainingJob(
      makeRequest(folder, { checkpoints: { initial, onFolder: (found) => (place = found) } }),
    );

    expect(result.status).toBe('Completed');
    expect(readJson(join(folder, 'work/opt/ml/input/config/checkpointconfig.json'))).toEqual({ LocalPath: place });
    expect(readFileSync(join(place, 'sub/b.txt'), 'utf8')).toBe('old');
    writeFiles(place, { 'a.txt': 'new', 'sub/c.txt': 'new' });
    expect(readFileSync(join(initial, 'a.txt'), 'utf8')).toBe('old');
  });

  it('stay in the folder of the caller, where the next job finds them', async () => {
    const folder = makeFolder();
    const checkpoints = { folder: join(folder, 'kept', 'checkpoints') };
    const run = () => runTrainingJob(makeRequest(folder, { checkpoints, hyperparameters: { behave: 'resume' } }));

    const [first, second] = [await run(), await run()];

    expect([first.status, second.status]).toEqual(['Failed', 'Completed']);
    expect(readFileSync(join(checkpoints.folder, 'count'), 'utf8')).toBe('2');
    expect(readJson(join(folder, 'work/opt/ml/input/config/checkpointconfig.json'))).toEqual({
      LocalPath: join(folder, 'work/opt/ml/checkpoints'),
    });
  });

  it('cannot be in a folder that cannot be made', async () => {
    const job = runTrainingJob(makeRequest(makeFolder(), { checkpoints: { folder: '/proc/x' } }));

    await expect(job).rejects.toThrow('Checkpoint folder /proc/x must be a writable folder');
  });

  it.each(['/opt/ml/model', '/opt/ml/input/', '/opt/ml/..', '/opt/ml/a/b', '/tmp/x', 'checkpoints'])(
    'cannot be in %s',
    async (localPath) => {
      const folder = makeFolder();

      const job = runTrainingJob(makeRequest(folder, { checkpoints: { localPath, onFolder: () => undefined } }));

      await expect(job).rejects.toThrow(`must be a folder of its own in /opt/ml; received "${localPath}".`);
    },
  );
});
