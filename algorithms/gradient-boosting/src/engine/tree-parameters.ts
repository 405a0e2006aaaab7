/**
 * The parameters of growing a tree: XGBoost's, with their names in camelCase.
 */

export interface TreeParameters {
  /** Learning rate, > 0. */
  readonly eta: number;
  /** Minimum gain of a split, ≥ 0. */
  readonly gamma: number;
  /** Deepest level; 0: no limit. */
  readonly maxDepth: number;
  /** Maximum number of leaves; 0: no limit. One of both limits must be set. */
  readonly maxLeaves: number;
  readonly growPolicy: 'depthwise' | 'lossguide';
  /** Minimum sum of hessians in a child, ≥ 0. */
  readonly minChildWeight: number;
  /** Largest weight of a leaf before eta, ≥ 0; 0: no limit. */
  readonly maxDeltaStep: number;
  /** L2 penalty on leaf weights, ≥ 0. */
  readonly lambda: number;
  /** L1 penalty on leaf weights, ≥ 0. */
  readonly alpha: number;
  /** Share of rows a tree is grown on, (0, 1]. */
  readonly subsample: number;
  readonly samplingMethod: 'uniform' | 'gradient_based';
  /** Shares of features by tree, level and node, (0, 1]; they multiply. */
  readonly colsampleBytree: number;
  readonly colsampleBylevel: number;
  readonly colsampleBynode: number;
  /** [≤ features] −1, 0 or 1. */
  readonly monotoneConstraints: readonly number[];
  /** Groups of features that may be on one path; empty: no constraint. */
  readonly interactionConstraints: readonly (readonly number[])[];
  /** Categorical features with fewer categories are split one category against the rest. */
  readonly maxCatToOnehot: number;
  /** Maximum number of categories on the searched side of a partition. */
  readonly maxCatThreshold: number;
}

/** XGBoost's defaults. */
export const defaultTreeParameters: TreeParameters = {
  eta: 0.3,
  gamma: 0,
  maxDepth: 6,
  maxLeaves: 0,
  growPolicy: 'depthwise',
  minChildWeight: 1,
  maxDeltaStep: 0,
  lambda: 1,
  alpha: 0,
  subsample: 1,
  samplingMethod: 'uniform',
  colsampleBytree: 1,
  colsampleBylevel: 1,
  colsampleBynode: 1,
  monotoneConstraints: [],
  interactionConstraints: [],
  maxCatToOnehot: 4,
  maxCatThreshold: 64,
};
