/**
 * How much a ranking metric changes when two documents of a query swap their ranks: what LambdaMART weights a pair by.
 */
import type { LabelledRows } from '../objective.js';
import type { ObjectiveParameters } from '../parameters.js';
import { discounts, gainsOf, inverseIdealGains } from './gain.js';
import { truncationOf } from './pairs.js';
import { largestGroup, queryStartOf } from './query-groups.js';

/** The change of one metric, for pairs of the current ranking. */
export interface MetricChange {
  /**
   * Called each round before `ofSwap`.
   * @param order [rows] group after group, best score first
   */
  setRanking(order: Uint32Array): void;
  /**
   * Signed or not: callers take its absolute value.
   * @param query group of both documents
   * @param high place in `order` of the more relevant document
   * @param low place of the less relevant one
   */
  ofSwap(query: number, high: number, low: number): number;
}

/** rank:pairwise: every pair counts 1. */
export function constantChange(): MetricChange {
  return { setRanking() {}, ofSwap: () => 1 };
}

/** rank:ndcg: (gain_high − gain_low)·(discount_high − discount_low) / ideal DCG. */
export function ndcgChange(rows: LabelledRows, parameters: ObjectiveParameters): MetricChange {
  const queryStart = queryStartOf(rows);
  const gains = gainsOf(rows.labels, parameters.ndcgExpGain);
  const discount = discounts(largestGroup(queryStart));
  const inverse = inverseIdealGains(rows.labels, gains, queryStart, discount, truncationOf(parameters));
  let ranking: Uint32Array = new Uint32Array(0);
  return {
    setRanking(order) {
      ranking = order;
    },
    ofSwap(query, high, low) {
      const begin = queryStart[query]!;
      const gain = gains[ranking[high]!]! - gains[ranking[low]!]!;
      return gain * (discount[high - begin]! - discount[low - begin]!) * inverse[query]!;
    },
  };
}

/**
 * rank:map: average precision with n(k) relevant documents among the first k and s(k) = Σ relevance/rank up to k. For
 * ranks a < b the swap changes it by (n(a)/a − n(b)/b + s(b − 1) − s(a)) / n where a's document is the relevant one,
 * and by (n(b)/b − (n(a) + 1)/a − s(b − 1) + s(a)) / n where b's is.
 */
export function mapChange(rows: LabelledRows): MetricChange {
  const { labels } = rows;
  const queryStart = queryStartOf(rows);
  const relevant = new Float64Array(labels.length);
  const precision = new Float64Array(labels.length);
  return {
    setRanking(order) {
      for (let query = 0; query + 1 < queryStart.length; query++) {
        let count = 0;
        let sum = 0;
        for (let place = queryStart[query]!; place < queryStart[query + 1]!; place++) {
          const label = labels[order[place]!]!;
          count += label;
          sum += label / (place - queryStart[query]! + 1);
          relevant[place] = count;
          precision[place] = sum;
        }
      }
    },
    ofSwap(query, high, low) {
      const begin = queryStart[query]!;
      const total = relevant[queryStart[query + 1]! - 1]!;
      const first = Math.min(high, low);
      const second = Math.max(high, low);
      const between = precision[second - 1]! - precision[first]!;
      const atSecond = relevant[second]! / (second - begin + 1);
      if (high > low) return (atSecond - (relevant[first]! + 1) / (first - begin + 1) - between) / total;
      return (relevant[first]! / (first - begin + 1) - atSecond + between) / total;
    },
  };
}
