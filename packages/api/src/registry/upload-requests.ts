/**
 * Uploads over HTTP. A client sends a content in one request (POST with its digest), in two (POST, PUT), in chunks (POST,
 * PATCH …, PUT), or not at all where another repository has it (POST with `mount` and `from`).
 */
import type { IncomingMessage } from 'node:http';
import type { Exchange } from '../server/exchange.js';
import type { Upload } from './blob-store.js';
import { isDigest } from './digest.js';
import type { Registry } from './registry.js';
import { registryError } from './registry-error.js';

export interface UploadRoute {
  readonly repository: string;
  readonly reference: string;
}

export async function startUpload(registry: Registry, exchange: Exchange, route: Omit<UploadRoute, 'reference'>) {
  const { repository } = route;
  const { query } = exchange.head;
  const [mount, from, digest] = [query.get('mount'), query.get('from'), query.get('digest')];
  if (mount !== null && isDigest(mount) && from !== null && registry.hasBlob(from, mount)) {
    registry.addBlob(repository, mount);
    sendCreated(exchange, repository, 'blobs', mount);
    return;
  }
  if (digest !== null) requireDigest(digest);
  const upload = registry.blobs.begin(repository);
  if (digest === null) return sendUpload(exchange, repository, upload, 202);
  try {
    await registry.blobs.append(repository, upload.id, bodyOf(exchange.incoming));
  } catch (error) {
    registry.blobs.cancel(repository, upload.id); // its client has not heard of its id, so it cannot resume it
    throw error;
  }
  await finish(registry, exchange, { repository, reference: upload.id }, digest);
}

export function describeUpload(registry: Registry, exchange: Exchange, { repository, reference }: UploadRoute): void {
  sendUpload(exchange, repository, registry.blobs.find(repository, reference), 204);
}

export async function addToUpload(registry: Registry, exchange: Exchange, route: UploadRoute): Promise<void> {
  const { repository, reference } = route;
  requireNext(exchange, registry.blobs.find(repository, reference));
  const upload = await registry.blobs.append(repository, reference, bodyOf(exchange.incoming));
  sendUpload(exchange, repository, upload, 202);
}

export async function finishUpload(registry: Registry, exchange: Exchange, route: UploadRoute): Promise<void> {
  const { repository, reference } = route;
  requireNext(exchange, registry.blobs.find(repository, reference));
  const digest = requireDigest(exchange.head.query.get('digest'));
  await registry.blobs.append(repository, reference, bodyOf(exchange.incoming));
  await finish(registry, exchange, route, digest);
}

export function cancelUpload(registry: Registry, { response }: Exchange, { repository, reference }: UploadRoute): void {
  registry.blobs.cancel(repository, reference);
  response.writeHead(204).end();
}

/** 201 with the address of what has been made. */
export function sendCreated(
  { response }: Exchange,
  repository: string,
  kind: 'blobs' | 'manifests',
  digest: string,
): void {
  const headers = { Location: `/v2/${repository}/${kind}/${digest}`, 'Docker-Content-Digest': digest };
  response.writeHead(201, { ...headers, 'Content-Length': 0 }).end();
}

// --- internal ---

async function finish(registry: Registry, exchange: Exchange, route: UploadRoute, digest: string): Promise<void> {
  const { repository, reference } = route;
  await registry.blobs.finish(repository, reference, digest);
  registry.addBlob(repository, digest);
  sendCreated(exchange, repository, 'blobs', digest);
}

/** An error must be answered on the same connection, so leaving the loop over the body does not end it. */
function bodyOf(incoming: IncomingMessage): AsyncIterable<Uint8Array> {
  return incoming.iterator({ destroyOnReturn: false });
}

function requireDigest(text: string | null): string {
  if (text !== null && isDigest(text)) return text;
  throw registryError('DIGEST_INVALID', `The digest must be sha256:HEX; received "${text ?? ''}".`);
}

/** A chunk that says its place must be the next one. */
function requireNext({ head }: Exchange, { bytes }: Upload): void {
  const text = head.headers['content-range'];
  if (text === undefined) return;
  const [, start, end] = /^(?:bytes )?(\d+)-(\d+)(?:\/.*)?$/.exec(text) ?? [];
  const length = Number(end) - Number(start) + 1;
  const isLength = head.headers['content-length'] === undefined || Number(head.headers['content-length']) === length;
  if (Number(start) === bytes && length > 0 && isLength) return;
  throw registryError(
    'BLOB_UPLOAD_INVALID',
    `Content-Range must begin at ${bytes} and have the length of the body; received "${text}".`,
  );
}

function sendUpload({ response }: Exchange, repository: string, { id, bytes }: Upload, status: 202 | 204): void {
  response.writeHead(status, {
    Location: `/v2/${repository}/blobs/uploads/${id}`,
    Range: `0-${Math.max(0, bytes - 1)}`,
    'Docker-Upload-UUID': id,
    ...(status === 202 && { 'Content-Length': 0 }),
  });
  response.end();
}
