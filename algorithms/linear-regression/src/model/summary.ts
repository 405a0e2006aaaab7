/**
 * The table a statistician expects of a regression, as summary.json: coefficients with errors, t and p, and the quality of the fit.
 * What is not defined for a fit is null.
 */

import type { Scores } from '../evaluation/scorer.js';
import { twoSidedTail } from '../evaluation/student-t.js';
import type { Curve, CurveMethod } from '../fitting/curve.js';
import type { LinearFit } from '../fitting/least-squares.js';
import { startsWithIntercept, termName } from '../fitting/terms.js';

export interface LinearSummary {
  readonly method: string;
  /** Rows of weight above 0. */
  readonly rows: number;
  readonly coefficients: readonly {
    readonly name: string;
    readonly estimate: number;
    readonly standardError: number | null;
    readonly t: number | null;
    /** Two-sided, against a coefficient of 0. */
    readonly p: number | null;
  }[];
  readonly degreesOfFreedom: number;
  /** Trace of the hat matrix; null without a penalty. */
  readonly effectiveParameters: number | null;
  readonly rSquared: number;
  readonly adjustedRSquared: number | null;
  readonly residualStandardDeviation: number | null;
  readonly conditionNumber: number;
}

export function summariseLinear(method: string, fit: LinearFit): LinearSummary {
  const { inference, degreesOfFreedom, rows, rSquared } = fit;
  const hasIntercept = startsWithIntercept(fit.terms);
  const totalFreedom = rows - (hasIntercept ? 1 : 0);
  return {
    method,
    rows,
    coefficients: fit.terms.map((term, i) => {
      const estimate = fit.coefficients[i]!;
      const standardError = inference?.standardErrors[i] ?? null;
      const t = standardError !== null && standardError > 0 ? estimate / standardError : null;
      return {
        name: termName(term, 'column'),
        estimate,
        standardError,
        t,
        p: t === null ? null : twoSidedTail(t, degreesOfFreedom),
      };
    }),
    degreesOfFreedom,
    effectiveParameters: fit.effectiveParameters ?? null,
    rSquared,
    adjustedRSquared: inference ? 1 - ((1 - rSquared) * totalFreedom) / degreesOfFreedom : null,
    residualStandardDeviation: inference?.residualStandardDeviation ?? null,
    conditionNumber: fit.conditionNumber,
  };
}

export interface CurveSummary {
  readonly method: CurveMethod;
  readonly rows: number;
  readonly curve: Curve;
  readonly rSquared: number;
  readonly rootMeanSquaredError: number;
  readonly meanAbsoluteError: number;
}

export function summariseCurve(method: CurveMethod, rows: number, curve: Curve, scores: Scores): CurveSummary {
  const { r2, rmse, mae } = scores;
  return { method, rows, curve, rSquared: r2, rootMeanSquaredError: rmse, meanAbsoluteError: mae };
}
