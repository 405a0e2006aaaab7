/**
 * The 2-norm condition number of the design matrix with its columns scaled to length 1 (Belsley, Kuh & Welsch 1980): the
 * ratio of the largest to the smallest singular value, from the triangular factor, by power and inverse iteration.
 */
import { ratioToNumber } from '../exact/decimal.js';
import { type Look, lookAway } from '../interruption.js';
import type { Solution } from './normal-equations.js';

/** Rayleigh quotients settle much earlier unless two singular values nearly coincide, when either will do. */
const MAX_ITERATIONS = 500;
const TOLERANCE = 1e-12;

/** >= 1; its digits beyond the third are not certain when singular values lie close together. */
export function conditionNumber(solution: Solution, look: Look = lookAway): number {
  if (solution.terms.length === 0) return 1;
  const lower = unitRows(solution, look);
  const largest = iterate(lower.length, look, (v) => timesLower(lower, timesTransposed(lower, v)));
  const smallest = iterate(lower.length, look, (v) => solveTransposedRows(lower, solveRows(lower, v)));
  return Math.max(1, Math.sqrt(largest * smallest));
}

// --- internal ---

/** L √D with each row divided by its length: the scaled columns' own triangular factor, transposed. */
function unitRows({ factors, terms }: Solution, look: Look): Float64Array[] {
  const one = 1n << BigInt(factors.precision);
  const roots = factors.pivots.slice(0, terms.length).map((pivot) => Math.sqrt(ratioToNumber(pivot, one)));
  return terms.map((_, i) => {
    const row = new Float64Array(i + 1);
    for (let j = 0; j < i; j++) row[j] = ratioToNumber(factors.lower[i]![j]!, one) * roots[j]!;
    row[i] = roots[i]!;
    look(row.length);
    const length = norm(row);
    return row.map((value) => value / length);
  });
}

/** Largest eigenvalue of a symmetric positive operator. */
function iterate(size: number, look: Look, apply: (v: Float64Array) => Float64Array): number {
  let v: Float64Array = Float64Array.from({ length: size }, (_, i) => 1 + ((i * 7919) % 101) / 101);
  let value = 0;
  for (let step = 0; step < MAX_ITERATIONS; step++) {
    const length = norm(v);
    look(size * size);
    v = apply(v.map((x) => x / length));
    const next = norm(v);
    if (Math.abs(next - value) <= TOLERANCE * next) return next;
    value = next;
  }
  return value;
}

function timesTransposed(lower: readonly Float64Array[], v: Float64Array): Float64Array {
  const result = new Float64Array(v.length);
  lower.forEach((row, i) => {
    for (let j = 0; j <= i; j++) result[j]! += row[j]! * v[i]!;
  });
  return result;
}

function timesLower(lower: readonly Float64Array[], v: Float64Array): Float64Array {
  return Float64Array.from(lower, (row) => {
    let sum = 0;
    for (let j = 0; j < row.length; j++) sum += row[j]! * v[j]!;
    return sum;
  });
}

function solveRows(lower: readonly Float64Array[], v: Float64Array): Float64Array {
  const x = Float64Array.from(v);
  lower.forEach((row, i) => {
    for (let j = 0; j < i; j++) x[i]! -= row[j]! * x[j]!;
    x[i]! /= row[i]!;
  });
  return x;
}

function solveTransposedRows(lower: readonly Float64Array[], v: Float64Array): Float64Array {
  const x = Float64Array.from(v);
  for (let i = lower.length - 1; i >= 0; i--) {
    const row = lower[i]!;
    x[i]! /= row[i]!;
    for (let j = 0; j < i; j++) x[j]! -= row[j]! * x[i]!;
  }
  return x;
}

/** Math.hypot's √Σx², without an argument for each number: scaled by the largest, so that no square overflows. */
function norm(values: Float64Array): number {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return 0;
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const term = (value / largest) ** 2 - lost;
    const next = sum + term;
    lost = next - sum - term;
    sum = next;
  }
  return Math.sqrt(sum) * largest;
}
