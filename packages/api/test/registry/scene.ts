/** Requests to the registry and to ECR, as their clients send them. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Answer, callTarget, sharedScene } from '../support/scene.js';

export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';

export function digestOf(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

export function callEcr(url: string, operation: string, input: object = {}): Promise<Answer> {
  return callTarget(url, `AmazonEC2ContainerRegistry_V20150921.${operation}`, input);
}

export const ECR_ARN = 'arn:aws:ecr:us-east-1:000000000000:repository';

/** One scene with repositories for all tests of a file, and its calls of ECR. */
export function sharedEcr(...repositories: readonly string[]) {
  const shared = sharedScene(async ({ api }) => {
    for (const repositoryName of repositories) await callEcr(api.url, 'CreateRepository', { repositoryName });
  });
  return { shared, call: (operation: string, input: object = {}) => callEcr(shared().api.url, operation, input) };
}

/** Sends a content in one request; returns its descriptor. */
export async function pushBlob(url: string, repository: string, content: string) {
  const digest = digestOf(content);
  const answer = await fetch(`${url}/v2/${repository}/blobs/uploads/?digest=${digest}`, {
    method: 'POST',
    body: content,
  });
  if (answer.status !== 201) throw new Error(await answer.text());
  return { mediaType: 'application/octet-stream', digest, size: Buffer.byteLength(content) };
}

export function manifestOf(config: object, layers: readonly object[]): string {
  return JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers });
}

/** A list of one image. */
export function listOf(digest: string): string {
  const manifests = [{ mediaType: OCI_MANIFEST, digest, size: 1 }];
  return JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests });
}

export function putManifest(url: string, repository: string, reference: string, body: string, type = OCI_MANIFEST) {
  const headers = { 'Content-Type': type };
  return fetch(`${url}/v2/${repository}/manifests/${reference}`, { method: 'PUT', body, headers });
}

/** An image of one layer under a tag; returns the digest of its manifest. */
export async function pushImage(
  url: string,
  repository: string,
  tag: string,
  layer = `layer of ${tag}`,
): Promise<string> {
  const config = await pushBlob(url, repository, '{"architecture":"amd64"}');
  const manifest = manifestOf(config, [await pushBlob(url, repository, layer)]);
  const answer = await putManifest(url, repository, tag, manifest);
  if (answer.status !== 201) throw new Error(await answer.text());
  return digestOf(manifest);
}

/** Where the data folder has a content. */
export function fileOf(folder: string, digest: string): string {
  return join(folder, 'registry', 'blobs', 'sha256', digest.slice(7, 9), digest.slice(7));
}
