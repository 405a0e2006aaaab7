/** A request as S3 reads it: the bucket and key that its path or host names, its query and headers. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { textOfHeader } from '../server/header-text.js';
import { ServiceError } from '../service-error.js';

export interface S3Request {
  readonly method: string;
  /** '' for the service itself. */
  readonly bucket: string;
  /** '' for the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body as it comes. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** @throws ServiceError InvalidURI if the path is not percent-encoded UTF-8 */
export function readRequest(incoming: IncomingMessage): S3Request {
  // A proxy's client sends the whole address.
  const url = textOfHeader(incoming.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const mark = url.indexOf('?');
  const path = decodePath((mark < 0 ? url : url.slice(0, mark)).replace(/^\//, ''));
  const virtual = bucketOfHost(incoming.headers.host ?? '');
  const slash = path.indexOf('/');
  return {
    method: incoming.method ?? 'GET',
    bucket: virtual ?? (slash < 0 ? path : path.slice(0, slash)),
    key: virtual !== undefined ? path : slash < 0 ? '' : path.slice(slash + 1),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers: incoming.headers,
    // An error must be answered on the same connection, so leaving the loop over the body does not end it.
    body: incoming.iterator({ destroyOnReturn: false }),
  };
}

/** A header that a client may send once, its bytes as Node has them: to be answered as it came. */
export function header({ headers }: Pick<S3Request, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** The text of a header that is read. */
export function headerText(request: Pick<S3Request, 'headers'>, name: string): string | undefined {
  const value = header(request, name);
  return value === undefined ? undefined : textOfHeader(value);
}

/** Percent-encoded UTF-8, read. `+` is itself, as paths have it. @throws ServiceError InvalidURI */
export function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ServiceError('InvalidURI', `Couldn't parse the specified URI: "${text}" is not percent-encoded UTF-8.`);
  }
}

// --- internal ---

/** The bucket of `bucket.s3.amazonaws.com`, `bucket.s3.eu-west-1.amazonaws.com`, `bucket.s3.localhost`. */
function bucketOfHost(host: string): string | undefined {
  return /^(.+)\.s3[.-]/.exec(host)?.[1];
}
