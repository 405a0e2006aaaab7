/**
 * Protocol Buffers' wire format, as much as records need: tags, varints, lengths, and skipping what is not known.
 * Source: protobuf.dev, "Encoding".
 */

/** What is wrong with bytes that should be a record; the caller adds where. */
export class MalformedRecord extends Error {}

/** Kinds of fields, the lower three bits of a tag. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** A position in bytes that only moves on; every read stays before `end`. */
export class WireReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  position = 0;
  end = 0;

  /** Goes to the start of `bytes`. */
  open(bytes: Uint8Array, start: number, end: number): void {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.position = start;
    this.end = end;
  }

  /** A varint up to 2^53 - 1: every tag, length, key and size of a shape. */
  varint(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 56; factor *= 128) {
      if (this.position >= this.end) throw new MalformedRecord('it ends in the middle of a number');
      const byte = this.#bytes[this.position++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80 && value <= Number.MAX_SAFE_INTEGER) return value;
    }
    throw new MalformedRecord('a number in it is too large');
  }

  /** A varint of type int32: negative ones take ten bytes, of which the lower 32 bits count. */
  int32(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= this.end) throw new MalformedRecord('it ends in the middle of a number');
      const byte = this.#bytes[this.position++]!;
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new MalformedRecord('a number in it is too long');
  }

  /** All numbers up to `end`, into `target` from `from` on; returns the new count. */
  float32s(end: number, target: Float64Array, from: number): number {
    let count = from;
    const view = this.#view;
    let { position } = this;
    for (; position + 4 <= end; position += 4) target[count++] = view.getFloat32(position, true);
    this.position = position;
    // A single number's end is not known: it is any byte of it.
    for (; this.position < end; count++) target[count] = view.getFloat32(this.#take(4), true);
    return count;
  }

  /** As `float32s`. */
  float64s(end: number, target: Float64Array, count: number): number {
    for (; this.position < end; count++) target[count] = this.#view.getFloat64(this.#take(8), true);
    return count;
  }

  /** As `float32s`. */
  int32s(end: number, target: Float64Array, count: number): number {
    for (; this.position < end; count++) target[count] = this.int32();
    return count;
  }

  /** The length of what follows; returns where it ends. */
  lengthEnd(): number {
    const length = this.varint();
    if (length > this.end - this.position) throw new MalformedRecord('a part of it is longer than the rest');
    return this.position + length;
  }

  /** Moves behind a field whose tag was read. */
  skip(wire: number): void {
    if (wire === WIRE.varint) this.int32();
    else if (wire === WIRE.fixed64) this.#take(8);
    else if (wire === WIRE.bytes) this.position = this.lengthEnd();
    else if (wire === WIRE.fixed32) this.#take(4);
    else throw new MalformedRecord(`a field in it has the unknown kind ${wire}`);
  }

  /** Whether the bytes from `start` to `end` are those of `expected`. */
  equals(start: number, end: number, expected: Uint8Array): boolean {
    if (end - start !== expected.length) return false;
    for (let i = 0; i < expected.length; i++) if (this.#bytes[start + i] !== expected[i]) return false;
    return true;
  }

  /** The UTF-8 text from `start` to `end`. */
  text(start: number, end: number): string {
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, end - start).toString('utf8');
  }

  #take(bytes: number): number {
    const start = this.position;
    if (bytes > this.end - start) throw new MalformedRecord('it ends in the middle of a number');
    this.position = start + bytes;
    return start;
  }
}
