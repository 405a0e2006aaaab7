/** Hyperparameters of the course of boosting: rounds, learning rate, base score, forests and dart. */
import { z } from 'zod';

/** Beyond this a model is too large to be read back in reasonable time. */
const MAX_ROUNDS = 100_000;

export const boosting = {
  num_round: z.int().min(1).max(MAX_ROUNDS).meta({
    description: 'Boosting rounds: trees for each output, times num_parallel_tree. Tuning: 1 to 4000.',
    tunable: true,
  }),
  eta: z.number().min(0).max(1).default(0.3).meta({
    description: 'Learning rate: the share of each tree that is added. Tuning: 0.1 to 0.5.',
    tunable: true,
  }),
  early_stopping_rounds: z.int().min(1).max(MAX_ROUNDS).optional().meta({
    description:
      'Stop after so many rounds without a better value of the last metric of eval_metric on the validation data, and keep the trees of the best round. Never when left out.',
    tunable: false,
  }),
  base_score: z.number().optional().meta({
    description:
      'Prediction before the first tree, in the unit of predictions (a probability, a mean). Estimated from the labels when left out.',
    tunable: false,
  }),
  num_parallel_tree: z.int().min(1).max(1000).default(1).meta({
    description: 'Trees grown in each round: above 1, each round is a random forest.',
    tunable: false,
  }),
  booster: z.enum(['gbtree', 'dart', 'gblinear']).default('gbtree').meta({
    description:
      'gbtree: each tree corrects all before it; dart: some earlier trees are dropped out while one is grown. gblinear is refused: use the algorithm linear-regression.',
    tunable: false,
  }),
  sample_type: z.enum(['uniform', 'weighted']).default('uniform').meta({
    description: 'dart: drop each tree with equal chance, or in proportion to its weight.',
    tunable: false,
  }),
  normalize_type: z.enum(['tree', 'forest']).default('tree').meta({
    description: 'dart: a new tree weighs as much as each dropped one, or as their sum.',
    tunable: false,
  }),
  rate_drop: z.number().min(0).max(1).default(0).meta({
    description: 'dart: share of earlier trees to drop in a round.',
    tunable: true,
  }),
  one_drop: z.int().min(0).max(1).default(0).meta({
    description: 'dart: 1: at least one tree is dropped in each round.',
    tunable: false,
  }),
  skip_drop: z.number().min(0).max(1).default(0).meta({
    description: 'dart: chance that a round drops no tree.',
    tunable: true,
  }),
};
