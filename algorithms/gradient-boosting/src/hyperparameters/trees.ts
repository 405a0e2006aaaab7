/** Hyperparameters of one tree: its size, its penalties, its sample of rows and columns, and its constraints. */
import { fixed, isWhole, numberGroups, numberList, tunable } from '@algo/contract';
import { z } from 'zod';

/** A tuning range needs an upper bound; penalties and weights scale with the number of rows, so it is very large. */
const FAR = 1e12;
/** Predictions of deeper trees cannot be explained; see predict/tree-shap.ts. */
const MAX_DEPTH = 1024;
/** Bins are numbered with 16 bits, one number kept for missing. */
const MAX_BINS = 65535;
const share = () => z.number().gt(0).max(1).default(1);

export const trees = () => ({
  max_depth: tunable(
    z.int().min(0).max(MAX_DEPTH).default(6),
    'Maximum tree depth: splits from the root to a leaf. 0 means no limit.',
    { from: 1, to: 10 },
  ),
  max_leaves: fixed(z.int().min(0).max(1_000_000).default(0), 'Maximum number of leaves of a tree. 0 means no limit.'),
  grow_policy: fixed(
    z.enum(['depthwise', 'lossguide']).default('depthwise'),
    'Order of splits: depthwise splits the nodes nearest to the root first, lossguide the node with the largest gain.',
  ),
  min_child_weight: tunable(
    z.number().min(0).max(FAR).default(1),
    'Minimum sum of hessians (with squared error: of row weights) in a child.',
    { from: 0, to: 120 },
  ),
  gamma: tunable(z.number().min(0).max(FAR).default(0), 'Minimum gain of a split.', { from: 0, to: 5 }),
  lambda: tunable(z.number().min(0).max(FAR).default(1), 'L2 penalty on leaf values.', { from: 0, to: 1000 }),
  alpha: tunable(z.number().min(0).max(FAR).default(0), 'L1 penalty on leaf values.', { from: 0, to: 1000 }),
  max_delta_step: tunable(
    z.number().min(0).max(FAR).optional(),
    'Maximum absolute leaf value before eta is applied. 0 means no limit. Default: 0, or 0.7 with count:poisson. Helps with logistic losses and rare classes.',
    { from: 0, to: 10 },
  ),
  subsample: tunable(share(), 'Fraction of the rows that each tree is grown on, sampled separately for each tree.', {
    from: 0.5,
    to: 1,
  }),
  sampling_method: fixed(
    z.enum(['uniform', 'gradient_based']).default('uniform'),
    'How rows are sampled: uniform, or gradient_based with probabilities proportional to the gradients, which works with a subsample as small as 0.1.',
  ),
  colsample_bytree: tunable(share(), 'Fraction of the columns for each tree.', { from: 0.5, to: 1 }),
  colsample_bylevel: tunable(share(), "Fraction of the tree's columns for each level.", { from: 0.1, to: 1 }),
  colsample_bynode: tunable(share(), "Fraction of the level's columns for each split.", { from: 0.1, to: 1 }),
  max_bin: fixed(
    z.int().min(2).max(MAX_BINS).default(256),
    'Maximum number of histogram bins per column. More than 256 doubles the memory.',
  ),
  monotone_constraints: fixed(
    numberList({
      rule: 'a list of -1, 0 or 1 for each column, such as (1,0,-1)',
      holds: isWhole(-1, 1),
      mayBeEmpty: true,
    }).optional(),
    'One value per column, such as (1,0,-1): 1 if the prediction must not decrease as the column grows, -1 if it must not increase, 0 for no constraint. Columns beyond the list have none.',
  ),
  interaction_constraints: fixed(
    numberGroups({
      rule: 'a list of lists of column numbers from 0, such as [[0,1],[2,3]]',
      holds: isWhole(0),
    }).optional(),
    'Groups of columns, counted from 0, that may be used together on a path from the root to a leaf, such as [[0,1],[2,3,4]]. A column in no group is used alone.',
  ),
  categorical_features: fixed(
    numberList({ rule: 'a list of column numbers from 0, such as 0,3', holds: isWhole(0) }).optional(),
    'Columns that contain categories numbered from 0, such as 0,3. Columns are counted from 0, without label and weight. Splits on them are sets of categories.',
  ),
  max_cat_to_onehot: fixed(
    z.int().min(1).max(1_000_000).default(4),
    'A categorical column with fewer categories than this is split one category against the rest.',
  ),
  max_cat_threshold: fixed(
    z.int().min(1).max(1_000_000).default(64),
    'Maximum number of categories considered for one side of a split.',
  ),
  tree_method: fixed(
    z.enum(['auto', 'hist', 'exact', 'approx', 'gpu_hist']).default('auto'),
    'auto and hist are the histogram method, the only one supported. exact, approx and gpu_hist are refused, not silently replaced.',
  ),
});
