/**
 * The checksums that clients send with an object: CRC32, CRC32C, CRC64NVME, SHA1 and SHA256, in base64. An object of
 * several parts has the checksum of its bytes (full object) or of its parts' checksums (composite).
 * Source: Amazon S3 User Guide, "Checking object integrity in Amazon S3".
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

export interface ObjectChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; with `-N` behind it if it is composite, of N parts. */
  readonly value: string;
  readonly type: ChecksumType;
}

/** What an object gets whose client sends no checksum. */
export const DEFAULT_ALGORITHM: ChecksumAlgorithm = 'CRC64NVME';

/** A checksum that grows with the bytes. */
export interface RunningChecksum {
  update(bytes: Uint8Array): void;
  /** Base64. */
  digest(): string;
}

export async function startChecksum(algorithm: ChecksumAlgorithm): Promise<RunningChecksum> {
  if (algorithm === 'CRC32') return startCrc32();
  if (algorithm === 'SHA1' || algorithm === 'SHA256') return startHash(algorithm.toLowerCase());
  const { createCRC32, createCRC64 } = await import('hash-wasm'); // 260 kB: the server starts faster without it
  const hash = algorithm === 'CRC32C' ? await createCRC32(CRC32C_POLYNOMIAL) : await createCRC64(CRC64NVME_POLYNOMIAL);
  hash.init();
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => Buffer.from(hash.digest('binary')).toString('base64'),
  };
}

/** MD5 as S3 uses it for ETags. */
export function startMd5(): { update(bytes: Uint8Array): void; hex(): string } {
  const hash = createHash('md5');
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
}

/** The checksum of the parts' checksums, with their number. */
export async function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): Promise<string> {
  const checksum = await startChecksum(algorithm);
  for (const part of parts) checksum.update(Buffer.from(part, 'base64'));
  return `${checksum.digest()}-${parts.length}`;
}

/** The type that an upload in parts has if the client names only the algorithm. */
export function defaultType(algorithm: ChecksumAlgorithm): ChecksumType {
  return algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
}

/** Name of the header that carries it. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

// --- internal ---

/** Polynomials in reversed bit order, as hash-wasm takes them. */
const CRC32C_POLYNOMIAL = 0x82f63b78;
const CRC64NVME_POLYNOMIAL = '9a6c9329ac4bc9b5';

function startCrc32(): RunningChecksum {
  let value = 0;
  return {
    update: (bytes) => {
      value = crc32(bytes, value);
    },
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString('base64');
    },
  };
}

function startHash(name: string): RunningChecksum {
  const hash = createHash(name);
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') };
}
