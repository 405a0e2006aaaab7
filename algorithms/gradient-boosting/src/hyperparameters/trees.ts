/** Hyperparameters of one tree: its size, its penalties, the rows and columns it sees, what it may not do. */
import { z } from 'zod';
import { columnGroups, isColumn, numberList, optionalNumberList } from './fields.js';

/** A tuning range needs an end; penalties and weights scale with the rows, hence so far away. */
const FAR = 1e12;
/** Predictions of deeper trees cannot be explained; see predict/tree-shap.ts. */
const MAX_DEPTH = 1024;
/** Bins are numbered with 16 bits, one number kept for missing. */
const MAX_BINS = 65535;
const share = () => z.number().gt(0).max(1).default(1);

export const trees = {
  max_depth: z.int().min(0).max(MAX_DEPTH).default(6).meta({
    description: 'Maximum number of splits from the root to a leaf; 0: no limit. Tuning: 1 to 10.',
    tunable: true,
  }),
  max_leaves: z.int().min(0).max(1_000_000).default(0).meta({
    description: 'Most leaves of a tree; 0: no limit.',
    tunable: false,
  }),
  grow_policy: z.enum(['depthwise', 'lossguide']).default('depthwise').meta({
    description: 'Split next the nodes nearest to the root, or the one with the largest gain.',
    tunable: false,
  }),
  min_child_weight: z.number().min(0).max(FAR).default(1).meta({
    description: 'Least sum of hessians (for squared error: of row weights) in a child. Tuning: 0 to 120.',
    tunable: true,
  }),
  gamma: z.number().min(0).max(FAR).default(0).meta({
    description: 'Least gain of a split. Tuning: 0 to 5.',
    tunable: true,
  }),
  lambda: z.number().min(0).max(FAR).default(1).meta({
    description: 'L2 penalty on the outputs of leaves. Tuning: 0 to 1000.',
    tunable: true,
  }),
  alpha: z.number().min(0).max(FAR).default(0).meta({
    description: 'L1 penalty on the outputs of leaves. Tuning: 0 to 1000.',
    tunable: true,
  }),
  max_delta_step: z.number().min(0).max(FAR).optional().meta({
    description:
      'Largest output of a leaf before eta; 0: no limit. Default 0, for count:poisson 0.7. Tuning: 0 to 10; helps logistic losses of rare classes.',
    tunable: true,
  }),
  subsample: share().meta({
    description: 'Share of rows that each tree is grown on, drawn anew for each. Tuning: 0.5 to 1.',
    tunable: true,
  }),
  sampling_method: z.enum(['uniform', 'gradient_based']).default('uniform').meta({
    description:
      'Draw rows with equal chance, or by the size of their gradient, which makes subsample of 0.1 as good as much larger uniform ones.',
    tunable: false,
  }),
  colsample_bytree: share().meta({ description: 'Share of columns for each tree. Tuning: 0.5 to 1.', tunable: true }),
  colsample_bylevel: share().meta({
    description: "Share of the tree's columns for each level. Tuning: 0.1 to 1.",
    tunable: true,
  }),
  colsample_bynode: share().meta({
    description: "Share of the level's columns for each split. Tuning: 0.1 to 1.",
    tunable: true,
  }),
  max_bin: z.int().min(2).max(MAX_BINS).default(256).meta({
    description: 'Most bins that a column is divided into; above 256 memory doubles.',
    tunable: false,
  }),
  monotone_constraints: optionalNumberList('-1, 0 or 1 for each column, such as (1,0,-1)', (value) =>
    [-1, 0, 1].includes(value),
  )
    .optional()
    .meta({
      description:
        'For each column 1 (the prediction must not fall as it grows), -1 (must not rise) or 0, such as (1,0,-1); columns beyond the list are free.',
      tunable: false,
    }),
  interaction_constraints: columnGroups().optional().meta({
    description:
      'Groups of columns, counted from 0, that may stand on one path from root to leaf, such as [[0,1],[2,3,4]]; a column in no group stands alone.',
    tunable: false,
  }),
  categorical_features: numberList('column numbers from 0, such as 0,3', isColumn).optional().meta({
    description:
      'Columns, counted from 0 without label and weight, that hold categories numbered from 0, such as 0,3: splits are then sets of categories.',
    tunable: false,
  }),
  max_cat_to_onehot: z.int().min(1).max(1_000_000).default(4).meta({
    description: 'A categorical column with fewer categories is split one category against the rest.',
    tunable: false,
  }),
  max_cat_threshold: z.int().min(1).max(1_000_000).default(64).meta({
    description: 'Most categories on the searched side of a split.',
    tunable: false,
  }),
  tree_method: z.enum(['auto', 'hist', 'exact', 'approx', 'gpu_hist']).default('auto').meta({
    description:
      'auto and hist are the histogram method, the only one here; exact, approx and gpu_hist are refused, not replaced silently.',
    tunable: false,
  }),
};
