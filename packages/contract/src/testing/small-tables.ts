/** Small tables of known laws, for tests of whole jobs. */
import { createRandom } from '@algo/numerics';

export interface CsvTableOptions {
  readonly rows: number;
  readonly seed: number;
  /** From the features (uniform in [0, 1)) to the text of the label columns. */
  label(features: readonly number[], uniform: () => number): string;
  readonly columns?: number;
}

/** CSV, label columns first. */
export function csvTable({ rows, seed, label, columns = 4 }: CsvTableOptions): string {
  const random = createRandom(seed);
  const lines = Array.from({ length: rows }, () => {
    const features = Array.from({ length: columns }, () => Number(random.uniform().toFixed(4)));
    return `${label(features, random.uniform)},${features.join(',')}\n`;
  });
  return lines.join('');
}

/** Class 1 where the first two features sum to more than 1, with one label in ten the other way. */
export function binaryTable(rows: number, seed = 1): string {
  return csvTable({
    rows,
    seed,
    label: ([a, b], uniform) => String(Number(a! + b! > 1 !== uniform() < 0.1)),
  });
}

/** 10 a + b² and a little noise. */
export function regressionTable(rows: number, seed = 1): string {
  return csvTable({
    rows,
    seed,
    label: ([a, b], uniform) => (10 * a! + b! * b! + 0.1 * uniform()).toFixed(4),
  });
}

/** Class 0, 1 or 2 by the sum of the first two features. */
export function classTable(rows: number, seed = 1): string {
  return csvTable({ rows, seed, label: ([a, b]) => `${Math.floor(1.5 * (a! + b!))}` });
}
