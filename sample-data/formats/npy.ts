/**
 * Rows as a `.npy` file, as NumPy's `save` writes an array of doubles: version 1, rows first.
 * Source: NumPy, numpy.lib.format.
 */
import type { Rows } from './rows.ts';

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');

export function npy(rows: Rows): Uint8Array {
  const shape = `(${rows.length}, ${rows[0]?.length ?? 0})`;
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }`;
  // Blanks, so that the numbers begin at a multiple of 64 bytes.
  const length = Math.ceil((HEAD + text.length + 1) / 64) * 64 - HEAD;
  const head = Buffer.concat([MAGIC, Buffer.from([1, 0, length & 0xff, length >>> 8])]);
  const values = Float64Array.from(rows.flat(), (value) => value ?? Number.NaN);
  return Buffer.concat([head, Buffer.from(`${text.padEnd(length - 1)}\n`), Buffer.from(values.buffer)]);
}

// --- internal ---

/** Bytes of magic, version and length. */
const HEAD = MAGIC.length + 4;
