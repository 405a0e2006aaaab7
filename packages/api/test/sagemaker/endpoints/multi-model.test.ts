import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packFolder, removeTree } from '@algo/local';
import { describe, expect, it } from 'vitest';
import { invoke, settled, variant } from '../../support/endpoint.js';
import { callTarget, IMAGE, newFolder, openScene, ROLE, type Scene, sharedScene } from '../../support/scene.js';

const many = (changes: object = {}) => ({
  ...{ Image: IMAGE, Mode: 'MultiModel', ModelDataUrl: 's3://data/models/' },
  ...changes,
});

/** A model of the algorithm `sum` as an object of the prefix. */
async function put(scene: Scene, key: string, sum: number): Promise<void> {
  const folder = newFolder();
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ sum }));
  scene.put({ [`models/${key}`]: '' });
  await packFolder(folder, scene.object(`models/${key}`));
  await removeTree(folder);
}

/** The endpoint `end` of such a model, with archives `1.tar.gz`, `2.tar.gz` and `more/3.tar.gz`. */
async function deploy(scene: Scene, containers: object = { PrimaryContainer: many() }) {
  for (const [key, sum] of Object.entries({ '1.tar.gz': 1, '2.tar.gz': 2, 'more/3.tar.gz': 3 }))
    await put(scene, key, sum);
  const { status, body } = await scene.call('CreateModel', {
    ModelName: 'model',
    ExecutionRoleArn: ROLE,
    ...containers,
  });
  expect([status, body]).toMatchObject([200, {}]);
  await scene.call('CreateEndpointConfig', { EndpointConfigName: 'config', ProductionVariants: [variant()] });
  await scene.call('CreateEndpoint', { EndpointName: 'end', EndpointConfigName: 'config' });
  expect(await settled(scene)).toMatchObject({ EndpointStatus: 'InService' });
}

const ask = ({ api }: Scene, model: string | undefined, body = '10') =>
  invoke(api.url, 'end', body, model === undefined ? {} : { 'X-Amzn-SageMaker-Target-Model': model });

describe('a multi-model endpoint', () => {
  it('answers by the model that each request names, and makes room for it', async () => {
    const scene = await openScene();
    await deploy(scene, { PrimaryContainer: many({ Environment: { ROOM: '2' } }) });

    const answers = [];
    for (const model of ['1.tar.gz', '2.tar.gz', 'more/3.tar.gz', '/1.tar.gz']) answers.push(await ask(scene, model));
    const streamed = await fetch(`${scene.api.url}/endpoints/end/invocations-response-stream`, {
      ...{ method: 'POST', body: '20' },
      headers: { 'Content-Type': 'text/csv', 'X-Amzn-SageMaker-Target-Model': '2.tar.gz' },
    });
    await put(scene, '4.tar.gz', 4);

    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [200, '11'],
      [200, '12'],
      [200, '13'],
      [200, '11'],
    ]);
    expect(await streamed.text()).toContain('is missing a target model header'); // its API has no TargetModel
    expect((await ask(scene, '4.tar.gz')).text).toBe('14');
  });

  it('has metrics of its models', async () => {
    const scene = await openScene();
    await deploy(scene);
    await ask(scene, '1.tar.gz');
    await ask(scene, '1.tar.gz');

    const statistics = async (Namespace: string, MetricName: string) => {
      const { body } = await callTarget(scene.api.url, 'GraniteServiceVersion20100801.GetMetricStatistics', {
        ...{ Namespace, MetricName, Period: 86_400, Statistics: ['Sum', 'SampleCount'] },
        Dimensions: [
          { Name: 'EndpointName', Value: 'end' },
          { Name: 'VariantName', Value: 'AllTraffic' },
        ],
        ...{ StartTime: Date.now() / 1000 - 172_800, EndTime: Date.now() / 1000 + 172_800 },
      });
      // Two days where midnight came meanwhile.
      const total = (member: string) =>
        body.Datapoints.reduce((sum: number, point: Record<string, number>) => sum + point[member]!, 0);
      return [total('Sum'), total('SampleCount')];
    };

    expect(await statistics('AWS/SageMaker', 'ModelCacheHit')).toEqual([1, 2]);
    expect(await statistics('/aws/sagemaker/Endpoints', 'LoadedModelCount')).toEqual([1, 1]);
    expect((await statistics('AWS/SageMaker', 'ModelLoadingWaitTime'))[0]).toBeGreaterThan(0);
  });

  it('says what is wrong with a request or its model', async () => {
    const scene = await openScene();
    scene.put({ 'models/broken.tar.gz': 'no archive' });
    await deploy(scene, { PrimaryContainer: many({ Environment: { ROOM: '0' } }) });

    const [none, missing, outside, broken, refused] = [
      await ask(scene, undefined),
      await ask(scene, '9.tar.gz'),
      await ask(scene, '../out/job/output/model.tar.gz'),
      await ask(scene, 'broken.tar.gz'),
      await ask(scene, '1.tar.gz'),
    ].map(({ status, text }) => ({ status, body: JSON.parse(text) }));

    expect(none).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/^Request \S+ is missing a target model header\.$/) },
    });
    expect(missing).toMatchObject({
      status: 400,
      body: {
        message: expect.stringMatching(/^Failed to download model data \(bucket: data, key: models\/9\.tar\.gz\)\. /),
      },
    });
    expect(outside!.status).toBe(400);
    expect(broken).toMatchObject({
      status: 400,
      body: {
        message:
          'Failed to extract model data (bucket: data, key: models/broken.tar.gz): it must be a gzip-compressed tar archive.',
      },
    });
    expect(refused).toMatchObject({ status: 424, body: { OriginalStatusCode: 507 } });
  });

  it('may be part of a pipeline, and unload each model after its request', async () => {
    const scene = await openScene();
    const second = many({ MultiModelConfig: { ModelCacheSetting: 'Disabled' } });
    await put(scene, 'only.tar.gz', 100);
    const first = { Image: IMAGE, ModelDataUrl: 's3://data/models/only.tar.gz' };
    await deploy(scene, { Containers: [first, second] });

    expect((await ask(scene, '1.tar.gz')).text).toBe('111');
    expect((await ask(scene, '2.tar.gz')).text).toBe('112');
  });
});

