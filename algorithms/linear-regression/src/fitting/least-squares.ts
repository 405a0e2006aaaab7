/**
 * Ordinary, weighted and ridge least squares from exact sums: coefficients, their standard errors and the fit's quality as doubles,
 * each rounded once from the precise solution.
 */

import { ClientError } from '@algo/contract';
import { bitLength } from '@algo/numerics';
import { type Decimal, ratioOf, ratioToNumber, readDecimal } from '../exact/decimal.js';
import { type Look, lookAway } from '../interruption.js';
import { columnCount, type ExactSums, triangleIndex } from '../sums/exact-sums.js';
import { singularError } from './collinearity.js';
import { conditionNumber } from './condition-number.js';
import { type Penalty, type Solution, solveNormalEquations, toFixed } from './normal-equations.js';
import { listTerms, startsWithIntercept, type Term, termName } from './terms.js';

export interface LinearFit {
  readonly terms: readonly Term[];
  /** [terms], the intercept first if there is one. */
  readonly coefficients: readonly number[];
  readonly rows: number;
  /** Rows minus terms; what is left to estimate the noise from. */
  readonly degreesOfFreedom: number;
  /** Σ w (y - prediction)². */
  readonly residualSumOfSquares: number;
  /** Σ w, which is the number of rows without weights. */
  readonly totalWeight: number;
  /** 1 - residual / total sum of squares; the total is about the mean with an intercept, about 0 without. 1 for an exact fit. */
  readonly rSquared: number;
  readonly conditionNumber: number;
  /** Only of unpenalised fits with degreesOfFreedom >= 1. */
  readonly inference: Inference | undefined;
  /** Only of penalised fits: trace of the hat matrix, intercept included. */
  readonly effectiveParameters: number | undefined;
}

export interface Inference {
  readonly residualStandardDeviation: number;
  /** [terms] */
  readonly standardErrors: readonly number[];
  /** [terms] rows of lengths 1, 2, …: F with F'F = (X'WX)⁻¹, so that a row x has leverage ‖F x‖². */
  readonly factor: readonly (readonly number[])[];
}

/**
 * The w and b that minimise Σ wᵢ (xᵢ·w + b - yᵢ)² + l2 ‖w‖².
 * @throws ClientError E_DATA_ROWS with fewer rows than coefficients, E_DATA_SINGULAR naming dependent columns, E_DATA_RANGE
 *   naming a coefficient that a double cannot hold, or whose error it cannot
 */
export function fitLeastSquares(
  sums: ExactSums,
  options: { readonly hasIntercept: boolean; readonly l2?: number },
  look: Look = lookAway,
): LinearFit {
  const terms = listTerms(sums.featureCount, sums.degree, options.hasIntercept);
  const l2 = options.l2 ?? 0;
  requireRows(sums, terms, l2);
  const solution = solveNormalEquations(sums, terms, { l2 }, look);
  if ('dependent' in solution) throw singularError(solution);
  return describeFit(sums, solution, { l2 }, look);
}

/** A solution in doubles. */
export function describeFit(sums: ExactSums, solution: Solution, penalty: Penalty, look: Look = lookAway): LinearFit {
  const { terms, factors } = solution;
  const hasIntercept = startsWithIntercept(terms);
  const isPenalised = penalty.l2 > 0 || penalty.l1 !== undefined;
  const residual = residualSquares(solution, penalty);
  const total = totalSquares(sums, solution, hasIntercept);
  const degreesOfFreedom = sums.rows - terms.length;
  const unit = labelUnit(solution);
  const coefficients = terms.map((_, i) => coefficientOf(solution, i));
  const residualSumOfSquares = ratioToNumber(residual, 1n << BigInt(factors.precision), 2 * unit);
  requireRange(terms, [...coefficients, residualSumOfSquares]);
  return {
    terms,
    coefficients,
    rows: sums.rows,
    degreesOfFreedom,
    residualSumOfSquares,
    totalWeight: weightOf(sums),
    rSquared: residual === 0n ? 1 : total <= 0n ? 0 : ratioToNumber(total - residual, total),
    conditionNumber: conditionNumber(solution, look),
    inference:
      isPenalised || degreesOfFreedom < 1 ? undefined : inferenceOf(solution, residual, degreesOfFreedom, look),
    effectiveParameters: isPenalised ? effectiveParameters(solution, penalty.l2) : undefined,
  };
}

// --- internal ---

function requireRows(sums: ExactSums, terms: readonly Term[], l2: number): void {
  const needed = l2 > 0 ? 1 : terms.length;
  if (sums.rows >= needed) return;
  throw new ClientError(
    'E_DATA_ROWS',
    `Channel "train" must have at least ${needed} rows of weight above 0 to fit ${terms.length} coefficients; received ${sums.rows}. Give more rows, or use method ridge with l2 > 0.`,
  );
}

