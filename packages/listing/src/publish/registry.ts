/**
 * Pushes an image to a registry: the blobs that it lacks, then the manifest, by whose tag the image is there. What was pushed
 * before an interruption is not sent again. Source: OCI Distribution Specification 1.1, "Push".
 */
import { createReadStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
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
  await send(registry, `/v2/${repository}/manifests/${tag}`, () => ({
    method: 'PUT',
    headers: { 'Content-Type': mediaType },
    body: new Uint8Array(manifest),
  }));
}

// --- internal ---

const ATTEMPTS = 5;
const PAUSE_MS = 250;

async function pushBlob(registry: Registry, repository: string, { digest, bytes, path }: ImageBlob): Promise<void> {
  const head = await call(registry, `/v2/${repository}/blobs/${digest}`, () => ({ method: 'HEAD' }));
  if (head.ok) return;
  if (head.status !== 404) throw await failure(`/v2/${repository}/blobs/${digest}`, head);
  const upload = await send(registry, `/v2/${repository}/blobs/uploads/`, () => ({ method: 'POST' }));
  const location = new URL(upload.headers.get('location') ?? '', registry.url); // absolute or of this host
  location.searchParams.set('digest', digest);
  await send(registry, location.href, () => ({
    method: 'PUT',
    headers: { 'Content-Type': 'application/octet-stream', 'Content-Length': String(bytes) },
    body: createReadStream(path),
    duplex: 'half',
  }));
}

async function send(registry: Registry, path: string, init: () => RequestInit): Promise<Response> {
  const response = await call(registry, path, init);
  if (!response.ok) throw await failure(path, response);
  await response.arrayBuffer(); // a body that is not read keeps its connection
  return response;
}

/** A registry that is busy or throttles is asked again, each time after a longer pause. */
async function call(
  { url, authorization, fetch }: Registry,
  path: string,
  makeInit: () => RequestInit,
): Promise<Response> {
  const target = new URL(path, url);
  const isOwn = target.origin === new URL(url).origin; // the credentials are for no other host
  for (let attempt = 1; ; attempt++) {
    const init = makeInit();
    const headers = { ...(init.headers as Record<string, string>), ...(isOwn && { Authorization: authorization }) };
    const response = await fetch(target.href, { ...init, headers });
    if ((response.status !== 429 && response.status < 500) || attempt === ATTEMPTS) return response;
    await response.arrayBuffer();
    await delay(PAUSE_MS * 2 ** attempt);
  }
}

async function failure(path: string, response: Response): Promise<JobError> {
  const text = (await response.text()).slice(0, 1000);
  return new JobError(`the registry answered ${response.status} to ${path.replace(/\?.*/, '')}: ${text}`);
}
