import { describe, expect, it } from 'vitest';
import { deploy, heldPrograms, invoke, isSettled, settled, variant } from '../../support/endpoint.js';
import { makeModel } from '../../support/model.js';
import { makeFolder, openScene, type Scene } from '../../support/scene.js';

describe('an endpoint', () => {
  it('is created, invoked, updated without a gap, and deleted', async () => {
    const { programs, hold } = heldPrograms();
    const scene = await openScene({ programs });
    await makeModel(scene);
    await scene.call('CreateEndpointConfig', { EndpointConfigName: 'config', ProductionVariants: [variant()] });

    await scene.call('CreateEndpoint', { EndpointName: 'end', EndpointConfigName: 'config' });
    const created = await settled(scene);
    const first = await invoke(scene.api.url, 'end', '5\n', { 'X-Amzn-SageMaker-Custom-Attributes': 'a' });
    await scene.call('CreateEndpointConfig', {
      EndpointConfigName: 'second',
      ProductionVariants: [variant({ VariantName: 'next' })],
    });
    const release = hold(); // the new server could be there before the second update is asked for
    const updating = await scene.call('UpdateEndpoint', { EndpointName: 'end', EndpointConfigName: 'second' });
    const during = await invoke(scene.api.url, 'end', '6\n');
    const twice = await scene.call('UpdateEndpoint', { EndpointName: 'end', EndpointConfigName: 'config' });
    release();
    const updated = await scene.until('DescribeEndpoint', { EndpointName: 'end' }, isSettled);
    const after = await invoke(scene.api.url, 'end', '7\n');
    await scene.call('DeleteEndpoint', { EndpointName: 'end' });
    const gone = await scene.untilRefused('DescribeEndpoint', { EndpointName: 'end' });

    expect(created).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'config',
      ProductionVariants: [{ VariantName: 'AllTraffic', CurrentWeight: 1, CurrentInstanceCount: 1 }],
    });
    expect([first.status, first.text, first.headers.get('x-amzn-invoked-production-variant')]).toEqual([
      ...[200, '15', 'AllTraffic'],
    ]);
    expect(updating.status).toBe(200);
    expect([during.status, during.text]).toEqual([200, '16']);
    expect(twice.body.message).toMatch(/^Cannot update in-progress endpoint "arn:/);
    expect(updated).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'second' });
    expect([after.text, after.headers.get('x-amzn-invoked-production-variant')]).toEqual(['17', 'next']);
    expect(gone.message).toMatch(/^Could not find endpoint "arn:aws:sagemaker:.*:endpoint\/end"\.$/);
    expect((await invoke(scene.api.url, 'end', '1')).text).toContain('Endpoint end of account 000000000000 not found.');
  });

  it('whose server does not start is Failed with the service’s sentence and the cause', async () => {
    const scene = await openScene();

    const endpoint = await deploy(scene, { BEHAVE: 'exit' });

    expect(endpoint.EndpointStatus).toBe('Failed');
    expect(endpoint.FailureReason).toMatch(
      /^The primary container for production variant AllTraffic did not pass the ping health check\. Please check CloudWatch logs for this endpoint\. sum\/main\.js serve exited with code 4 /s,
    );
  });

  it('whose model is no archive names the model’s URI', async () => {
    const scene = await openScene();
    scene.put({ 'bad/model.tar.gz': 'no gzip' });
    const PrimaryContainer = { Image: 'sum', ModelDataUrl: 's3://data/bad/model.tar.gz' };
    const model = { ModelName: 'bad', PrimaryContainer, ExecutionRoleArn: 'arn:aws:iam::123456789012:role/Runner' };
    await scene.call('CreateModel', model);
    const ProductionVariants = [variant({ ModelName: 'bad' })];
    await scene.call('CreateEndpointConfig', { EndpointConfigName: 'bad', ProductionVariants });

    await scene.call('CreateEndpoint', { EndpointName: 'end', EndpointConfigName: 'bad' });
    const { FailureReason } = await scene.until('DescribeEndpoint', { EndpointName: 'end' }, isSettled);

    expect(FailureReason).toContain('s3://data/bad/model.tar.gz must be a gzip-compressed tar archive');
    expect(FailureReason).not.toContain(scene.folder);
  });

  it('whose update fails keeps what served before', async () => {
    const scene = await openScene();
    await deploy(scene);
    const PrimaryContainer = { Image: 'sum', Environment: { BEHAVE: 'exit' } };
    const model = { ModelName: 'bad', PrimaryContainer, ExecutionRoleArn: 'arn:aws:iam::123456789012:role/Runner' };
    await scene.call('CreateModel', model);
    const ProductionVariants = [variant({ ModelName: 'bad' })];
    await scene.call('CreateEndpointConfig', { EndpointConfigName: 'bad', ProductionVariants });

    await scene.call('UpdateEndpoint', { EndpointName: 'end', EndpointConfigName: 'bad' });
    const endpoint = await scene.until('DescribeEndpoint', { EndpointName: 'end' }, isSettled);

    expect(endpoint).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'config' });
    expect(endpoint.FailureReason).toContain('did not pass the ping health check');
    expect((await invoke(scene.api.url, 'end', '5')).text).toBe('15');
  });

  it('starts its server again when that ends on its own', async () => {
    const scene = await openScene();
    await deploy(scene, { DIE_ON: '666' });

    const died = await invoke(scene.api.url, 'end', '666');
    let again = await invoke(scene.api.url, 'end', '5');
    while (again.status !== 200) again = await invoke(scene.api.url, 'end', '5');

    expect([died.status, died.headers.get('x-amzn-errortype')]).toEqual([424, 'ModelError']);
    expect(again.text).toBe('15');
  });
});

