/**
 * What files are packed by: gzip and Zstandard, each known by its first bytes, whatever the name. A file may have several
 * members (gzip) or frames (Zstandard), as parallel packers and appending tools write it.
 * Sources: RFC 1952, section 2.2; RFC 8878, sections 3.1.1 and 3.1.2; as codings of HTTP RFC 9110, 8.4.1.3, and RFC 9659.
 */
import { ZstdFrame } from './zstd-frame.js';

type Zlib = typeof import('node:zlib');

/** What Node unpacks a member by. */
export type Engine = ReturnType<Zlib['createGunzip']> | ReturnType<Zlib['createZstdDecompress']>;

/** A member, and how much of the input it was. */
export interface UnpackedMember {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

export interface Packing {
  readonly name: 'gzip' | 'Zstandard';
  /** As Content-Encoding names it. */
  readonly coding: 'gzip' | 'zstd';
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
  /** The same while this thread continues. */
  unpackMemberAside(packed: Uint8Array, mostBytes: number): Promise<UnpackedMember>;
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

/** The packing of a request that has this Content-Encoding; undefined for any other. */
export function packingOfCoding(coding: string): Packing | undefined {
  return CODINGS.get(coding.toLowerCase());
}

// --- internal ---

/** Loaded for what is packed: a process that serves starts without it. */
const zlib = () => process.getBuiltinModule('node:zlib');

const GZIP_MAGIC = [0x1f, 0x8b] as const;
/** Deflate, the only method there is: the two bytes before it alone are also the start of one in 65,536 files of numbers. */
const DEFLATE = 8;

const gzip: Packing = {
  name: 'gzip',
  coding: 'gzip',
  hasPadding: true,
  isStart: (start) => start[0] === GZIP_MAGIC[0] && start[1] === GZIP_MAGIC[1],
  isFile: (start) => gzip.isStart(start) && start[2] === DEFLATE,
  isMember: (byte) => byte === GZIP_MAGIC[0],
  createEngine: (chunkSize) => zlib().createGunzip({ chunkSize }),
  // With `info`, the types of Node know of a Buffer only.
  unpackMember: (packed, maxOutputLength) =>
    zlib().gunzipSync(packed, { info: true, maxOutputLength }) as unknown as UnpackedMember,
  unpackMemberAside: (packed, maxOutputLength) =>
    aside((done) => zlib().gunzip(packed, { info: true, maxOutputLength }, done)),
  unpackStart: (packed, maxOutputLength) =>
    zlib().gunzipSync(packed, { finishFlush: zlib().constants.Z_SYNC_FLUSH, maxOutputLength }),
};

const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd] as const;
/** A frame that holds no data begins with one of sixteen numbers: their first byte is 0x50 to 0x5f. */
const SKIPPABLE_MAGIC = [0x50, 0x2a, 0x4d, 0x18] as const;
/** 128 MiB, which is all that packers use unless an option asks for more (`zstd --long=28`). */
const FILE_WINDOW_LOG = 27;
/** 8 MiB, the maximum for a coding of HTTP (RFC 9659). */
const CODING_WINDOW_LOG = 23;

const zstd: Packing = zstdOf(FILE_WINDOW_LOG);

const PACKINGS = [gzip, zstd] as const;

const CODINGS: ReadonlyMap<string, Packing> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['zstd', zstdOf(CODING_WINDOW_LOG)],
]);

function zstdOf(windowLog: number): Packing {
  const params = () => ({ [zlib().constants.ZSTD_d_windowLogMax]: windowLog });
  const isFile = (start: Uint8Array) =>
    ZSTD_MAGIC.every((byte, i) => start[i] === byte) ||
    SKIPPABLE_MAGIC.every((byte, i) => (i === 0 ? (start[0] ?? 0) & 0xf0 : start[i]) === byte);
  return {
    name: 'Zstandard',
    coding: 'zstd',
    hasPadding: false,
    isStart: isFile,
    isFile,
    isMember: (byte) => byte === ZSTD_MAGIC[0] || (byte & 0xf0) === SKIPPABLE_MAGIC[0],
    createEngine: (chunkSize) => zlib().createZstdDecompress({ chunkSize, params: params() }),
    createFrame: () => new ZstdFrame(),
    unpackMember: (packed, maxOutputLength) =>
      zlib().zstdDecompressSync(packed, { info: true, maxOutputLength, params: params() }) as unknown as UnpackedMember,
    unpackMemberAside: (packed, maxOutputLength) =>
      aside((done) => zlib().zstdDecompress(packed, { info: true, maxOutputLength, params: params() }, done)),
    unpackStart: (packed, maxOutputLength) => {
      const finishFlush = zlib().constants.ZSTD_e_flush;
      return zlib().zstdDecompressSync(packed, { finishFlush, maxOutputLength, params: params() });
    },
  };
}

/** With `info`, Node gives a member where its types say a Buffer. */
function aside(begin: (done: (error: Error | null, result: Buffer) => void) => void): Promise<UnpackedMember> {
  return new Promise((resolve, reject) => {
    begin((error, result) => (error ? reject(error) : resolve(result as unknown as UnpackedMember)));
  });
}
