/** What S3 keeps of an object in addition to its bytes, and how a file is recognised as the one that it was kept for. */
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { ObjectChecksum } from './checksum.js';

/** One part of an object that was uploaded in parts. */
export interface ObjectPart {
  readonly bytes: number;
  /** Base64. */
  readonly checksum?: string;
}

export interface ObjectDetails {
  /** Headers of its answers by their name in lower case, e.g. `content-type`. */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata by name, without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly checksum?: ObjectChecksum;
  readonly parts?: readonly ObjectPart[];
}

/** Of a file that a person put into the folder. */
export const NO_DETAILS: ObjectDetails = { headers: {}, metadata: {} };

/** What identifies the content of a file: a change by hand changes it. */
export interface FileIdentity {
  readonly inode: bigint;
  readonly bytes: bigint;
  readonly modifiedNs: bigint;
}

export function identityOf(stats: BigIntStats): FileIdentity {
  return { inode: stats.ino, bytes: stats.size, modifiedNs: stats.mtimeNs };
}

/**
 * ETag, without quotes, of a file that no client uploaded. It has the form of an upload in parts, which clients know not
 * to be the MD5 of the content, so that a listing need not read every file.
 */
export function etagOfFile({ inode, bytes, modifiedNs }: FileIdentity): string {
  return `${createHash('md5').update(`${inode}-${bytes}-${modifiedNs}`).digest('hex')}-1`;
}
