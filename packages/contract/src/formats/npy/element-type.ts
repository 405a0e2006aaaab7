/**
 * The types of numbers in an array of NumPy, and how they become floats: `<f8` is a double, little endian. Objects, texts,
 * dates, complex numbers and named fields are no numbers of a table. Source: NumPy, "The array interface", typestr.
 */
import type { Precision } from '../block.js';

export interface ElementType {
  /** As NumPy writes it: `f8`. */
  readonly name: string;
  readonly bytes: number;
  /** Whether a float32 holds each of its values. */
  readonly isSingle: boolean;
  /**
   * Writes `count` numbers from byte `at` of `bytes` to `target[to]`, `target[to + stride]`, …
   * @param bytes whole numbers, at any alignment
   */
  decode(bytes: Uint8Array, at: number, count: number, target: Floats, to: number, stride: number): void;
  /** The same numbers as they are in `bytes`, where they are floats of this precision already; undefined: decode them. */
  view(bytes: Uint8Array, at: number, count: number, precision: Precision): Floats | undefined;
}

export type Floats = Float64Array | Float32Array;

/** The type of a `descr`, undefined for what are no numbers. */
export function elementTypeOf(descr: string): ElementType | undefined {
  const [, order = '', name = ''] = /^([<>|=])([a-z]\d)$/.exec(descr) ?? [];
  const kind = KINDS[name];
  if (!kind) return undefined;
  const isLittle = order !== '>' || kind.bytes === 1;
  const decode: ElementType['decode'] = (bytes, at, count, target, to, stride) => {
    if (isLittle && kind.View) {
      const numbers = numbersIn(kind.View, bytes, at, count);
      if (stride === 1) target.set(numbers, to);
      else for (let i = 0, place = to; i < count; i++, place += stride) target[place] = numbers[i]!;
      return;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, count * kind.bytes);
    for (let i = 0, place = to; i < count; i++, place += stride)
      target[place] = kind.get(view, i * kind.bytes, isLittle);
  };
  const view: ElementType['view'] = (bytes, at, count, precision) => {
    const Floats = precision === 'float32' ? Float32Array : Float64Array;
    const start = bytes.byteOffset + at;
    if (!isLittle || kind.View !== Floats || start % kind.bytes !== 0) return undefined;
    return new Floats(bytes.buffer as ArrayBuffer, start, count);
  };
  return { name, bytes: kind.bytes, isSingle: kind.isSingle, decode, view };
}

// --- internal ---

type Numbers = Floats | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

interface NumbersConstructor {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, start?: number, length?: number): Numbers;
}

interface Kind {
  /** Of numbers as this machine has them, little endian as all of Node's. */
  readonly View?: NumbersConstructor;
  readonly bytes: number;
  readonly isSingle: boolean;
  get(view: DataView, at: number, isLittle: boolean): number;
}

const WORD = 2 ** 32;

/** The high word times 2^32 is exact, so the sum is rounded once: the double nearest to the integer. */
const KINDS: Readonly<Record<string, Kind>> = {
  f2: { bytes: 2, isSingle: true, get: (view, at, isLittle) => halfOf(view.getUint16(at, isLittle)) },
  f4: { View: Float32Array, bytes: 4, isSingle: true, get: (view, at, isLittle) => view.getFloat32(at, isLittle) },
  f8: { View: Float64Array, bytes: 8, isSingle: false, get: (view, at, isLittle) => view.getFloat64(at, isLittle) },
  b1: { bytes: 1, isSingle: true, get: (view, at) => Number(view.getUint8(at) !== 0) },
  i1: { View: Int8Array, bytes: 1, isSingle: true, get: (view, at) => view.getInt8(at) },
  u1: { View: Uint8Array, bytes: 1, isSingle: true, get: (view, at) => view.getUint8(at) },
  i2: { View: Int16Array, bytes: 2, isSingle: true, get: (view, at, isLittle) => view.getInt16(at, isLittle) },
  u2: { View: Uint16Array, bytes: 2, isSingle: true, get: (view, at, isLittle) => view.getUint16(at, isLittle) },
  i4: { View: Int32Array, bytes: 4, isSingle: false, get: (view, at, isLittle) => view.getInt32(at, isLittle) },
  u4: { View: Uint32Array, bytes: 4, isSingle: false, get: (view, at, isLittle) => view.getUint32(at, isLittle) },
  i8: {
    bytes: 8,
    isSingle: false,
    get: (view, at, isLittle) =>
      view.getInt32(at + (isLittle ? 4 : 0), isLittle) * WORD + view.getUint32(at + (isLittle ? 0 : 4), isLittle),
  },
  u8: {
    bytes: 8,
    isSingle: false,
    get: (view, at, isLittle) =>
      view.getUint32(at + (isLittle ? 4 : 0), isLittle) * WORD + view.getUint32(at + (isLittle ? 0 : 4), isLittle),
  },
};

/** The numbers themselves, or a copy of them where they are not aligned. */
function numbersIn(View: NumbersConstructor, bytes: Uint8Array, at: number, count: number): Numbers {
  const start = bytes.byteOffset + at;
  if (start % View.BYTES_PER_ELEMENT === 0) return new View(bytes.buffer, start, count);
  return new View(new Uint8Array(bytes.subarray(at, at + count * View.BYTES_PER_ELEMENT)).buffer);
}

/** IEEE 754, binary16: 1 bit of sign, 5 of exponent, 10 of fraction. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (fraction + 1024) * 2 ** (exponent - 25));
}