describe('variants', () => {
  const two = [variant({ VariantName: 'a' }), variant({ VariantName: 'b', InitialVariantWeight: 0 })];
  const variantOf = async (scene: Scene, headers = {}) =>
    (await invoke(scene.api.url, 'end', '5', headers)).headers.get('x-amzn-invoked-production-variant');

  it('get invocations by weight, or by name', async () => {
    const scene = await openScene();
    await deploy(scene, {}, two);

    const byWeight = await variantOf(scene);
    const byName = await variantOf(scene, { 'X-Amzn-SageMaker-Target-Variant': 'b' });
    const unknown = await invoke(scene.api.url, 'end', '5', { 'X-Amzn-SageMaker-Target-Variant': 'c' });
    const DesiredWeightsAndCapacities = [
      { VariantName: 'a', DesiredWeight: 0 },
      { VariantName: 'b', DesiredWeight: 2, DesiredInstanceCount: 3 },
    ];
    await scene.call('UpdateEndpointWeightsAndCapacities', { EndpointName: 'end', DesiredWeightsAndCapacities });
    const { body } = await scene.call('DescribeEndpoint', { EndpointName: 'end' });

    const afterwards = await variantOf(scene);
    const weightless = ['a', 'b'].map((VariantName) => ({ VariantName, DesiredWeight: 0 }));
    const change = { EndpointName: 'end', DesiredWeightsAndCapacities: weightless };
    await scene.call('UpdateEndpointWeightsAndCapacities', change);
    const seen = new Set<string | null>();
    while (seen.size < 2) seen.add(await variantOf(scene));

    expect([byWeight, byName, afterwards]).toEqual(['a', 'b', 'b']);
    expect([...seen].sort()).toEqual(['a', 'b']);
    expect([unknown.status, JSON.parse(unknown.text).__type]).toEqual([400, 'ValidationError']);
    expect(body.ProductionVariants[1]).toMatchObject({ CurrentWeight: 2, CurrentInstanceCount: 3 });
  });
});

