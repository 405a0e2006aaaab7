import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { create } from 'tar';
import { expect, it } from 'vitest';
import { bundleOfFolder, checkImage, engineImage } from '../../src/index.js';
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

const BUNDLE = {
  ...{ 'main.js': 'import', 'program.js': 'serves();', 'training.js': 'trains();' },
  'program.serve.part.js': 'is imported later;',
  'program.serve.part.js.map': 'is in no image;',
};
const inImage = Object.entries(BUNDLE).filter(([name]) => !name.endsWith('.map'));

/**
 * A docker whose `save` gives an image of one layer, listed in an index as said; undefined: an engine without one.
 * @returns the digest of the image's configuration; this docker names the image by another one
 */
async function installDocker(manifests?: readonly object[], Entrypoint: readonly string[] = []): Promise<string> {
  const folder = makeFolder();
  const layer = await makeLayer({
    'etc/os-release': 'ID=debian\nVERSION_ID="13"\n',
    'usr/lib/libx.so.1': 'x',
    ...Object.fromEntries(inImage.map(([name, text]) => [`opt/it/${name}`, text])),
  });
  const config = { architecture: 'amd64', os: 'linux', config: { Entrypoint }, rootfs: { diff_ids: ['sha256:3'] } };
  const files = {
    'manifest.json': JSON.stringify([{ Config: 'blobs/config', RepoTags: ['sum'], Layers: ['blobs/layer'] }]),
    'blobs/config': JSON.stringify(config),
    ...(manifests && { 'index.json': JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }) }),
  };
  writeFiles(join(folder, 'image'), { ...files, 'blobs/layer': readFileSync(layer.path) });
  const archive = join(folder, 'image.tar');
  await create({ file: archive, cwd: join(folder, 'image') }, ['.']);
  installOnly({ docker: `case $1 in save) /bin/cp "${archive}" "$3" ;; *) echo sha256:of-the-manifest ;; esac` });
  return `sha256:${createHash('sha256').update(files['blobs/config']).digest('hex')}`;
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

it('the program of an image is that of the folder with the same bundle, until either changes', async () => {
  await installDocker(undefined, ['/usr/local/bin/node', '/opt/it/main.js']);
  const engine = { name: 'docker', version: '28' } as const;
  const folder = writeFiles(makeFolder(), Object.fromEntries(Object.entries(BUNDLE).map(([k, v]) => [`dist/${k}`, v])));
  const built = bundleOfFolder(folder);

  const check = await checkImage({ engine, image: 'sum', directory: makeFolder() });
  const source = await engineImage(engine, 'sum');
  const content = await source.content();
  const changes = [{ 'dist/program.serve.part.js': 'is changed;' }, { 'dist/program.js': 'serves(1);' }];
  const changed = changes.map((files) => bundleOfFolder(writeFiles(folder, files)));

  expect(built).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect([check.bundle, content]).toEqual([built, { diffIds: ['sha256:3'], bundle: built }]);
  expect(new Set([built, ...changed]).size).toBe(3);
});

it('an image or a folder with another program has no digest of a bundle', async () => {
  await installDocker(undefined, ['/opt/mine/serve']);

  const check = await checkImage({ engine: { name: 'docker', version: '28' }, image: 'sum', directory: makeFolder() });

  expect([check.bundle, bundleOfFolder(makeFolder())]).toEqual([null, undefined]);
});

it('an image is the one with its configuration, also where docker names it by its manifest', async () => {
  const digest = await installDocker();
  const source = await engineImage({ name: 'docker', version: '29' }, 'sum');

  const answers = await Promise.all([digest, 'sha256:of-the-manifest', 'sha256:of-another'].map(source.isImage));

  expect(answers).toEqual([true, true, false]);
});

it('an image whose name would be an option of the engine is not exported', async () => {
  const request = { engine: { name: 'docker', version: '28' }, image: '--help', directory: makeFolder() } as const;

  await expect(checkImage(request)).rejects.toThrow(/An image must be .*received "--help"/);
});