function requireRange(terms: readonly Term[], values: readonly number[]): void {
  const place = values.findIndex((value) => !Number.isFinite(value));
  if (place < 0) return;
  throw rangeError(
    place < terms.length ? `the coefficient of ${termName(terms[place]!)}` : 'the sum of squared errors',
  );
}

/** A model file has no way to write infinity. */
function requireErrors(terms: readonly Term[], { standardErrors, factor }: Inference): void {
  terms.forEach((term, j) => {
    const values = [standardErrors[j]!, ...factor.slice(j).map((row) => row[j]!)];
    if (!values.every(Number.isFinite)) throw rangeError(`the standard error of ${termName(term)}`);
  });
}

function rangeError(what: string): ClientError {
  return new ClientError(
    'E_DATA_RANGE',
    `Training data: ${what} must be within the range of a double (1.8e308). Scale the features or the label.`,
  );
}

function labelUnit({ exponents, terms }: Solution): number {
  return exponents[terms.length]!;
}

function coefficientOf(solution: Solution, i: number): number {
  const { coefficients, exponents, factors } = solution;
  return ratioToNumber(coefficients[i]!, 1n << BigInt(factors.precision), labelUnit(solution) - exponents[i]!);
}

/** Residual sum of squares in units of 4^label exponent · 2^-precision: the label's pivot without the penalties' own part. */
function residualSquares(solution: Solution, penalty: Penalty): bigint {
  const { factors, terms, exponents, coefficients } = solution;
  const precision = factors.precision;
  const shift = BigInt(precision);
  const unit = labelUnit(solution);
  let residual = factors.pivots[terms.length]!;
  const l2 = readDecimal(penalty.l2);
  const l1 = readDecimal(penalty.l1?.weight ?? 0);
  terms.forEach((term, i) => {
    const w = coefficients[i]!;
    if (term.feature === 0) return;
    if (penalty.l2 > 0) residual -= (((w * w) >> shift) * toFixed(l2, precision - 2 * exponents[i]!)) >> shift;
    if (penalty.l1) residual -= ((w < 0n ? -w : w) * toFixed(l1, precision - unit - exponents[i]!)) >> shift;
  });
  // An exact fit leaves the noise of the last bits only: half of all bits below the label's own sum of squares is nothing.
  return bitLength(residual) <= precision / 2 || residual < 0n ? 0n : residual;
}

function sumOf(sums: ExactSums, i: number, j: number): Decimal {
  return sums.sums[triangleIndex(columnCount(sums), i, j)]!;
}

/** Total sum of squares in the units of residualSquares. */
function totalSquares(sums: ExactSums, solution: Solution, hasIntercept: boolean): bigint {
  const { factors } = solution;
  const unit = labelUnit(solution);
  const label = columnCount(sums) - 1;
  const own = toFixed(sumOf(sums, label, label), factors.precision - 2 * unit);
  if (!hasIntercept) return own;
  const first = solution.exponents[0]!;
  const mean = toFixed(sumOf(sums, 0, label), factors.precision - unit - first);
  return own - (mean * mean) / toFixed(sumOf(sums, 0, 0), factors.precision - 2 * first);
}

function weightOf(sums: ExactSums): number {
  return ratioOf(sumOf(sums, 0, 0), { digits: 1n, places: 0 });
}

function inferenceOf(solution: Solution, residual: bigint, degreesOfFreedom: number, look: Look): Inference {
  const { factors, exponents, inverse, inverseDiagonal, terms } = solution;
  const unit = labelUnit(solution);
  const one = 1n << BigInt(factors.precision);
  const freedom = BigInt(degreesOfFreedom);
  const roots = factors.pivots.slice(0, terms.length).map((pivot) => Math.sqrt(ratioToNumber(pivot, one)));
  const inference = {
    // Powers of two come after the root: a variance may pass the range of a double where its root does not.
    residualStandardDeviation: Math.sqrt(ratioToNumber(residual, one * freedom)) * 2 ** unit,
    standardErrors: inverseDiagonal.map(
      (value, i) => Math.sqrt(ratioToNumber(residual * value, one * one * freedom)) * 2 ** (unit - exponents[i]!),
    ),
    factor: terms.map((_, i) => {
      const row = [...inverse[i]!, one];
      look(row.length);
      return row.map((value, j) => ratioToNumber(value, one, -exponents[j]!) / roots[i]!);
    }),
  };
  requireErrors(terms, inference);
  return inference;
}

function effectiveParameters({ terms, inverseDiagonal, factors, exponents }: Solution, l2: number): number {
  const one = 1n << BigInt(factors.precision);
  let penalised = 0;
  terms.forEach((term, i) => {
    if (term.feature > 0) penalised += l2 * ratioToNumber(inverseDiagonal[i]!, one, -2 * exponents[i]!);
  });
  return terms.length - penalised;
}