describe('an endpoint that is updated or serverless', () => {
  const weightsOf = ({ ProductionVariants }: { ProductionVariants: Record<string, unknown>[] }) =>
    ProductionVariants.map(({ CurrentWeight, CurrentInstanceCount }) => [CurrentWeight, CurrentInstanceCount]);

  it('takes weights and instance counts of its configuration, or keeps those that the request names', async () => {
    const folder = makeFolder();
    const scene = await openScene({ folder });
    const { call, until } = scene;
    await deploy(scene);
    const DesiredWeightsAndCapacities = [{ VariantName: 'AllTraffic', DesiredWeight: 5, DesiredInstanceCount: 3 }];
    const reweigh = () =>
      call('UpdateEndpointWeightsAndCapacities', { EndpointName: 'end', DesiredWeightsAndCapacities });
    const update = async (changes: object) => {
      await reweigh();
      await call('UpdateEndpoint', { EndpointName: 'end', EndpointConfigName: 'config', ...changes });
      return weightsOf(await until('DescribeEndpoint', { EndpointName: 'end' }, isSettled));
    };
    const ExcludeRetainedVariantProperties = [{ VariantPropertyType: 'DesiredWeight' }];

    expect(await update({})).toEqual([[1, 1]]);
    expect(await update({ RetainAllVariantProperties: true })).toEqual([[5, 3]]);
    expect(await update({ RetainAllVariantProperties: true, ExcludeRetainedVariantProperties })).toEqual([[1, 3]]);
    await reweigh();
    await scene.api.close();
    const again = await openScene({ folder });
    const restarted = await again.until('DescribeEndpoint', { EndpointName: 'end' }, isSettled);
    expect(weightsOf(restarted)).toEqual([[5, 3]]);
  });

  it('records how it is to deploy, and keeps that only when told to', async () => {
    const scene = await openScene();
    const { call, until } = scene;
    await deploy(scene);
    const DeploymentConfig = { AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] } };
    const update = async (changes: object) => {
      await call('UpdateEndpoint', { EndpointName: 'end', EndpointConfigName: 'config', ...changes });
      return (await until('DescribeEndpoint', { EndpointName: 'end' }, isSettled)).LastDeploymentConfig;
    };

    expect(await update({ DeploymentConfig })).toEqual(DeploymentConfig);
    expect(await update({ RetainDeploymentConfig: true })).toEqual(DeploymentConfig);
    expect(await update({})).toBeUndefined();
  });

  it('of a serverless variant gives its configuration in place of instances, and takes bodies of 4 MiB', async () => {
    const scene = await openScene();
    const ServerlessConfig = { MemorySizeInMB: 2048, MaxConcurrency: 3 };

    const endpoint = await deploy(scene, {}, [{ VariantName: 'AllTraffic', ModelName: 'model', ServerlessConfig }]);
    const between = {
      VariantName: 'v',
      ModelName: 'model',
      ServerlessConfig: { ...ServerlessConfig, MemorySizeInMB: 2000 },
    };
    const request = { EndpointConfigName: 'between', ProductionVariants: [between] };
    const refused = await scene.call('CreateEndpointConfig', request);
    const both = { ...between, ServerlessConfig, InstanceType: 'ml.m5.large', InitialInstanceCount: 1 };
    const twice = await scene.call('CreateEndpointConfig', { EndpointConfigName: 'b', ProductionVariants: [both] });

    const body = `5${' '.repeat(4 * 1024 * 1024 - 1)}`;
    const [whole, over] = [await invoke(scene.api.url, 'end', body), await invoke(scene.api.url, 'end', `${body} `)];

    expect([whole.status, whole.text]).toEqual([200, '15']);
    expect(refused.body.message).toBe(
      'ServerlessConfig.MemorySizeInMB of ProductionVariant v must be 1024, 2048, 3072, 4096, 5120 or 6144; received 2000.',
    );
    expect(twice.body.message).toBe(
      'ProductionVariant v must have ServerlessConfig, or InstanceType and InitialInstanceCount; received both.',
    );
    expect([over.status, JSON.parse(over.text).message]).toEqual([
      ...[413, 'The body must be up to 4194304 bytes for a serverless variant; received 4194305.'],
    ]);
    expect(endpoint.ProductionVariants[0]).toMatchObject({ CurrentServerlessConfig: ServerlessConfig });
    expect(endpoint.ProductionVariants[0].CurrentInstanceCount).toBeUndefined();
  });
});
