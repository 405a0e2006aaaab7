import { existsSync, readFileSync, truncateSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { headerOfText, textOfHeader } from '../../../src/server/header-text.js';
import { deploy, invoke, isSettled, makeConfig, settled, variant } from '../../support/endpoint.js';
import { makeModel, placeModel } from '../../support/model.js';
import { makeFolder, openScene, type Scene, sharedScene } from '../../support/scene.js';

describe('an endpoint', () => {
  it('is created, invoked, updated without a gap, and deleted', async () => {
    const scene = await openScene();
    await makeModel(scene);
    await scene.call('CreateEndpointConfig', { EndpointConfigName: 'config', ProductionVariants: [variant()] });

    await scene.call('CreateEndpoint', { EndpointName: 'end', EndpointConfigName: 'config' });
    const created = await settled(scene);
    const first = await invoke(scene.api.url, 'end', '5\n', { 'X-Amzn-SageMaker-Custom-Attributes': 'a' });
    await scene.call('CreateEndpointConfig', {
      EndpointConfigName: 'second',
      ProductionVariants: [variant({ VariantName: 'next' })],
    });
    const updating = await scene.call('UpdateEndpoint', { EndpointName: 'end', EndpointConfigName: 'second' });
    const during = await invoke(scene.api.url, 'end', '6\n');
    const twice = await scene.call('UpdateEndpoint', { EndpointName: 'end', EndpointConfigName: 'config' });
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

describe('an asynchronous invocation', () => {
  const invokeAsync = (scene: Scene, headers: Record<string, string>, body?: string) =>
    fetch(`${scene.api.url}/endpoints/end/async-invocations`, { method: 'POST', headers, body: body ?? null });
  const locationOf = (answer: Response, name = 'output') =>
    textOfHeader(answer.headers.get(`x-amzn-sagemaker-${name}location`) ?? '').replace('s3://data/', '');
  const written = async (scene: Scene, key: string) => {
    await expect.poll(() => existsSync(scene.object(key))).toBe(true);
    return readFileSync(scene.object(key), 'utf8');
  };

  async function deployAsync(scene: Scene, environment: Record<string, string> = {}) {
    await placeModel(scene, environment);
    await scene.call('CreateEndpointConfig', {
      EndpointConfigName: 'config',
      ProductionVariants: [variant()],
      AsyncInferenceConfig: {
        OutputConfig: { S3OutputPath: 's3://data/answers/', S3FailurePath: 's3://data/fehlschläge' },
      },
    });
    await scene.call('CreateEndpoint', { EndpointName: 'end', EndpointConfigName: 'config' });
  }

  it('is answered with the place of its answer, which comes once the endpoint is in service', async () => {
    const scene = await openScene();
    await deployAsync(scene);
    scene.put({ 'in/a.csv': '5\n' });

    const ofObject = await invokeAsync(scene, {
      'X-Amzn-SageMaker-InputLocation': 's3://data/in/a.csv',
      'X-Amzn-SageMaker-Content-Type': 'text/csv',
      'X-Amzn-SageMaker-Inference-Id': 'mine',
    });
    const ofBody = await invokeAsync(scene, { 'X-Amzn-SageMaker-Filename': 'named.csv' }, '6\n');
    scene.put({ 'in/ü 1%.csv': '7\n' });
    const ofUtf8 = await invokeAsync(scene, {
      'X-Amzn-SageMaker-InputLocation': headerOfText('s3://data/in/ü 1%.csv'),
    });
    const ofEncoded = await invokeAsync(scene, { 'X-Amzn-SageMaker-InputLocation': 's3://data/in/%C3%BC%201%25.csv' });

    expect([ofObject.status, ofBody.status]).toEqual([202, 202]);
    expect(await ofObject.json()).toEqual({ InferenceId: 'mine' });
    expect(locationOf(ofObject)).toMatch(/^answers\/[0-9a-f-]{36}\.out$/);
    expect(await written(scene, locationOf(ofObject))).toBe('15');
    expect(await written(scene, 'answers/named.csv')).toBe('16');
    expect(await written(scene, locationOf(ofUtf8))).toBe('17');
    expect(await written(scene, locationOf(ofEncoded))).toBe('17');
  });

  it('that fails leaves the reason in the place of failures', async () => {
    const scene = await openScene();
    await deployAsync(scene, { REFUSE: '13' });

    const refusedBody = await invokeAsync(scene, {}, '13');
    const noObject = await invokeAsync(scene, { 'X-Amzn-SageMaker-InputLocation': 's3://data/none' });
    scene.put({ large: '' });
    truncateSync(scene.object('large'), 1024 ** 3 + 1); // without a block on the disk
    const tooLarge = await invokeAsync(scene, { 'X-Amzn-SageMaker-InputLocation': 's3://data/large' });

    expect(await written(scene, locationOf(refusedBody, 'failure'))).toMatch(
      /^Received client error \(400\) from primary with message ".*no 13/,
    );
    expect(await written(scene, locationOf(noObject, 'failure'))).toBe('There is no object s3://data/none.');
    expect(await written(scene, locationOf(tooLarge, 'failure'))).toBe(
      'The object s3://data/large must have up to 1073741824 bytes; it has 1073741825.',
    );
  });

  it('that has no answer when the server is stopped leaves that as the reason', async () => {
    const scene = await openScene({ stopGraceMs: 1000 });
    await deployAsync(scene, { BEHAVE: 'silent' });

    const answer = await invokeAsync(scene, {}, '5');
    await scene.api.close();

    const reason = readFileSync(scene.object(locationOf(answer, 'failure')), 'utf8');
    expect(reason).toBe('The server was stopped before there was an answer.');
  });

  const shared = sharedScene(async (scene) => {
    await deployAsync(scene);
    await settled(scene);
  });

  it.each([
    [{}, undefined, 'Exactly one of InputLocation and a body must be given.'],
    [
      { 'X-Amzn-SageMaker-InputLocation': 's3://data/a' },
      '1',
      'Exactly one of InputLocation and a body must be given.',
    ],
    [
      { 'X-Amzn-SageMaker-InputLocation': 'file:///etc/passwd' },
      undefined,
      /'inputLocation' failed to satisfy constraint/,
    ],
    [{ 'X-Amzn-SageMaker-S3OutputPathExtension': 'a/../../b' }, '1', /^S3OutputPathExtension must not have "\.\."/],
    [
      { 'X-Amzn-SageMaker-InvocationTimeoutSeconds': '3601' },
      '1',
      /'invocationTimeoutSeconds' .* less than or equal to 3600/,
    ],
    [{ 'X-Amzn-SageMaker-InvocationTimeoutSeconds': 'x' }, '1', /can not be converted to an Integer/],
  ])('with %j %j is refused', async (headers, body, message) => {
    const answer = await invokeAsync(shared(), headers, body);

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ message: expect.stringMatching(message) });
  });

  it.each(['invocations', 'invocations-response-stream'])(
    'is the only kind that its endpoint takes, no %s',
    async (path) => {
      const answer = await fetch(`${shared().api.url}/endpoints/end/${path}`, { method: 'POST', body: '5' });

      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({
        __type: 'ValidationError',
        message: 'Endpoint end is not a synchronous endpoint: it has an AsyncInferenceConfig. Use InvokeEndpointAsync.',
      });
    },
  );

  it('of an endpoint without a configuration for it is refused', async () => {
    const scene = await openScene();
    await deploy(scene);

    const answer = await invokeAsync(scene, {}, '5');

    expect(await answer.json()).toMatchObject({
      __type: 'ValidationError',
      message: 'Endpoint end is not an asynchronous endpoint: it has no AsyncInferenceConfig.',
    });
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

    const body = `5${' '.repeat(4 * 1024 * 1024 - 1)}`;
    const [whole, over] = [await invoke(scene.api.url, 'end', body), await invoke(scene.api.url, 'end', `${body} `)];

    expect([whole.status, whole.text]).toEqual([200, '15']);
    expect(refused.body.message).toBe(
      'ServerlessConfig.MemorySizeInMB of ProductionVariant v must be 1024, 2048, 3072, 4096, 5120 or 6144; received 2000.',
    );
    expect([over.status, JSON.parse(over.text).message]).toEqual([
      ...[413, 'The body must be up to 4194304 bytes for a serverless variant; received 4194305.'],
    ]);
    expect(endpoint.ProductionVariants[0]).toMatchObject({ CurrentServerlessConfig: ServerlessConfig });
    expect(endpoint.ProductionVariants[0].CurrentInstanceCount).toBeUndefined();
  });
});

describe('the runtime', () => {
  it('refuses what it would have to leave out', async () => {
    const scene = await openScene();
    await deploy(scene);

    const component = await invoke(scene.api.url, 'end', '5', { 'X-Amzn-SageMaker-Inference-Component': 'x' });
    const explained = await invoke(scene.api.url, 'end', '5', { 'X-Amzn-SageMaker-Enable-Explanations': 'true' });

    expect([component, explained].map(({ text }) => JSON.parse(text))).toMatchObject([
      { __type: 'ValidationError', message: 'InferenceComponentName is not available on this machine.' },
      { __type: 'ValidationError', message: 'EnableExplanations is not available on this machine.' },
    ]);
  });

  it('gives the container’s error as ModelError with its status and text', async () => {
    const scene = await openScene();
    await deploy(scene, { REFUSE: '13' });

    const { status, headers, text } = await invoke(scene.api.url, 'end', '13');

    expect([status, headers.get('x-amzn-errortype')]).toEqual([424, 'ModelError']);
    expect(JSON.parse(text)).toMatchObject({
      OriginalStatusCode: 400,
      OriginalMessage: '{"error":{"message":"no 13"}}',
      LogStreamArn: 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/sagemaker/Endpoints/end',
      Message: expect.stringMatching(/^Received client error \(400\) from primary with message "\{"error/),
    });
  });

  it('passes a long answer on as a stream of events', async () => {
    const scene = await openScene();
    await deploy(scene);
    const warned = vi.fn();
    process.on('warning', warned);
    onTestFinished(() => void process.off('warning', warned));

    const url = `${scene.api.url}/endpoints/end/invocations-response-stream`;
    const answer = await fetch(url, { method: 'POST', body: '5\n'.repeat(500_000) });
    const events = Buffer.from(await answer.arrayBuffer());

    expect(answer.headers.get('content-type')).toBe('application/vnd.amazon.eventstream');
    expect(payloadsOf(events).join('')).toBe(Array(500_000).fill('15').join('\n'));
    expect(warned).not.toHaveBeenCalled();
  });

  it('gives an answer of 25 MiB, and ModelError for a longer one', async () => {
    const scene = await openScene();
    const bytes = 25 * 1024 * 1024;
    await placeModel(scene);
    const ends = await Promise.all(
      [bytes, bytes + 1].map(async (ANSWER_BYTES, i) => {
        const name = `end-${i}`;
        await makeConfig(scene, name, { Environment: { ANSWER_BYTES: String(ANSWER_BYTES) } });
        await scene.call('CreateEndpoint', { EndpointName: name, EndpointConfigName: name });
        await scene.until('DescribeEndpoint', { EndpointName: name }, isSettled);
        return invoke(scene.api.url, name, '8');
      }),
    );

    const [whole, over] = ends as [(typeof ends)[0], (typeof ends)[0]];

    expect([whole.status, whole.text.length]).toEqual([200, bytes]);
    expect([over.status, JSON.parse(over.text).OriginalMessage]).toEqual([
      ...[424, 'The answer must have up to 26214400 bytes; it has more.'],
    ]);
  });

  it('gives up on a container that does not answer in time', async () => {
    const scene = await openScene({ invocationTimeoutMs: 50 });
    await deploy(scene, { BEHAVE: 'silent' });

    const { status, text } = await invoke(scene.api.url, 'end', '5');

    expect(status).toBe(424);
    expect(JSON.parse(text).Message).toContain('(0) from primary with message "Your invocation timed out');
  });

  it('refuses a body that is too large, names that cannot be, and what it does not have', async () => {
    const { api } = await openScene();

    const large = await invoke(api.url, 'end', ' '.repeat(25 * 1024 * 1024 + 1));
    const name = await invoke(api.url, encodeURIComponent('../x'), '5');
    const async = await fetch(`${api.url}/endpoints/end/unknown`, { method: 'POST' });

    expect(large.status).toBe(413);
    expect([name.status, JSON.parse(name.text).__type]).toEqual([400, 'ValidationError']);
    expect(JSON.parse(name.text).message).toContain("Value '../x' at 'endpointName' failed to satisfy constraint");
    expect([async.status, await async.text()]).toEqual([404, expect.stringContaining('POST /endpoints/end/unknown')]);
  });
});

/** The payload of each event of a stream: length of the event, length of its headers, checksum, headers, payload, checksum. */
function payloadsOf(stream: Buffer): readonly string[] {
  const payloads: string[] = [];
  for (let at = 0; at < stream.length; at += stream.readUInt32BE(at)) {
    const start = at + 12 + stream.readUInt32BE(at + 4);
    payloads.push(stream.toString('latin1', start, at + stream.readUInt32BE(at) - 4));
  }
  return payloads;
}
