import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ObjectStore } from '../../../src/s3/object-store.js';
import { captureData } from '../../../src/sagemaker/transform-jobs/data-capture.js';
import type { TransformJobMembers } from '../../../src/sagemaker/transform-jobs/shapes.js';
import { placeModel } from '../../support/model.js';
import { makeFolder, openScene } from '../../support/scene.js';
import { transformJob } from '../../support/transform-job.js';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const time = (seconds: number) => new Date(seconds * 1000).toISOString();

describe('a transform job with DataCaptureConfig', () => {
  it('leaves manifests of its input and output, and an id and its time in each record', async () => {
    const scene = await openScene();
    await placeModel(scene);
    scene.put({ 'batch/a.csv': '1,2\n3,4\n', 'batch/sub/b.csv': '5,6\n' });
    const DataCaptureConfig = { DestinationS3Uri: 's3://data/captured', GenerateInferenceId: true };

    await scene.call(
      'CreateTransformJob',
      transformJob('t', { DataCaptureConfig, DataProcessing: { JoinSource: 'Input' } }),
    );
    const job = await scene.until('DescribeTransformJob', { TransformJobName: 't' }, ({ TransformJobStatus }) =>
      ['Completed', 'Failed'].includes(TransformJobStatus),
    );

    expect(job).toMatchObject({ TransformJobStatus: 'Completed', DataCaptureConfig });
    const began = time(job.TransformStartTime);
    const line = (values: string) => `${values},${UUID},${began.slice(0, 19)}Z\n`;
    expect(readFileSync(scene.object('predicted/a.csv.out'), 'utf8')).toMatch(
      new RegExp(`^${line('1,2,13')}${line('3,4,17')}$`),
    );
    const hour = began.slice(0, 13).replaceAll(/[-T]/g, '/');
    const captured = (folder: string) => {
      const [name, ...others] = globSync('**/*.json', { cwd: scene.object(`captured/${folder}`) });
      expect([name, others]).toEqual([expect.stringMatching(new RegExp(`^${hour}/${UUID}\\.json$`)), []]);
      return JSON.parse(readFileSync(scene.object(`captured/${folder}/${name}`), 'utf8'));
    };
    expect(captured('input')).toEqual([{ prefix: 's3://data/batch/' }, 'a.csv', 'sub/b.csv']);
    expect(captured('output')).toEqual([{ prefix: 's3://data/predicted/' }, 'a.csv.out', 'sub/b.csv.out']);
  });
});

describe('the manifest of the input', () => {
  const KEYS = ['in/a.csv', 'in/sub/b.csv', 'input.csv', 'list'];
  it.each<[string, string, string[], string, string[]]>([
    ['S3Prefix', 's3://data', KEYS, 's3://data/', KEYS],
    ['S3Prefix', 's3://data/in/', ['a.csv', 'sub/b.csv'], 's3://data/in/', ['a.csv', 'sub/b.csv']],
    ['S3Prefix', 's3://data/in/a.csv', ['a.csv'], 's3://data/in/', ['a.csv']],
    ['S3Prefix', 's3://data/in', ['a.csv', 'input.csv'], 's3://data/', ['in/a.csv', 'input.csv']],
    ['ManifestFile', 's3://data/list', ['sub/b.csv'], 's3://data/in/', ['sub/b.csv']],
  ])('of %s %s names the objects %j', async (S3DataType, S3Uri, files, prefix, names) => {
    const objects = new ObjectStore(makeFolder());
    onTestFinished(() => objects.close());
    objects.buckets.create('data');
    const content = Buffer.from('[{"prefix":"s3://data/in/"},"sub/b.csv"]');
    for (const key of KEYS) await objects.put('data', key, content);
    const job = transformJob(
      't',
      { DataCaptureConfig: { DestinationS3Uri: 's3://data/captured/' } },
      { DataSource: { S3DataSource: { S3DataType, S3Uri } } },
    ) as TransformJobMembers;

    await captureData(objects, job, files, new Date(0));

    for await (const { key } of objects.objects('data', 'captured/input/1970/01/01/00/')) {
      expect(JSON.parse(readFileSync(objects.fileOf('data', key)!, 'utf8'))).toEqual([{ prefix }, ...names]);
    }
    expect.assertions(1);
  });
});
