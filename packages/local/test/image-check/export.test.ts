import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { create } from 'tar';
import { expect, it } from 'vitest';
import { checkImage } from '../../src/index.js';
import { makeFolder, readJson, writeFiles } from '../scene.js';
import { makeLayer } from './layers.js';
import { installOnly } from './programs.js';

const DOCKER = 'application/vnd.docker.distribution.manifest.v2+json';
const OCI = 'application/vnd.oci.image.manifest.v1+json';
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';

const IMAGE = { digest: `sha256:${'1'.repeat(64)}`, platform: { architecture: 'amd64', os: 'linux' } };
const ATTESTATION = {
  mediaType: OCI,
  digest: `sha256:${'2'.repeat(64)}`,
  annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
  platform: { architecture: 'unknown', os: 'unknown' },
};

/** A docker whose `save` gives an image of one layer, listed in an index as said; undefined: an engine without one. */
async function installDocker(manifests?: readonly object[]): Promise<void> {
  const folder = makeFolder();
  const layer = await makeLayer({ 'etc/os-release': 'ID=debian\nVERSION_ID="13"\n', 'usr/lib/libx.so.1': 'x' });
  const config = { architecture: 'amd64', os: 'linux', config: {}, rootfs: { diff_ids: ['sha256:3'] } };
  const files = {
    'manifest.json': JSON.stringify([{ Config: 'blobs/config', RepoTags: ['sum'], Layers: ['blobs/layer'] }]),
    'blobs/config': JSON.stringify(config),
    ...(manifests && { 'index.json': JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }) }),
  };
  writeFiles(join(folder, 'image'), { ...files, 'blobs/layer': readFileSync(layer.path) });
  const archive = join(folder, 'image.tar');
  await create({ file: archive, cwd: join(folder, 'image') }, ['.']);
  installOnly({ docker: `/bin/cp ${archive} "$3"` });
}

it.each([
  ['one manifest of Docker’s type passes', [{ ...IMAGE, mediaType: DOCKER }], 'passed'],
  [
    'one name given twice passes',
    [
      { ...IMAGE, mediaType: DOCKER },
      { ...IMAGE, mediaType: DOCKER },
    ],
    'passed',
  ],
  ['an engine without an index passes', undefined, 'passed'],
  ['a manifest of OCI’s type is pointed out', [{ ...IMAGE, mediaType: OCI }], 'warning'],
  ['an index fails', [{ ...IMAGE, mediaType: OCI_INDEX }], 'failed'],
  ['an attestation next to the image fails', [{ ...IMAGE, mediaType: DOCKER }, ATTESTATION], 'failed'],
])('reading an exported image: %s', async (_, manifests, result) => {
  await installDocker(manifests);
  const directory = makeFolder();

  const check = await checkImage({ engine: { name: 'docker', version: '28' }, image: 'sum', directory });

  expect(check.items.find(({ name }) => name === 'manifest')).toMatchObject({ result });
  expect(readJson(join(directory, 'check.json'))).toMatchObject({ image: 'sum', layers: [{ diffId: 'sha256:3' }] });
});

it('an image whose name would be an option of the engine is not exported', async () => {
  const request = { engine: { name: 'docker', version: '28' }, image: '--help', directory: makeFolder() } as const;

  await expect(checkImage(request)).rejects.toThrow(/An image must be .*received "--help"/);
});
