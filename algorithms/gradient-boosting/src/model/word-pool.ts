/**
 * Typed arrays of the 32-bit numbers in a file, which are big-endian there. A model has thousands of small arrays: these
 * share memory, whose bytes are put in order by one call.
 */

export interface WordPool {
  /** The `count` numbers from byte `start` on, which are right after `finish`. */
  floats(start: number, count: number): Float32Array;
  integers(start: number, count: number): Int32Array;
  finish(): void;
}

/** Of memory that arrays share: little is held for the sake of one that is kept. */
const CHUNK_BYTES = 1 << 16;
/** A larger array has memory of its own. */
const MAX_SHARED_BYTES = CHUNK_BYTES / 8;

export function createWordPool(bytes: Buffer): WordPool {
  let chunk = Buffer.alloc(0);
  let used = 0;
  const finish = () => {
    chunk.subarray(0, used).swap32();
    used = 0;
  };
  /** Where the numbers are. */
  const copy = (start: number, length: number): { readonly buffer: ArrayBufferLike; readonly offset: number } => {
    if (length > MAX_SHARED_BYTES) {
      const own = Buffer.from(new ArrayBuffer(length));
      bytes.copy(own, 0, start, start + length);
      return { buffer: own.swap32().buffer, offset: 0 };
    }
    if (length > chunk.length - used) {
      finish();
      chunk = Buffer.from(new ArrayBuffer(Math.min(CHUNK_BYTES, bytes.length)));
    }
    const offset = used;
    bytes.copy(chunk, offset, start, start + length);
    used += length;
    return { buffer: chunk.buffer, offset };
  };
  return {
    floats: (start, count) => {
      const { buffer, offset } = copy(start, 4 * count);
      return new Float32Array(buffer, offset, count);
    },
    integers: (start, count) => {
      const { buffer, offset } = copy(start, 4 * count);
      return new Int32Array(buffer, offset, count);
    },
    finish,
  };
}
