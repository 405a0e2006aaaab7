/** Manifests over HTTP, by tag or digest. */
import { type Exchange, readBody } from '../server/exchange.js';
import { ServiceError } from '../service-error.js';
import { digestOf, isDigest } from './digest.js';
import { MAX_MANIFEST_BYTES, TAG } from './manifest.js';
import type { Registry } from './registry.js';
import { registryError } from './registry-error.js';
import { sendCreated } from './upload-requests.js';

export interface ManifestRoute {
  readonly repository: string;
  /** A tag or a digest. */
  readonly reference: string;
}

export function answerManifest(registry: Registry, { head, response }: Exchange, route: ManifestRoute): void {
  const { repository } = route;
  const image = findManifest(registry, route);
  const content = registry.blobs.read(image.digest);
  response.writeHead(200, {
    'Content-Type': image.media_type,
    'Content-Length': content.length,
    'Docker-Content-Digest': image.digest,
    ETag: `"${image.digest}"`,
  });
  response.end(head.method === 'HEAD' ? undefined : content);
  if (head.method !== 'HEAD') registry.index.markPulled(repository, image.digest, Date.now() / 1000);
}

export async function putManifest(registry: Registry, exchange: Exchange, route: ManifestRoute): Promise<void> {
  const { repository, reference } = route;
  const isByDigest = reference.includes(':');
  if (isByDigest ? !isDigest(reference) : !TAG.test(reference)) {
    throw registryError(
      'TAG_INVALID',
      `A manifest's name must be a tag (${TAG.source}) or sha256:HEX; "${reference}" is not.`,
    );
  }
  const text = await readBody(exchange, MAX_MANIFEST_BYTES).catch((error) => {
    throw error instanceof ServiceError ? registryError('SIZE_INVALID', error.message) : error;
  });
  if (isByDigest && digestOf(text) !== reference) {
    throw registryError('DIGEST_INVALID', `The manifest must have the digest ${reference}; it has ${digestOf(text)}.`);
  }
  const type = exchange.head.headers['content-type']?.replace(/;.*$/, '').trim();
  const { digest, subject } = await registry.push(repository, text, type, isByDigest ? undefined : reference);
  if (subject !== undefined) exchange.response.setHeader('OCI-Subject', subject);
  sendCreated(exchange, repository, 'manifests', digest);
}

/** By tag only the tag goes; by digest the image. */
export function deleteManifest(registry: Registry, { response }: Exchange, route: ManifestRoute): void {
  const { repository, reference } = route;
  const { digest } = findManifest(registry, route);
  const [list] = registry.index.referrers(repository, digest);
  if (!reference.includes(':')) registry.index.removeTag(repository, reference);
  else if (list !== undefined) throw registryError('UNSUPPORTED', `${digest} is a part of the list ${list}.`);
  else registry.removeImage(repository, digest);
  response.writeHead(202, { 'Content-Length': 0 }).end();
}

// --- internal ---

function findManifest(registry: Registry, { repository, reference }: ManifestRoute) {
  const image = registry.findImage(repository, reference);
  if (image) return image;
  throw registryError('MANIFEST_UNKNOWN', `Repository "${repository}" has no image "${reference}".`);
}
