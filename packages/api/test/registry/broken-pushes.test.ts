import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder, openScene } from '../support/scene.js';
import { callEcr, digestOf, fileOf, manifestOf, pushBlob, pushImage, putManifest } from './scene.js';

const DAY_SECONDS = 86_400;

it('a client that is killed while it sends a layer in one request leaves nothing', async () => {
  const { api, folder } = await openScene();
  await callEcr(api.url, 'CreateRepository', { repositoryName: 'cut' });
  const uploads = () => readdirSync(join(folder, 'registry', 'uploads'));
  const url = `${api.url}/v2/cut/blobs/uploads/?digest=${digestOf('never whole')}`;
  const client = request(url, { method: 'POST', headers: { 'Content-Length': 1000 } });
  client.on('error', () => undefined);
  client.write('a part');
  await expect.poll(uploads).toHaveLength(1);

  client.destroy();

  await expect.poll(uploads).toEqual([]);
});

it('layers that no image has named for a day, and files of no repository, are gone after a restart', async () => {
  const folder = makeFolder();
  const first = await openScene({ folder });
  const { url } = first.api;
  await callEcr(url, 'CreateRepository', { repositoryName: 'loose' });
  const image = await pushImage(url, 'loose', '1', 'named');
  const [old, fresh] = [await pushBlob(url, 'loose', 'old'), await pushBlob(url, 'loose', 'fresh')];
  const stray = digestOf('stray');
  await first.api.close();
  const long = Date.now() / 1000 - DAY_SECONDS - 60;
  for (const digest of [old.digest, digestOf('named'), image]) utimesSync(fileOf(folder, digest), long, long);
  mkdirSync(dirname(fileOf(folder, stray)), { recursive: true });
  writeFileSync(fileOf(folder, stray), 'stray');

  const { api } = await openScene({ folder });

  const kept = [digestOf('named'), image, fresh.digest].map((digest) => existsSync(fileOf(folder, digest)));
  expect(kept).toEqual([true, true, true]);
  expect([old.digest, stray].map((digest) => existsSync(fileOf(folder, digest)))).toEqual([false, false]);
  expect((await fetch(`${api.url}/v2/loose/blobs/${old.digest}`)).status).toBe(404);
  expect((await fetch(`${api.url}/v2/loose/manifests/1`)).status).toBe(200);
});

it('images that five clients push at the same time, while others with the same layers are deleted, are whole or not there', async () => {
  const { api, folder } = await openScene();
  for (const repositoryName of ['first', 'second']) await callEcr(api.url, 'CreateRepository', { repositoryName });
  const rounds = 12;
  const client = async (own: number) => {
    for (let round = 0; round < rounds; round++) {
      const repository = round % 2 === 0 ? 'first' : 'second';
      // Two layers that others push and delete too, and a tag of its own.
      await pushImage(api.url, repository, `of-${own}`, `layer ${round % 3}`).catch((error: Error) => {
        expect(error.message).toContain('MANIFEST_BLOB_UNKNOWN'); // another client has just deleted the layer with its image
      });
      const imageIds = [{ imageTag: `of-${(own + 1) % 5}` }];
      if (round % 4 === 3) await callEcr(api.url, 'BatchDeleteImage', { repositoryName: repository, imageIds });
    }
  };

  await Promise.all(Array.from({ length: 5 }, (_, own) => client(own)));

  let seen = 0;
  for (const repository of ['first', 'second']) {
    const { tags } = (await (await fetch(`${api.url}/v2/${repository}/tags/list`)).json()) as { tags: string[] };
    for (const tag of tags) {
      const { config, layers } = (await (await fetch(`${api.url}/v2/${repository}/manifests/${tag}`)).json()) as {
        config: { digest: string };
        layers: { digest: string }[];
      };
      for (const { digest } of [config, ...layers]) {
        const text = await (await fetch(`${api.url}/v2/${repository}/blobs/${digest}`)).text();
        expect(digestOf(text)).toBe(digest);
        seen++;
      }
    }
  }
  expect(seen).toBeGreaterThan(0);
  expect(readdirSync(join(folder, 'registry', 'uploads'))).toEqual([]);
});

it('a manifest that gives another size than a layer has is refused', async () => {
  const { api, folder } = await openScene();
  await callEcr(api.url, 'CreateRepository', { repositoryName: 'sizes' });
  const config = await pushBlob(api.url, 'sizes', '{}');
  const manifest = manifestOf({ ...config, size: 3 }, []);

  const answer = await putManifest(api.url, 'sizes', '1', manifest);

  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('has 2 bytes, not 3')]);
  expect(existsSync(fileOf(folder, digestOf(manifest)))).toBe(false);
});
