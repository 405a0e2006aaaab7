/**
 * Estimates of base_score, the constant prediction training starts from: a mean, a quantile, or one Newton step from
 * a margin of 0. Sums are float64, results float32.
 * The same bits however the rows are divided among hosts.
 */

import { oneHost } from '@algo/contract';
import { createReproducibleSums, type ReproducibleSums } from '@algo/numerics';
import { lookAtRow } from '../engine/interruption.js';
import { SMALLEST_STEP } from './link.js';
import type { LabelledRows, Objective } from './objective.js';
import { totalsOverHosts } from './whole/totals.js';

/**
 * Weighted mean of each label column of all hosts.
 * @returns [targets]
 */
export function weightedMeans(rows: LabelledRows, targetCount: number): Float32Array {
  const { labels, weights, hosts = oneHost() } = rows;
  const count = labels.length / targetCount;
  const sums = createReproducibleSums(targetCount + 1);
  for (let target = 0; target < targetCount; target++) {
    addEach(sums, target, count, (row) => {
      const label = labels[row * targetCount + target]!;
      return weights === undefined ? label : label * weights[row]!;
    });
  }
  if (weights === undefined) sums.add(targetCount, count);
  else addEach(sums, targetCount, count, (row) => weights[row]!);
  const totals = totalsOverHosts(sums, hosts);
  const total = totals[targetCount]!;
  return Float32Array.from(totals.slice(0, targetCount), (sum) => sum / total);
}

/**
 * −G / H of each group, over the rows of all hosts.
 * @param gradients [rows × groups × 2]
 * @returns [groups]
 */
export function newtonStep(
  gradients: Float32Array,
  groupCount: number,
  { hosts = oneHost() }: Pick<LabelledRows, 'hosts'>,
): Float32Array {
  const width = groupCount * 2;
  const sums = createReproducibleSums(width);
  for (let index = 0; index < width; index++) {
    addEach(sums, index, gradients.length / width, (row) => gradients[row * width + index]!);
  }
  const totals = totalsOverHosts(sums, hosts);
  return Float32Array.from(
    { length: groupCount },
    (_, g) => -totals[2 * g]! / Math.max(totals[2 * g + 1]!, SMALLEST_STEP),
  );
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
  return objective.transform(newtonStep(gradients, objective.groupCount, rows));
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

/** Adds the values of `count` rows to one of the sums. */
function addEach(sums: ReproducibleSums, index: number, count: number, valueAt: (row: number) => number): void {
  for (let row = 0; row < count; row++) {
    lookAtRow(row);
    sums.add(index, valueAt(row));
  }
}

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
