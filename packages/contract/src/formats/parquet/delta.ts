/**
 * DELTA_BINARY_PACKED: whole numbers as differences, packed into blocks of miniblocks of one bit width each. Sums wrap
 * around at 32 or 64 bits, as the format asks, in halves of 32 bits so that no number is ever rounded.
 * Layout: `block size, miniblocks, count, first value; per block: smallest difference, widths, miniblocks`.
 * Source: apache/parquet-format, Encodings.md (Delta Encoding).
 */
import type { Section } from './page-header.js';

/** The numbers modulo 2^64, or 2^32 where only `low` is asked for. */
export interface Whole {
  readonly low: Int32Array;
  /** The upper halves; absent for numbers of 32 bits. */
  readonly high: Int32Array | undefined;
  /** Where the bytes of the section continue after them. */
  readonly end: number;
}

/** Larger ones are no writer's: blocks of 128 to 2,048 numbers are usual. */
const MAX_BLOCK_SIZE = 2 ** 20;

/**
 * Reads exactly `count` numbers.
 * @throws Error when they end early or break the format
 */
export function readDelta({ bytes, start, end }: Section, count: number, bits: 32 | 64): Whole {
  const reader = new BitReader(bytes, start, end);
  const blockSize = reader.varint();
  const miniblocks = reader.varint();
  const total = reader.varint();
  const size = blockSize / miniblocks;
  if (!(blockSize > 0 && blockSize <= MAX_BLOCK_SIZE && blockSize % 128 === 0 && size % 32 === 0 && size > 0)) {
    throw new Error(`blocks of ${blockSize} differences cannot have ${miniblocks} parts`);
  }
  if (total !== count) throw new Error(`there are ${total} numbers of ${count}`);
  const low = new Int32Array(count);
  const high = bits === 64 ? new Int32Array(count) : undefined;
  reader.zigzag();
  let sumLow = reader.low;
  let sumHigh = reader.high;
  if (count > 0) {
    low[0] = sumLow;
    if (high) high[0] = sumHigh;
  }
  for (let done = 1; done < count; ) {
    reader.zigzag();
    const leastLow = reader.low;
    const leastHigh = reader.high;
    const widths = reader.take(miniblocks);
    for (let i = 0; i < miniblocks && done < count; i++) {
      const width = bytes[widths + i]!;
      // DuckDB writes differences of 33 bits for numbers of 32: what is above their range falls away in the sums.
      if (width > 64) throw new Error(`differences of ${width} bits are too wide`);
      const miniblockEnd = reader.open(size, width);
      const stop = Math.min(done + size, count);
      for (; done < stop; done++) {
        reader.next(width);
        // Twice two halves are added, each with the carry of the lower one.
        let carried = (sumLow >>> 0) + (leastLow >>> 0) + (reader.low >>> 0);
        sumLow = carried | 0;
        carried = Math.floor(carried / 4294967296);
        sumHigh = (sumHigh + leastHigh + reader.high + carried) | 0;
        low[done] = sumLow;
        if (high) high[done] = sumHigh;
      }
      reader.close(miniblockEnd);
    }
  }
  return { low, high, end: reader.at };
}

// --- internal ---

/** Numbers of up to 64 bits, given back in halves: an object of two for each would be most of the time. */
class BitReader {
  low = 0;
  high = 0;
  at: number;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #bit = 0;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.at = start;
    this.#end = end;
  }

  /** The start of the next `length` bytes. */
  take(length: number): number {
    const start = this.at;
    if (length > this.#end - start) throw new Error('the differences are truncated');
    this.at += length;
    return start;
  }

  /** An unsigned number below 2^32. */
  varint(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 35; factor *= 128) {
      const byte = this.#bytes[this.take(1)]!;
      value += (byte & 127) * factor;
      if (byte < 128) {
        if (value >= 2 ** 32) break;
        return value;
      }
    }
    throw new Error('a number has more than 32 bits');
  }

  /** A signed number of 64 bits, its sign in the lowest bit. */
  zigzag(): void {
    let low = 0;
    let high = 0;
    for (let shift = 0; ; shift += 7) {
      if (shift > 63) throw new Error('a number has more than 64 bits');
      const byte = this.#bytes[this.take(1)]!;
      const part = byte & 127;
      if (shift < 32) low |= part << shift;
      if (shift >= 28) high |= shift < 32 ? part >>> (32 - shift) : part << (shift - 32);
      if (byte < 128) break;
    }
    const sign = -(low & 1);
    this.low = ((low >>> 1) | (high << 31)) ^ sign;
    this.high = (high >>> 1) ^ sign;
  }

  /** Begins a miniblock of `size` numbers of `width` bits; where it ends. The last one may be cut off behind its numbers. */
  open(size: number, width: number): number {
    this.#bit = 0;
    return Math.min(this.at + (size * width) / 8, this.#end);
  }

  close(end: number): void {
    this.at = end;
  }

  /** The next number of `width` bits. */
  next(width: number): void {
    let low = 0;
    let high = 0;
    for (let done = 0; done < width; ) {
      if (this.at >= this.#end) throw new Error('the differences are truncated');
      const taken = Math.min(8 - this.#bit, width - done);
      const part = (this.#bytes[this.at]! >>> this.#bit) & ((1 << taken) - 1);
      if (done < 32) low |= part << done;
      if (done + taken > 32) high |= done < 32 ? part >>> (32 - done) : part << (done - 32);
      done += taken;
      this.#bit += taken;
      if (this.#bit === 8) {
        this.#bit = 0;
        this.at++;
      }
    }
    this.low = low;
    this.high = high;
  }
}
