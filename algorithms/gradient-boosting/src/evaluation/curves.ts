/**
 * Areas under ROC and precision–recall curves by one walk from the highest prediction to the lowest. A label y adds y
 * to the positives and 1 − y to the negatives, each times its weight; rows of equal prediction are one step.
 */

import { lookAtRow } from '../engine/interruption.js';
import { descendingOrder } from '../objectives/order.js';

/** An area in [0, 1], NaN when a side is empty, and the weight it has among classes. */
export interface CurveArea {
  readonly area: number;
  readonly prevalence: number;
}

export type Curve = (predictions: Float32Array, labels: Float32Array, weights: Float32Array | undefined) => CurveArea;

/** Area between two points of the walk, by the cumulated weight of false and true positives. */
type StepArea = (falseBefore: number, falseAfter: number, trueBefore: number, trueAfter: number) => number;

/** Trapezoids; prevalence is the positives' weight. */
export const rocCurve: Curve = (predictions, labels, weights) => {
  const walk = walkDown(predictions, labels, weights, (f0, f1, t0, t1) => (f1 - f0) * (t0 + t1) * 0.5);
  if (walk.negatives <= 0 || walk.positives <= 0) return { area: Number.NaN, prevalence: walk.positives };
  return { area: Math.min(walk.area / (walk.negatives * walk.positives), 1), prevalence: walk.positives };
};

/**
 * Between two points false positives grow in proportion to true ones, which bends precision; the area under it is
 * exact. Prevalence is 1.
 * @see Boyd, Eng, Page, Area under the precision-recall curve, ECML PKDD 2013; Keilwagen et al., PLoS ONE 9 (2014)
 */
export const precisionRecallCurve: Curve = (predictions, labels, weights) => {
  let positives = 0;
  let negatives = 0;
  for (let row = 0; row < labels.length; row++) {
    lookAtRow(row);
    const weight = weights === undefined ? 1 : weights[row]!;
    positives += weight * labels[row]!;
    negatives += weight * (1 - labels[row]!);
  }
  if (positives <= 0 || negatives <= 0) return { area: Number.NaN, prevalence: 1 };
  const walk = walkDown(predictions, labels, weights, (f0, f1, t0, t1) => {
    if (t1 === t0) return 0;
    const slope = (f1 - f0) / (t1 - t0);
    const rise = slope + 1;
    const offset = (f0 - slope * t0) / positives;
    const from = t0 / positives;
    const to = t1 / positives;
    if (offset === 0) return (to - from) / rise;
    return (to - from - (offset / rise) * (Math.log(rise * to + offset) - Math.log(rise * from + offset))) / rise;
  });
  return { area: walk.area, prevalence: 1 };
};

/** Share of a group's pairs whose predictions are in the order of their labels; equal predictions count half. */
export function rankingPairs(predictions: Float32Array, labels: Float32Array): number {
  const order = descendingOrder(labels);
  let sum = 0;
  for (let i = 0; i < order.length; i++) {
    const prediction = predictions[order[i]!]!;
    for (let j = i + 1; j < order.length; j++) {
      lookAtRow(j);
      const other = predictions[order[j]!]!;
      if (prediction > other) sum += 1;
      else if (prediction === other) sum += 0.5;
    }
  }
  return sum / ((order.length * (order.length - 1)) / 2);
}

// --- internal ---

function walkDown(
  predictions: Float32Array,
  labels: Float32Array,
  weights: Float32Array | undefined,
  stepArea: StepArea,
): { area: number; positives: number; negatives: number } {
  const order = descendingOrder(predictions);
  let area = 0;
  let positives = 0;
  let negatives = 0;
  let positivesBefore = 0;
  let negativesBefore = 0;
  for (let place = 0; place < order.length; place++) {
    lookAtRow(place);
    const row = order[place]!;
    if (place > 0 && predictions[row]! !== predictions[order[place - 1]!]!) {
      area += stepArea(negativesBefore, negatives, positivesBefore, positives);
      positivesBefore = positives;
      negativesBefore = negatives;
    }
    const weight = weights === undefined ? 1 : weights[row]!;
    positives += labels[row]! * weight;
    negatives += (1 - labels[row]!) * weight;
  }
  area += stepArea(negativesBefore, negatives, positivesBefore, positives);
  return { area, positives, negatives };
}
