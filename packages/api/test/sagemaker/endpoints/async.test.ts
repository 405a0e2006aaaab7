/** Asynchronous invocations, whose answers become objects. */
import { existsSync, readFileSync, truncateSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { headerOfText, textOfHeader } from '../../../src/server/header-text.js';
import { deploy, settled, variant } from '../../support/endpoint.js';
import { placeModel } from '../../support/model.js';
import { openScene, type Scene, sharedScene } from '../../support/scene.js';

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
