/** Conditions of a request on the object that is there: If-Match and its kind. RFC 9110, section 13.2.2. */
import { ServiceError } from '../service-error.js';
import type { StoredObject } from './object-store.js';
import { noSuchKey, preconditionFailed } from './s3-errors.js';
import { header, type S3Request } from './s3-request.js';

/**
 * Whether the object is to be sent; false if the client's copy is the same, which is answered with 304.
 * @throws ServiceError PreconditionFailed
 */
export function isToBeSent(request: S3Request, object: StoredObject): boolean {
  const failed = failedCondition(request, object, '');
  if (failed === undefined) return true;
  if (failed.isNotModified) return false;
  throw preconditionFailed(failed.name);
}

/** Checks the conditions on the source of a copy. @throws ServiceError PreconditionFailed */
export function checkSourceConditions(request: S3Request, object: StoredObject): void {
  const failed = failedCondition(request, object, SOURCE_PREFIX);
  if (failed !== undefined) throw preconditionFailed(failed.name);
}

/** Checks the conditions of a write. @throws ServiceError PreconditionFailed, NoSuchKey */
export function checkWriteConditions(
  request: Pick<S3Request, 'headers'>,
  key: string,
  existing: StoredObject | undefined,
): void {
  const [match, noneMatch] = [header(request, 'if-match'), header(request, 'if-none-match')];
  if (noneMatch !== undefined && noneMatch !== '*') {
    throw new ServiceError('NotImplemented', `If-None-Match of a write must be *; received "${noneMatch}".`, 501);
  }
  if (noneMatch === '*' && existing !== undefined) throw preconditionFailed('If-None-Match');
  if (match === undefined) return;
  if (existing === undefined) throw noSuchKey(key);
  if (!matches(match, existing.etag)) throw preconditionFailed('If-Match');
}

// --- internal ---

const SOURCE_PREFIX = 'x-amz-copy-source-';

interface FailedCondition {
  readonly name: string;
  /** Whether it fails because the client has the object already. */
  readonly isNotModified: boolean;
}

function failedCondition(request: S3Request, object: StoredObject, prefix: string): FailedCondition | undefined {
  const value = (name: string) => header(request, prefix + name);
  const seconds = Math.floor(object.lastModified.getTime() / 1000);
  const [match, noneMatch] = [value('if-match'), value('if-none-match')];
  const [modifiedSince, unmodifiedSince] = [
    secondsOf(value('if-modified-since')),
    secondsOf(value('if-unmodified-since')),
  ];
  if (match !== undefined) {
    if (!matches(match, object.etag)) return { name: 'If-Match', isNotModified: false };
  } else if (unmodifiedSince !== undefined && seconds > unmodifiedSince) {
    return { name: 'If-Unmodified-Since', isNotModified: false };
  }
  if (noneMatch !== undefined) {
    if (matches(noneMatch, object.etag)) return { name: 'If-None-Match', isNotModified: true };
  } else if (modifiedSince !== undefined && seconds <= modifiedSince) {
    return { name: 'If-Modified-Since', isNotModified: true };
  }
  return undefined;
}

/** Whether a list of ETags, with or without quotes, has this one. */
function matches(list: string, etag: string): boolean {
  const tags = list.split(',').map((tag) => tag.trim().replace(/^(?:W\/)?"(.*)"$/, '$1'));
  return tags.includes('*') || tags.includes(etag);
}

/** Seconds since 1970 of an HTTP date; undefined if there is none, or it is none, which RFC 9110 has ignored. */
function secondsOf(date: string | undefined): number | undefined {
  const ms = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
}
