/**
 * Which byte columns a set of trees needs. A value is replaced by its rank: how many of the feature's thresholds are at
 * or below it. Then x < thresholds[k] is rank <= k, whatever x is. Missing values need a column of their own for each
 * direction that the feature's splits send them; a categorical split needs one that holds its answer.
 */
import type { Tree } from '../ensemble/tree.js';

/** Ranks 0 … 254 and "missing goes right" fit a byte; a feature with more thresholds gets several columns. */
const CHUNK_THRESHOLDS = 254;

/** Offset between a rank and its code, a signed byte. */
const CODE_OFFSET = 128;

/** How to rank one feature. Columns are −1 when no split needs them; `chunks` of them are adjacent. */
export interface RankPlan {
  readonly feature: number;
  /** Ascending, distinct. */
  readonly thresholds: Float32Array;
  readonly chunks: number;
  /** First column in which missing values rank lowest: they go left. */
  readonly lowColumn: number;
  /** First column in which missing values rank highest: they go right. */
  readonly highColumn: number;
}

/** How to answer one categorical split: code −1 for left, 0 for right, against a key of −1. */
export interface SetPlan {
  readonly feature: number;
  readonly column: number;
  /** Bit c of byte c >> 3 is set when category c goes right. */
  readonly bits: Uint8Array;
  readonly missingGoesLeft: boolean;
}

/** A split as the kernels see it: a row goes right when the column's code is above the key. */
export interface CodeSplit {
  readonly column: number;
  readonly key: number;
}

export interface ColumnPlan {
  readonly ranks: readonly RankPlan[];
  readonly sets: readonly SetPlan[];
  readonly columnCount: number;
  splitOf(tree: Tree, node: number): CodeSplit;
}

/** Plans the columns for `trees`. Threshold order is kept, so equal trees give equal plans. */
export function planColumns(trees: readonly Tree[]): ColumnPlan {
  let columnCount = 0;
  const allocate = (count: number): number => {
    columnCount += count;
    return columnCount - count;
  };
  const { numeric, sets } = collectSplits(trees, allocate);
  const ranks = new Map<number, RankPlan>();
  for (const feature of [...numeric.keys()].sort((a, b) => a - b)) {
    ranks.set(feature, planRank(feature, numeric.get(feature)!, allocate));
  }
  return {
    ranks: [...ranks.values()],
    sets: [...sets.values()],
    columnCount,
    splitOf: (tree, node) => {
      if (tree.isCategorical[node] === 1) return { column: sets.get(setKey(tree, node))!.column, key: -1 };
      const plan = ranks.get(tree.feature[node]!)!;
      const rank = lowerBound(plan.thresholds, tree.condition[node]!);
      const chunk = Math.floor(rank / CHUNK_THRESHOLDS);
      const first = tree.defaultLeft[node] === 1 ? plan.lowColumn : plan.highColumn;
      return { column: first + chunk, key: rank - chunk * CHUNK_THRESHOLDS - CODE_OFFSET };
    },
  };
}

// --- internal ---

/** The numeric splits of a feature. */
interface NumericSplits {
  /** In the order of the trees. */
  readonly thresholds: number[];
  /** Whether missing values go left in some, and right in some. */
  hasLeft: boolean;
  hasRight: boolean;
}

/** All splits, by feature; the sets of categories have their columns. One pass: a model waits for it once. */
function collectSplits(trees: readonly Tree[], allocate: (count: number) => number) {
  const numeric = new Map<number, NumericSplits>();
  const sets = new Map<string, SetPlan>();
  for (const tree of trees) {
    const { nodeCount, left, isCategorical, feature, defaultLeft, condition } = tree;
    for (let node = 0; node < nodeCount; node++) {
      if (left[node] === -1) continue;
      if (isCategorical[node] === 1) {
        const key = setKey(tree, node);
        if (!sets.has(key)) sets.set(key, { ...describeSet(tree, node), column: allocate(1) });
        continue;
      }
      let splits = numeric.get(feature[node]!);
      if (splits === undefined) {
        splits = { thresholds: [], hasLeft: false, hasRight: false };
        numeric.set(feature[node]!, splits);
      }
      splits.thresholds.push(condition[node]!);
      if (defaultLeft[node] === 1) splits.hasLeft = true;
      else splits.hasRight = true;
    }
  }
  return { numeric, sets };
}

function planRank(feature: number, splits: NumericSplits, allocate: (count: number) => number): RankPlan {
  const thresholds = distinct(Float32Array.from(splits.thresholds));
  const chunks = Math.max(1, Math.ceil(thresholds.length / CHUNK_THRESHOLDS));
  const lowColumn = splits.hasLeft ? allocate(chunks) : -1;
  const highColumn = splits.hasRight ? allocate(chunks) : -1;
  return { feature, thresholds, chunks, lowColumn, highColumn };
}

/**
 * In ascending order, each once; sorts `values`. −0 and 0 are one threshold; a NaN threshold is above nothing: no value is
 * less than it, as for −infinity.
 */
function distinct(values: Float32Array): Float32Array {
  values.sort(); // NaN comes last
  for (let end = values.length; end > 0 && Number.isNaN(values[end - 1]); ) values[--end] = Number.NEGATIVE_INFINITY;
  if (values.at(-1) === Number.NEGATIVE_INFINITY) values.sort();
  let count = 0;
  for (let index = 0; index < values.length; index++) {
    if (count === 0 || values[index] !== values[count - 1]) values[count++] = values[index]! + 0; // 0, not −0
  }
  return values.slice(0, count);
}

function setKey(tree: Tree, node: number): string {
  return `${tree.feature[node]} ${tree.defaultLeft[node]} ${categoriesOf(tree, node).join(',')}`;
}

function categoriesOf(tree: Tree, node: number): Int32Array {
  const { categories } = tree;
  return categories
    ? categories.values.subarray(categories.start[node], categories.start[node + 1])
    : new Int32Array(0);
}

function describeSet(tree: Tree, node: number): Omit<SetPlan, 'column'> {
  const set = categoriesOf(tree, node);
  const bits = new Uint8Array(((set.at(-1) ?? -1) >> 3) + 1);
  for (const category of set) bits[category >> 3]! |= 1 << (category & 7);
  return { feature: tree.feature[node]!, bits, missingGoesLeft: tree.defaultLeft[node] === 1 };
}

/** Index of `value` in ascending distinct `sorted`. */
function lowerBound(sorted: Float32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
