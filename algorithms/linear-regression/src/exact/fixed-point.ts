/**
 * The factors L D Lᵀ of a symmetric positive matrix in fixed point: every number is a BigInt that counts units of 2^-precision, so
 * the precision is as large as the matrix asks. Entries are expected near 1 (a scaled matrix).
 * Method: Golub & Van Loan, Matrix Computations, 4th ed., section 4.1.
 */
import { type Look, lookAway } from '../interruption.js';

export interface Factors {
  readonly precision: number;
  /** Row i: L[i][0 … i-1]; the diagonal is 1. A dropped column is 0. */
  readonly lower: readonly (readonly bigint[])[];
  /** Pivot i: what is left of column i's square once the columns before it are taken out; 0 for a dropped one. */
  readonly pivots: readonly bigint[];
  /** Columns whose pivot is at most the tolerance times their diagonal entry: they depend on those before. */
  readonly dropped: readonly number[];
}

/**
 * @param matrix [size] rows, lower triangle with diagonal, units of 2^-precision
 * @param inverseTolerance a column is dropped when pivot · inverseTolerance <= diagonal; the last row is never dropped
 */
export function factorize(
  matrix: readonly (readonly bigint[])[],
  precision: number,
  inverseTolerance: bigint,
  look: Look = lookAway,
): Factors {
  const shift = BigInt(precision);
  const size = matrix.length;
  const lower: bigint[][] = [];
  const pivots: bigint[] = [];
  const dropped: number[] = [];
  for (let i = 0; i < size; i++) {
    const entries = matrix[i]!;
    // scaled[j] = L[i][j] · pivot[j]
    const scaled: bigint[] = new Array(i);
    const row: bigint[] = new Array(i);
    let pivot = entries[i]! << shift;
    for (let j = 0; j < i; j++) {
      if (pivots[j] === 0n) {
        scaled[j] = 0n;
        row[j] = 0n;
        continue;
      }
      const other = lower[j]!;
      let sum = entries[j]! << shift;
      for (let k = 0; k < j; k++) sum -= scaled[k]! * other[k]!;
      look(j + 3);
      const value = sum >> shift;
      scaled[j] = value;
      row[j] = (value << shift) / pivots[j]!;
      pivot -= value * row[j]!;
    }
    pivot >>= shift;
    if (i < size - 1 && pivot * inverseTolerance <= entries[i]!) {
      dropped.push(i);
      pivot = 0n;
    }
    lower.push(row);
    pivots.push(pivot);
  }
  return { precision, lower, pivots, dropped };
}

/** x with Lᵀ x = right, over the first `size` columns; dropped columns get 0. */
export function solveTransposed(
  factors: Factors,
  right: readonly bigint[],
  size: number,
  look: Look = lookAway,
): bigint[] {
  const shift = BigInt(factors.precision);
  const x: bigint[] = new Array(size).fill(0n);
  for (let i = size - 1; i >= 0; i--) {
    if (factors.pivots[i] === 0n) continue;
    let sum = right[i]! << shift;
    for (let k = i + 1; k < size; k++) sum -= factors.lower[k]![i]! * x[k]!;
    look(size - i);
    x[i] = sum >> shift;
  }
  return x;
}

/** Rows of L⁻¹ over the first `size` columns: row i holds entries 0 … i-1, the diagonal is 1. */
export function invertLower(factors: Factors, size: number, look: Look = lookAway): readonly (readonly bigint[])[] {
  const shift = BigInt(factors.precision);
  const inverse: bigint[][] = [];
  for (let i = 0; i < size; i++) {
    const row = factors.lower[i]!;
    const result: bigint[] = new Array(i);
    for (let j = 0; j < i; j++) {
      let sum = row[j]! << shift;
      for (let k = j + 1; k < i; k++) sum += row[k]! * inverse[k]![j]!;
      look(i - j);
      result[j] = -(sum >> shift);
    }
    inverse.push(result);
  }
  return inverse;
}

/** Diagonal of (L D Lᵀ)⁻¹ over the columns of `inverse` (as invertLower gives it). */
export function inverseDiagonal(
  factors: Factors,
  inverse: readonly (readonly bigint[])[],
  look: Look = lookAway,
): bigint[] {
  const shift = BigInt(factors.precision);
  const one = 1n << shift;
  return inverse.map((_, j) => {
    let sum = (one << shift) / factors.pivots[j]!;
    for (let i = j + 1; i < inverse.length; i++) {
      const entry = inverse[i]![j]!;
      sum += (entry * entry) / factors.pivots[i]!;
    }
    look(2 * (inverse.length - j));
    return sum;
  });
}
