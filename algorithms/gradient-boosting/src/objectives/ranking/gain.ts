/**
 * Discounted cumulative gain: Σ gain(relevance) / log2(rank + 2), rank from 0, and its inverse at the best order.
 * @see Järvelin & Kekäläinen, Cumulated gain-based evaluation of IR techniques, ACM TOIS 20 (2002)
 */
import type { LabelRule } from '../labels.js';
import { groupedDescendingOrder } from '../order.js';

/** Exponential gains are exact up to here, and XGBoost accepts no more. */
const LARGEST_RELEVANCE = 31;

/** What relevance labels must be. */
export function relevanceLabel(isExponential: boolean): LabelRule {
  if (!isExponential) {
    return { text: 'a finite number of at least 0', accepts: (label) => label >= 0 && Number.isFinite(label) };
  }
  return {
    text: `a whole number from 0 to ${LARGEST_RELEVANCE} (or set ndcg_exp_gain to false)`,
    accepts: (label) => label >= 0 && label <= LARGEST_RELEVANCE && Number.isInteger(label),
  };
}

export const BINARY_RELEVANCE: LabelRule = { text: '0 or 1', accepts: (label) => label === 0 || label === 1 };

/** [rows] 2^label − 1, or the label itself. */
export function gainsOf(labels: Float32Array, isExponential: boolean): Float64Array {
  return Float64Array.from(labels, isExponential ? (label) => 2 ** label - 1 : undefined);
}

/** [count] 1 / log2(rank + 2) */
export function discounts(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, rank) => 1 / Math.log2(rank + 2));
}

/**
 * 1 / DCG of each group in its best order, 0 for a group without relevant rows.
 * @param truncation only this many first rows of a group count
 * @returns [queries]
 */
export function inverseIdealGains(
  labels: Float32Array,
  gains: Float64Array,
  queryStart: Uint32Array,
  discount: Float64Array,
  truncation: number,
): Float64Array {
  const order = groupedDescendingOrder(labels, queryStart);
  const inverse = new Float64Array(queryStart.length - 1);
  for (let query = 0; query < inverse.length; query++) {
    const begin = queryStart[query]!;
    const end = Math.min(queryStart[query + 1]!, begin + truncation);
    let sum = 0;
    for (let place = begin; place < end; place++) sum += discount[place - begin]! * gains[order[place]!]!;
    inverse[query] = sum === 0 ? 0 : 1 / sum;
  }
  return inverse;
}
