/**
 * The sufficient statistics of least squares, exactly: all sums of w · a · b over the rows, a and b being 1, each feature's powers
 * and the label. Adding rows and merging shards are exact, hence associative and commutative: any order and any
 * sharding give the same numbers. This file is also the plain, slow way to form them, row by row.
 */
import { z } from 'zod';
import { add, canonical, type Decimal, multiply, readDecimal, ZERO } from '../exact/decimal.js';
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

/** The sums of both together. @throws RangeError when their columns differ */
export function mergeSums(a: ExactSums, b: ExactSums): ExactSums {
  if (a.featureCount !== b.featureCount || a.degree !== b.degree) {
    throw new RangeError(
      `mergeSums: both must have the same columns; received ${a.featureCount} features of degree ${a.degree} and ${b.featureCount} of degree ${b.degree}.`,
    );
  }
  return { ...a, rows: a.rows + b.rows, sums: a.sums.map((sum, i) => canonical(add(sum, b.sums[i]!))) };
}

/** Text that `parseSums` reads again, equal for equal sums. */
export function stringifySums(sums: ExactSums): string {
  const { featureCount, degree, rows } = sums;
  const texts = sums.sums.map((sum) => {
    const { digits, places } = canonical(sum);
    return `${digits}e${-places}`;
  });
  return JSON.stringify({ featureCount, degree, rows, sums: texts });
}

/** @throws ZodError on anything that stringifySums does not write */
export function parseSums(text: string): ExactSums {
  const { featureCount, degree, rows, sums } = sumsSchema.parse(JSON.parse(text));
  return { featureCount, degree, rows, sums: sums.map(parseDecimal) };
}

// --- internal ---

const sumsSchema = z
  .object({
    featureCount: z.int().min(1),
    degree: z.int().min(1),
    rows: z.int().min(0),
    sums: z.array(z.string().regex(/^-?\d+e-?\d+$/)),
  })
  .refine((value) => {
    const columns = columnCount(value);
    return value.sums.length === (columns * (columns + 1)) / 2;
  }, 'sums must be the upper triangle of featureCount · degree + 2 columns');

function parseDecimal(text: string): Decimal {
  const split = text.indexOf('e');
  const exponent = Number(text.slice(split + 1));
  return { digits: BigInt(text.slice(0, split)), places: exponent === 0 ? 0 : -exponent };
}
