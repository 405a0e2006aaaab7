/**
 * Pushes an image to a registry: the blobs that it lacks, then the manifest, by whose tag the image is there. What was pushed
 * before an interruption is not sent again. Source: OCI Distribution Specification 1.1, "Push".
 */
import { createReadStream } from 'node:fs';
import { type ImageBlob, JobError, type PushableImage } from '@algo/local';

export interface Registry {
  /** `https://ACCOUNT.dkr.ecr.REGION.amazonaws.com` */
  readonly url: string;
  /** Value of the header Authorization. */
  readonly authorization: string;
  readonly fetch: typeof fetch;
}

export interface PushRequest {
  readonly repository: string;
  readonly tag: string;
  readonly onBlob: (done: number, blobs: number, bytes: number) => void;
}

export async function pushImage(registry: Registry, image: PushableImage, { repository, tag, onBlob }: PushRequest) {
  const { manifest, mediaType, blobs } = image;
  for (const [i, blob] of blobs.entries()) {
    onBlob(i, blobs.length, blob.bytes);
    await pushBlob(registry, repository, blob);
  }
  await send(registry, `/v2/${repository}/manifests/${tag}`, {
    method: 'PUT',
    headers: { 'Content-Type': mediaType },
    body: new Uint8Array(manifest),
  });
}

// --- internal ---

async function pushBlob(registry: Registry, repository: string, { digest, bytes, path }: ImageBlob): Promise<void> {
  const head = await call(registry, `/v2/${repository}/blobs/${digest}`, { method: 'HEAD' });
  if (head.ok) return;
  if (head.status !== 404) throw await failure(`/v2/${repository}/blobs/${digest}`, head);
  const upload = await send(registry, `/v2/${repository}/blobs/uploads/`, { method: 'POST' });
  const location = new URL(upload.headers.get('location') ?? '', registry.url); // absolute or of this host
  location.searchParams.set('digest', digest);
  await send(registry, location.href, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/octet-stream', 'Content-Length': String(bytes) },
    body: createReadStream(path),
    duplex: 'half',
  } as object);
}

async function send(registry: Registry, path: string, init: RequestInit): Promise<Response> {
  const response = await call(registry, path, init);
  if (!response.ok) throw await failure(path, response);
  await response.arrayBuffer(); // a body that is not read keeps its connection
  return response;
}

function call({ url, authorization, fetch }: Registry, path: string, init: RequestInit): Promise<Response> {
  const target = new URL(path, url);
  const isOwn = target.origin === new URL(url).origin; // the credentials are for no other host
  const headers = { ...(init.headers as Record<string, string>), ...(isOwn && { Authorization: authorization }) };
  return fetch(target.href, { ...init, headers });
}

async function failure(path: string, response: Response): Promise<JobError> {
  const text = (await response.text()).slice(0, 1000);
  return new JobError(`the registry answered ${response.status} to ${path.replace(/\?.*/, '')}: ${text}`);
}
