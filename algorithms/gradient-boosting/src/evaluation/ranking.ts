/**
 * ndcg, map and pre over query groups: the weighted mean over queries of a score of the ranking's first k rows. k is
 * the number after `@`; without one it is 32, as in XGBoost 3. A group without relevant rows scores 1, or 0 with a
 * closing minus: `ndcg@5-`.
 *
 *   pre   relevant rows among the first k / k
 *   map   Σ over relevant rows among the first k of (relevant rows up to there / rank) / min(relevant rows, k)
 *   ndcg  Σ gain / log2(rank + 1) over the first k / the same for the best order; gain is 2^label − 1 or the label
 */

import { createReproducibleSums } from '@algo/numerics';
import { lookAtRow } from '../engine/interruption.js';
import { checkLabels, type LabelRule } from '../objectives/labels.js';
import { groupedDescendingOrder } from '../objectives/order.js';
import { type CompleteGroups, completeGroups } from '../objectives/ranking/complete-groups.js';
import { BINARY_RELEVANCE, discounts, gainsOf, inverseIdealGains, relevanceLabel } from '../objectives/ranking/gain.js';
import { checkQueryGroups, largestGroup } from '../objectives/ranking/query-groups.js';
import { totalsOverHosts } from '../objectives/whole/totals.js';
import { oneScore } from './applicability.js';
import type { Evaluate, Measure, MetricKind } from './metric.js';

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
      checkLabels(rows, rule, name);
    },
    prepare(given) {
      const groups = completeGroups(given);
      const scoreOf =
        kind === 'ndcg'
          ? gainScore(groups, truncation, emptyScore, isExponential)
          : precisionScore(groups, kind === 'map', truncation, emptyScore);
      return meanOverGroups(groups, scoreOf);
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

/** What a group adds to the sum, its weight included. @param order rows group after group, the best score first */
type GroupScore = (query: number, weight: number, order: Uint32Array) => number;

function meanOverGroups(
  { hosts, rows, queryStart, isCounted, complete }: CompleteGroups,
  scoreOf: GroupScore,
): Evaluate {
  const { weights } = rows;
  const weightOf = (query: number) => (weights === undefined ? 1 : weights[query]!);
  const weightSum = createReproducibleSums(1);
  for (const [query, isOwn] of isCounted.entries()) if (isOwn === 1) weightSum.add(0, weightOf(query));
  const total = totalsOverHosts(weightSum, hosts)[0]!;
  return (own) => {
    const order = groupedDescendingOrder(complete(own), queryStart);
    const sums = createReproducibleSums(1);
    for (const [query, isOwn] of isCounted.entries()) {
      if (isOwn === 1) sums.add(0, scoreOf(query, weightOf(query), order));
    }
    return Math.min(totalsOverHosts(sums, hosts)[0]! / total, 1);
  };
}

function gainScore(
  { rows: { labels }, queryStart }: CompleteGroups,
  truncation: number,
  emptyScore: number,
  isExponential: boolean,
): GroupScore {
  const gains = gainsOf(labels, isExponential);
  const discount = discounts(largestGroup(queryStart));
  const inverse = inverseIdealGains(labels, gains, queryStart, discount, truncation);
  return (query, weight, order) => {
    if (inverse[query]! <= 0) return emptyScore; // XGBoost gives such a group no weight
    const begin = queryStart[query]!;
    const end = Math.min(queryStart[query + 1]!, begin + truncation);
    let gain = 0;
    for (let place = begin; place < end; place++) {
      lookAtRow(place);
      gain += discount[place - begin]! * gains[order[place]!]!;
    }
    return gain * inverse[query]! * weight;
  };
}

function precisionScore(
  { rows: { labels }, queryStart }: CompleteGroups,
  isAveraged: boolean,
  truncation: number,
  emptyScore: number,
): GroupScore {
  return (query, weight, order) => {
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
    if (!isAveraged) return weight * (hits / (cut - begin));
    for (let place = cut; place < end; place++) {
      lookAtRow(place);
      hits += labels[order[place]!]!;
    }
    return weight * (hits > 0 ? precisions / Math.min(hits, truncation) : emptyScore);
  };
}
