/** The channels of a training job, as its program finds them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { unpackArchive } from '@algo/local';
import { describe, expect, it } from 'vitest';
import { callTarget, channel, makeFolder, openScene, type Scene, trainingJob } from '../../support/scene.js';
import { DATA, ended } from './jobs.js';

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
