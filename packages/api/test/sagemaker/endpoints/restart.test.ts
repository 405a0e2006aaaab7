/** What a server that is started again makes of the endpoints it finds. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { type Programs, processPrograms } from '../../../src/index.js';
import { callEcr, pushImage } from '../../registry/scene.js';
import { inference } from '../../support/algorithm.js';
import { deploy, heldPrograms, invoke, makeConfig, settled, variant } from '../../support/endpoint.js';
import { makeModel, placeModel } from '../../support/model.js';
import { ALGORITHMS, IMAGE, makeFolder, openScene, ROLE, type Scene } from '../../support/scene.js';

const MODEL_URL = 's3://data/out/job/output/model.tar.gz';

/** What the endpoint is and answers, before its server is closed and after it is opened again. */
async function reopened(scene: Scene) {
  await scene.api.close();
  const again = await openScene({ folder: scene.folder });
  const endpoint = await settled(again);
  return { endpoint, answer: await invoke(again.api.url, 'end', '5') };
}

describe('an endpoint that is started again', () => {
  it('has its model and variables, also when its configuration and model were deleted and made anew', async () => {
    const scene = await openScene();
    await deploy(scene, { REFUSE: '13' });
    await scene.call('DeleteEndpointConfig', { EndpointConfigName: 'config' });
    await scene.call('DeleteModel', { ModelName: 'model' });
    const PrimaryContainer = { Image: IMAGE, Environment: { BEHAVE: 'exit' } };
    await scene.call('CreateModel', { ModelName: 'model', PrimaryContainer, ExecutionRoleArn: ROLE });

    const { endpoint, answer } = await reopened(scene);

    expect([endpoint.EndpointStatus, answer.text]).toEqual(['InService', '15']);
  });

  it('has the containers of its model package, also when that and its model were deleted', async () => {
    const scene = await openScene();
    await placeModel(scene);
    const InferenceSpecification = inference({ ModelDataUrl: MODEL_URL });
    await scene.call('CreateModelPackage', { ModelPackageName: 'package', InferenceSpecification });
    const PrimaryContainer = { ModelPackageName: 'package' };
    await scene.call('CreateModel', { ModelName: 'packaged', PrimaryContainer, ExecutionRoleArn: ROLE });
    const ProductionVariants = [variant({ ModelName: 'packaged' })];
    await scene.call('CreateEndpointConfig', { EndpointConfigName: 'packaged', ProductionVariants });
    await scene.call('CreateEndpoint', { EndpointName: 'end', EndpointConfigName: 'packaged' });
    await settled(scene);
    await scene.call('DeleteModel', { ModelName: 'packaged' });
    await scene.call('DeleteModelPackage', { ModelPackageName: 'package' });

    const { endpoint, answer } = await reopened(scene);

    expect([endpoint.EndpointStatus, answer.text]).toEqual(['InService', '15']);
  });

  it('has the image that its tag named when it was deployed', async () => {
    const pulled: (string | undefined)[] = [];
    const programs = processPrograms(ALGORITHMS);
    const noting: Programs = {
      ...programs,
      open(image, options) {
        pulled.push(options.pulled?.replace(/^[^/]*/, ''));
        return programs.open(image, options);
      },
    };
    const scene = await openScene({ folder: makeFolder(), programs: noting });
    await callEcr(scene.api.url, 'CreateRepository', { repositoryName: 'team/sum' });
    const digest = await pushImage(scene.api.url, 'team/sum', '1', 'first');
    await makeModel(scene);
    const host = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
    await makeConfig(scene, 'tagged', { Image: `${host}/team/sum:1` });
    await scene.call('CreateEndpoint', { EndpointName: 'end', EndpointConfigName: 'tagged' });
    const deployed = await settled(scene);
    await pushImage(scene.api.url, 'team/sum', '1', 'second');
    await scene.api.close();

    const again = await openScene({ folder: scene.folder, programs: noting });
    const { EndpointStatus } = await settled(again);

    expect(pulled).toEqual([undefined, `/team/sum@${digest}`, `/team/sum@${digest}`]);
    expect(EndpointStatus).toBe('InService');
    expect(deployed.ProductionVariants[0].DeployedImages).toMatchObject([
      { SpecifiedImage: `${host}/team/sum:1`, ResolvedImage: `${host}/team/sum@${digest}` },
    ]);
  });

  it('has the model of its name where an older version recorded no more than that', async () => {
    const scene = await openScene();
    await deploy(scene);
    await scene.api.close();
    const sql = new DatabaseSync(join(scene.folder, 'state.db'));
    const changes = sql.prepare("UPDATE record SET body = json_remove(body, '$.Models') WHERE kind = 'endpoint'").run();
    sql.close();

    const { endpoint, answer } = await reopened(await openScene({ folder: scene.folder }));

    expect(changes.changes).toBe(1);
    expect([endpoint.EndpointStatus, answer.text]).toEqual(['InService', '15']);
  });
});

describe('an update that is under way when the server ends', () => {
  /** Its programs are not opened during the update, until the server is being closed. */
  async function openHeld() {
    const { programs, hold } = heldPrograms();
    const scene = await openScene({ folder: makeFolder(), programs });
    const update = async (name: string) => {
      const release = hold();
      const { status } = await scene.call('UpdateEndpoint', { EndpointName: 'end', EndpointConfigName: name });
      const closed = scene.api.close();
      release();
      await closed;
      return status;
    };
    return { scene, update };
  }

  it('is carried on with', async () => {
    const { scene, update } = await openHeld();
    await deploy(scene);
    await makeConfig(scene, 'next', {}, { VariantName: 'next' });
    const status = await update('next');

    const { endpoint, answer } = await reopened(await openScene({ folder: scene.folder }));

    expect(status).toBe(200);
    expect(endpoint).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'next' });
    expect(endpoint.FailureReason).toBeUndefined();
    expect([answer.text, answer.headers.get('x-amzn-invoked-production-variant')]).toEqual(['15', 'next']);
  });

  it('leaves what served before in service, with the reason, when it fails then', async () => {
    const { scene, update } = await openHeld();
    await deploy(scene);
    scene.put({ 'other/model.tar.gz': 'no archive' });
    await makeConfig(scene, 'bad', { ModelDataUrl: 's3://data/other/model.tar.gz' });
    await update('bad');

    const again = await openScene({ folder: scene.folder });
    const endpoint = await settled(again);
    const answer = await invoke(again.api.url, 'end', '5');

    expect(endpoint).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'config' });
    expect(endpoint.FailureReason).toContain('did not pass the ping health check');
    expect(answer.text).toBe('15');
  });
});
