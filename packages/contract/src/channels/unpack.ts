/**
 * Unpacking of gzip and Zstandard: all members of a file are unpacked, with NUL bytes of padding between or behind those of
 * gzip, and what is neither is refused, so that no row is ever left out in silence: Node's own unpacking ends with the first
 * member or padding. Whatever the bytes, what they unpack to is bounded.
 */
import { constants } from 'node:buffer';
import { ClientError } from '../errors.js';
import type { Engine, Packing, UnpackedMember } from './packings.js';

const CHUNK_BYTES = 256 * 1024;

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
const STREAM_LIMITS: UnpackLimits = { free: 2 ** 30, most: Number.POSITIVE_INFINITY };
/** Archives are held in memory. */
const ARCHIVE_LIMITS: UnpackLimits = { free: 2 ** 28, most: 2 ** 33 };

/** All members of a stream, unpacked off the main thread. @throws ClientError E_DATA_COMPRESSED under `label` */
export async function* unpackChunks(
  packing: Packing,
  packed: AsyncIterable<Uint8Array>,
  label: string,
  limits: UnpackLimits = STREAM_LIMITS,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = packed[Symbol.asyncIterator]();
  const job = { packing, label, count: createCount(packing, label, limits) };
  try {
    for (let rest = await nextMember(source, new Uint8Array(0), job, true); rest; ) {
      const member = new Member(source, rest, job);
      yield* member.chunks();
      rest = await nextMember(source, member.rest, job, false);
    }
  } finally {
    await source.return?.();
  }
}

/** All members of `packed`. @throws ClientError E_DATA_COMPRESSED under `label` */
export function unpackBytes(
  packing: Packing,
  packed: Uint8Array,
  label: string,
  limits: UnpackLimits = ARCHIVE_LIMITS,
): Buffer {
  const count = createCount(packing, label, limits);
  const parts: Buffer[] = [];
  for (let at = 0; at < packed.length; ) {
    const member = packed.subarray(at);
    const { buffer, engine } = unpackMember(packing, member, count.left(member.length), label);
    count.add(engine.bytesWritten, buffer.length);
    parts.push(buffer);
    at += engine.bytesWritten;
    while (packing.hasPadding && packed[at] === 0) at++;
    if (at < packed.length && !packing.isMember(packed[at]!)) throw trailing(packing, label);
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

// --- internal ---

type Count = ReturnType<typeof createCount>;

/** What all members of a stream have in common. */
interface Unpacking {
  readonly packing: Packing;
  readonly label: string;
  readonly count: Count;
}

/** What was read and what came of it, held to the limits. */
function createCount(packing: Packing, label: string, { free, most }: UnpackLimits) {
  let read = 0;
  let made = 0;
  const limit = (bytes: number) => Math.min(most, Math.max(free, bytes * MAX_RATIO));
  const check = () => {
    if (made > limit(read)) throw tooLarge(packing, label, limit(read));
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

function unpackMember(packing: Packing, packed: Uint8Array, left: number, label: string): UnpackedMember {
  try {
    return packing.unpackMember(packed, Math.min(Math.max(1, left), constants.MAX_LENGTH));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(packing, label, left);
    throw damaged(packing, label, error);
  }
}

/** One engine's part of a stream: one member, and those that follow it without padding. */
class Member {
  /** What was read beyond the member's end. */
  rest: Uint8Array = new Uint8Array(0);
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #first: Uint8Array;
  readonly #job: Unpacking;

  constructor(source: AsyncIterator<Uint8Array>, first: Uint8Array, job: Unpacking) {
    this.#source = source;
    this.#first = first;
    this.#job = job;
  }

  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    const { packing, label, count } = this.#job;
    const engine = packing.createEngine(CHUNK_BYTES);
    let failure: unknown;
    const fed = this.#feed(engine).catch((error: unknown) => {
      failure = error;
      engine.destroy();
    });
    let read = 0;
    try {
      for await (const chunk of engine) {
        const unpacked = chunk as Buffer;
        count.add(engine.bytesWritten - read, unpacked.length);
        read = engine.bytesWritten;
        yield unpacked;
      }
      await fed;
    } catch (error) {
      if (failure === undefined) throw isOfZlib(error) ? damaged(packing, label, error) : error;
    } finally {
      engine.destroy();
    }
    if (failure !== undefined) throw failure;
  }

  /** Writes pieces until the input or the member ends; then no more of the stream is asked for. */
  async #feed(engine: Engine): Promise<void> {
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
  { packing, label }: Unpacking,
  isFirst: boolean,
): Promise<Uint8Array | undefined> {
  for (let bytes = rest; ; ) {
    const at = isFirst || !packing.hasPadding ? startOf(bytes) : bytes.findIndex((byte) => byte !== 0);
    if (at >= 0) {
      if (!isFirst && !packing.isMember(bytes[at]!)) throw trailing(packing, label);
      return bytes.subarray(at);
    }
    const next = await source.next();
    if (next.done) return undefined;
    bytes = next.value;
  }
}

/** Where bytes begin that have no padding; -1 where there are none. */
function startOf(bytes: Uint8Array): number {
  return bytes.length > 0 ? 0 : -1;
}

function isOfZlib(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^Z(STD)?_/.test(String(error.code));
}

function damaged({ name }: Packing, label: string, cause: unknown): ClientError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ClientError(
    'E_DATA_COMPRESSED',
    `${label}: the file must be complete ${name} data; it is damaged or ends early (${reason}). Upload it again.`,
    { cause },
  );
}

function trailing({ name, hasPadding }: Packing, label: string): ClientError {
  return new ClientError(
    'E_DATA_COMPRESSED',
    `${label}: only ${name} data${hasPadding ? ' or NUL bytes' : ''} may follow its ${name} data; received other bytes. Upload it again.`,
  );
}

function tooLarge({ name }: Packing, label: string, limit: number): ClientError {
  return new ClientError(
    'E_DATA_COMPRESSED',
    `${label}: ${name} data must not unpack to more than ${Math.floor(limit)} bytes (${MAX_RATIO} per packed byte, once it is large); it does. Upload it unpacked if that is its true size.`,
  );
}
