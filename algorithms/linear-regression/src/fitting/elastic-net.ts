/**
 * Elastic net from exact sums: minimises Σ wᵢ (xᵢ·w + b - yᵢ)² + l1 ‖w‖₁ + l2 ‖w‖², the intercept not penalised. In the terms of
 * scikit-learn and glmnet, with n = Σ wᵢ: l1 = 2 n · alpha · l1_ratio, l2 = n · alpha · (1 - l1_ratio).
 * Cyclic coordinate descent (Friedman, Hastie & Tibshirani 2010) finds which coefficients are not 0; their values are then solved
 * for exactly and the optimality (KKT) conditions checked, so the result does not depend on where the descent stopped.
 */
import { ClientError } from '@algo/contract';
import { add, multiply, negate, ratioOf } from '../exact/decimal.js';
import { type Look, lookAway } from '../interruption.js';
import { columnCount, type ExactSums, triangleIndex } from '../sums/exact-sums.js';
import { describeFit, fitLeastSquares, type LinearFit } from './least-squares.js';
import { type Solution, solveNormalEquations } from './normal-equations.js';
import { listTerms, type Term } from './terms.js';

export interface ElasticNetOptions {
  readonly hasIntercept: boolean;
  /** >= 0 */
  readonly l1: number;
  /** >= 0 */
  readonly l2: number;
}

/** Each round stops at a hundredth of the step of the one before; the active set hardly ever changes after the second. */
const TOLERANCES = [1e-6, 1e-8, 1e-10, 1e-12, 1e-14];
const MAX_SWEEPS = 20_000;
/** Slack of the optimality test, relative to l1: the test itself is in doubles. */
const SLACK = 1e-9;

/** @throws ClientError E_DATA_ROWS without rows, E_CONVERGENCE when no set of coefficients passes the optimality test */
export function fitElasticNet(sums: ExactSums, options: ElasticNetOptions, look: Look = lookAway): LinearFit {
  if (options.l1 === 0) return fitLeastSquares(sums, options, look);
  if (sums.rows === 0) {
    throw new ClientError('E_DATA_ROWS', 'Channel "train" must have rows of weight above 0; received none.');
  }
  const terms = listTerms(sums.featureCount, sums.degree, options.hasIntercept);
  const features = terms.filter((term) => term.feature > 0);
  const problem = standardise(sums, features, options, look);
  const weights = new Float64Array(features.length);
  for (const tolerance of TOLERANCES) {
    descend(problem, weights, tolerance, look);
    const fit = polish({ sums, terms, features, problem, options }, weights, look);
    if (fit) return fit;
  }
  throw new ClientError(
    'E_CONVERGENCE',
    `Elastic net with l1 ${options.l1} and l2 ${options.l2} found no solution that passes the optimality test within ${MAX_SWEEPS} sweeps; the features are nearly dependent. Raise l2.`,
  );
}

// --- internal ---

/** The problem with every column, and the label, centred and divided by its length. */
interface Problem {
  /** [features × features] correlations */
  readonly correlations: readonly Float64Array[];
  /** [features] correlations with the label */
  readonly target: Float64Array;
  /** [features] l1 / 2 and l2 in these units */
  readonly l1: Float64Array;
  readonly l2: Float64Array;
  /** [features] true coefficient = this one · unit */
  readonly units: Float64Array;
}

function standardise(
  sums: ExactSums,
  features: readonly Term[],
  { hasIntercept, l1, l2 }: ElasticNetOptions,
  look: Look,
): Problem {
  const columns = columnCount(sums);
  const sum = (i: number, j: number) => sums.sums[triangleIndex(columns, Math.min(i, j), Math.max(i, j))]!;
  const count = sum(0, 0);
  /** Centred sum times the sum of weights, exactly, then rounded once. */
  const centred = (i: number, j: number): number => {
    const product = hasIntercept
      ? add(multiply(sum(i, j), count), negate(multiply(sum(0, i), sum(0, j))))
      : multiply(sum(i, j), count);
    return ratioOf(product, count);
  };
  const label = columns - 1;
  const labelLength = Math.sqrt(centred(label, label)) || 1;
  const lengths = features.map((term) => Math.sqrt(centred(term.column, term.column)));
  const scale = (i: number) => (lengths[i]! > 0 ? 1 / lengths[i]! : 0);
  return {
    correlations: features.map((a, i) => {
      look(2 * features.length);
      return Float64Array.from(features, (b, j) =>
        i === j ? Math.sign(lengths[i]!) : centred(a.column, b.column) * scale(i) * scale(j),
      );
    }),
    target: Float64Array.from(features, (term, i) => (centred(term.column, label) * scale(i)) / labelLength),
    l1: Float64Array.from(features, (_, i) => (l1 / 2 / labelLength) * scale(i)),
    l2: Float64Array.from(features, (_, i) => l2 * scale(i) * scale(i)),
    units: Float64Array.from(features, (_, i) => labelLength * scale(i)),
  };
}

