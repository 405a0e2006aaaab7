/**
 * The tables of the bench, made from a seed and kept as float32 files that Node and Python read alike:
 *
 *   <name>.features    [(rows + testRows) × columns], row-major, NaN missing
 *   <name>.labels      [rows + testRows]
 */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, type Random } from '@algo/numerics';

export interface Shape {
  readonly rows: number;
  /** Rows that are not used for training: block k of this size, k from 0 to 4. */
  readonly testRows: number;
  readonly columns: number;
  /** 2: binary:logistic, more: multi:softprob. */
  readonly classes: number;
  readonly rounds: number;
  readonly kind: 'dense' | 'one-hot' | 'sparse';
  /** max_depth; default 6. */
  readonly depth?: number;
}

/** A: many rows; B: many columns; C: one-hot columns, several classes; D: nine of ten values missing. */
export const SHAPES = {
  A: { rows: 1_000_000, testRows: 100_000, columns: 28, classes: 2, rounds: 100, kind: 'dense' },
  B: { rows: 100_000, testRows: 20_000, columns: 50, classes: 2, rounds: 100, kind: 'dense' },
  C: { rows: 581_012, testRows: 50_000, columns: 54, classes: 7, rounds: 20, kind: 'one-hot' },
  D: { rows: 200_000, testRows: 50_000, columns: 500, classes: 2, rounds: 100, kind: 'sparse' },
} as const satisfies Readonly<Record<string, Shape>>;

export interface ShapeFiles {
  readonly features: string;
  readonly labels: string;
}

/** The files of the shape in `directory`, written unless they are there. */
export function shapeFiles(directory: string, shape: Shape, seed: number): ShapeFiles {
  const { rows, testRows, columns, classes, kind } = shape;
  const name = `boosting-${kind}-${rows}+${testRows}x${columns}-${classes}-classes-seed-${seed}`;
  const files = { features: join(directory, `${name}.features`), labels: join(directory, `${name}.labels`) };
  if (!existsSync(files.features) || !existsSync(files.labels)) write(files, shape, createRandom(seed), directory);
  return files;
}

// --- internal ---

const CHUNK_VALUES = 1 << 20;
/** C: ten numbers, then a group of 4 and one of 40 columns of which each row has one. */
const NUMBERS = 10;
const GROUPS = [4, 40] as const;
/** How many groups of columns count (more where few are present), and the score that half of the rows are about at. */
const SIGNALS = { dense: 6, 'one-hot': 6, sparse: 120 } as const;
const MIDDLE = { dense: 3, 'one-hot': 3, sparse: 3.7 } as const;

function write(files: ShapeFiles, shape: Shape, random: Random, directory: string): void {
  mkdirSync(directory, { recursive: true });
  const total = shape.rows + shape.testRows;
  const labels = new Float32Array(total);
  const chunkRows = Math.max(1, Math.floor(CHUNK_VALUES / shape.columns));
  const file = openSync(`${files.features}.partial`, 'w');
  const fill = FILLERS[shape.kind];
  for (let first = 0; first < total; first += chunkRows) {
    const count = Math.min(chunkRows, total - first);
    const chunk = new Float32Array(count * shape.columns);
    for (let row = 0; row < count; row++) {
      const values = chunk.subarray(row * shape.columns, (row + 1) * shape.columns);
      fill(values, random);
      labels[first + row] = labelOf(values, shape, random);
    }
    writeSync(file, new Uint8Array(chunk.buffer));
  }
  closeSync(file);
  const labelFile = openSync(files.labels, 'w');
  writeSync(labelFile, new Uint8Array(labels.buffer));
  closeSync(labelFile);
  renameSync(`${files.features}.partial`, files.features);
}

type Filler = (values: Float32Array, random: Random) => void;

const FILLERS: Readonly<Record<Shape['kind'], Filler>> = {
  dense(values, random) {
    for (let column = 0; column < values.length; column++) values[column] = normal(random);
  },
  sparse(values, random) {
    for (let column = 0; column < values.length; column++) {
      values[column] = random.uniform() < 0.1 ? normal(random) : Number.NaN;
    }
  },
  'one-hot'(values, random) {
    for (let column = 0; column < NUMBERS; column++) values[column] = normal(random);
    let start = NUMBERS;
    for (const size of GROUPS) {
      values[start + Math.floor(size * random.uniform() ** 2)] = 1;
      start += size;
    }
  },
};

/** Sum of three uniforms: near enough to a normal number for trees, which see only the order. */
function normal(random: Random): number {
  return (random.bits() + random.bits() + random.bits()) / 2 ** 31 - 3;
}

/** Products of neighbours, single columns and thresholds, a missing value counting as 0; noise on top. */
function labelOf(values: Float32Array, { classes, kind }: Shape, random: Random): number {
  const at = (column: number) => values[column % values.length]! || 0;
  let best = 0;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let label = 0; label < (classes === 2 ? 1 : classes); label++) {
    let score = 2 * normal(random);
    for (let signal = 0; signal < SIGNALS[kind]; signal++) {
      const column = label * 5 + signal * 3;
      score += at(column) * at(column + 1) + 0.5 * at(column + 2) + (at(column + 4) > 0.5 ? 1 : 0);
    }
    if (classes === 2) return score > MIDDLE[kind] ? 1 : 0;
    if (score > bestScore) {
      bestScore = score;
      best = label;
    }
  }
  return best;
}
