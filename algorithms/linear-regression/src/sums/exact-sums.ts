/**
 * The sufficient statistics of least squares, exactly: all sums of w · a · b over the rows, a and b being 1, each feature's powers
 * and the label. Adding rows is exact, hence associative and commutative: any order and any blocks give the same numbers. This
 * file is also the plain, slow way to form them, row by row.
 */
import { add, type Decimal, multiply, readDecimal, ZERO } from '../exact/decimal.js';
import { type Look, lookAway } from '../interruption.js';

/** What a row is expanded into: [1, x1 … x1^degree, x2 … , y]. */
export interface Expansion {
  readonly featureCount: number;
  /** Powers of every feature, >= 1; no products of different features. */
  readonly degree: number;
}

export interface ExactSums extends Expansion {
  /** Rows with a weight above 0. */
  readonly rows: number;
  /** [columns · (columns + 1) / 2] upper triangle, row by row; columns = featureCount · degree + 2. */
  readonly sums: readonly Decimal[];
}

export interface MutableSums extends Expansion {
  rows: number;
  sums: Decimal[];
}

/** 1, the powers and the label. */
export function columnCount(expansion: Expansion): number {
  return expansion.featureCount * expansion.degree + 2;
}

/** Place of the sum of column i times column j, i <= j, in the upper triangle. */
export function triangleIndex(columns: number, i: number, j: number): number {
  return i * columns - (i * (i - 1)) / 2 + (j - i);
}

export function emptySums({ featureCount, degree }: Expansion): MutableSums {
  const columns = columnCount({ featureCount, degree });
  return { featureCount, degree, rows: 0, sums: new Array<Decimal>((columns * (columns + 1)) / 2).fill(ZERO) };
}

/** Adds one row. @param features [featureCount] finite; @param weight finite, >= 0 */
export function addRow(
  sums: MutableSums,
  features: ArrayLike<number>,
  label: number,
  weight = 1,
  look: Look = lookAway,
): void {
  if (weight === 0) return;
  const expanded: Decimal[] = [{ digits: 1n, places: 0 }];
  for (let f = 0; f < sums.featureCount; f++) {
    const x = readDecimal(features[f]!);
    let power = x;
    for (let k = 1; k <= sums.degree; k++) {
      expanded.push(power);
      power = multiply(power, x);
    }
  }
  expanded.push(readDecimal(label));
  const w = readDecimal(weight);
  let at = 0;
  for (let i = 0; i < expanded.length; i++) {
    const left = multiply(w, expanded[i]!);
    look(expanded.length - i);
    for (let j = i; j < expanded.length; j++, at++) {
      sums.sums[at] = add(sums.sums[at]!, multiply(left, expanded[j]!));
    }
  }
  sums.rows++;
}
