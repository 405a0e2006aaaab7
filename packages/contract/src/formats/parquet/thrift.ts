/**
 * Reader of Thrift's compact protocol, in which Parquet writes its footer and page headers. Strict: every field has the
 * type and range that its reader asks for, and every step takes a byte, so that work is bounded by length.
 * Source: apache/thrift, doc/specs/thrift-compact-protocol.md.
 */

/** Handlers by field id; fields without one are passed over. */
export type Fields = Readonly<Record<number, () => void>>;

const TYPES = {
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
  uuid: 13,
} as const;
type TypeName = keyof typeof TYPES;

const TYPE_NAMES = new Map<number, string>(Object.entries(TYPES).map(([name, type]) => [type, name]));

/** Parquet's own structures are at most eight deep. */
const MAX_DEPTH = 24;

/** The bytes end within a structure: there may be more of them elsewhere. */
export class CutOff extends Error {}

export class ThriftReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #depth = 0;
  /** The type of the value at #at; lists keep the type of their elements. */
  #type: number = TYPES.struct;

  constructor(bytes: Uint8Array, start = 0) {
    this.#bytes = bytes;
    this.#at = start;
  }

  /** Bytes read so far, from the start of the array. */
  get position(): number {
    return this.#at;
  }

  /** Reads a structure: each field of `fields` by its handler, which must read the value. */
  struct(fields: Fields, name = 'a structure'): void {
    this.#expect(name, 'struct');
    this.#enter();
    for (let id = 0; ; ) {
      const head = this.#byte();
      if (head === 0) break;
      id = head >> 4 === 0 ? this.#zigzag(32) : id + (head >> 4);
      this.#type = head & 15;
      const read = fields[id];
      if (read) read();
      else this.#skip(false);
    }
    this.#depth--;
  }

  /** Reads a list, each element by `read`; the number of elements is at most that of the bytes left. */
  list(name: string, read: () => void): void {
    this.#expect(name, 'list');
    this.#enter();
    const [count, type] = this.#listHead();
    for (let i = 0; i < count; i++) {
      this.#type = type;
      read();
    }
    this.#depth--;
  }

  /** An integer in [least, most]. */
  i32(name: string, least = -(2 ** 31), most = 2 ** 31 - 1): number {
    this.#expect(name, 'i32');
    return inRange(name, this.#zigzag(32), least, most);
  }

  /** A whole number of 64 bits in [0, 2^53). */
  size(name: string): number {
    this.#expect(name, 'i64');
    return inRange(name, this.#zigzag(64), 0, Number.MAX_SAFE_INTEGER);
  }

  /** A small whole number of one byte. */
  byte(name: string): number {
    this.#expect(name, 'byte');
    return (this.#byte() << 24) >> 24;
  }

  flag(name: string): boolean {
    if (this.#type !== TYPES.true) this.#expect(name, 'false');
    return this.#type === TYPES.true;
  }

  text(name: string): string {
    this.#expect(name, 'binary');
    const length = this.#varint(32);
    const start = this.#take(length);
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, length).toString('utf8');
  }

  // --- internal ---

  #expect(name: string, type: TypeName): void {
    if (this.#type === TYPES[type]) return;
    const received = TYPE_NAMES.get(this.#type) ?? `of type ${this.#type}`;
    throw new Error(`${name} must be ${type}; it is ${received}`);
  }

  #enter(): void {
    if (++this.#depth > MAX_DEPTH) throw new Error(`it is nested more than ${MAX_DEPTH} deep`);
  }

  #take(length: number): number {
    const start = this.#at;
    if (length > this.#bytes.length - start) throw new CutOff('it ends early');
    this.#at += length;
    return start;
  }

  #byte(): number {
    return this.#bytes[this.#take(1)]!;
  }

  /** An unsigned number of at most this many bits, exact up to 2^53. */
  #varint(bits: 32 | 64): number {
    let value = 0;
    let factor = 1;
    for (let shift = 0; shift < bits; shift += 7, factor *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    throw new Error(`a number has more than ${bits} bits`);
  }

  /** A signed number, its sign in the lowest bit; beyond 2^53 it is only near, and no field may be there. */
  #zigzag(bits: 32 | 64): number {
    const value = this.#varint(bits);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #listHead(): [count: number, type: number] {
    const head = this.#byte();
    const count = head >> 4 === 15 ? this.#varint(32) : head >> 4;
    if (count > this.#bytes.length - this.#at) throw new CutOff(`a list of ${count} is longer than what follows`);
    return [count, head & 15];
  }

  /** @param inList where booleans take a byte */
  #skip(inList: boolean): void {
    switch (this.#type) {
      case TYPES.true:
      case TYPES.false:
        if (inList) this.#take(1);
        return;
      case TYPES.byte:
        this.#take(1);
        return;
      case TYPES.i16:
      case TYPES.i32:
      case TYPES.i64:
        this.#varint(64);
        return;
      case TYPES.double:
        this.#take(8);
        return;
      case TYPES.uuid:
        this.#take(16);
        return;
      case TYPES.binary:
        this.#take(this.#varint(32));
        return;
      case TYPES.struct:
        this.struct({});
        return;
      case TYPES.list:
      case TYPES.set:
        this.#skipList();
        return;
      case TYPES.map:
        this.#skipMap();
        return;
      default:
        throw new Error(`a field is of the unknown type ${this.#type}`);
    }
  }

  #skipList(): void {
    this.#enter();
    const [count, type] = this.#listHead();
    for (let i = 0; i < count; i++) {
      this.#type = type;
      this.#skip(true);
    }
    this.#depth--;
  }

  #skipMap(): void {
    this.#enter();
    const count = this.#varint(32);
    if (count > this.#bytes.length - this.#at) throw new CutOff(`a map of ${count} is longer than what follows`);
    const types = count === 0 ? 0 : this.#byte();
    for (let i = 0; i < count; i++) {
      this.#type = types >> 4;
      this.#skip(true);
      this.#type = types & 15;
      this.#skip(true);
    }
    this.#depth--;
  }
}

// --- internal ---

function inRange(name: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new Error(`${name} must be in [${least}, ${most}]; it is ${value}`);
}
