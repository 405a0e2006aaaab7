/** Requests that an endpoint has while it is updated or deleted. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deploy, makeConfig, settled } from '../../support/endpoint.js';
import { openScene, type Scene } from '../../support/scene.js';

/** An endpoint whose container keeps requests that begin with 7 until `release`. */
async function deployHeld(scene: Scene) {
  const file = join(scene.folder, 'hold');
  await deploy(scene, { HOLD: file });
  return {
    release: () => writeFileSync(file, ''),
    isHeld: () => expect.poll(() => existsSync(`${file}.seen`)).toBe(true),
  };
}

const servers = ({ folder }: Scene) => readdirSync(join(folder, 'jobs/endpoint')).length;

async function ask({ api }: Scene, path: string, body: string) {
  const response = await fetch(`${api.url}/endpoints/end/${path}`, { method: 'POST', body });
  const text = (await response.text()).match(/1\d|not found/)?.[0];
  return [response.status, text, response.headers.get('x-amzn-invoked-production-variant')];
}

describe.each(['invocations', 'invocations-response-stream'])('a request of %s that is in flight', (path) => {
  it('when its endpoint is updated is answered by the old servers, which then end; the next ones go to the new', async () => {
    const scene = await openScene();
    const { release, isHeld } = await deployHeld(scene);
    await makeConfig(scene, 'next', {}, { VariantName: 'next' });
    const answering = ask(scene, path, '7');
    await isHeld();

    await scene.call('UpdateEndpoint', { EndpointName: 'end', EndpointConfigName: 'next' });
    const updated = await settled(scene);
    const [next, during] = [await ask(scene, path, '5'), servers(scene)];
    release();
    const answer = await answering;

    expect(updated).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'next' });
    expect([next, answer]).toEqual([
      [200, '15', 'next'],
      [200, '17', 'AllTraffic'],
    ]);
    expect(during).toBe(2);
    await expect.poll(() => servers(scene)).toBe(1);
  });

  it('when its endpoint is deleted is answered before that is gone; the next ones are refused', async () => {
    const scene = await openScene();
    const { release, isHeld } = await deployHeld(scene);
    const answering = ask(scene, path, '7');
    await isHeld();

    await scene.call('DeleteEndpoint', { EndpointName: 'end' });
    const next = await ask(scene, path, '5');
    const { body } = await scene.call('DescribeEndpoint', { EndpointName: 'end' });
    release();
    const answer = await answering;
    await scene.untilRefused('DescribeEndpoint', { EndpointName: 'end' });

    expect([next, answer]).toEqual([
      [400, 'not found', null],
      [200, '17', 'AllTraffic'],
    ]);
    expect(body.EndpointStatus).toBe('Deleting');
    expect(servers(scene)).toBe(0);
  });
});

it('a server that is closed does not wait for requests in flight', async () => {
  const scene = await openScene({ stopGraceMs: 1000 });
  const { isHeld } = await deployHeld(scene);
  await makeConfig(scene, 'next');
  const answering = ask(scene, 'invocations', '7').catch(() => ['cut']);
  await isHeld();
  await scene.call('UpdateEndpoint', { EndpointName: 'end', EndpointConfigName: 'next' });
  await settled(scene);

  await scene.api.close();

  expect((await answering)[0]).not.toBe(200);
});
