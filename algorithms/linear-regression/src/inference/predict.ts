/**
 * Predictions and, for least squares, prediction intervals: score ± t · s · √(1 + leverage), the range that contains a
 * new label with the requested probability if the errors are normal with equal variance.
 */
import { ClientError } from '@algo/contract';
import { quantile } from '../evaluation/student-t.js';
import { evaluateCurve } from '../fitting/curve.js';
import type { LinearModel, Model } from '../model/model-file.js';

export interface Scored {
  readonly score: Float64Array;
  readonly lower?: Float64Array;
  readonly upper?: Float64Array;
}

/** A model ready to predict: coefficients and factor as typed arrays. */
export interface Predictor {
  readonly model: Model;
  /**
   * @param features [rows × featureCount], row-major
   * @param level of the intervals, in (0, 1); undefined: the model's own, or none
   * @throws ClientError E_REQUEST_INTERVAL when the model has no intervals
   */
  predict(features: ArrayLike<number>, rows: number, level?: number): Scored;
}

export function createPredictor(model: Model): Predictor {
  if (model.kind === 'curve') {
    return {
      model,
      predict(features, _rows, level) {
        if (level !== undefined) throw noInterval(`was trained with method ${model.method}`);
        return { score: evaluateCurve(model.curve, features) };
      },
    };
  }
  const expand = expander(model);
  const weights = Float64Array.from([model.intercept, ...model.coefficients]);
  const factor = Float64Array.from(model.interval?.factor.flat() ?? []);
  return {
    model,
    predict(features, rows, level = model.predictionInterval) {
      const score = new Float64Array(rows);
      if (level === undefined) {
        for (let row = 0; row < rows; row++) score[row] = dot(weights, expand(features, row));
        return { score };
      }
      const { interval } = model;
      if (!interval) {
        throw noInterval(
          model.method === 'ols'
            ? 'was trained on no more rows than it has coefficients'
            : `was trained with method ${model.method}`,
        );
      }
      const reach = quantile(level, interval.degreesOfFreedom) * interval.residualStandardDeviation;
      const lower = new Float64Array(rows);
      const upper = new Float64Array(rows);
      for (let row = 0; row < rows; row++) {
        const expanded = expand(features, row);
        const value = dot(weights, expanded);
        const half = reach * Math.sqrt(1 + leverage(factor, expanded, model.hasIntercept ? 0 : 1));
        score[row] = value;
        lower[row] = value - half;
        upper[row] = value + half;
      }
      return { score, lower, upper };
    },
  };
}

/** Products that take about a millisecond, reading and writing the row's share of text included. */
const BOUNDED_PRODUCTS = 200_000;

/** Maximum number of rows that are predicted in about a millisecond. @param asksInterval whether the request has a level of its own */
export function boundedRows(model: Model, asksInterval: boolean): number {
  if (model.kind === 'curve') return BOUNDED_PRODUCTS / 100;
  const terms = 1 + model.featureCount * model.degree;
  const hasInterval = asksInterval || model.predictionInterval !== undefined;
  return Math.floor(BOUNDED_PRODUCTS / (hasInterval ? terms * terms : terms));
}

/** The level that a caller asks for with `Accept: …;interval=0.95`. @throws ClientError E_REQUEST_INTERVAL */
export function readLevel(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const level = /^0?\.\d{1,17}$/.test(text) ? Number(text) : Number.NaN;
  if (level > 0 && level < 1) return level;
  throw new ClientError(
    'E_REQUEST_INTERVAL',
    `Accept parameter "interval" must be a probability between 0 and 1, such as 0.95; received "${text}".`,
  );
}

// --- internal ---

/** A row as [1, x1 … x1^degree, x2 …], in one array that is used again. */
function expander({ featureCount, degree }: LinearModel): (features: ArrayLike<number>, row: number) => Float64Array {
  const expanded = new Float64Array(1 + featureCount * degree);
  expanded[0] = 1;
  return (features, row) => {
    const from = row * featureCount;
    let at = 1;
    for (let f = 0; f < featureCount; f++) {
      const x = features[from + f]!;
      let power = x;
      for (let k = 0; k < degree; k++, at++) {
        expanded[at] = power;
        power *= x;
      }
    }
    return expanded;
  };
}

function dot(weights: Float64Array, expanded: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * expanded[i]!;
  return sum;
}

/** ‖F x‖² for the packed lower triangle F; x starts at `first`. */
function leverage(factor: Float64Array, expanded: Float64Array, first: number): number {
  let sum = 0;
  let at = 0;
  for (let i = first; i < expanded.length; i++) {
    let entry = 0;
    for (let j = first; j <= i; j++, at++) entry += factor[at]! * expanded[j]!;
    sum += entry * entry;
  }
  return sum;
}

function noInterval(reason: string): ClientError {
  return new ClientError(
    'E_REQUEST_INTERVAL',
    `Prediction intervals need a model of method ols with more rows than coefficients; this one ${reason}. Leave out the interval parameter.`,
  );
}
