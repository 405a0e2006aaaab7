/** Headers of an object: those that a write sets, those that a read answers. */
import { headerOfText } from '../server/header-text.js';
import { ServiceError } from '../service-error.js';
import { checksumHeader } from './checksum.js';
import type { ObjectDetails } from './object-details.js';
import type { StoredObject } from './object-store.js';
import { invalidArgument, notImplemented } from './s3-errors.js';
import { header, headerText, type S3Request } from './s3-request.js';

/** What is kept of a write's headers and answered as it came. */
const KEPT_HEADERS = [
  ...['content-type', 'cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires'],
  ...['x-amz-storage-class', 'x-amz-website-redirect-location'],
  ...['x-amz-server-side-encryption', 'x-amz-server-side-encryption-aws-kms-key-id'],
];
const METADATA_PREFIX = 'x-amz-meta-';
/** Names and values of the user metadata together; Amazon S3 User Guide, "Working with object metadata". */
const MAX_METADATA_BYTES = 2048;
const MAX_TAGS = 10;

/** What a write's headers say of its object. */
export function readDetails(request: S3Request): ObjectDetails {
  if (request.headers['x-amz-server-side-encryption-customer-algorithm'] !== undefined) {
    throw notImplemented('Encryption with a key of the client (SSE-C) is not there; leave out its headers.');
  }
  const tagging = headerText(request, 'x-amz-tagging');
  const details = { headers: readHeaders(request), metadata: readMetadata(request) };
  return tagging === undefined ? details : { ...details, tags: readTags([...new URLSearchParams(tagging)]) };
}

/** The tags, if there are not too many and none is twice. @throws ServiceError InvalidTag, BadRequest */
export function readTags(pairs: readonly (readonly [string, string])[], maximum = MAX_TAGS): Record<string, string> {
  if (pairs.length > maximum) throw new ServiceError('BadRequest', `Object tags cannot be greater than ${maximum}`);
  const tags = Object.fromEntries(pairs);
  if (Object.keys(tags).length < pairs.length) {
    throw new ServiceError('InvalidTag', 'Cannot provide multiple Tags with the same key');
  }
  for (const [key, value] of pairs) {
    if (/^aws:/i.test(key)) throw new ServiceError('InvalidTag', 'Your TagKey cannot be prefixed with aws:');
    if (key.length < 1 || key.length > 128)
      throw new ServiceError('InvalidTag', 'The TagKey you have provided is invalid');
    if (value.length > 256) throw new ServiceError('InvalidTag', 'The TagValue you have provided is invalid');
  }
  return tags;
}

/** The headers that describe an object, without its length. */
export function describeObject(object: StoredObject): Record<string, string> {
  const { headers, metadata, tags } = object.details;
  const result: Record<string, string> = {
    'content-type': 'binary/octet-stream',
    ...headers,
    etag: `"${object.etag}"`,
    'last-modified': object.lastModified.toUTCString(),
    'accept-ranges': 'bytes',
  };
  for (const [name, value] of Object.entries(metadata)) result[METADATA_PREFIX + name] = value;
  if (tags !== undefined) result['x-amz-tagging-count'] = String(Object.keys(tags).length);
  return result;
}

/** The headers of its checksum. */
export function describeChecksum({ details: { checksum } }: Pick<StoredObject, 'details'>): Record<string, string> {
  if (checksum === undefined) return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** The headers that the query of a GetObject asks to be answered instead of the object's own. */
export function overriddenHeaders({ query }: S3Request): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS.slice(0, 6)) {
    const value = query.get(`response-${name}`);
    if (value === null) continue;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a header cannot hold
    if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) {
      throw invalidArgument(`response-${name}`, value, `response-${name} must not have control characters.`);
    }
    headers[name] = headerOfText(value);
  }
  return headers;
}

// --- internal ---

function readHeaders(request: S3Request): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = header(request, name);
    if (value !== undefined) headers[name] = value;
  }
  // aws-chunked describes the request's body, not the object.
  const encoding = headers['content-encoding']?.replace(/\s*\baws-chunked\b\s*,?\s*/i, '').replace(/,\s*$/, '');
  if (encoding === '') delete headers['content-encoding'];
  else if (encoding !== undefined) headers['content-encoding'] = encoding;
  return headers;
}

function readMetadata({ headers }: S3Request): Record<string, string> {
  const metadata: Record<string, string> = {};
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(METADATA_PREFIX)) continue;
    metadata[name.slice(METADATA_PREFIX.length)] = String(value);
    bytes += name.length - METADATA_PREFIX.length + String(value).length;
  }
  if (bytes <= MAX_METADATA_BYTES) return metadata;
  throw new ServiceError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', 400, {
    Size: bytes,
    MaxSizeAllowed: MAX_METADATA_BYTES,
  });
}
