/**
 * Trees and ensembles as every stage sees them: structures of arrays with XGBoost's meaning, shared by growing, saving
 * and predicting. Node 0 is the root.
 *
 *   numeric split       left when x < condition (both float32), right otherwise
 *   categorical split   right when trunc(x) is in the node's set, left otherwise
 *   missing (NaN)       left when defaultLeft is 1, right otherwise
 */

/** One regression tree. All arrays but `categories` have one entry per node. */
export interface Tree {
  readonly nodeCount: number;
  /** Child index, or −1 for a leaf. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Parent index; `NO_PARENT` for the root. */
  readonly parent: Int32Array;
  /** Split feature of an inner node; 0 for a leaf. */
  readonly feature: Int32Array;
  /** Threshold of a numeric split; output of a leaf, learning rate applied; unused in a categorical split. */
  readonly condition: Float32Array;
  /** 1 when missing values go left. */
  readonly defaultLeft: Uint8Array;
  /** 1 for a categorical split, whose set is in `categories`. */
  readonly isCategorical: Uint8Array;
  /** Gain of the split; 0 for a leaf. */
  readonly lossChange: Float32Array;
  /** Sum of hessians of the training rows in the node: its cover. */
  readonly sumHessian: Float32Array;
  /** −G / (H + λ) of the node, learning rate not applied. */
  readonly baseWeight: Float32Array;
  /** Present when some node has a categorical split. */
  readonly categories?: CategorySets;
}

/** The category sets of a tree's nodes, end to end: node i owns values[start[i] … start[i + 1] − 1]. */
export interface CategorySets {
  /** [nodes + 1] */
  readonly start: Int32Array;
  /** Category codes that go right, ascending within a node. */
  readonly values: Int32Array;
}

/** Maximum number of features of a model: as float64 a row takes 128 MiB, and a damaged count must not reserve more. */
export const MAX_FEATURES = 2 ** 24;

/** XGBoost's mark for "no parent": the root's, or that of a pruned node. */
export const NO_PARENT = 2147483647;

/** Type of a feature column as XGBoost names it; only `c` (categorical) changes how a split is read. */
export type FeatureType = 'q' | 'i' | 'int' | 'float' | 'indicator' | 'c';

/** A trained model of trees. Group g of a row sums the trees whose treeGroup is g. */
export interface Ensemble {
  /** `dart` scales each tree by `weightDrop`. */
  readonly booster: 'gbtree' | 'dart';
  /** XGBoost's name, such as `binary:logistic`. */
  readonly objective: string;
  /** The objective's own parameters, as strings, under XGBoost's names: `{ scale_pos_weight: '1' }`. */
  readonly objectiveParameters: Readonly<Record<string, string>>;
  /** Vectors that an objective learns, under XGBoost's names: position biases `ti+`, `tj-` of unbiased ranking. */
  readonly objectiveVectors?: Readonly<Record<string, Float32Array>>;
  /** In the unit of predictions (not margins); one value for all groups, or one per group. */
  readonly baseScore: readonly number[];
  readonly trees: readonly Tree[];
  /** [trees] group that each tree adds to. */
  readonly treeGroup: Int32Array;
  /** Margins per row: classes of multi-class, alphas of quantile, targets of multi-output; otherwise 1. */
  readonly groupCount: number;
  /** Label columns; differs from `groupCount` for multi-class. Default 1. */
  readonly targetCount?: number;
  /** `num_class` as XGBoost stores it: the classes of multi-class, otherwise 0. */
  readonly classCount: number;
  /** [trees] weights of a dart ensemble. */
  readonly weightDrop?: Float32Array;
  /** Trees per group and boosting round (a random forest per round when above 1). */
  readonly numParallelTree: number;
  /** Consecutive trees that were one tree with a vector in each leaf (`multi_strategy=multi_output_tree`). Default 1. */
  readonly leafSize?: number;
  /** [rounds + 1] index of each round's first tree; a constant step unless the model was sliced or concatenated. */
  readonly iterationStart: Int32Array;
  readonly featureCount: number;
  readonly featureNames?: readonly string[];
  readonly featureTypes?: readonly FeatureType[];
  /** XGBoost's `cats`: the category names of a data frame it was trained from, kept as they were read. */
  readonly categoryNames?: unknown;
  /** Free text by name, such as `best_iteration` and `best_score`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Whether node `node` of `tree` is a leaf. */
export function isLeaf(tree: Tree, node: number): boolean {
  return tree.left[node] === -1;
}

/** Splits on the longest path from the root to a leaf. In plain steps: a server does this once, before it is compiled. */
export function treeDepth({ nodeCount, left, right }: Tree): number {
  const order = new Int32Array(nodeCount);
  let depth = 0;
  let [at, end] = [0, 1];
  while (at < end) {
    const levelEnd = end;
    for (; at < levelEnd; at++) {
      const node = order[at]!;
      if (left[node] === -1) continue;
      order[end++] = left[node]!;
      order[end++] = right[node]!;
    }
    if (end > levelEnd) depth++;
  }
  return depth;
}

/**
 * First tree of each round of a plainly grown ensemble.
 * @param rounds ≥ 0
 * @param treesPerRound groups × numParallelTree
 * @returns [rounds + 1]
 */
export function regularIterationStart(rounds: number, treesPerRound: number): Int32Array {
  return Int32Array.from({ length: rounds + 1 }, (_, round) => round * treesPerRound);
}
