/**
 * The hyperparameters, with their meanings and ranges, and the rules between them.
 */
import { csvWeights, fixed, seed, tunable } from '@algo/contract';
import { z } from 'zod';
import { CURVE_METHODS, type CurveMethod } from '../fitting/curve.js';

const METHODS = ['ols', 'ridge', 'elastic-net', ...CURVE_METHODS] as const;

/** Tuning searches a penalty over this range; it scales with the number of rows, so it is wide. */
const LARGEST_PENALTY = 1e12;

export const hyperparameters = z.object({
  method: fixed(
    z.enum(METHODS).default('ols'),
    'ols: least squares with any number of features; ridge and elastic-net: the same with a penalty. The others fit one feature: theil-sen and robust-polynomial are robust to outliers; polynomial, exponential (y = b e^(a x)) and power (y = a x^b) fit curves.',
  ),
  l1: tunable(
    z.number().min(0).max(LARGEST_PENALTY).default(0),
    "L1 penalty: factor of the sum of the absolute coefficients (elastic-net). In scikit-learn's terms: 2 x rows x alpha x l1_ratio.",
  ),
  l2: tunable(
    z.number().min(0).max(LARGEST_PENALTY).default(0),
    "L2 penalty: factor of the sum of the squared coefficients (ridge, elastic-net). In scikit-learn's terms: alpha of ridge, or rows x alpha x (1 - l1_ratio) of elastic net.",
  ),
  fit_intercept: fixed(
    z.boolean().default(true),
    'Whether the model has an intercept. false forces the fit through the origin (not for theil-sen, robust-polynomial, exponential, power).',
  ),
  polynomial_degree: tunable(
    z.int().min(1).max(10).default(1),
    'Highest power of every feature, without products of features (ols, ridge, elastic-net), or the degree of polynomial and robust-polynomial.',
  ),
  csv_weights: csvWeights(
    '1 if the second column of the training and validation data is the weight of its row, 0 or more (ols, ridge, elastic-net).',
  ),
  prediction_interval: fixed(
    z.number().gt(0).lt(1).optional(),
    'Probability of the prediction interval, such as 0.95, that every prediction gets as lower and upper (ols). Default: intervals only on request.',
  ),
  seed: seed('Seed of the random choices of robust-polynomial; the other methods make none.'),
});

export type Hyperparameters = z.output<typeof hyperparameters>;

export function isCurveMethod(method: Hyperparameters['method']): method is CurveMethod {
  return CURVE_METHODS.some((name) => name === method);
}

/** One sentence for each rule across fields that is broken. */
export function checkHyperparameters(values: Hyperparameters): readonly string[] {
  const { method, l1, l2, fit_intercept, polynomial_degree, csv_weights, prediction_interval, seed } = values;
  const problems: string[] = [];
  const refuse = (name: string, value: unknown, methods: string) =>
    problems.push(
      `Hyperparameter "${name}" is only for method ${methods}; received "${value}" with method "${method}". Leave it out.`,
    );
  if (l1 > 0 && method !== 'elastic-net') refuse('l1', l1, 'elastic-net');
  if (l2 > 0 && method !== 'ridge' && method !== 'elastic-net') refuse('l2', l2, 'ridge or elastic-net');
  if (!fit_intercept && isCurveMethod(method) && method !== 'polynomial') {
    refuse('fit_intercept', fit_intercept, 'ols, ridge, elastic-net or polynomial');
  }
  if (polynomial_degree > 1 && ['theil-sen', 'exponential', 'power'].includes(method)) {
    refuse('polynomial_degree', polynomial_degree, 'ols, ridge, elastic-net, polynomial or robust-polynomial');
  }
  if (csv_weights === 1 && isCurveMethod(method)) refuse('csv_weights', csv_weights, 'ols, ridge or elastic-net');
  if (seed !== 0 && method !== 'robust-polynomial') refuse('seed', seed, 'robust-polynomial');
  if (prediction_interval !== undefined && method !== 'ols') refuse('prediction_interval', prediction_interval, 'ols');
  return problems;
}
