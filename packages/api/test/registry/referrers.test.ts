import { expect, it } from 'vitest';
import { sharedScene } from '../support/scene.js';
import { callEcr, digestOf, manifestOf, OCI_INDEX, OCI_MANIFEST, pushBlob, pushImage, putManifest } from './scene.js';

const REPOSITORY = 'signed';
const shared = sharedScene(async ({ api }) => {
  await callEcr(api.url, 'CreateRepository', { repositoryName: REPOSITORY });
});
const v2 = (path: string, init?: RequestInit) => fetch(`${shared().api.url}/v2/${REPOSITORY}/${path}`, init);

/** Pushes a manifest that refers to another one; gives the answer and its descriptor. */
async function pushReferrer(subject: string, artifactType: string | undefined, annotations?: object) {
  const { url } = shared().api;
  const config = { ...(await pushBlob(url, REPOSITORY, '{}')), mediaType: 'application/vnd.oci.empty.v1+json' };
  const layer = await pushBlob(url, REPOSITORY, `of ${artifactType}`);
  const more = { artifactType, annotations, subject: { mediaType: OCI_MANIFEST, digest: subject, size: 1 } };
  const text = JSON.stringify({ ...JSON.parse(manifestOf(config, [layer])), ...more });
  const digest = digestOf(text);
  const answer = await putManifest(url, REPOSITORY, digest, text);
  return { answer, descriptor: { mediaType: OCI_MANIFEST, digest, size: text.length } };
}

it('an image has a list of what refers to it, with their types and notes, as long as they are there', async () => {
  const subject = await pushImage(shared().api.url, REPOSITORY, '1');
  const signature = await pushReferrer(subject, 'application/x.signature', { by: 'me' });
  const sbom = await pushReferrer(subject, undefined);

  const all = await v2(`referrers/${subject}`);
  const some = await v2(`referrers/${subject}?artifactType=application/x.signature`);
  await v2(`manifests/${signature.descriptor.digest}`, { method: 'DELETE' });
  const left = await v2(`referrers/${subject}?artifactType=application/x.signature`);

  expect([signature.answer.status, signature.answer.headers.get('oci-subject')]).toEqual([201, subject]);
  const signed = { ...signature.descriptor, artifactType: 'application/x.signature', annotations: { by: 'me' } };
  const listed = { ...sbom.descriptor, artifactType: 'application/vnd.oci.empty.v1+json' };
  expect(all.headers.get('content-type')).toBe(OCI_INDEX);
  expect(((await all.json()) as { manifests: unknown[] }).manifests).toEqual(
    [signed, listed].sort((a, b) => (a.digest < b.digest ? -1 : 1)),
  );
  expect(some.headers.get('oci-filters-applied')).toBe('artifactType');
  expect(await some.json()).toMatchObject({ schemaVersion: 2, manifests: [signed] });
  expect(await left.json()).toMatchObject({ manifests: [] });
});

it('an image that nothing refers to, or that is not there, has an empty list', async () => {
  const answer = await v2(`referrers/${digestOf('none')}`);

  expect([answer.status, await answer.json()]).toEqual([
    200,
    { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] },
  ]);
  expect((await v2('referrers/1')).status).toBe(400);
});
