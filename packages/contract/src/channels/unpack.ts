/**
 * Unpacking of gzip and Zstandard: all members of a file are unpacked, with NUL bytes of padding between or behind those of
 * gzip, and what is neither is refused, so that no row is ever left out in silence: Node's own unpacking ends with the first
 * member or padding. Whatever the bytes, what they unpack to is bounded.
 */
import { constants } from 'node:buffer';
import type { Engine, Packing, UnpackedMember } from './packings.js';
import {
  ARCHIVE_LIMITS,
  createCount,
  errorsOfFile,
  STREAM_LIMITS,
  type UnpackErrors,
  type UnpackLimits,
} from './unpack-limits.js';
import type { ZstdFrame } from './zstd-frame.js';

const CHUNK_BYTES = 256 * 1024;

/**
 * All members of a stream, unpacked off the main thread: each chunk is valid until the next one is asked for.
 * @param packed pieces, which need to be valid until the next one is asked for
 * @throws ClientError E_DATA_COMPRESSED under `label`
 */
export function unpackChunks(
  packing: Packing,
  packed: AsyncIterable<Uint8Array>,
  label: string,
  limits: UnpackLimits = STREAM_LIMITS,
): AsyncGenerator<Uint8Array, void, undefined> {
  return unpackMembers(packing, packed, errorsOfFile(label), limits);
}

/** The same of what is no file. @throws what `errors` make */
export async function* unpackMembers(
  packing: Packing,
  packed: AsyncIterable<Uint8Array>,
  errors: UnpackErrors,
  limits: UnpackLimits,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = packed[Symbol.asyncIterator]();
  const job = { packing, errors, count: createCount(packing, errors, limits) };
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
  const errors = errorsOfFile(label);
  const count = createCount(packing, errors, limits);
  const parts: Buffer[] = [];
  for (let at = 0; at < packed.length; ) {
    const frame = packing.createFrame?.();
    const end = frame?.endIn(packed.subarray(at));
    const member = packed.subarray(at, end === undefined ? packed.length : at + end);
    const { buffer, engine } = unpackMember(packing, member, count.left(member.length), errors);
    checkFrame(frame, buffer.length, { packing, errors });
    count.add(engine.bytesWritten, buffer.length);
    parts.push(buffer);
    at += engine.bytesWritten;
    while (packing.hasPadding && packed[at] === 0) at++;
    if (at < packed.length && !packing.isMember(packed[at]!)) throw errors.trailing(packing);
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

// --- internal ---

/** What all members of a stream have in common. */
interface Unpacking {
  readonly packing: Packing;
  readonly errors: UnpackErrors;
  readonly count: ReturnType<typeof createCount>;
}

function unpackMember(packing: Packing, packed: Uint8Array, left: number, errors: UnpackErrors): UnpackedMember {
  try {
    return packing.unpackMember(packed, Math.min(Math.max(1, left), constants.MAX_LENGTH));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw errors.tooLarge(packing, left);
    throw errors.damaged(packing, error);
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
    const { packing, errors, count } = this.#job;
    const engine = packing.createEngine(CHUNK_BYTES);
    const frame = packing.createFrame?.();
    let failure: unknown;
    const fed = this.#feed(engine, frame).catch((error: unknown) => {
      failure = error;
      engine.destroy();
    });
    let read = 0;
    let made = 0;
    let last: Buffer<ArrayBuffer> | undefined;
    try {
      for await (const chunk of engine) {
        const unpacked = chunk as Buffer;
        count.add(engine.bytesWritten - read, unpacked.length);
        read = engine.bytesWritten;
        made += unpacked.length;
        yield unpacked;
        last = releaseIfFull(unpacked);
      }
      last?.buffer.transfer(0);
      await fed;
      if (failure === undefined) checkFrame(frame, made, this.#job);
    } catch (error) {
      if (failure === undefined) throw isOfZlib(error) ? errors.damaged(packing, error) : error;
    } finally {
      engine.destroy();
    }
    if (failure !== undefined) throw failure;
  }

  /** Writes pieces until the input or the member ends; then no more of the stream is asked for. */
  async #feed(engine: Engine, frame: ZstdFrame | undefined): Promise<void> {
    let given = 0;
    let piece: Uint8Array | undefined = this.#first;
    while (piece && !engine.destroyed) {
      const all: Uint8Array = piece;
      const end = frame?.endIn(all);
      const bytes = all.subarray(0, end);
      given += bytes.length;
      await new Promise<void>((resolve) => {
        engine.once('close', resolve);
        engine.write(bytes, () => {
          engine.off('close', resolve);
          resolve();
        });
      });
      const left = given - engine.bytesWritten;
      this.rest = all.subarray(bytes.length - left);
      if (left > 0 || engine.destroyed) return;
      if (end !== undefined) break;
      const next = await this.#source.next();
      piece = next.done ? undefined : next.value;
    }
    if (!engine.destroyed) engine.end();
  }
}

/** @throws Error of `errors` for a frame that unpacks to another size than it says, or has a block that is none */
function checkFrame(frame: ZstdFrame | undefined, made: number, { packing, errors }: Omit<Unpacking, 'count'>): void {
  if (frame?.hasEmptyPack) throw errors.damaged(packing, new Error('a packed block has no bytes'));
  const told = frame?.contentBytes;
  if (told === undefined || told === made) return;
  throw errors.damaged(packing, new Error(`a frame says that it has ${told} bytes, and has ${made}`));
}

/**
 * Frees the memory behind a chunk if the engine has filled and left it: until it is collected, memory would grow with the data.
 * @returns the chunk, if its memory is the engine's and still in use
 */
function releaseIfFull(chunk: Buffer): Buffer<ArrayBuffer> | undefined {
  // Chunks that were joined have memory of their own, or of Node's for short ones.
  if (!isIn(ArrayBuffer, chunk) || chunk.buffer.byteLength !== CHUNK_BYTES) return undefined;
  if (chunk.byteOffset + chunk.length < CHUNK_BYTES) return chunk;
  chunk.buffer.transfer(0);
  return undefined;
}

function isIn(type: typeof ArrayBuffer, chunk: Buffer): chunk is Buffer<ArrayBuffer> {
  return chunk.buffer instanceof type;
}

/** The stream from its next member on; undefined when only padding is left. */
async function nextMember(
  source: AsyncIterator<Uint8Array>,
  rest: Uint8Array,
  { packing, errors }: Unpacking,
  isFirst: boolean,
): Promise<Uint8Array | undefined> {
  for (let bytes = rest; ; ) {
    const at = isFirst || !packing.hasPadding ? startOf(bytes) : bytes.findIndex((byte) => byte !== 0);
    if (at >= 0) {
      if (!isFirst && !packing.isMember(bytes[at]!)) throw errors.trailing(packing);
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