/** Sweeps until no coordinate moves by more than `tolerance` (in units of the label's length). */
function descend(problem: Problem, weights: Float64Array, tolerance: number, look: Look): void {
  const { correlations, target, l1, l2 } = problem;
  // gradient[j] = target[j] - Σ correlations[j][k] · weights[k]
  const gradient = Float64Array.from(target, (value, j) => {
    let sum = value;
    for (let k = 0; k < weights.length; k++) sum -= correlations[j]![k]! * weights[k]!;
    return sum;
  });
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let largest = 0;
    look(weights.length ** 2);
    for (let j = 0; j < weights.length; j++) {
      const own = correlations[j]![j]!;
      if (own === 0) continue;
      const free = gradient[j]! + own * weights[j]!;
      const next = (Math.sign(free) * Math.max(0, Math.abs(free) - l1[j]!)) / (own + l2[j]!);
      const step = next - weights[j]!;
      if (step === 0) continue;
      weights[j] = next;
      const row = correlations[j]!;
      for (let k = 0; k < weights.length; k++) gradient[k]! -= row[k]! * step;
      largest = Math.max(largest, Math.abs(step));
    }
    if (largest <= tolerance) return;
  }
}

interface PolishInput {
  readonly sums: ExactSums;
  readonly terms: readonly Term[];
  readonly features: readonly Term[];
  readonly problem: Problem;
  readonly options: ElasticNetOptions;
}

/** The exact solution on the coefficients that are not 0, or undefined when it is not the optimum. */
function polish(
  { sums, terms, features, problem, options }: PolishInput,
  weights: Float64Array,
  look: Look,
): LinearFit | undefined {
  const signOf = new Map(features.map((term, i) => [term, Math.sign(weights[i]!)]));
  let active = terms.filter((term) => term.feature === 0 || signOf.get(term) !== 0);
  for (;;) {
    const signs = active.map((term) => signOf.get(term) ?? 0);
    const penalty = { l2: options.l2, l1: { weight: options.l1, signs } };
    const solution = solveNormalEquations(sums, active, penalty, look);
    if ('dependent' in solution) {
      // Of twins one is enough: the others' share goes to those before them.
      const dependent = new Set(solution.dependent.map(({ term }) => term));
      active = active.filter((term) => !dependent.has(term));
      continue;
    }
    if (!hasSigns(solution, signs)) return undefined;
    const fit = describeFit(sums, solution, penalty, look);
    const estimates = new Map(active.map((term, i) => [term, fit.coefficients[i]!]));
    const all = features.map((term) => estimates.get(term) ?? 0);
    if (!isOptimal(problem, all)) return undefined;
    return {
      ...fit,
      terms,
      coefficients: terms.map((term) => estimates.get(term) ?? 0),
      degreesOfFreedom: sums.rows - active.length,
    };
  }
}

function hasSigns(solution: Solution, signs: readonly number[]): boolean {
  return signs.every(
    (sign, i) => sign === 0 || (sign > 0 ? solution.coefficients[i]! > 0n : solution.coefficients[i]! < 0n),
  );
}

/** KKT: |gradient - l2 · w| is l1 / 2 where w is not 0 (true by construction), and at most that elsewhere. */
function isOptimal({ correlations, target, l1, units }: Problem, coefficients: readonly number[]): boolean {
  return coefficients.every((value, j) => {
    if (value !== 0 || units[j] === 0) return true;
    let gradient = target[j]!;
    for (let k = 0; k < coefficients.length; k++) {
      if (units[k] !== 0) gradient -= (correlations[j]![k]! * coefficients[k]!) / units[k]!;
    }
    return Math.abs(gradient) <= l1[j]! * (1 + SLACK) + SLACK * 1e-3;
  });
}
