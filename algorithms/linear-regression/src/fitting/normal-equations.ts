/**
 * The normal equations of (penalised) least squares, from exact sums, solved with as much precision as they ask. The usual warning
 * against normal equations is about rounding: it squares the condition number, which costs digits when the sums are rounded. Here
 * they are exact, and the solve starts at 192 bits or more and doubles them until its error bound is below the last bit of a double.
 */
import { bitLength } from '@algo/numerics';
import { add, type Decimal, multiply, negate, powerOfTen, readDecimal, ZERO } from '../exact/decimal.js';
import { type Factors, factorize, inverseDiagonal, invertLower, solveTransposed } from '../exact/fixed-point.js';
import { type Look, lookAway } from '../interruption.js';
import { columnCount, type ExactSums, triangleIndex } from '../sums/exact-sums.js';
import type { Term } from './terms.js';

export interface Penalty {
  /** Weight of ‖w‖², >= 0; the intercept is not penalised. */
  readonly l2: number;
  /** Weight of ‖w‖₁, with the signs of the solution's coefficients (by term; 0 for the intercept). */
  readonly l1?: { readonly weight: number; readonly signs: readonly number[] };
}

/** The solution in fixed point. True values: see `exponents`. */
export interface Solution {
  readonly terms: readonly Term[];
  readonly factors: Factors;
  /** [terms + 1] column i was divided by 2^exponents[i]; the label is the last. */
  readonly exponents: readonly number[];
  /** [terms] coefficient i is coefficients[i] · 2^(label's exponent - exponents[i] - precision). */
  readonly coefficients: readonly bigint[];
  /** Rows of L⁻¹ (see `invertLower`) and the diagonal of the matrix's inverse, scaled alike. */
  readonly inverse: readonly (readonly bigint[])[];
  readonly inverseDiagonal: readonly bigint[];
}

export interface Dependence {
  readonly dependent: readonly { readonly term: Term; readonly parts: readonly { term: Term; factor: number }[] }[];
}

/** Relative residual norm 1e-14 of a column on those before it: dependent but for the rounding of doubles. Squared, inverse. */
const INVERSE_TOLERANCE = 10n ** 28n;
/** Bits of the result that are right beyond doubt, 27 more than a double shows. */
const RESULT_BITS = 80;
/** With this many bits, a residual that is smaller than half of them says is taken as an exact fit. */
const EXACT_FIT_PRECISION = 512;
/** A pivot at the tolerance is 2^-93: with this many bits it is accurate enough to drop its column. */
const DROP_PRECISION = 256;
const MAX_PRECISION = 8192;

/** Either the solution, or which terms depend on which others. */
export function solveNormalEquations(
  sums: ExactSums,
  terms: readonly Term[],
  penalty: Penalty,
  look: Look = lookAway,
): Solution | Dependence {
  const matrix = readMatrix(sums, terms, penalty);
  const exponents = matrix.map((row, i) => scaleExponent(row[i]!));
  for (let precision = firstPrecision(terms.length); ; precision *= 2) {
    const fixed = matrix.map((row, i) => {
      look(row.length);
      return row.map((entry, j) => toFixed(entry, precision - exponents[i]! - exponents[j]!));
    });
    const factors = factorize(fixed, precision, INVERSE_TOLERANCE, look);
    if (factors.dropped.length > 0 && precision >= DROP_PRECISION) {
      return describeDependence(factors, terms, exponents, look);
    }
    if (neededForPivots(factors) > precision) continue;
    const inverse = invertLower(factors, terms.length, look);
    const diagonal = inverseDiagonal(factors, inverse, look);
    const trace = bitLength(diagonal.reduce((sum, value) => sum + value, 0n)) - precision;
    if (neededForPivots(factors) + Math.max(0, trace) <= precision || precision >= MAX_PRECISION) {
      const coefficients = solveTransposed(factors, factors.lower[terms.length]!, terms.length, look);
      return { terms, factors, exponents, coefficients, inverse, inverseDiagonal: diagonal };
    }
  }
}

