/**
 * The weighted mean behind the common metrics: Σ w·loss / Σ w over rows and targets, in float64.
 */

import { lookAtRow } from '../engine/interruption.js';
import type { LabelledRows } from '../objectives/objective.js';

/** A row's loss from its label and prediction. */
export type RowLoss = (label: number, prediction: number) => number;

/**
 * @param predictions as many as labels; a row's weight counts for each of its targets
 * @returns NaN without rows
 */
export function weightedMean(predictions: Float32Array, { labels, weights }: LabelledRows, loss: RowLoss): number {
  let sum = 0;
  if (weights === undefined) {
    for (let index = 0; index < labels.length; index++) {
      lookAtRow(index);
      sum += loss(labels[index]!, predictions[index]!);
    }
    return sum / labels.length;
  }
  const targetCount = labels.length / weights.length;
  let total = 0;
  let index = 0;
  for (let row = 0; row < weights.length; row++) {
    lookAtRow(row);
    const weight = weights[row]!;
    total += weight * targetCount;
    for (let target = 0; target < targetCount; target++, index++) {
      sum += loss(labels[index]!, predictions[index]!) * weight;
    }
  }
  return sum / total;
}

/**
 * The same for losses that look a row up themselves.
 * @param lossOf loss of a row
 */
export function weightedMeanOfRows(
  rowCount: number,
  weights: Float32Array | undefined,
  lossOf: (row: number) => number,
): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < rowCount; row++) {
    lookAtRow(row);
    const weight = weights === undefined ? 1 : weights[row]!;
    sum += lossOf(row) * weight;
    total += weight;
  }
  return sum / total;
}
