/**
 * The data file of the benches: a linear regression table as CSV, label first, streamed from a seed and kept. Six
 * decimals are written like `toFixed(6)`, but from integers, which is ten times as fast.
 */

import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { createRandom } from '@algo/numerics';

export interface RegressionTable {
  readonly rows: number;
  /** Feature columns; the label is one more. */
  readonly features: number;
  readonly seed: number;
  /** 'six' (default): six decimals, as a person would export; 'all': every digit of the double, as programs write it. */
  readonly decimals?: 'six' | 'all';
  /** Default true; without, the rows are the same, their features alone. */
  readonly hasLabel?: boolean;
}

const INTERCEPT = 10;
const weight = (j: number): number => ((j % 7) - 3) / 2;
/** Standard deviation of feature j; columns of real tables differ in scale. */
const scale = (j: number): number => (j % 3 === 2 ? 100 : 1);

const CHUNK_BYTES = 1 << 20;
/** More than any number here takes: sign, 17 digits, point, exponent, separator. */
const MAX_NUMBER_BYTES = 32;

/**
 * The path of the table in `directory`, written unless it is there: label = 10 + Σ wⱼ·xⱼ/scaleⱼ + noise, with
 * x/scale and noise standard normal and wⱼ = ((j mod 7) − 3) / 2. 1,000,000 rows of 28 features take about 288 MB.
 */
export function regressionTable(directory: string, table: RegressionTable): string {
  const { rows, features, seed, decimals = 'six', hasLabel = true } = table;
  const kind = hasLabel ? 'regression' : 'features';
  const path = join(directory, `${kind}-${rows}x${features}-${decimals}-decimals-seed-${seed}.csv`);
  if (existsSync(path)) return path;
  const writeNumber = decimals === 'all' ? writeShortest : writeSixDecimals;
  const normal = normals(seed);
  const rowBytes = (features + 1) * MAX_NUMBER_BYTES;
  writeAtomically(path, (file) => {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES + rowBytes);
    const values = new Float64Array(features);
    let length = 0;
    for (let row = 0; row < rows; row++) {
      let label = INTERCEPT;
      for (let j = 0; j < features; j++) {
        const x = normal();
        values[j] = x * scale(j);
        label += x * weight(j);
      }
      label += normal();
      if (hasLabel) length = writeNumber(chunk, length, label);
      for (let j = 0; j < features; j++) {
        if (hasLabel || j > 0) chunk[length++] = 0x2c; // ,
        length = writeNumber(chunk, length, values[j]!);
      }
      chunk[length++] = 0x0a; // \n
      if (length >= CHUNK_BYTES || row === rows - 1) {
        writeSync(file, chunk, 0, length);
        length = 0;
      }
    }
  });
  return path;
}

/** The law behind the table: intercept, then one coefficient per feature. Noise of standard deviation 1 is added. */
export function regressionCoefficients(features: number): readonly number[] {
  return [INTERCEPT, ...Array.from({ length: features }, (_, j) => weight(j) / scale(j))];
}

/** The path of a file next to `source` that repeats it `times` times, written unless it exists. */
export function repeatFile(source: string, times: number): string {
  const { dir, name, ext } = parse(source);
  const path = join(dir, `${name}-times-${times}${ext}`);
  if (existsSync(path)) return path;
  writeAtomically(path, (file) => {
    const chunk = Buffer.allocUnsafe(4 * CHUNK_BYTES);
    for (let time = 0; time < times; time++) {
      const input = openSync(source, 'r');
      for (let length = readSync(input, chunk); length > 0; length = readSync(input, chunk)) {
        writeSync(file, chunk, 0, length);
      }
      closeSync(input);
    }
  });
  return path;
}

// --- internal ---

/** An interrupted run leaves no file that looks complete. */
function writeAtomically(path: string, write: (file: number) => void): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.partial`;
  const file = openSync(partial, 'w');
  try {
    write(file);
  } finally {
    closeSync(file);
  }
  renameSync(partial, path);
}

const THREE_DIGITS = Buffer.from(Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0')).join(''));

/** Writes every digit of `value` at `at`; returns the end. */
function writeShortest(target: Buffer, at: number, value: number): number {
  return at + target.write(String(value), at, 'latin1');
}

/** Writes `value` with six decimals at `at`; returns the end. */
function writeSixDecimals(target: Buffer, at: number, value: number): number {
  const micro = Math.round(1e6 * value);
  let end = at;
  if (micro < 0) target[end++] = 0x2d; // -
  const magnitude = Math.abs(micro);
  const whole = Math.floor(magnitude / 1e6);
  const decimals = magnitude - whole * 1e6;
  if (whole < 10) target[end++] = 0x30 + whole;
  else end += target.write(String(whole), end, 'latin1');
  target[end++] = 0x2e; // .
  for (const group of [Math.floor(decimals / 1000), decimals % 1000]) {
    for (let digit = 3 * group; digit < 3 * group + 3; digit++) target[end++] = THREE_DIGITS[digit]!;
  }
  return end;
}

/** Standard normal numbers: Marsaglia's polar method. */
function normals(seed: number): () => number {
  const random = createRandom(seed);
  let spare = Number.NaN;
  const uniform = () => random.bits() / 2 ** 31 - 1;
  return () => {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = Number.NaN;
      return value;
    }
    for (;;) {
      const u = uniform();
      const v = uniform();
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * factor;
      return u * factor;
    }
  };
}
