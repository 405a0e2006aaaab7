/**
 * Presigned URLs: their times are checked. Signatures are not: any credentials are right here, so there is no secret to
 * check one with. Source: Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters".
 */
import { ServiceError } from '../service-error.js';

const MAX_EXPIRES_S = 604_800;
/** How far a client's clock may be ahead, as S3 has it. */
const MAX_SKEW_MS = 15 * 60_000;

/** @throws ServiceError AccessDenied if the URL has expired or is of the future; AuthorizationQueryParametersError */
export function checkPresigned(query: URLSearchParams, nowMs: number): void {
  if (query.has('X-Amz-Algorithm')) checkVersion4(query, nowMs);
  else if (query.has('AWSAccessKeyId') && query.has('Signature')) checkVersion2(query, nowMs);
}

// --- internal ---

function checkVersion4(query: URLSearchParams, nowMs: number): void {
  const names = ['X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-Date', 'X-Amz-SignedHeaders', 'X-Amz-Expires'];
  if (query.get('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256' || names.some((name) => !query.get(name))) {
    throw queryError(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  }
  const [date, expires] = [query.get('X-Amz-Date')!, query.get('X-Amz-Expires')!];
  const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(date) ?? [];
  const startMs = Date.parse(`${day}T${time}Z`.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
  if (Number.isNaN(startMs)) throw queryError("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  if (!/^\d+$/.test(expires)) throw queryError('X-Amz-Expires should be a number');
  if (Number(expires) > MAX_EXPIRES_S) {
    throw queryError(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  }
  if (startMs > nowMs + MAX_SKEW_MS) throw new ServiceError('AccessDenied', 'Request is not valid yet', 403);
  checkExpiry(startMs + Number(expires) * 1000, nowMs, { 'X-Amz-Expires': expires });
}

function checkVersion2(query: URLSearchParams, nowMs: number): void {
  const expires = query.get('Expires') ?? '';
  if (!/^\d+$/.test(expires)) {
    throw new ServiceError('AccessDenied', 'Invalid date (should be seconds since epoch)', 403, { Expires: expires });
  }
  checkExpiry(Number(expires) * 1000, nowMs, {});
}

function checkExpiry(endMs: number, nowMs: number, members: Record<string, string>): void {
  if (nowMs < endMs) return;
  const [end, now] = [endMs, nowMs].map((ms) => new Date(ms).toISOString());
  throw new ServiceError('AccessDenied', 'Request has expired', 403, { ...members, Expires: end, ServerTime: now });
}

function queryError(message: string): ServiceError {
  return new ServiceError('AuthorizationQueryParametersError', message);
}
