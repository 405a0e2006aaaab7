/**
 * Which pairs of a query's documents are compared. `topk` takes every pair with at least one document among the first
 * k ranks; `mean` draws for each document k partners of other relevance.
 */
import type { ObjectiveParameters } from '../parameters.js';

const DEFAULT_TRUNCATION = 32;
const DEFAULT_PAIRS_PER_DOCUMENT = 1;

/** Calls `compare` with two places of the ranking for each pair. */
export type PairVisitor = (placeA: number, placeB: number) => void;

/** Pairs per document for `mean`, truncation level for `topk`. */
export function pairsPerDocument(parameters: ObjectiveParameters): number {
  const isMean = parameters.lambdarankPairMethod === 'mean';
  return parameters.lambdarankNumPairPerSample ?? (isMean ? DEFAULT_PAIRS_PER_DOCUMENT : DEFAULT_TRUNCATION);
}

/** The ranks that count, Infinity for `mean`. */
export function truncationOf(parameters: ObjectiveParameters): number {
  return parameters.lambdarankPairMethod === 'topk' ? pairsPerDocument(parameters) : Number.POSITIVE_INFINITY;
}

/** Every pair of places a < b in [begin, end) with a among the first `truncation`. */
export function visitTopPairs(begin: number, end: number, truncation: number, compare: PairVisitor): void {
  const last = Math.min(end, begin + truncation);
  for (let a = begin; a < last; a++) for (let b = a + 1; b < end; b++) compare(a, b);
}

/**
 * For each document of places [begin, end), `count` random partners of another label.
 * @param labels by row
 * @param ranking rows by place
 * @param seed unsigned 32-bit
 */
export function visitRandomPairs(
  begin: number,
  end: number,
  count: number,
  labels: Float32Array,
  ranking: Uint32Array,
  seed: number,
  compare: PairVisitor,
): void {
  const byLabel = Uint32Array.from({ length: end - begin }, (_, i) => begin + i);
  byLabel.sort((a, b) => labels[ranking[b]!]! - labels[ranking[a]!]! || a - b);
  const draw = minimalStandard(seed);
  let bucketEnd = 0;
  for (let bucket = 0; bucket < byLabel.length; bucket = bucketEnd) {
    const label = labels[ranking[byLabel[bucket]!]!]!;
    bucketEnd = bucket + 1;
    while (bucketEnd < byLabel.length && labels[ranking[byLabel[bucketEnd]!]!]! === label) bucketEnd++;
    const others = byLabel.length - (bucketEnd - bucket);
    if (others === 0) return;
    for (let pair = 0; pair < count; pair++) {
      for (let document = bucket; document < bucketEnd; document++) {
        const drawn = uniformBelow(others, draw);
        const partner = drawn < bucket ? drawn : drawn - bucket + bucketEnd;
        compare(byLabel[document]!, byLabel[partner]!);
      }
    }
  }
}

// --- internal ---

const MODULUS = 2147483647;
const MULTIPLIER = 48271;

/** Park and Miller's generator as std::minstd_rand seeds and steps it, so that pairs are XGBoost's own. */
function minimalStandard(seed: number): () => number {
  let state = seed % MODULUS || 1;
  return () => {
    state = (state * MULTIPLIER) % MODULUS; // below 2^53
    return state;
  };
}

/** Uniform on 0 … count − 1: the generator's range is cut into equal parts, and what is left over is drawn again. */
function uniformBelow(count: number, draw: () => number): number {
  const part = Math.floor((MODULUS - 2) / count);
  for (;;) {
    const value = draw() - 1;
    if (value < part * count) return Math.floor(value / part);
  }
}
