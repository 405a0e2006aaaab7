/**
 * The trained model as in model.json: numbers with all their digits, nothing that depends on when, where or in which
 * order it was trained.
 */
import { z } from 'zod';
import { CURVE_METHODS } from '../fitting/curve.js';
import type { LinearFit } from '../fitting/least-squares.js';
import { startsWithIntercept } from '../fitting/terms.js';

export const MODEL_FILE = 'model.json';

const interval = z.object({
  degreesOfFreedom: z.int().min(1),
  residualStandardDeviation: z.number().min(0),
  /** Rows of lengths 1, 2, …: F with F'F = (X'WX)⁻¹, over the intercept (if any) and the coefficients. */
  factor: z.array(z.array(z.number())),
});

const linear = z.object({
  kind: z.literal('linear'),
  method: z.enum(['ols', 'ridge', 'elastic-net']),
  featureCount: z.int().min(1),
  /** Powers of each feature; coefficients are ordered by feature, then by power. */
  degree: z.int().min(1),
  hasIntercept: z.boolean(),
  intercept: z.number(),
  coefficients: z.array(z.number()),
  interval: interval.optional(),
  /** The level of prediction intervals that every answer has; absent: only on request. */
  predictionInterval: z.number().gt(0).lt(1).optional(),
});

const curve = z.object({
  kind: z.literal('curve'),
  method: z.enum(CURVE_METHODS),
  featureCount: z.literal(1),
  curve: z.discriminatedUnion('form', [
    z.object({ form: z.literal('polynomial'), coefficients: z.array(z.number()).min(1).readonly() }),
    z.object({ form: z.literal('exponential'), scale: z.number(), rate: z.number() }),
    z.object({ form: z.literal('power'), scale: z.number(), exponent: z.number() }),
  ]),
});

export const modelSchema = z.discriminatedUnion('kind', [linear, curve]);

export type Model = z.output<typeof modelSchema>;
export type LinearModel = z.output<typeof linear>;

/** The model of a fit. */
export function linearModel(
  fit: LinearFit,
  about: Pick<LinearModel, 'method' | 'featureCount' | 'degree'> & { readonly predictionInterval: number | undefined },
): LinearModel {
  const hasIntercept = startsWithIntercept(fit.terms);
  const { inference } = fit;
  return {
    kind: 'linear',
    method: about.method,
    featureCount: about.featureCount,
    degree: about.degree,
    hasIntercept,
    intercept: hasIntercept ? fit.coefficients[0]! : 0,
    coefficients: fit.coefficients.slice(hasIntercept ? 1 : 0),
    ...(inference && {
      interval: {
        degreesOfFreedom: fit.degreesOfFreedom,
        residualStandardDeviation: inference.residualStandardDeviation,
        factor: inference.factor.map((row) => [...row]),
      },
    }),
    ...(about.predictionInterval !== undefined && { predictionInterval: about.predictionInterval }),
  };
}
