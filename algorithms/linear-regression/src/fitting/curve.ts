/**
 * Curves of one feature through ml-regression: Theil–Sen and robust polynomial, which single outliers do not move, polynomial,
 * exponential and power. They hold all rows in memory. The library is loaded at the first fit: it costs more than the program's start.
 */
import { type Block, ClientError } from '@algo/contract';
import { createRandom } from '@algo/numerics';

export const CURVE_METHODS = ['theil-sen', 'robust-polynomial', 'polynomial', 'exponential', 'power'] as const;
export type CurveMethod = (typeof CURVE_METHODS)[number];

export type Curve =
  | { readonly form: 'polynomial'; readonly coefficients: readonly number[] }
  /** scale · e^(rate x) */
  | { readonly form: 'exponential'; readonly scale: number; readonly rate: number }
  /** scale · x^exponent */
  | { readonly form: 'power'; readonly scale: number; readonly exponent: number };

export interface CurveOptions {
  readonly degree: number;
  /** Only `polynomial` can do without. */
  readonly hasIntercept: boolean;
  /** Of the random subsets of `robust-polynomial`. */
  readonly seed: number;
}

/**
 * Rows a method takes. Theil–Sen holds the slopes of all pairs (12.5 million for 5,000 rows), robust polynomial sorts all residuals
 * once for each subset; both grow with the square of the rows.
 */
export const ROW_LIMITS: Readonly<Record<CurveMethod, number>> = {
  'theil-sen': 5_000,
  'robust-polynomial': 5_000,
  polynomial: 1_000_000,
  exponential: 1_000_000,
  power: 1_000_000,
};

/**
 * Whether the method's curve can go through the rows.
 * @param rows [rows] labels and features @param placeOf a row, from 0
 * @throws ClientError E_DATA_RANGE naming the place where a logarithm needs a value above 0
 */
export function requireInDomain(
  method: CurveMethod,
  { labels, features }: Pick<Block, 'labels' | 'features'>,
  placeOf: (row: number) => string,
): void {
  if (method === 'exponential' || method === 'power') requirePositive(method, 'label', labels, placeOf);
  if (method === 'power') requirePositive(method, 'feature', features, placeOf);
}

/**
 * @param x [rows], @param y [rows], which the method can take the logarithms of
 * @throws ClientError E_DATA_ROWS with too few rows, E_DATA_RANGE for parameters beyond a double, E_DATA_SINGULAR when x does not vary
 *   enough for the curve
 */
export async function fitCurve(
  method: CurveMethod,
  x: readonly number[],
  y: readonly number[],
  options: CurveOptions,
): Promise<Curve> {
  requireRows(method, x, options.degree);
  const library = await import('ml-regression');
  const curve = tryCompute(library, method, x, y, options);
  const parameters = Object.values(curve).flat();
  if (parameters.every((value) => typeof value === 'string' || Number.isFinite(value))) return curve;
  throw new ClientError(
    'E_DATA_RANGE',
    `Training data: method ${method} gives parameters outside the range of a double. Scale the feature or the label.`,
  );
}

/** The curve at each of `x`. */
export function evaluateCurve(curve: Curve, x: ArrayLike<number>): Float64Array {
  const result = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) result[i] = evaluate(curve, x[i]!);
  return result;
}

// --- internal ---

type Library = typeof import('ml-regression');

/** The library throws plain errors on systems it cannot solve, such as a subset of equal rows. */
function tryCompute(...given: Parameters<typeof compute>): Curve {
  try {
    // biome-ignore lint/plugin: the arguments of one function
    return compute(...given);
  } catch (error) {
    throw new ClientError(
      'E_DATA_SINGULAR',
      `Training data: method ${given[1]} cannot fit a curve, because too many rows have the same feature value. Use method ols, or rows with more distinct values.`,
      { cause: error },
    );
  }
}

function compute(
  library: Library,
  method: CurveMethod,
  x: readonly number[],
  y: readonly number[],
  { degree, hasIntercept, seed }: CurveOptions,
): Curve {
  switch (method) {
    case 'theil-sen': {
      const { intercept, slope } = new library.TheilSenRegression(x, y);
      return { form: 'polynomial', coefficients: [intercept, slope] };
    }
    case 'robust-polynomial': {
      const fit = withSeed(seed, () => new library.RobustPolynomialRegression(x, y, degree + 1));
      return { form: 'polynomial', coefficients: fit.coefficients };
    }
    case 'polynomial': {
      const fit = new library.PolynomialRegression(x, y, degree, { interceptAtZero: !hasIntercept });
      const coefficients = new Array<number>(degree + 1).fill(0);
      fit.powers.forEach((power, i) => {
        coefficients[power] = fit.coefficients[i]!;
      });
      return { form: 'polynomial', coefficients };
    }
    case 'exponential': {
      const { A, B } = new library.ExponentialRegression(x, y);
      return { form: 'exponential', scale: B, rate: A };
    }
    case 'power': {
      const { A, B } = new library.PowerRegression(x, y);
      return { form: 'power', scale: A, exponent: B };
    }
  }
}

function evaluate(curve: Curve, x: number): number {
  if (curve.form === 'exponential') return curve.scale * Math.exp(curve.rate * x);
  if (curve.form === 'power') return curve.scale * x ** curve.exponent;
  return curve.coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}

function requireRows(method: CurveMethod, x: readonly number[], degree: number): void {
  const needed = method === 'polynomial' || method === 'robust-polynomial' ? degree + 1 : 2;
  if (x.length < needed) {
    throw new ClientError(
      'E_DATA_ROWS',
      `Channel "train" must have at least ${needed} rows for method ${method}; received ${x.length}.`,
    );
  }
  const different = new Set(x).size;
  if (different < needed) {
    throw new ClientError(
      'E_DATA_SINGULAR',
      `Training data: the feature must have at least ${needed} distinct values for method ${method}; received ${different} in ${x.length} rows.`,
    );
  }
}

function requirePositive(
  method: CurveMethod,
  what: string,
  values: Float64Array | Float32Array,
  placeOf: (row: number) => string,
): void {
  const row = values.findIndex((value) => value <= 0);
  if (row < 0) return;
  throw new ClientError(
    'E_DATA_RANGE',
    `${placeOf(row)}: the ${what} must be above 0 for method ${method}, which takes its logarithm; received ${values[row]}.`,
  );
}

/** ml-regression draws from Math.random: for the time of one synchronous fit it is a seeded generator. */
function withSeed<T>(seed: number, work: () => T): T {
  const original = Math.random;
  Math.random = createRandom(seed).uniform;
  try {
    return work();
  } finally {
    Math.random = original;
  }
}
