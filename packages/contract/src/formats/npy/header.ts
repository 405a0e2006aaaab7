/**
 * The header of a `.npy` file: magic, version, the length of a text, and the text, a Python dictionary of three entries.
 *
 *   [ 93 "NUMPY" | major, minor | length: 2 bytes, from version 2 on 4 | {'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), } ]
 *
 * The text is read by its grammar, never evaluated, and nothing is ever unpickled. Source: NumPy, numpy.lib.format.
 */
import { ClientError } from '../../errors.js';
import { contentHint } from '../content-hint.js';
import { quoteValue } from '../place.js';
import { type ElementType, elementTypeOf } from './element-type.js';

/** What a header says of the numbers behind it. */
export interface NpyHeader {
  readonly type: ElementType;
  readonly isFortran: boolean;
  /** Sizes of the array; [] of a single number. */
  readonly shape: readonly number[];
  /** Where the numbers begin. */
  readonly dataStart: number;
}

export const MAGIC = Buffer.from('\x93NUMPY', 'latin1');

/**
 * The header that begins at `start` of `bytes`, or how many bytes from there are needed to see it.
 * @param end where the bytes end
 * @param label as messages begin
 * @throws ClientError E_DATA_FORMAT for what is no header, or none of an array of numbers
 */
export function readHeader(bytes: Uint8Array, start: number, end: number, label: string): NpyHeader | number {
  const seen = bytes.subarray(start, Math.min(end, start + MAGIC.length));
  if (!MAGIC.subarray(0, seen.length).equals(seen)) {
    const hint = contentHint(bytes.subarray(start, end)) || ' Write it with numpy.save.';
    throw damaged(label, `a .npy file must begin with the bytes 93 4e 55 4d 50 59; it does not.${hint}`);
  }
  if (end - start < SIZES_END) return SIZES_END;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  const version = view.getUint8(MAGIC.length);
  if (version < 1 || version > 3) {
    throw damaged(label, `the version of a .npy file must be 1, 2 or 3; received ${version}.`);
  }
  const textStart = version === 1 ? SIZES_END - 2 : SIZES_END;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER_BYTES) {
    throw damaged(label, `the header of a .npy file must have at most ${MAX_HEADER_BYTES} bytes; received ${length}.`);
  }
  if (end - start < textStart + length) return textStart + length;
  const text = Buffer.from(bytes.subarray(start + textStart, start + textStart + length)).toString('utf8');
  return { ...readText(text, label), dataStart: start + textStart + length };
}

// --- internal ---

/** Of magic, version and the longer form of the length: no array is so short that it has fewer. */
const SIZES_END = 12;
/** Six times what NumPy itself reads by default. */
const MAX_HEADER_BYTES = 64 * 1024;
const MAX_DIMENSIONS = 16;

const ENTRY = /\s*(['"])(\w+)\1\s*:\s*(True|False|'[^']*'|"[^"]*"|\([\d\s,L]*\)|\[.*\])\s*(,|$)/sy;

function readText(text: string, label: string): Omit<NpyHeader, 'dataStart'> {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1]?.trimEnd();
  const entries = inner === undefined ? undefined : entriesOf(inner);
  const [descr, order, shape] = ['descr', 'fortran_order', 'shape'].map((name) => entries?.get(name));
  const sizes = shape === undefined ? undefined : sizesOf(shape);
  const isWhole = entries?.size === 3 && descr !== undefined && /^(True|False)$/.test(order ?? '') && sizes;
  if (!isWhole) {
    throw damaged(
      label,
      `the header of a .npy file must have descr, fortran_order and shape; received ${quoteValue(text.trim())}.`,
    );
  }
  return { type: typeOf(descr, label), isFortran: order === 'True', shape: sizes };
}

/** The entries of the dictionary as they are written; undefined where it is none. */
function entriesOf(text: string): ReadonlyMap<string, string> | undefined {
  const entries = new Map<string, string>();
  for (let at = 0; at < text.length; at = ENTRY.lastIndex) {
    ENTRY.lastIndex = at;
    const [, , name, value] = ENTRY.exec(text) ?? [];
    if (name === undefined || value === undefined || entries.has(name)) return undefined;
    entries.set(name, value);
  }
  return entries;
}

/** `(3, 2)`, `(3,)`, `()`; Python 2 wrote `(3L, 2L)`. */
function sizesOf(tuple: string): number[] | undefined {
  const parts = tuple.slice(1, -1).split(',');
  if (parts.at(-1)?.trim() === '') parts.pop();
  const sizes = parts.map((part) => (/^\s*\d+L?\s*$/.test(part) ? Number.parseInt(part, 10) : Number.NaN));
  const size = sizes.reduce((product, one) => product * one, 1);
  return sizes.length <= MAX_DIMENSIONS && size <= Number.MAX_SAFE_INTEGER ? sizes : undefined;
}

function typeOf(descr: string, label: string): ElementType {
  const name = descr.slice(1, -1);
  const type = elementTypeOf(name);
  if (type) return type;
  if (/^\|?O/.test(name)) {
    throw damaged(
      label,
      'the array must contain numbers; received Python objects (dtype object), which are a pickle and never loaded. Save it with astype(float).',
    );
  }
  const received = descr.startsWith('[') ? 'named fields (a structured array)' : `dtype ${quoteValue(name)}`;
  throw damaged(
    label,
    `the array must contain numbers: float, int, uint or bool of up to 64 bits; received ${received}.`,
  );
}

/** The error for a file that breaks a rule. */
export function damaged(label: string, sentence: string): ClientError {
  return new ClientError('E_DATA_FORMAT', `${label}: ${sentence}`);
}
