/** Training jobs on several instances, whose hosts are processes of this machine. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LocalEvent, runTrainingJob, type TrainingJobRequest, unpackArchive } from '../src/index.js';
import { makeFolder, readJson, writeFiles } from './scene.js';
import { makeRequest } from './training-scene.js';

const FILES = { '1/a.csv': '1\n', '1/b.csv': '2\n', '1/c.csv': '4\n', '1/d.csv': '8\n' };

function request(folder: string, changes: Partial<TrainingJobRequest>): TrainingJobRequest {
  writeFiles(join(folder, 'files'), FILES);
  return makeRequest(folder, {
    channels: { train: { path: join(folder, 'files/1'), distributionType: 'ShardedByS3Key' } },
    instanceCount: 3,
    ...changes,
  });
}

const hostsOf = (folder: string) =>
  [1, 2, 3].map((host) =>
    readJson<{ environment: Record<string, string>; resources: Record<string, unknown>; channels: unknown }>(
      join(folder, `work/algo-${host}/opt/ml/output/data/seen.json`),
    ),
  );
const sumsOf = (folder: string) =>
  [1, 2, 3].map((host) => readJson<{ sum: number }>(join(folder, `work/algo-${host}/opt/ml/model/model.json`)).sum);

describe('a training job on three instances', () => {
  it('starts a program for each, which knows itself, the others and how to find them', async () => {
    const folder = makeFolder();

    const result = await runTrainingJob(request(folder, {}));

    expect(result).toMatchObject({ status: 'Completed', exitCode: 0 });
    const names = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
    for (const [index, { environment, resources }] of hostsOf(folder).entries()) {
      expect(resources).toEqual({
        current_host: names[index],
        current_instance_type: 'ml.m5.xlarge',
        current_group_name: 'homogeneousCluster',
        hosts: names,
        instance_groups: [{ instance_group_name: 'homogeneousCluster', instance_type: 'ml.m5.xlarge', hosts: names }],
        network_interface_name: 'lo',
      });
      expect(environment).toMatchObject({
        CURRENT_HOST: names[index],
        ALGO_CLUSTER_PORT: hostsOf(folder)[0]!.environment.ALGO_CLUSTER_PORT,
        ALGO_MPI_DIRECTORY: expect.stringMatching(/mpi$/),
      });
    }
  });

  it('shares the files of a sharded channel among them, and gives each all of others', async () => {
    const [sharded, replicated] = [makeFolder(), makeFolder()];

    await runTrainingJob(request(sharded, {}));
    await runTrainingJob(
      request(replicated, { channels: { train: { path: join(sharded, 'files/1') } }, hyperparameters: {} }),
    );

    expect(sumsOf(sharded)).toEqual([1 + 8, 2, 4]);
    expect(sumsOf(replicated)).toEqual([15, 15, 15]);
  });

  it.each([
    ['files', {}],
    ['files as records', { recordWrapperType: 'RecordIO' }],
  ] as const)('shares streams alike: %s', async (_case, changes) => {
    const folder = makeFolder();
    const channels = request(folder, {}).channels;
    const train = { ...channels.train!, inputMode: 'Pipe', ...changes } as const;

    const result = await runTrainingJob(request(folder, { channels: { train }, hyperparameters: { behave: 'show' } }));

    expect(result.status).toBe('Completed');
    const shown = ['log.txt', 'log-algo-2.txt', 'log-algo-3.txt'].map((name) =>
      readFileSync(join(folder, 'out', name), 'utf8').replaceAll(/[^\x20-\x7e\n]/g, ''),
    );
    for (const [index, rows] of [/1 .*8/, /2/, /4/].entries()) expect(shown[index]).toMatch(rows);
  });

  it('has a log of each, finds metrics in all, and names the host of each line', async () => {
    const folder = makeFolder();
    const events: LocalEvent[] = [];

    const result = await runTrainingJob(request(folder, { onEvent: (event) => events.push(event) }));

    expect(readdirSync(join(folder, 'out')).sort()).toEqual([
      '.algo-training-job',
      'log-algo-2.txt',
      'log-algo-3.txt',
      'log.txt',
      'metrics.json',
      'model.tar.gz',
      'output.tar.gz',
    ]);
    expect(readFileSync(join(folder, 'out/log-algo-3.txt'), 'utf8')).toContain('epoch=0 train:sum=4');
    const sums = result.metrics.filter(({ name }) => name === 'train:sum').map(({ value }) => value);
    expect(sums.sort()).toEqual([2, 4, 9]);
    expect(events).toContainEqual({ type: 'log', line: 'epoch=0 train:sum=2', host: 'algo-2' });
  });

  it('says once which address is whose, first of all', async () => {
    const folder = makeFolder();
    const lines: string[] = [];
    const onEvent = (event: LocalEvent) => void (event.type === 'log' && lines.push(event.line));

    const { logFile } = await runTrainingJob(request(folder, { onEvent }));

    const text = 'The hosts: algo-1 is 127.0.0.1, algo-2 is 127.0.0.2, algo-3 is 127.0.0.3.';
    expect(lines[0]).toBe(text);
    const log = readFileSync(logFile, 'utf8').split('\n');
    expect(log.indexOf(text)).toBe(0);
    expect(log.lastIndexOf(text)).toBe(0);
  });

  it('leaves no folders of hosts, nor those of one, to a job with another number of hosts', async () => {
    const folder = makeFolder();
    writeFiles(join(folder, 'work'), { 'algo-9/mine.txt': 'mine' });

    await runTrainingJob(request(folder, {}));
    writeFiles(join(folder, 'work'), { 'algo-3/mine.txt': 'mine' });
    const afterThree = readdirSync(join(folder, 'work')).sort();
    await runTrainingJob(request(folder, { instanceCount: 2 }));
    const afterTwo = readdirSync(join(folder, 'work')).sort();
    await runTrainingJob(request(folder, { instanceCount: 1 }));
    const afterOne = readdirSync(join(folder, 'work')).sort();
    await runTrainingJob(request(folder, {}));

    expect(afterThree).toEqual(['algo-1', 'algo-2', 'algo-3', 'algo-9']);
    expect(afterTwo).toEqual(['algo-1', 'algo-2', 'algo-3', 'algo-9']);
    expect(readdirSync(join(folder, 'work/algo-9'))).toEqual(['mine.txt']);
    expect(afterOne).toEqual(['.algo-container', 'algo-3', 'algo-9', 'home', 'opt']);
    expect(readdirSync(join(folder, 'work')).sort()).toEqual(afterThree);
    expect(readFileSync(join(folder, 'work/algo-3/mine.txt'), 'utf8')).toBe('mine');
  });

  it('packs the models of all into one archive, where the first of equal names counts', async () => {
    const folder = makeFolder();

    const result = await runTrainingJob(request(folder, {}));

    const model = writeFiles(join(folder, 'model'), { keep: '' });
    await unpackArchive(result.modelArchive!, model);
    expect(readJson(join(model, 'model.json'))).toEqual({ sum: 9 });
    expect(readFileSync(result.logFile, 'utf8')).toContain(
      '/opt/ml/model/model.json of algo-2 is not in model.tar.gz: another host has one of this name.',
    );
  });

  it('fails when one of them does, which ends the others', async () => {
    const folder = makeFolder();
    const hyperparameters = {
      ...{ behave: 'fail', 'behave-on': '127.0.0.2', failure: 'ClientError: no rows', code: '5' },
      elsewhere: 'wait',
    };

    const result = await runTrainingJob(request(folder, { hyperparameters }));

    expect(result).toMatchObject({ status: 'Failed', failureReason: 'ClientError: no rows', exitCode: 5 });
  });

  it('has the paths of the platform in a reason that a host has from another', async () => {
    const folder = makeFolder();
    const place = join(folder, 'work/algo-3/opt/ml/input/data/train');
    const hyperparameters = {
      ...{ behave: 'fail', 'behave-on': '127.0.0.2', failure: `ClientError: 127.0.0.3: no rows in ${place}` },
      elsewhere: 'wait',
    };

    const { failureReason } = await runTrainingJob(request(folder, { hyperparameters }));

    expect(failureReason).toBe('ClientError: 127.0.0.3: no rows in /opt/ml/input/data/train');
  });

  it('does not log of a host that a signal ended which it had from the job', async () => {
    const folder = makeFolder();
    const hyperparameters = { behave: 'crash', 'behave-on': '127.0.0.3', 'wait-after': '1' };

    const { logFile } = await runTrainingJob(request(folder, { hyperparameters }));

    const ended = readFileSync(logFile, 'utf8').match(/^.* was ended by .*$/gm);
    expect(ended).toEqual(['algo-3 was ended by SIGSEGV: exit code 139.']);
  });

  it('has the reason of a host that could give one, where the first that failed was killed', async () => {
    const folder = makeFolder();
    const hyperparameters = {
      ...{ behave: 'crash', 'behave-on': '127.0.0.3', meeting: join(folder, 'meeting') },
      ...{ elsewhere: 'fail-on-sigterm', failure: 'The host 127.0.0.3 was lost.' },
    };

    const result = await runTrainingJob(request(folder, { hyperparameters }));

    expect(result).toMatchObject({
      status: 'Failed',
      failureReason: 'AlgorithmError: The host 127.0.0.3 was lost.',
      exitCode: 139,
    });
    expect(readFileSync(result.logFile, 'utf8')).toContain('algo-3 was ended by SIGSEGV: exit code 139.');
  });

  it('stops all of them', async () => {
    const folder = makeFolder();
    const stop = new AbortController();
    let waiting = 0;
    const onEvent = (event: LocalEvent) => {
      if (event.type === 'log' && event.line === 'waiting' && ++waiting === 3) stop.abort();
    };

    const result = await runTrainingJob(
      request(folder, { hyperparameters: { behave: 'wait' }, stop: stop.signal, onEvent }),
    );

    expect(result).toMatchObject({ status: 'Stopped', secondaryStatus: 'Stopped', wasKilled: false });
    expect(sumsOf(folder)).toEqual([-1, -1, -1]);
  });

  it('has one folder of checkpoints, or one for each to be kept by the caller', async () => {
    const folder = makeFolder();
    const kept = join(folder, 'checkpoints');
    const places: string[] = [];

    await runTrainingJob(request(folder, { checkpoints: { folder: kept } }));
    writeFiles(join(folder, 'work/algo-2/opt/ml/checkpoints'), { 'two.txt': '2' });
    await runTrainingJob(request(folder, { checkpoints: { onFolder: (place) => places.push(place) } }));

    expect(readFileSync(join(kept, 'two.txt'), 'utf8')).toBe('2');
    expect(new Set(places).size).toBe(3);
  });

  it('has no more hosts than there are addresses', async () => {
    const folder = makeFolder();
    const many = runTrainingJob(request(folder, { instanceCount: 255 }));
    const half = runTrainingJob(request(folder, { instanceCount: 1.5 }));

    await expect(many).rejects.toThrow(
      'InstanceCount must be a whole number in [1, 250] on this machine; received 255.',
    );
    await expect(half).rejects.toThrow('received 1.5.');
  });
});
