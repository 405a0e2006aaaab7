/**
 * rank:pairwise, rank:ndcg and rank:map: LambdaMART. A pair with a more relevant document i and a less relevant j has
 * the loss Δ·ln(1 + e^−(s_i − s_j)), Δ being the change of the metric if the two swapped ranks. With p = sigmoid(s_i − s_j)
 *
 *   g_i = −(1 − p)·Δ      g_j = −g_i      h_i = h_j = 2p(1 − p)·Δ
 *
 * summed over a query's pairs, then scaled: Δ by 1 / (0.01 + |s_i − s_j|) against runaway scores, a query's sums by
 * log2(1 + Λ) / Λ with Λ = Σ 2|g_i| (`topk`) or by 1 / pairs (`mean`), and by its weight over the mean weight.
 * @see Burges, From RankNet to LambdaRank to LambdaMART, MSR-TR-2010-82
 */
import { createReproducibleSums } from '@algo/numerics';
import { ANY_LABEL, checkLabels, type LabelRule } from '../labels.js';
import type { GradientSource, LabelledRows, Objective, PrepareOptions } from '../objective.js';
import { groupedDescendingOrder } from '../order.js';
import type { ObjectiveParameters } from '../parameters.js';
import { createResponse } from '../response.js';
import { sigmoid, softplus } from '../special-functions.js';
import { totalsOverHosts } from '../whole/totals.js';
import { type CompleteGroups, completeGroups } from './complete-groups.js';
import { BINARY_RELEVANCE, relevanceLabel } from './gain.js';
import { constantChange, type MetricChange, mapChange, ndcgChange } from './metric-change.js';
import { type PairVisitor, pairsPerDocument, truncationOf, visitRandomPairs, visitTopPairs } from './pairs.js';
import { type PositionBias, trackPositionBias } from './position-bias.js';
import { checkQueryGroups } from './query-groups.js';

const LEAST_HESSIAN = 1e-16;
/** Keeps the scale of pairs with equal scores finite. */
const SCORE_OFFSET = 0.01;
/** Positions whose bias is tracked when no truncation says how many. */
const TRACKED_POSITIONS = 32;

export function rankPairwise(parameters: ObjectiveParameters): Objective {
  return lambdaRank('rank:pairwise', 'ndcg', ANY_LABEL, constantChange, parameters);
}

export function rankNdcg(parameters: ObjectiveParameters): Objective {
  const rule = relevanceLabel(parameters.ndcgExpGain);
  return lambdaRank('rank:ndcg', 'ndcg', rule, (rows) => ndcgChange(rows, parameters), parameters);
}

export function rankMap(parameters: ObjectiveParameters): Objective {
  return lambdaRank('rank:map', 'map', BINARY_RELEVANCE, mapChange, parameters);
}

// --- internal ---

/** About a tenth of a second. */
const PAIRS_BETWEEN_LOOKS = 2 ** 20;

function lambdaRank(
  name: 'rank:pairwise' | 'rank:ndcg' | 'rank:map',
  metric: string,
  rule: LabelRule,
  createChange: (rows: LabelledRows) => MetricChange,
  parameters: ObjectiveParameters,
): Objective {
  const truncation = truncationOf(parameters);
  return {
    ...createResponse(name, parameters),
    defaultMetric: Number.isFinite(truncation) ? `${metric}@${truncation}` : metric,
    checkLabels(rows) {
      checkQueryGroups(rows, name);
      checkLabels(rows, rule, name);
    },
    // Each pair adds opposite gradients: a Newton step from equal scores has length 0.
    estimateBaseScore: () => Float32Array.of(0),
    prepare(rows, options) {
      const groups = completeGroups(rows);
      return lambdaGradients(groups, createChange(groups.rows), parameters, options);
    },
  };
}

function lambdaGradients(
  groups: CompleteGroups,
  change: MetricChange,
  parameters: ObjectiveParameters,
  options: PrepareOptions = {},
): GradientSource {
  const { queryStart, places, isCounted } = groups;
  const { labels, weights } = groups.rows;
  const truncation = truncationOf(parameters);
  const pairCount = pairsPerDocument(parameters);
  const isMean = parameters.lambdarankPairMethod === 'mean';
  const weightScale = weightScaleOf(groups);
  const bias = parameters.lambdarankUnbiased ? createBias(groups, parameters, options) : undefined;

  /** @param margins and `out`: of all rows of the groups */
  function computeGroups(margins: Float32Array, out: Float32Array, round: number): void {
    const ranking = groupedDescendingOrder(margins, queryStart);
    change.setRanking(ranking);
    out.fill(0);
    const pairs = pairAccumulator(labels, margins, ranking, change, parameters, bias, out);
    const seed = isMean ? (options.pairSeed?.(round) ?? 0) : 0;
    const compare = withLooksBetween(pairs.compare, options.look);
    for (const [query, place] of places.entries()) {
      const begin = queryStart[query]!;
      const end = queryStart[query + 1]!;
      if (begin === end) continue;
      pairs.startQuery(query, begin, end);
      if (isMean) visitRandomPairs(begin, end, pairCount, labels, ranking, (seed + place) >>> 0, compare);
      else visitTopPairs(begin, end, truncation, compare);
      bias?.endGroup(isCounted[query] === 1);
      const norm = parameters.lambdarankNormalization ? normOf(pairs.lambdaSum(), isMean ? pairCount : 0) : 1;
      const weight = weights === undefined ? 1 : weights[query]!;
      scale(out.subarray(2 * begin, 2 * end), Math.fround(norm), weight, weightScale);
    }
    bias?.renew();
  }

  return {
    ...(bias && { vectors: bias.vectors }),
    computeGradients(own, out, round) {
      const margins = groups.complete(own);
      groups.keepOwn(out, 2, (values) => computeGroups(margins, values, round));
    },
  };
}

