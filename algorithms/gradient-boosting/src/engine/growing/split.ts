/**
 * Splits: what a node weighs, what the kernel found best for it, and how a split reads in bins. The formulas are those
 * of assembly/growing/gain.ts, with XGBoost's steps from float64 to float32.
 */
import * as Records from '../../../assembly/records.js';
import type { ColumnLayout } from '../binning/column-layout.js';
import type { Pool } from '../threads/pool.js';
import type { TreeParameters } from '../tree-parameters.js';

/** Sums over the rows of a node. */
export interface Sums {
  readonly gradient: number;
  readonly hessian: number;
  /** [limbs × 2] the same exactly; absent when the sums above are exact. */
  readonly limbs?: Float64Array;
}

/** Bounds of a node's weight that monotone constraints above it set. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

export const UNBOUNDED: Bounds = { lower: -3.4028234663852886e38, upper: 3.4028234663852886e38 };

/** The best split of a node. */
export interface Split {
  /** float32 */
  readonly gain: number;
  readonly feature: number;
  /** Numeric: first bin that goes right. */
  readonly bin: number;
  readonly isDefaultLeft: boolean;
  /** Categories that go right, ascending; only of a categorical split. */
  readonly categories?: readonly number[];
  readonly left: Sums;
  readonly right: Sums;
}

/** How a split divides rows by their bin in one column: right when bin − low < width (unsigned) or the set has it. */
export interface BinTest {
  readonly column: number;
  readonly low: number;
  readonly width: number;
  /** Bit b of word b / 32 is 1 when bin b goes right. */
  readonly set?: Uint32Array;
}

const { fround } = Math;
/** Every bin from `low` on. */
const ALL_ABOVE = 0x7fffffff;

/**
 * −T(G) / (H + λ) within max_delta_step and bounds, without the learning rate, as float32.
 * @param hasBounds whether any feature is monotone
 */
export function nodeWeight({ gradient, hessian }: Sums, p: TreeParameters, bounds?: Bounds): number {
  if (hessian <= 0) return 0;
  const { alpha, lambda, maxDeltaStep } = p;
  const shrunk = gradient > alpha ? gradient - alpha : gradient < -alpha ? gradient + alpha : 0;
  const free = -shrunk / (hessian + lambda);
  const weight = fround(maxDeltaStep !== 0 && Math.abs(free) > maxDeltaStep ? Math.sign(free) * maxDeltaStep : free);
  return bounds ? Math.min(Math.max(weight, bounds.lower), bounds.upper) : weight;
}

/** −(2Gw + (H + λ)w² + 2α|w|) at the node's own weight, as float32: what a split must beat. */
export function nodeGain(sums: Sums, p: TreeParameters, bounds?: Bounds): number {
  return weightGain(sums, nodeWeight(sums, p, bounds), p);
}

/** The same at a given float32 weight. */
export function weightGain({ gradient, hessian }: Sums, weight: number, p: TreeParameters): number {
  if (hessian <= 0) return 0;
  const square = fround(weight * weight);
  return fround(-(2 * gradient * weight + (hessian + p.lambda) * square + 2 * p.alpha * Math.abs(weight)));
}

/** Sums of limbs, smallest first, as the kernel adds them up. @param limbs [limbs × 2] */
export function sumsOf(limbs: Float64Array): Sums {
  let gradient = 0;
  let hessian = 0;
  for (let limb = limbs.length - 2; limb >= 0; limb -= 2) {
    gradient += limbs[limb]!;
    hessian += limbs[limb + 1]!;
  }
  return limbs.length === 2 ? { gradient, hessian } : { gradient, hessian, limbs };
}

/** Where a result of the kernel is and what is in it. */
export interface ResultPlace {
  readonly address: number;
  readonly isCategorical: Uint8Array;
  readonly setWords: number;
  /** The limbs of the left side's sums, where sums have several. */
  readonly limbs: number;
}

/** The kernel's result for a node of these sums; undefined when there is no split of positive gain. */
export function readSplit(pool: Pool, node: Sums, place: ResultPlace): Split | undefined {
  const { address, isCategorical, setWords } = place;
  const integers = pool.integers();
  const doubles = pool.doubles();
  const feature = integers[(address + Records.RESULT_FEATURE) >> 2]!;
  if (feature < 0) return undefined;
  const found = {
    gain: pool.floats()[(address + Records.RESULT_GAIN) >> 2]!,
    feature,
    bin: integers[(address + Records.RESULT_BIN) >> 2]!,
    isDefaultLeft: integers[(address + Records.RESULT_DEFAULT_LEFT) >> 2] === 1,
    left: {
      gradient: doubles[(address + Records.RESULT_LEFT_GRADIENT) >> 3]!,
      hessian: doubles[(address + Records.RESULT_LEFT_HESSIAN) >> 3]!,
    },
    right: {
      gradient: doubles[(address + Records.RESULT_RIGHT_GRADIENT) >> 3]!,
      hessian: doubles[(address + Records.RESULT_RIGHT_HESSIAN) >> 3]!,
    },
  };
  const set = (address + Records.RESULT_CATEGORIES) >> 2;
  const categories = isCategorical[feature] && members(pool.words().subarray(set, set + setWords));
  const split: Split = categories ? { ...found, categories } : found;
  if (!node.limbs) return split;
  const left = doubles.slice(place.limbs >> 3, (place.limbs >> 3) + node.limbs.length);
  const right = node.limbs.map((limb, index) => limb - left[index]!);
  return { ...split, left: sumsOf(left), right: sumsOf(right) };
}

/** A split in terms of the bins of a layout. */
export function binTest(
  layout: ColumnLayout,
  split: Pick<Split, 'feature' | 'bin' | 'isDefaultLeft' | 'categories'>,
): BinTest {
  const { column, kind, bins, missing, code } = layout.places[split.feature]!;
  if (kind === Records.BUNDLED) return { column, low: code, width: 1 };
  if (kind === Records.CATEGORICAL) {
    const set = new Uint32Array((Math.max(missing, code, bins) >> 5) + 1);
    const right = split.isDefaultLeft ? (split.categories ?? []) : [...(split.categories ?? []), missing];
    for (const bin of right) set[bin >> 5]! |= 1 << (bin & 31);
    return { column, low: 0, width: 0, set };
  }
  return { column, low: split.bin, width: split.isDefaultLeft ? missing - split.bin : ALL_ABOVE };
}

// --- internal ---

function members(set: Uint32Array): number[] {
  return Array.from({ length: set.length * 32 }, (_, bin) => bin).filter(
    (bin) => ((set[bin >> 5]! >>> (bin & 31)) & 1) === 1,
  );
}