describe('a model of Mode MultiModel', () => {
  const scene = sharedScene();
  const create = (containers: object) =>
    scene().call('CreateModel', { ModelName: 'refused', ExecutionRoleArn: ROLE, ...containers });
  const prefix =
    /^A container of Mode MultiModel must have a ModelDataUrl, the S3 prefix of its models, and no ModelDataSource; received /;
  const source = { S3DataSource: { S3Uri: 's3://data/models/', S3DataType: 'S3Prefix', CompressionType: 'None' } };

  it.each([
    [{ PrimaryContainer: many({ ModelDataUrl: undefined }) }, prefix],
    [{ PrimaryContainer: many({ ModelDataUrl: 'https://data/models/' }) }, prefix],
    [{ PrimaryContainer: many({ ModelDataSource: source }) }, prefix],
    [{ Containers: [many(), many()] }, /^A model must have up to one container of Mode MultiModel; received 2\.$/],
    [
      {
        Containers: [many({ ContainerHostname: 'a' }), many({ ContainerHostname: 'b', Mode: 'SingleModel' })],
        InferenceExecutionConfig: { Mode: 'Direct' },
      },
      /./,
    ],
    [
      { PrimaryContainer: { Image: IMAGE, MultiModelConfig: { ModelCacheSetting: 'Enabled' } } },
      /^MultiModelConfig must only be given for a container of Mode MultiModel\.$/,
    ],
  ])('is refused where it cannot be served %#', async (containers, message) => {
    expect(await create(containers)).toMatchObject({ status: 400, body: { message: expect.stringMatching(message) } });
  });

  it('is neither serverless nor asynchronous, and transforms nothing', async () => {
    const { call } = scene();
    await call('CreateModel', { ModelName: 'model', ExecutionRoleArn: ROLE, PrimaryContainer: many() });
    const serverless = {
      VariantName: 'AllTraffic',
      ModelName: 'model',
      ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 },
    };
    const config = (variants: object[], changes: object = {}) =>
      call('CreateEndpointConfig', { EndpointConfigName: 'none', ProductionVariants: variants, ...changes });
    const asynchronous = { AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://data/out' } } };
    scene().put({ 'batch/a.csv': '1\n' });
    const job = {
      ...{ TransformJobName: 'job', ModelName: 'model' },
      TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/batch/' } } },
      TransformOutput: { S3OutputPath: 's3://data/scores' },
      TransformResources: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1 },
    };

    const refused = [
      await config([serverless]),
      await config([variant()], asynchronous),
      await call('CreateTransformJob', job),
    ];

    expect(refused.map(({ body }) => body.message)).toEqual(
      ['a serverless variant', 'asynchronous inference', 'batch transform'].map(
        (use) => `A model of Mode MultiModel is not supported for ${use}.`,
      ),
    );
  });
});
