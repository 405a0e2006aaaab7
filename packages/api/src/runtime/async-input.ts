/** The body of an asynchronous invocation. An object is sent as it is read: it may be longer than what memory should hold. */
import { open } from 'node:fs/promises';
import { type ObjectStore, parseS3Uri } from '../object-store.js';
import type { ContainerRequest } from './container-call.js';

/** The URL of the body, or the body itself as base64. */
export type InputSource = { readonly uri: string } | { readonly bytes: string };

/**
 * @param send gets the body and the headers that belong to it; an object is open until it ends
 * @throws Error when there is no such object, or it has more than `maxBytes`
 */
export async function withInput(
  objects: ObjectStore,
  input: InputSource,
  maxBytes: number,
  send: (request: Pick<ContainerRequest, 'body' | 'headers'>) => Promise<void>,
): Promise<void> {
  if ('bytes' in input) return send({ body: Buffer.from(input.bytes, 'base64'), headers: {} });
  const { uri } = input;
  const path = fileOf(objects, uri) ?? fileOf(objects, decoded(uri));
  if (path === undefined) throw new Error(`There is no object ${uri}.`);
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw new Error(`The object ${uri} must have up to ${maxBytes} bytes; it has ${size}.`);
    const body = () => file.createReadStream({ start: 0, autoClose: false });
    await send({ body, headers: { 'Content-Length': String(size) } });
  } finally {
    await file.close();
  }
}

// --- internal ---

function fileOf(objects: ObjectStore, uri: string): string | undefined {
  const place = parseS3Uri(uri);
  return place && objects.fileOf(place.bucket, place.key);
}

/** Many clients cannot send the characters of any key in a header, and percent-encode them. */
function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}
