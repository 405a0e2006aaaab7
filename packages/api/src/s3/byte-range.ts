/** The part of an object that a request asks for, by `Range` or by `partNumber`. RFC 9110, section 14.1.2. */
import { ServiceError } from '../service-error.js';
import type { StoredObject } from './object-store.js';
import { invalidArgument } from './s3-errors.js';

export interface ByteRange {
  readonly start: number;
  readonly bytes: number;
}

/** The header of UploadPartCopy's range. */
export const COPY_RANGE = 'x-amz-copy-source-range';

/**
 * The range of a `Range` header.
 * @returns undefined if all is to be sent: there is no range, several, or it is not well-formed
 * @throws ServiceError InvalidRange if nothing of the object is in it
 */
export function readRange(text: string | undefined, size: number): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(text?.replaceAll(' ', '') ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (start >= size || end < start) {
    throw new ServiceError('InvalidRange', 'The requested range is not satisfiable', 416, {
      RangeRequested: text,
      ActualObjectSize: size,
    });
  }
  return { start, bytes: end - start + 1 };
}

/**
 * The range of `x-amz-copy-source-range`, which must be whole and all in the source.
 * @throws ServiceError InvalidArgument
 */
export function readCopyRange(text: string, size: number): ByteRange {
  const [, first, last] = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(text) ?? [];
  if (first === undefined || Number(last) < Number(first)) {
    throw invalidArgument(
      COPY_RANGE,
      text,
      `The ${COPY_RANGE} value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy`,
    );
  }
  if (Number(last) >= size) {
    throw invalidArgument(COPY_RANGE, text, `Range specified is not valid for source object of size: ${size}`);
  }
  return { start: Number(first), bytes: Number(last) - Number(first) + 1 };
}

/** The part with this number, from 1. An object that was not uploaded in parts has one. */
export function readPart(text: string, object: StoredObject): ByteRange & { readonly number: number } {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw invalidArgument('partNumber', text, 'Part number must be an integer between 1 and 10000, inclusive');
  }
  const parts = object.details.parts ?? [{ bytes: object.size }];
  const part = parts[number - 1];
  if (part === undefined) {
    throw new ServiceError('InvalidPartNumber', 'The requested partnumber is not satisfiable', 416, {
      PartNumberRequested: text,
      ActualPartCount: parts.length,
    });
  }
  const start = parts.slice(0, number - 1).reduce((sum, { bytes }) => sum + bytes, 0);
  return { number, start, bytes: part.bytes };
}
