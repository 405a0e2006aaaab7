/**
 * Pushes an image to a registry: the blobs that it lacks, then the manifest, by whose tag the image is there. What was pushed
 * before an interruption is not sent again. Source: OCI Distribution Specification 1.1, "Push".
 */
import { createReadStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type ImageBlob, JobError, messageOf, type PushableImage } from '@algo/local';

export interface Registry {
  /** `https://ACCOUNT.dkr.ecr.REGION.amazonaws.com` */
  readonly url: string;
  /** Value of the header Authorization. */
  readonly authorization: string;
  readonly fetch: typeof fetch;
  /** Before the first repetition; doubled before each further one. Default 500. */
  readonly pauseMs?: number;
}

export interface PushRequest {
  readonly repository: string;
  readonly tag: string;
  readonly onBlob: (done: number, blobs: number, bytes: number) => void;
}

/**
 * @throws JobError for what the registry refuses, and for a connection that breaks each time
 * @throws DOMException AbortError where its `fetch` was stopped
 */
export async function pushImage(registry: Registry, image: PushableImage, { repository, tag, onBlob }: PushRequest) {
  const { manifest, mediaType, blobs } = image;
  for (const [i, blob] of blobs.entries()) {
    onBlob(i, blobs.length, blob.bytes);
    await unbroken(registry, () => pushBlob(registry, repository, blob));
  }
  const put = () => ({
    method: 'PUT',
    headers: { 'Content-Type': mediaType },
    body: new Uint8Array(manifest),
  });
  await unbroken(registry, () => send(registry, `/v2/${repository}/manifests/${tag}`, put));
}

// --- internal ---

const ATTEMPTS = 5;
const PAUSE_MS = 500;

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
  { url, authorization, fetch, pauseMs = PAUSE_MS }: Registry,
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
    await delay(pauseMs * 2 ** (attempt - 1));
  }
}

/** Repeats work whose connection breaks from its beginning, each time after a longer pause. */
async function unbroken<T>({ pauseMs = PAUSE_MS }: Registry, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isBroken(error)) throw error;
      if (attempt === ATTEMPTS) {
        throw new JobError(`the connection to the registry breaks: ${messageOf(error.cause)}`, { cause: error });
      }
      await delay(pauseMs * 2 ** (attempt - 1));
    }
  }
}

/** As fetch says it, of a request (`fetch failed`) and of an answer (`terminated`). */
function isBroken(error: unknown): error is TypeError {
  return error instanceof TypeError && /^(fetch failed|terminated)$/.test(error.message);
}

async function failure(path: string, response: Response): Promise<JobError> {
  const text = (await response.text()).slice(0, 1000);
  return new JobError(`the registry answered ${response.status} to ${path.replace(/\?.*/, '')}: ${text}`);
}