/** Lower triangle of the matrix of the terms and, as last row, the right side and the label's own sum. */
function readMatrix(sums: ExactSums, terms: readonly Term[], penalty: Penalty): Decimal[][] {
  const columns = columnCount(sums);
  const places = [...terms.map((term) => term.column), columns - 1];
  const matrix = places.map((column, i) =>
    places.slice(0, i + 1).map((other) => {
      const [a, b] = other <= column ? [other, column] : [column, other];
      return sums.sums[triangleIndex(columns, a, b)]!;
    }),
  );
  const l2 = readDecimal(penalty.l2);
  const halfL1 = penalty.l1 ? multiply(readDecimal(penalty.l1.weight), { digits: 5n, places: 1 }) : ZERO;
  terms.forEach((term, i) => {
    if (term.feature === 0) return;
    matrix[i]![i] = add(matrix[i]![i]!, l2);
    const sign = penalty.l1?.signs[i] ?? 0;
    const right = matrix[terms.length]!;
    if (sign !== 0) right[i] = add(right[i]!, sign > 0 ? negate(halfL1) : halfL1);
  });
  return matrix;
}

/** value · 2^bits as an integer, rounded down. */
export function toFixed({ digits, places }: Decimal, bits: number): bigint {
  const numerator = places < 0 ? digits * powerOfTen(-places) : digits;
  const denominator = places > 0 ? powerOfTen(places) : 1n;
  return bits >= 0 ? (numerator << BigInt(bits)) / denominator : numerator / (denominator << BigInt(-bits));
}

// --- internal ---

/** Enough for nearly all data; small systems cost nothing, and large ones most likely have no use for more than three words. */
function firstPrecision(columns: number): number {
  return columns > 64 ? 192 : 512;
}

/**
 * Bits that the solve needs, but for those that the inverse's size costs. Each entry of the factors is off by some units of the last place; a
 * pivot of 2^-k makes that 2^k times more in what is divided by it, and the sums over the columns add up.
 */
function neededForPivots({ pivots, precision, dropped }: Factors): number {
  if (dropped.length > 0) return Number.POSITIVE_INFINITY;
  const columns = pivots.length - 1;
  const bitsOf = (pivot: bigint) => precision - bitLength(pivot);
  const smallest = pivots.slice(0, columns).reduce((bits, pivot) => Math.max(bits, bitsOf(pivot)), 0);
  const residual = bitsOf(pivots[columns]!);
  const isExactFit = precision >= EXACT_FIT_PRECISION && residual >= precision / 2;
  return RESULT_BITS + smallest + 2 * bitLength(BigInt(pivots.length)) + (isExactFit ? 0 : residual);
}

/** k with diagonal / 4^k between 1/8 and 2. */
function scaleExponent({ digits, places }: Decimal): number {
  if (digits === 0n) return 0;
  return Math.ceil((bitLength(digits) - places * Math.log2(10)) / 2);
}

/** Each dropped column as the combination of the kept columns before it, in the data's own units. */
function describeDependence(
  factors: Factors,
  terms: readonly Term[],
  exponents: readonly number[],
  look: Look,
): Dependence {
  const unit = 2 ** -52;
  const dependent = factors.dropped.map((column) => {
    const mix = solveTransposed(factors, factors.lower[column]!, column, look);
    const parts = mix.flatMap((value, j) => {
      const scaled = Number(value >> BigInt(factors.precision - 52)) * unit;
      // All columns have norms near 1 here: what is below 1e-10 is rounding, not a part.
      if (Math.abs(scaled) < 1e-10) return [];
      return [{ term: terms[j]!, factor: scaled * 2 ** (exponents[column]! - exponents[j]!) }];
    });
    return { term: terms[column]!, parts };
  });
  return { dependent };
}
