/**
 * The data file of the benches: a linear regression table as CSV, label first, made from a seed in a streaming way and
 * kept. Numbers are written with six decimals, as `toFixed(6)` would, but from integers, which is ten times as fast.
 */
import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface RegressionTable {
  readonly rows: number;
  /** Feature columns; the label is one more. */
  readonly features: number;
  readonly seed: number;
}

/** Every third feature has this standard deviation, the others 1: columns of real tables differ in scale. */
const WIDE_SCALE = 100;
const CHUNK_BYTES = 1 << 20;
/** More than any number here takes: sign, eight digits, point, six decimals, separator. */
const MAX_NUMBER_BYTES = 20;

/**
 * Writes the table unless the file is there: label = 10 + Σ wⱼ·xⱼ/scaleⱼ + noise, with x and noise normal and
 * wⱼ = ((j mod 7) − 3) / 2. 1,000,000 rows of 28 features take about 288 MB.
 */
export function regressionTable(path: string, { rows, features, seed }: RegressionTable): string {
  if (existsSync(path)) return path;
  const normal = normals(seed);
  const rowBytes = (features + 1) * MAX_NUMBER_BYTES;
  writeAtomically(path, (file) => {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES + rowBytes);
    const micro = new Float64Array(features);
    let length = 0;
    for (let row = 0; row < rows; row++) {
      let label = 10e6;
      for (let j = 0; j < features; j++) {
        const x = normal();
        micro[j] = Math.round(1e6 * x * (j % 3 === 2 ? WIDE_SCALE : 1));
        label += 1e6 * x * (((j % 7) - 3) / 2);
      }
      length = writeMicro(chunk, length, Math.round(label + 1e6 * normal()));
      for (let j = 0; j < features; j++) {
        chunk[length++] = 0x2c; // ,
        length = writeMicro(chunk, length, micro[j]!);
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

/** Writes `source` `times` times in a row unless the file is there. */
export function repeatFile(path: string, source: string, times: number): string {
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

/** A run that is broken off leaves no file that looks whole. */
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

/** Writes `micro` / 10⁶ with six decimals at `at`; returns the end. */
function writeMicro(target: Buffer, at: number, micro: number): number {
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

/** Standard normal numbers: Marsaglia's polar method over mulberry32. */
function normals(seed: number): () => number {
  let state = seed | 0;
  let spare = Number.NaN;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
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
