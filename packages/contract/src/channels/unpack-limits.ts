/** How much packed data may unpack to: as much as rows can be packed, and no more than fills memory or time on purpose. */
import { ClientError, messageOf } from '../errors.js';
import type { Packing } from './packings.js';

/**
 * Deflate makes at most 1,032 bytes of one, Zstandard many more. Real rows come to some dozens, and thousands of equal ones
 * to a few hundred: so what is packed tighter than this is made to fill memory, or time, once it is larger than `free`.
 */
const MAX_RATIO = 500;

export interface UnpackLimits {
  /** Bytes that may come of any input, however small. */
  readonly free: number;
  /** The maximum size of the output of any input. */
  readonly most: number;
}

/** Rows pass by and are not held: only the ratio bounds them. */
export const STREAM_LIMITS: UnpackLimits = { free: 2 ** 30, most: Number.POSITIVE_INFINITY };
/** Archives are held in memory. */
export const ARCHIVE_LIMITS: UnpackLimits = { free: 2 ** 28, most: 2 ** 33 };

/** What is thrown for input that is not unpacked. */
export interface UnpackErrors {
  damaged(packing: Packing, cause: unknown): Error;
  /** Other bytes follow what is packed. */
  trailing(packing: Packing): Error;
  /** @param limit bytes */
  tooLarge(packing: Packing, limit: number): Error;
}

/** `add` throws once there is more than the limits allow. */
export function createCount(packing: Packing, errors: UnpackErrors, { free, most }: UnpackLimits) {
  let read = 0;
  let made = 0;
  const limit = (bytes: number) => Math.min(most, Math.max(free, bytes * MAX_RATIO));
  const check = () => {
    if (made > limit(read)) throw errors.tooLarge(packing, limit(read));
  };
  return {
    add(packed: number, unpacked: number): void {
      read += packed;
      made += unpacked;
      check();
    },
    /** Bytes that may still come, if `packed` more are read. */
    left: (packed: number) => limit(read + packed) - made,
  };
}

/** Of a file, all E_DATA_COMPRESSED. @param label as messages begin */
export function errorsOfFile(label: string): UnpackErrors {
  const refused = (rule: string, options?: ErrorOptions) =>
    new ClientError('E_DATA_COMPRESSED', `${label}: ${rule}`, options);
  return {
    damaged({ name }, cause) {
      const reason = messageOf(cause);
      const rule = `the file must be complete ${name} data; it is damaged or ends early (${reason}). Upload it again.`;
      return refused(rule, { cause });
    },
    trailing: ({ name, hasPadding }) =>
      refused(
        `only ${name} data${hasPadding ? ' or NUL bytes' : ''} may follow its ${name} data; received other bytes. Upload it again.`,
      ),
    tooLarge: ({ name }, limit) =>
      refused(
        `${name} data must not unpack to more than ${Math.floor(limit)} bytes (${MAX_RATIO} per packed byte, once it is large); it does. Upload it unpacked if that is its true size.`,
      ),
  };
}
