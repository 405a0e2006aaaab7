import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inference, validation } from '../../support/algorithm.js';
import { invoke } from '../../support/endpoint.js';
import { placeModel } from '../../support/model.js';
import { type Answer, callTarget, IMAGE, openScene, ROLE, type Scene } from '../../support/scene.js';

const MODEL_URL = 's3://data/out/job/output/model.tar.gz';
const container = (changes: object = {}) => ({ Image: IMAGE, ModelDataUrl: MODEL_URL, ...changes });

const createModel = ({ call }: Scene, changes: object) =>
  call('CreateModel', { ModelName: 'several', ExecutionRoleArn: ROLE, ...changes });

/** An endpoint over a model whose containers add 10 to each sum. */
async function deploy(scene: Scene, changes: object): Promise<Answer['body']> {
  await placeModel(scene);
  const { status, body } = await createModel(scene, changes);
  expect([status, body]).toMatchObject([200, {}]);
  const variant = { VariantName: 'all', ModelName: 'several', InstanceType: 'ml.m5.xlarge', InitialInstanceCount: 1 };
  await scene.call('CreateEndpointConfig', { EndpointConfigName: 'config', ProductionVariants: [variant] });
  await scene.call('CreateEndpoint', { EndpointName: 'end', EndpointConfigName: 'config' });
  return scene.until('DescribeEndpoint', { EndpointName: 'end' }, ({ EndpointStatus }) => !/ing$/.test(EndpointStatus));
}

const logsOf = async ({ api }: Scene, logGroupName: string): Promise<string[]> => {
  const { body } = await callTarget(api.url, 'Logs_20140328.DescribeLogStreams', { logGroupName });
  return body.logStreams.map(({ logStreamName }: { logStreamName: string }) =>
    logStreamName.replace(/i-[0-9a-f]+/, 'i'),
  );
};

describe('a model of several containers', () => {
  it('is a pipeline: each container gets the answer of the one before it, and each has its log', async () => {
    const scene = await openScene();

    const endpoint = await deploy(scene, { Containers: [container(), container(), container()] });
    const answer = await invoke(scene.api.url, 'end', '5\n', { Accept: 'application/json' });
    const streamed = await fetch(`${scene.api.url}/endpoints/end/invocations-response-stream`, {
      ...{ method: 'POST', body: '6\n', headers: { 'Content-Type': 'text/csv' } },
    });
    const targeted = await invoke(scene.api.url, 'end', '5', { 'X-Amzn-SageMaker-Target-Container-Hostname': 'x' });
    const model = await invoke(scene.api.url, 'end', '5', { 'X-Amzn-SageMaker-Target-Model': 'x' });

    expect(endpoint.ProductionVariants[0].DeployedImages).toHaveLength(3);
    // Accept is for the last container alone: text comes from the others.
    expect(JSON.parse(answer.text)).toEqual({ predictions: [{ score: 35 }] });
    expect(await streamed.text()).toContain('36');
    expect(await logsOf(scene, '/aws/sagemaker/Endpoints/end')).toEqual([
      ...['all/i/container-1', 'all/i/container-2', 'all/i/container-3'],
    ]);
    expect(targeted.text).toContain('endpoint end is not configured for direct invocation');
    expect(model.text).toContain(
      'Endpoint end is not a multi-model endpoint and does not support target model header.',
    );
  });

  it('says which of its containers failed, by name or number', async () => {
    const scene = await openScene();
    const Containers = [
      container({ Environment: { REFUSE: '7777' } }),
      container({ Environment: { REFUSE: '101' } }),
      container({ Environment: { REFUSE: '42' } }),
    ];

    await deploy(scene, { Containers });
    const first = await invoke(scene.api.url, 'end', '7777');
    const second = await invoke(scene.api.url, 'end', '91');
    const streamed = await fetch(`${scene.api.url}/endpoints/end/invocations-response-stream`, {
      ...{ method: 'POST', body: '22', headers: { 'Content-Type': 'text/csv' } },
    });

    expect(first).toMatchObject({ status: 424, text: expect.stringContaining('client error (400) from container-1') });
    expect(second).toMatchObject({ status: 424, text: expect.stringContaining('client error (400) from container-2') });
    expect([streamed.status, await streamed.text()]).toEqual([
      ...[424, expect.stringContaining('client error (400) from container-3')],
    ]);
  });

  it('is not in service unless all of its containers are healthy', async () => {
    const scene = await openScene();

    const endpoint = await deploy(scene, {
      Containers: [container(), container({ Environment: { BEHAVE: 'exit' } })],
    });

    expect(endpoint.EndpointStatus).toBe('Failed');
    expect(endpoint.FailureReason).toMatch(
      /^The container-2 for production variant all did not pass the ping health check\. .*exited with code 4/s,
    );
  });

  it('with direct invocation answers by the container that a request names', async () => {
    const scene = await openScene();
    const Containers = [
      container({ ContainerHostname: 'one' }),
      container({ ContainerHostname: 'two', Environment: { REFUSE: '5' } }),
    ];

    await deploy(scene, { Containers, InferenceExecutionConfig: { Mode: 'Direct' } });
    const to = (name: string | undefined) =>
      invoke(scene.api.url, 'end', '5', name ? { 'X-Amzn-SageMaker-Target-Container-Hostname': name } : {});
    const [one, two, other, none] = [await to('one'), await to('two'), await to('three'), await to(undefined)];

    expect([one.status, one.text]).toEqual([200, '15']);
    expect(two).toMatchObject({ status: 424, text: expect.stringContaining('(400) from two with message') });
    expect(JSON.parse(other.text).message).toBe(
      'TargetContainerHostname must be one of one, two for endpoint end; received "three".',
    );
    expect(JSON.parse(none.text).message).toMatch(/must be one of one, two for endpoint end; received none\.$/);
  });

  it('transforms as a pipeline, each container with its log, and not with direct invocation', async () => {
    const scene = await openScene();
    await placeModel(scene);
    scene.put({ 'batch/a.csv': '1\n2\n' });
    const named = [container({ ContainerHostname: 'first' }), container({ ContainerHostname: 'second' })];
    await createModel(scene, { Containers: named });
    await createModel(scene, {
      ...{ ModelName: 'direct', Containers: named, InferenceExecutionConfig: { Mode: 'Direct' } },
    });
    const job = (ModelName: string) => ({
      ...{ TransformJobName: ModelName, ModelName },
      TransformInput: {
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/batch/' } },
        ...{ ContentType: 'text/csv', SplitType: 'Line' },
      },
      TransformOutput: { S3OutputPath: 's3://data/scores', AssembleWith: 'Line' },
      TransformResources: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1 },
    });

    const direct = await scene.call('CreateTransformJob', job('direct'));
    await scene.call('CreateTransformJob', job('several'));
    const done = await scene.until('DescribeTransformJob', { TransformJobName: 'several' }, (body) =>
      ['Completed', 'Failed'].includes(body.TransformJobStatus),
    );

    expect(direct.body.message).toBe('Model direct must not have InferenceExecutionConfig Mode Direct.');
    expect(done).toMatchObject({ TransformJobStatus: 'Completed' });
    expect(readFileSync(scene.object('scores/a.csv.out'), 'utf8')).toBe('21\n22\n');
    expect(await logsOf(scene, '/aws/sagemaker/TransformJobs')).toEqual([
      ...['several/i/data-log', 'several/i/first', 'several/i/second'],
    ]);
  });

  it('can be a model package, which is validated as a pipeline', async () => {
    const scene = await openScene();
    await placeModel(scene);
    scene.put({ 'batch/a.csv': '1\n' });
    const { ValidationRole, ValidationProfiles } = validation();
    const profile = { ProfileName: 'profile', TransformJobDefinition: ValidationProfiles[0]!.TransformJobDefinition };

    await scene.call('CreateModelPackage', {
      ModelPackageName: 'pack',
      InferenceSpecification: { ...inference(), Containers: [container(), container()] },
      ValidationSpecification: { ValidationRole, ValidationProfiles: [profile] },
    });
    const pack = await scene.until('DescribeModelPackage', { ModelPackageName: 'pack' }, (body) =>
      ['Completed', 'Failed'].includes(body.ModelPackageStatus),
    );

    expect(pack).toMatchObject({ ModelPackageStatus: 'Completed' });
    expect(readFileSync(scene.object('validated/a.csv.out'), 'utf8')).toBe('21\n');
  });
});

