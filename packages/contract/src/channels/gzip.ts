/**
 * Gzip of several members, as parallel packers and appending tools write it, with NUL bytes of padding between or behind
 * them: all members are unpacked, and what is neither is refused, so that no row is ever left out in silence. Node's own
 * unpacking ends at padding. Whatever the bytes, what they unpack to is bounded.
 * Source: RFC 1952, section 2.2; gzip's and tar's padding.
 */
import { constants } from 'node:buffer';
import { createGunzip, gunzipSync } from 'node:zlib';
import { ClientError } from '../errors.js';

/** Magic, and deflate, the only method there is. */
const MAGIC = [0x1f, 0x8b, 8] as const;
const CHUNK_BYTES = 256 * 1024;

/**
 * Deflate makes at most 1,032 bytes of one. Real rows come to some dozens, and thousands of equal ones to a few hundred:
 * so what is packed tighter than this is made to fill memory, or time, once it is larger than `free`.
 */
const MAX_RATIO = 500;

export interface UnpackLimits {
  /** Bytes that may come of any input, however small. */
  readonly free: number;
  /** The maximum size of the output of any input. */
  readonly most: number;
}

/** Rows pass by and are not held: only the ratio bounds them. */
const STREAM_LIMITS: UnpackLimits = { free: 2 ** 30, most: Number.POSITIVE_INFINITY };
/** Archives are held in memory. */
const ARCHIVE_LIMITS: UnpackLimits = { free: 2 ** 28, most: 2 ** 33 };

/** Whether text or records that begin so are gzip: none that is not begins with these two bytes. */
export function isGzip(start: Uint8Array): boolean {
  return start[0] === MAGIC[0] && start[1] === MAGIC[1];
}

/** The same for any bytes: two alone are also the start of one in 65,536 files of numbers. */
export function isGzipFile(start: Uint8Array): boolean {
  return isGzip(start) && start[2] === MAGIC[2];
}

/** All members of a gzip stream, unpacked off the main thread. @throws ClientError E_DATA_COMPRESSED under `label` */
export async function* gunzipChunks(
  packed: AsyncIterable<Uint8Array>,
  label: string,
  limits: UnpackLimits = STREAM_LIMITS,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = packed[Symbol.asyncIterator]();
  const count = createCount(label, limits);
  try {
    for (let rest = await nextMember(source, new Uint8Array(0), label, true); rest; ) {
      const member = new Member(source, rest, count, label);
      yield* member.chunks();
      rest = await nextMember(source, member.rest, label, false);
    }
  } finally {
    await source.return?.();
  }
}

/** All members of `packed`. @throws ClientError E_DATA_COMPRESSED under `label` */
export function gunzipBytes(packed: Uint8Array, label: string, limits: UnpackLimits = ARCHIVE_LIMITS): Buffer {
  const count = createCount(label, limits);
  const parts: Buffer[] = [];
  for (let at = 0; at < packed.length; ) {
    const member = packed.subarray(at);
    const { buffer, engine } = unpackMember(member, count.left(member.length), label);
    count.add(engine.bytesWritten, buffer.length);
    parts.push(buffer);
    at += engine.bytesWritten;
    while (packed[at] === 0) at++;
    if (at < packed.length && packed[at] !== MAGIC[0]) throw trailing(label);
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

// --- internal ---

type Count = ReturnType<typeof createCount>;

/** What was read and what came of it, held to the limits. */
function createCount(label: string, { free, most }: UnpackLimits) {
  let read = 0;
  let made = 0;
  const limit = (bytes: number) => Math.min(most, Math.max(free, bytes * MAX_RATIO));
  const check = () => {
    if (made > limit(read)) throw tooLarge(label, limit(read));
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

interface Unpacked {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function unpackMember(packed: Uint8Array, left: number, label: string): Unpacked {
  try {
    // With `info`, the types of Node know of a Buffer only.
    const unpacked: unknown = gunzipSync(packed, {
      info: true,
      maxOutputLength: Math.min(Math.max(1, left), constants.MAX_LENGTH),
    });
    return unpacked as Unpacked;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(label, left);
    throw damaged(label, error);
  }
}

/** One engine's part of a stream: one member, and those that follow it without padding. */
class Member {
  /** What was read beyond the member's end. */
  rest: Uint8Array = new Uint8Array(0);
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #first: Uint8Array;
  readonly #count: Count;
  readonly #label: string;

  constructor(source: AsyncIterator<Uint8Array>, first: Uint8Array, count: Count, label: string) {
    this.#source = source;
    this.#first = first;
    this.#count = count;
    this.#label = label;
  }

  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    const engine = createGunzip({ chunkSize: CHUNK_BYTES });
    let failure: unknown;
    const fed = this.#feed(engine).catch((error: unknown) => {
      failure = error;
      engine.destroy();
    });
    let read = 0;
    try {
      for await (const chunk of engine) {
        const unpacked = chunk as Buffer;
        this.#count.add(engine.bytesWritten - read, unpacked.length);
        read = engine.bytesWritten;
        yield unpacked;
      }
      await fed;
    } catch (error) {
      if (failure === undefined) throw isOfZlib(error) ? damaged(this.#label, error) : error;
    } finally {
      engine.destroy();
    }
    if (failure !== undefined) throw failure;
  }

  /** Writes pieces until the input or the member ends; then no more of the stream is asked for. */
  async #feed(engine: ReturnType<typeof createGunzip>): Promise<void> {
    let given = 0;
    let piece: Uint8Array | undefined = this.#first;
    while (piece && !engine.destroyed) {
      const bytes: Uint8Array = piece;
      given += bytes.length;
      await new Promise<void>((resolve) => {
        engine.once('close', resolve);
        engine.write(bytes, () => {
          engine.off('close', resolve);
          resolve();
        });
      });
      const left = given - engine.bytesWritten;
      if (left > 0 || engine.destroyed) {
        this.rest = bytes.subarray(bytes.length - left);
        return;
      }
      const next = await this.#source.next();
      piece = next.done ? undefined : next.value;
    }
    if (!engine.destroyed) engine.end();
  }
}

/** The stream from its next member on; undefined when only padding is left. */
async function nextMember(
  source: AsyncIterator<Uint8Array>,
  rest: Uint8Array,
  label: string,
  isFirst: boolean,
): Promise<Uint8Array | undefined> {
  for (let bytes = rest; ; ) {
    const at = isFirst && bytes.length > 0 ? 0 : bytes.findIndex((byte) => byte !== 0);
    if (at >= 0) {
      if (!isFirst && bytes[at] !== MAGIC[0]) throw trailing(label);
      return bytes.subarray(at);
    }
    const next = await source.next();
    if (next.done) return undefined;
    bytes = next.value;
  }
}

function isOfZlib(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

function damaged(label: string, cause: unknown): ClientError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ClientError(
    'E_DATA_COMPRESSED',
    `${label}: the file must be complete gzip data; it is damaged or ends early (${reason}). Upload it again.`,
    { cause },
  );
}

function trailing(label: string): ClientError {
  return new ClientError(
    'E_DATA_COMPRESSED',
    `${label}: only gzip data or NUL bytes may follow its gzip data; received other bytes. Upload it again.`,
  );
}

function tooLarge(label: string, limit: number): ClientError {
  return new ClientError(
    'E_DATA_COMPRESSED',
    `${label}: gzip data must not unpack to more than ${Math.floor(limit)} bytes (${MAX_RATIO} per packed byte, once it is large); it does. Upload it unpacked if that is its true size.`,
  );
}