/** The mean weight of a query of all hosts, inverted. */
function weightScaleOf({ hosts, count, isCounted, rows: { weights } }: CompleteGroups): number {
  if (weights === undefined) return 1;
  const sums = createReproducibleSums(1);
  for (const [query, weight] of weights.entries()) if (isCounted[query] === 1) sums.add(0, weight);
  return Math.fround(count / totalsOverHosts(sums, hosts)[0]!);
}

/** The same, with a look between some of the pairs. */
function withLooksBetween(compare: PairVisitor, look: (() => void) | undefined): PairVisitor {
  if (look === undefined) return compare;
  let compared = 0;
  return (a, b) => {
    compared += 1;
    if (compared % PAIRS_BETWEEN_LOOKS === 0) look();
    compare(a, b);
  };
}

function createBias(
  { hosts, largest }: CompleteGroups,
  parameters: ObjectiveParameters,
  options: PrepareOptions,
): PositionBias {
  const truncation = truncationOf(parameters);
  const positions = Number.isFinite(truncation) ? truncation : Math.min(largest, TRACKED_POSITIONS);
  return trackPositionBias(hosts, positions, parameters.lambdarankBiasNorm, options.vectors);
}

/** @param pairs pairs per document, 0 when the sum of gradients is to be used */
function normOf(lambdaSum: number, pairs: number): number {
  if (pairs > 0) return 1 / pairs;
  return lambdaSum > 0 ? Math.log2(1 + lambdaSum) / lambdaSum : 1;
}

/** Each factor in turn, rounded to float32 after each as XGBoost does. */
function scale(values: Float32Array, norm: number, weight: number, weightScale: number): void {
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.fround(Math.fround(values[i]! * norm) * weight) * weightScale;
  }
}

/** Adds the gradients of pairs to `out`, query by query. */
function pairAccumulator(
  labels: Float32Array,
  scores: Float32Array,
  ranking: Uint32Array,
  change: MetricChange,
  { lambdarankScoreNormalization }: ObjectiveParameters,
  bias: PositionBias | undefined,
  out: Float32Array,
) {
  let query = 0;
  let firstRow = 0;
  let isNormalized = false;
  let lambdaSum = 0;
  return {
    lambdaSum: () => lambdaSum,
    startQuery(index: number, begin: number, end: number) {
      query = index;
      firstRow = begin;
      lambdaSum = 0;
      isNormalized = lambdarankScoreNormalization && scores[ranking[begin]!]! !== scores[ranking[end - 1]!];
    },
    compare(placeA: number, placeB: number) {
      const labelA = labels[ranking[placeA]!]!;
      const labelB = labels[ranking[placeB]!]!;
      if (labelA === labelB) return;
      const high = labelA > labelB ? placeA : placeB;
      const low = labelA > labelB ? placeB : placeA;
      const highRow = ranking[high]!;
      const lowRow = ranking[low]!;
      const difference = Math.fround(scores[highRow]! - scores[lowRow]!);
      let delta = Math.abs(change.ofSwap(query, high, low));
      if (isNormalized) delta /= Math.abs(difference) + SCORE_OFFSET;
      const p = sigmoid(difference);
      let slope = (1 - p) * delta;
      let hessian = Math.max(p * (1 - p), LEAST_HESSIAN) * delta * 2;
      if (bias !== undefined) {
        const divisor = bias.divisor(highRow - firstRow, lowRow - firstRow);
        slope /= divisor;
        hessian /= divisor;
        bias.add(highRow - firstRow, lowRow - firstRow, softplus(difference) * delta);
      }
      const lambda = Math.fround(slope);
      const curvature = Math.fround(hessian);
      out[2 * highRow]! -= lambda;
      out[2 * highRow + 1]! += curvature;
      out[2 * lowRow]! += lambda;
      out[2 * lowRow + 1]! += curvature;
      lambdaSum += 2 * lambda;
    },
  };
}
