/**
 * What files are packed by: gzip and Zstandard, each known by its first bytes, whatever the name. A file may have several
 * members (gzip) or frames (Zstandard), as parallel packers and appending tools write it.
 * Sources: RFC 1952, section 2.2; RFC 8878, sections 3.1.1 and 3.1.2.
 */
import { constants, createGunzip, createZstdDecompress, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { ZstdFrame } from './zstd-frame.js';

/** What Node unpacks a member by. */
export type Engine = ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>;

/** A member, and how much of the input it was. */
export interface UnpackedMember {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

export interface Packing {
  readonly name: 'gzip' | 'Zstandard';
  /** Whether NUL bytes may be between members and behind them. */
  readonly hasPadding: boolean;
  /** Whether text or records that begin so are packed: none that are not begin with these bytes. */
  isStart(start: Uint8Array): boolean;
  /** The same for any bytes, such as those of a model. */
  isFile(start: Uint8Array): boolean;
  /** Whether a further member may begin with this byte. */
  isMember(byte: number): boolean;
  createEngine(chunkSize: number): Engine;
  /** Follows a member to its end; of gzip, whose engine holds each to its size, there is none. */
  createFrame?(): ZstdFrame;
  /** The first member of `packed`. @throws Error of Node when it is damaged or larger than `mostBytes` */
  unpackMember(packed: Uint8Array, mostBytes: number): UnpackedMember;
  /** As many bytes as the start of a file gives, of which the end may be missing. */
  unpackStart(packed: Uint8Array, mostBytes: number): Buffer;
}

/** Bytes from which a packing is seen. */
export const PACKING_BYTES = 4;

/** The packing of text or records that begin so. */
export function packingOf(start: Uint8Array): Packing | undefined {
  return PACKINGS.find((packing) => packing.isStart(start));
}

/** The packing of a file of any kind that begins so. */
export function packingOfFile(start: Uint8Array): Packing | undefined {
  return PACKINGS.find((packing) => packing.isFile(start));
}

// --- internal ---

const GZIP_MAGIC = [0x1f, 0x8b] as const;
/** Deflate, the only method there is: the two bytes before it alone are also the start of one in 65,536 files of numbers. */
const DEFLATE = 8;

const gzip: Packing = {
  name: 'gzip',
  hasPadding: true,
  isStart: (start) => start[0] === GZIP_MAGIC[0] && start[1] === GZIP_MAGIC[1],
  isFile: (start) => gzip.isStart(start) && start[2] === DEFLATE,
  isMember: (byte) => byte === GZIP_MAGIC[0],
  createEngine: (chunkSize) => createGunzip({ chunkSize }),
  // With `info`, the types of Node know of a Buffer only.
  unpackMember: (packed, maxOutputLength) =>
    gunzipSync(packed, { info: true, maxOutputLength }) as unknown as UnpackedMember,
  unpackStart: (packed, maxOutputLength) =>
    gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength }),
};

const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd] as const;
/** A frame that holds no data begins with one of sixteen numbers: their first byte is 0x50 to 0x5f. */
const SKIPPABLE_MAGIC = [0x50, 0x2a, 0x4d, 0x18] as const;
/** 128 MiB, which is all that packers use unless an option asks for more (`zstd --long=28`). */
const WINDOW_LOG = 27;

const params = { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG };

const zstd: Packing = {
  name: 'Zstandard',
  hasPadding: false,
  isStart: (start) => zstd.isFile(start),
  isFile: (start) =>
    ZSTD_MAGIC.every((byte, i) => start[i] === byte) ||
    SKIPPABLE_MAGIC.every((byte, i) => (i === 0 ? (start[0] ?? 0) & 0xf0 : start[i]) === byte),
  isMember: (byte) => byte === ZSTD_MAGIC[0] || (byte & 0xf0) === SKIPPABLE_MAGIC[0],
  createEngine: (chunkSize) => createZstdDecompress({ chunkSize, params }),
  createFrame: () => new ZstdFrame(),
  unpackMember: (packed, maxOutputLength) =>
    zstdDecompressSync(packed, { info: true, maxOutputLength, params }) as unknown as UnpackedMember,
  unpackStart: (packed, maxOutputLength) =>
    zstdDecompressSync(packed, { finishFlush: constants.ZSTD_e_flush, maxOutputLength, params }),
};

const PACKINGS = [gzip, zstd] as const;
