/**
 * The checksums that clients send with an object: CRC32, CRC32C, CRC64NVME, SHA1 and SHA256, in base64. An object of
 * several parts has the checksum of its bytes (full object) or of its parts' checksums (composite).
 * Source: Amazon S3 User Guide, "Checking object integrity in Amazon S3".
 */
import { createHash } from 'node:crypto';

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

export interface ObjectChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; with `-N` behind it if it is composite, of N parts. */
  readonly value: string;
  readonly type: ChecksumType;
}

/** MD5 as S3 uses it for ETags. */
export function startMd5(): { update(bytes: Uint8Array): void; hex(): string } {
  const hash = createHash('md5');
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
}
