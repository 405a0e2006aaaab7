/** Contents over HTTP: read, in whole or a range, and removed. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { readRange } from '../s3/byte-range.js';
import type { Exchange } from '../server/exchange.js';
import { ServiceError } from '../service-error.js';
import type { Registry } from './registry.js';
import { registryError } from './registry-error.js';

export interface BlobRoute {
  readonly repository: string;
  readonly reference: string;
}

export async function answerBlob(registry: Registry, { head, response }: Exchange, route: BlobRoute): Promise<void> {
  const { repository, reference: digest } = route;
  requireBlob(registry, repository, digest);
  const size = registry.blobs.sizeOf(digest)!;
  const range = rangeOf(head.headers.range, size);
  const { start, bytes } = range ?? { start: 0, bytes: size };
  response.writeHead(range ? 206 : 200, {
    'Content-Type': 'application/octet-stream',
    'Content-Length': bytes,
    'Docker-Content-Digest': digest,
    'Accept-Ranges': 'bytes',
    ETag: `"${digest}"`,
    ...(range && { 'Content-Range': `bytes ${start}-${start + bytes - 1}/${size}` }),
  });
  if (head.method === 'HEAD' || bytes === 0) return void response.end();
  const file = createReadStream(registry.blobs.pathOf(digest), { start, end: start + bytes - 1 });
  await pipeline(file, response);
}

/** A content that an image of the repository needs stays. */
export function deleteBlob(registry: Registry, { response }: Exchange, { repository, reference: digest }: BlobRoute) {
  requireBlob(registry, repository, digest);
  const [image] = registry.index.referrers(repository, digest);
  if (image !== undefined) throw registryError('UNSUPPORTED', `${digest} is a part of image ${image}.`);
  registry.removeBlob(repository, digest);
  response.writeHead(202, { 'Content-Length': 0 }).end();
}

// --- internal ---

function requireBlob(registry: Registry, repository: string, digest: string): void {
  if (registry.hasBlob(repository, digest)) return;
  throw registryError('BLOB_UNKNOWN', `Repository "${repository}" does not have ${digest}.`);
}

function rangeOf(text: string | undefined, size: number) {
  try {
    return readRange(text, size);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw registryError('RANGE_INVALID', `The range must be within ${size} bytes; received "${text}".`);
  }
}
