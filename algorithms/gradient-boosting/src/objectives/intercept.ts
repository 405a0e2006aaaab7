/**
 * Estimates of base_score, the constant prediction training starts from: a mean, a quantile, or one Newton step from
 * a margin of 0. Sums are float64, results float32.
 */

import { lookAtRow } from '../engine/interruption.js';
import { SMALLEST_STEP } from './link.js';
import type { LabelledRows, Objective } from './objective.js';

/** Total weight of `rows` rows. */
export function sumWeights(weights: Float32Array | undefined, rows: number): number {
  if (weights === undefined) return rows;
  let sum = 0;
  for (const weight of weights) sum += weight;
  return sum;
}

/**
 * Weighted mean of each label column.
 * @param labels [rows × targetCount]
 * @returns [targets]
 */
export function weightedMeans(
  labels: Float32Array,
  weights: Float32Array | undefined,
  targetCount: number,
): Float32Array {
  const total = sumWeights(weights, labels.length / targetCount);
  const sums = new Float64Array(targetCount);
  for (let index = 0; index < labels.length; index++) {
    lookAtRow(index);
    const weight = weights === undefined ? 1 : weights[Math.floor(index / targetCount)]!;
    sums[index % targetCount]! += labels[index]! * weight;
  }
  return Float32Array.from(sums, (sum) => sum / total);
}

/**
 * −G / H of each group.
 * @param gradients [rows × groups × 2]
 * @returns [groups]
 */
export function newtonStep(gradients: Float32Array, groupCount: number): Float32Array {
  const sums = new Float64Array(groupCount * 2);
  const width = sums.length;
  for (let index = 0; index < gradients.length; index++) {
    lookAtRow(index);
    sums[index % width]! += gradients[index]!;
  }
  return Float32Array.from({ length: groupCount }, (_, g) => -sums[2 * g]! / Math.max(sums[2 * g + 1]!, SMALLEST_STEP));
}

/**
 * base_score by one Newton step: the constant margin that the loss's own gradients at margin 0 ask for.
 * @param objective with one margin per label
 * @returns [groups] in the unit of predictions
 */
export function estimateByNewtonStep(
  objective: Pick<Objective, 'groupCount' | 'prepare' | 'transform'>,
  rows: LabelledRows,
): Float32Array {
  const margins = new Float32Array(rows.labels.length);
  const gradients = new Float32Array(margins.length * 2);
  objective.prepare(rows).computeGradients(margins, gradients, 0);
  return objective.transform(newtonStep(gradients, objective.groupCount));
}

/**
 * Quantile of the values: without weights interpolated between ranks (n + 1 intervals), with weights the first value
 * at which the cumulated weight reaches alpha of the total.
 * @param alpha in [0, 1]
 * @see NIST/SEMATECH e-Handbook of Statistical Methods, 7.2.6.2 (percentiles)
 */
export function quantile(values: Float32Array, alpha: number, weights: Float32Array | undefined): number {
  const count = values.length;
  if (weights !== undefined) return weightedQuantile(values, alpha, weights);
  const sorted = values.slice().sort();
  if (alpha <= 1 / (count + 1)) return sorted[0]!;
  if (alpha >= count / (count + 1)) return sorted[count - 1]!;
  const rank = alpha * (count + 1) - 1;
  const below = Math.floor(rank);
  return sorted[below]! + (rank - below) * (sorted[below + 1]! - sorted[below]!);
}

// --- internal ---

function weightedQuantile(values: Float32Array, alpha: number, weights: Float32Array): number {
  const order = Uint32Array.from(values, (_, row) => row).sort((a, b) => values[a]! - values[b]! || a - b);
  // float32, as XGBoost cumulates them
  const cumulated = new Float32Array(values.length);
  let sum = 0;
  for (let i = 0; i < order.length; i++) {
    sum = Math.fround(sum + weights[order[i]!]!);
    cumulated[i] = sum;
  }
  const threshold = Math.fround(sum * alpha);
  const reached = cumulated.findIndex((weight) => weight >= threshold);
  return values[order[reached < 0 ? order.length - 1 : reached]!]!;
}