const ADDITIONAL = {
  ChannelName: 'adapter',
  S3DataSource: { S3Uri: 's3://data/out/', S3DataType: 'S3Prefix', CompressionType: 'None' },
};

describe('CreateModel refuses', () => {
  it.each([
    ['no container', {}, 'Exactly one of PrimaryContainer and Containers must be given.'],
    [
      'both kinds',
      { PrimaryContainer: container(), Containers: [container()] },
      'Exactly one of PrimaryContainer and Containers must be given.',
    ],
    [
      'hostnames for some containers',
      { Containers: [container({ ContainerHostname: 'a' }), container()] },
      'ContainerHostname must be given for all containers of a model or for none.',
    ],
    [
      'a hostname twice',
      { Containers: [container({ ContainerHostname: 'a' }), container({ ContainerHostname: 'a' })] },
      'Each container must have a ContainerHostname of its own; "a" is used twice.',
    ],
    [
      'direct invocation without hostnames',
      { Containers: [container(), container()], InferenceExecutionConfig: { Mode: 'Direct' } },
      'InferenceExecutionConfig Mode Direct must have two or more Containers, each with a ContainerHostname.',
    ],
    [
      'more model data than it would find',
      { PrimaryContainer: container({ AdditionalModelDataSources: [ADDITIONAL] }) },
      'AdditionalModelDataSources is not available on this machine.',
    ],
    [
      'another specification of a model package',
      { PrimaryContainer: container({ InferenceSpecificationName: 'other' }) },
      'InferenceSpecificationName is not available on this machine.',
    ],
  ])('%s', async (_, changes, message) => {
    const scene = await openScene();
    scene.put({ 'out/job/output/model.tar.gz': '' });

    const { status, body } = await createModel(scene, changes);

    expect([status, body]).toMatchObject([400, { __type: expect.stringContaining('ValidationException'), message }]);
  });
});
