/**
 * The types of numbers in an array of NumPy, and how they become floats: `<f8` is a double, little endian. Objects, texts,
 * dates, complex numbers and named fields are no numbers of a table. Source: NumPy, "The array interface", typestr.
 */

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
}

export type Floats = Float64Array | Float32Array;

/** The type of a `descr`, undefined for what are no numbers. */
export function elementTypeOf(descr: string): ElementType | undefined {
  const [, order = '', name = ''] = /^([<>|=])([a-z]\d)$/.exec(descr) ?? [];
  const kind = KINDS[name];
  if (!kind) return undefined;
  const isLittle = order !== '>' || kind.bytes === 1;
  const decode: ElementType['decode'] = (bytes, at, count, target, to, stride) => {
    if (isLittle && stride === 1 && copies(name, target)) {
      const start = target.byteOffset + to * target.BYTES_PER_ELEMENT;
      new Uint8Array(target.buffer, start, count * kind.bytes).set(bytes.subarray(at, at + count * kind.bytes));
      return;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, count * kind.bytes);
    for (let i = 0, place = to; i < count; i++, place += stride)
      target[place] = kind.get(view, i * kind.bytes, isLittle);
  };
  return { name, bytes: kind.bytes, isSingle: kind.isSingle, decode };
}

// --- internal ---

interface Kind {
  readonly bytes: number;
  readonly isSingle: boolean;
  get(view: DataView, at: number, isLittle: boolean): number;
}

const WORD = 2 ** 32;

/** The high word times 2^32 is exact, so the sum is rounded once: the double nearest to the integer. */
const KINDS: Readonly<Record<string, Kind>> = {
  f2: { bytes: 2, isSingle: true, get: (view, at, isLittle) => halfOf(view.getUint16(at, isLittle)) },
  f4: { bytes: 4, isSingle: true, get: (view, at, isLittle) => view.getFloat32(at, isLittle) },
  f8: { bytes: 8, isSingle: false, get: (view, at, isLittle) => view.getFloat64(at, isLittle) },
  b1: { bytes: 1, isSingle: true, get: (view, at) => Number(view.getUint8(at) !== 0) },
  i1: { bytes: 1, isSingle: true, get: (view, at) => view.getInt8(at) },
  u1: { bytes: 1, isSingle: true, get: (view, at) => view.getUint8(at) },
  i2: { bytes: 2, isSingle: true, get: (view, at, isLittle) => view.getInt16(at, isLittle) },
  u2: { bytes: 2, isSingle: true, get: (view, at, isLittle) => view.getUint16(at, isLittle) },
  i4: { bytes: 4, isSingle: false, get: (view, at, isLittle) => view.getInt32(at, isLittle) },
  u4: { bytes: 4, isSingle: false, get: (view, at, isLittle) => view.getUint32(at, isLittle) },
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

/** Whether the bytes are those of the target, on a little-endian machine as all of Node's are. */
function copies(name: string, target: Floats): boolean {
  return name === 'f8' ? target instanceof Float64Array : name === 'f4' && target instanceof Float32Array;
}

/** IEEE 754, binary16: 1 bit of sign, 5 of exponent, 10 of fraction. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (fraction + 1024) * 2 ** (exponent - 25));
}
