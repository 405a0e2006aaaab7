/** Hyperparameters of boosting: rounds, learning rate, base score, forests and dart. */
import { z } from 'zod';

/** A model with more rounds is too large to load in reasonable time. */
const MAX_ROUNDS = 100_000;

export const boosting = {
  num_round: z.int().min(1).max(MAX_ROUNDS).meta({
    description: 'Number of boosting rounds. Each round grows num_parallel_tree trees per output. Tuning: 1 to 4000.',
    tunable: true,
  }),
  eta: z.number().min(0).max(1).default(0.3).meta({
    description: 'Learning rate: the factor by which each tree is scaled. Tuning: 0.1 to 0.5.',
    tunable: true,
  }),
  early_stopping_rounds: z.int().min(1).max(MAX_ROUNDS).optional().meta({
    description:
      'Stop if the last metric in eval_metric has not improved on the validation data for this many rounds, and keep the trees up to the best round. Default: no early stopping.',
    tunable: false,
  }),
  base_score: z.number().optional().meta({
    description:
      'Prediction before the first tree, in the unit of predictions (a probability, a mean). Default: estimated from the labels.',
    tunable: false,
  }),
  num_parallel_tree: z.int().min(1).max(1000).default(1).meta({
    description: 'Number of trees grown in each round. Above 1, each round is a random forest.',
    tunable: false,
  }),
  booster: z.enum(['gbtree', 'dart', 'gblinear']).default('gbtree').meta({
    description:
      'gbtree: each tree corrects all earlier ones; dart: some earlier trees are dropped while a tree is grown. gblinear is refused: use the algorithm linear-regression.',
    tunable: false,
  }),
  sample_type: z.enum(['uniform', 'weighted']).default('uniform').meta({
    description: 'dart: drop trees with equal probability, or in proportion to their weights.',
    tunable: false,
  }),
  normalize_type: z.enum(['tree', 'forest']).default('tree').meta({
    description: 'dart: a new tree gets the weight of one dropped tree, or of all dropped trees together.',
    tunable: false,
  }),
  rate_drop: z.number().min(0).max(1).default(0).meta({
    description: 'dart: fraction of the earlier trees to drop in a round.',
    tunable: true,
  }),
  one_drop: z.int().min(0).max(1).default(0).meta({
    description: 'dart: 1 drops at least one tree in each round.',
    tunable: false,
  }),
  skip_drop: z.number().min(0).max(1).default(0).meta({
    description: 'dart: probability that a round drops no tree.',
    tunable: true,
  }),
};
