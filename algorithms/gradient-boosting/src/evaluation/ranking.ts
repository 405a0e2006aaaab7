/**
 * ndcg, map and pre over query groups: the weighted mean over queries of a score of the ranking's first k rows. k is
 * the number after `@`; without one it is 32, as in XGBoost 3. A group without relevant rows scores 1, or 0 with a
 * closing minus: `ndcg@5-`.
 *
 *   pre   relevant rows among the first k / k
 *   map   Σ over relevant rows among the first k of (relevant rows up to there / rank) / min(relevant rows, k)
 *   ndcg  Σ gain / log2(rank + 1) over the first k / the same for the best order; gain is 2^label − 1 or the label
 */

import { lookAtRow } from '../engine/interruption.js';
import { checkLabels, type LabelRule } from '../objectives/labels.js';
import type { LabelledRows } from '../objectives/objective.js';
import { groupedDescendingOrder } from '../objectives/order.js';
import { BINARY_RELEVANCE, discounts, gainsOf, inverseIdealGains, relevanceLabel } from '../objectives/ranking/gain.js';
import { checkQueryGroups, largestGroup, queryStartOf } from '../objectives/ranking/query-groups.js';
import { oneScore } from './applicability.js';
import type { Measure, MetricKind } from './metric.js';

/** XGBoost's truncation of ranking metrics that name none. */
const DEFAULT_TRUNCATION = 32;

export const RANKING_METRICS: readonly MetricKind[] = [
  rankingKind('ndcg', true),
  rankingKind('map', true),
  rankingKind('pre', false),
];

/**
 * @param name as it is to be reported
 * @param truncation rows of each query that count; Infinity for all
 * @param emptyScore score of a query without relevant rows
 */
export function rankingMetric(
  kind: string,
  name: string,
  truncation: number,
  emptyScore: number,
  isExponential: boolean,
): Measure {
  const rule: LabelRule = kind === 'ndcg' ? relevanceLabel(isExponential) : BINARY_RELEVANCE;
  return {
    name,
    checkRows(rows) {
      checkQueryGroups(rows, name);
      checkLabels(rows.labels, rule, name);
    },
    evaluate(predictions, rows) {
      const order = groupedDescendingOrder(predictions, queryStartOf(rows));
      if (kind === 'ndcg') return meanGain(order, rows, truncation, emptyScore, isExponential);
      return meanPrecision(kind === 'map', order, rows, truncation, emptyScore);
    },
  };
}

// --- internal ---

function rankingKind(kind: 'ndcg' | 'map' | 'pre', hasMinus: boolean): MetricKind {
  const form = hasMinus ? `${kind}, ${kind}@k, ${kind}- or ${kind}@k-` : `${kind} or ${kind}@k`;
  return {
    name: kind,
    argumentRule: `${form} with a whole number k of at least 1`,
    lacking: oneScore,
    create(argument, { parameters }) {
      const [, digits, minus] = /^(\d*)(-?)$/.exec(argument) ?? [];
      const truncation = digits === '' ? DEFAULT_TRUNCATION : Number(digits);
      if (minus === undefined || !(truncation >= 1) || (minus === '-' && !hasMinus)) return undefined;
      const name = `${kind}${digits === '' ? '' : `@${truncation}`}${minus}`;
      return rankingMetric(kind, name, truncation, minus === '-' ? 0 : 1, parameters.ndcgExpGain);
    },
  };
}

function meanGain(
  order: Uint32Array,
  rows: LabelledRows,
  truncation: number,
  emptyScore: number,
  isExponential: boolean,
): number {
  const { labels, weights } = rows;
  const queryStart = queryStartOf(rows);
  const gains = gainsOf(labels, isExponential);
  const discount = discounts(largestGroup(queryStart));
  const inverse = inverseIdealGains(labels, gains, queryStart, discount, truncation);
  let sum = 0;
  let total = 0;
  for (let query = 0; query < inverse.length; query++) {
    const weight = weights === undefined ? 1 : weights[query]!;
    total += weight;
    if (inverse[query]! <= 0) {
      sum += emptyScore; // XGBoost gives such a group no weight
      continue;
    }
    const begin = queryStart[query]!;
    const end = Math.min(queryStart[query + 1]!, begin + truncation);
    let gain = 0;
    for (let place = begin; place < end; place++) {
      lookAtRow(place);
      gain += discount[place - begin]! * gains[order[place]!]!;
    }
    sum += gain * inverse[query]! * weight;
  }
  return Math.min(sum / total, 1);
}

function meanPrecision(
  isAveraged: boolean,
  order: Uint32Array,
  rows: LabelledRows,
  truncation: number,
  emptyScore: number,
): number {
  const { labels, weights } = rows;
  const queryStart = queryStartOf(rows);
  let sum = 0;
  let total = 0;
  for (let query = 0; query + 1 < queryStart.length; query++) {
    const begin = queryStart[query]!;
    const end = queryStart[query + 1]!;
    const cut = Math.min(end, begin + truncation);
    let hits = 0;
    let precisions = 0;
    for (let place = begin; place < cut; place++) {
      lookAtRow(place);
      const label = labels[order[place]!]!;
      hits += label;
      precisions += (hits / (place - begin + 1)) * label;
    }
    const hitsBefore = hits;
    for (let place = cut; place < end; place++) {
      lookAtRow(place);
      hits += labels[order[place]!]!;
    }
    const average = hits > 0 ? precisions / Math.min(hits, truncation) : emptyScore;
    const weight = weights === undefined ? 1 : weights[query]!;
    sum += weight * (isAveraged ? average : hitsBefore / (cut - begin));
    total += weight;
  }
  return Math.min(sum / total, 1);
}
