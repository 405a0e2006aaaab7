/**
 * Byte streams of a channel: a file read straight into the reader's memory, and a sequence of chunks (a FIFO, an unpacked
 * packed file) handed over piece by piece. What packs it is known by its first bytes, whatever the name.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { ContractError, messageOf, PlatformError } from '../errors.js';
import type { ByteStream } from '../formats/reader.js';
import { PACKING_BYTES, packingOf } from './packings.js';
import { unpackChunks } from './unpack.js';

/**
 * The bytes of a file, unpacked when it is packed by gzip or Zstandard.
 * @param label as messages name the file
 * @throws PlatformError E_ENVIRONMENT when it cannot be read
 */
export function openFile(path: string, label: string): ByteStream {
  const file = attempt(label, () => openSync(path, 'r'));
  const start = Buffer.alloc(PACKING_BYTES);
  const size = attempt(label, () => readSync(file, start, 0, start.length, 0));
  const packing = packingOf(start.subarray(0, size));
  let position = 0;
  let isOpen = true;
  const stored = {
    read(target: Uint8Array) {
      const count = isOpen ? attempt(label, () => readSync(file, target, 0, target.length, position)) : 0;
      position += count;
      return count;
    },
    close() {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
  if (!packing) return stored;
  const unpacked = streamOf(unpackChunks(packing, piecesOf(stored, CHUNK_BYTES), label), label);
  return {
    read: unpacked.read,
    close() {
      unpacked.close();
      stored.close();
    },
  };
}

/** The bytes of a stream in pieces of the same memory: each is valid until the next one is asked for. */
export async function* piecesOf(stream: Pick<ByteStream, 'read'>, bytes: number): AsyncGenerator<Uint8Array> {
  const piece = new Uint8Array(bytes);
  for (let count = await stream.read(piece); count > 0; count = await stream.read(piece)) {
    yield piece.subarray(0, count);
  }
}

/**
 * The bytes of `chunks` in order, unpacked if they begin like packed ones; errors begin with `label`.
 * @param chunks which need to be valid until the next one is asked for
 */
export async function openChunks(chunks: AsyncIterable<Uint8Array>, label: string): Promise<ByteStream> {
  const iterator = chunks[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let size = 0;
  while (size < PACKING_BYTES) {
    const next = await translated(label, iterator.next());
    if (next.done) break;
    head.push(Uint8Array.from(next.value));
    size += next.value.length;
  }
  const whole = joined(head, iterator);
  const packing = packingOf(Buffer.concat(head));
  return streamOf(packing ? unpackChunks(packing, whole, label) : whole, label);
}

// --- internal ---

const CHUNK_BYTES = 256 * 1024;

/** What was read to look at, then the rest. */
async function* joined(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** Once a chunk could not be read, each later read fails alike: what was lost is never taken for the end. */
function streamOf(chunks: AsyncIterable<Uint8Array>, label: string): ByteStream {
  const iterator = chunks[Symbol.asyncIterator]();
  let chunk: Uint8Array = new Uint8Array(0);
  let failure: ContractError | undefined;
  return {
    async read(target) {
      while (chunk.length === 0) {
        if (failure) throw failure;
        try {
          const next = await iterator.next();
          if (next.done) return 0;
          chunk = next.value;
        } catch (error) {
          failure = readError(label, error);
        }
      }
      const count = Math.min(chunk.length, target.length);
      target.set(chunk.subarray(0, count));
      chunk = chunk.subarray(count);
      return count;
    },
    close() {
      // Ending early is not an error, and nobody is left to report one to.
      iterator.return?.().catch(() => {});
    },
  };
}

async function translated<T>(label: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw readError(label, error);
  }
}

function attempt<T>(label: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw readError(label, error);
  }
}

function readError(label: string, error: unknown): ContractError {
  if (error instanceof ContractError) return error;
  const reason = messageOf(error);
  return new PlatformError('E_ENVIRONMENT', `${label} could not be read: ${reason}.`, { cause: error });
}
