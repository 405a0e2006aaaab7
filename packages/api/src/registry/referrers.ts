/** Which images refer to one as their subject, such as its signatures and lists of packages: a list of the specification. */
import type { Exchange } from '../server/exchange.js';
import { isDigest } from './digest.js';
import type { Registry } from './registry.js';
import { registryError } from './registry-error.js';
import type { ImageRow } from './registry-index.js';

export function answerReferrers(
  registry: Registry,
  { head, response }: Exchange,
  { repository, reference: subject }: { readonly repository: string; readonly reference: string },
): void {
  if (!isDigest(subject)) {
    throw registryError('DIGEST_INVALID', `The digest must be sha256:HEX; received "${subject}".`);
  }
  const type = head.query.get('artifactType');
  const manifests = registry.index
    .referrersOf(repository, subject)
    .map((digest) => registry.index.image(repository, digest)!)
    .filter(({ artifact_type }) => type === null || artifact_type === type)
    .map((image) => describe(registry, image));
  const body = JSON.stringify({ schemaVersion: 2, mediaType: LIST, manifests });
  response.writeHead(200, {
    'Content-Type': LIST,
    'Content-Length': Buffer.byteLength(body),
    ...(type !== null && { 'OCI-Filters-Applied': 'artifactType' }),
  });
  response.end(head.method === 'HEAD' ? undefined : body);
}

// --- internal ---

const LIST = 'application/vnd.oci.image.index.v1+json';

function describe({ blobs }: Registry, { digest, media_type: mediaType, artifact_type }: ImageRow) {
  const text = blobs.read(digest);
  const { annotations } = JSON.parse(text.toString('utf8')) as { readonly annotations?: object };
  return { mediaType, digest, size: text.length, artifactType: artifact_type ?? undefined, annotations };
}
