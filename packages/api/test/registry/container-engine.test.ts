import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { makeFolder, openScene } from '../support/scene.js';
import { callEcr } from './scene.js';

const run = promisify(execFile);

/** Why buildah cannot be used here; undefined when it can. */
const missing: string | undefined = await run('buildah', ['--version']).then(
  () => undefined,
  () => 'buildah is not installed',
);
if (missing !== undefined) console.log(`Skipped: the registry with a container engine, as ${missing}.`);

/** A repository `tiny`, and buildah with an image that is to be pushed there. */
async function openWithImage() {
  const { api } = await openScene();
  const folder = makeFolder();
  const { host } = new URL(api.url);
  await callEcr(api.url, 'CreateRepository', { repositoryName: 'tiny' });
  // Each with storage of its own, so that nothing is left in the user's, and the second has nothing of the first.
  const engine = (name: string, ...args: string[]) => {
    const storage = ['--root', join(folder, name), '--runroot', join(folder, `${name}-run`), '--storage-driver', 'vfs'];
    return run('buildah', [...storage, ...args], {
      env: { ...process.env, REGISTRY_AUTH_FILE: join(folder, 'auth.json') },
    });
  };
  mkdirSync(join(folder, 'context'));
  writeFileSync(join(folder, 'context', 'hello.txt'), 'hello');
  writeFileSync(join(folder, 'context', 'Containerfile'), 'FROM scratch\nCOPY hello.txt /\n');
  const image = `${host}/tiny:1`;
  await engine('a', 'login', '--tls-verify=false', '--username', 'AWS', '--password', 'local', host);
  await engine('a', 'build', '--isolation', 'chroot', '--tag', image, join(folder, 'context'));
  return { api, engine, image, host };
}

it.skipIf(missing !== undefined)('buildah logs in, pushes an image and pulls the same one', async () => {
  const { api, engine, image } = await openWithImage();

  await engine('a', 'push', '--tls-verify=false', image);
  await engine('b', 'pull', '--tls-verify=false', image);

  const idOf = async (name: string) =>
    (await engine(name, 'inspect', '--type', 'image', '--format', '{{.FromImageID}}', image)).stdout;
  expect(await idOf('b')).toBe(await idOf('a'));
  const { body } = await callEcr(api.url, 'DescribeImages', { repositoryName: 'tiny' });
  expect(body.imageDetails).toMatchObject([{ imageTags: ['1'], artifactMediaType: expect.stringContaining('config') }]);
});

it.skipIf(missing !== undefined)(
  'five pushes of the same layers at the same time are one image with five tags',
  async () => {
    const { api, engine, image, host } = await openWithImage();
    const tags = ['a', 'b', 'c', 'd', 'e'];

    await Promise.all(tags.map((tag) => engine('a', 'push', '--tls-verify=false', image, `${host}/tiny:${tag}`)));

    const { body } = await callEcr(api.url, 'DescribeImages', { repositoryName: 'tiny' });
    expect(body.imageDetails).toMatchObject([{ imageTags: tags }]);
    await engine('b', 'pull', '--tls-verify=false', `${host}/tiny:c`);
  },
);
