/** Hyperparameters of boosting: rounds, learning rate, base score, forests and dart. */
import { fixed, tunable } from '@algo/contract';
import { z } from 'zod';

/** A model with more rounds is too large to load in reasonable time. */
const MAX_ROUNDS = 100_000;

export const boosting = () => ({
  num_round: tunable(
    z.int().min(1).max(MAX_ROUNDS),
    'Number of boosting rounds. Each round grows num_parallel_tree trees per output.',
    { from: 1, to: 4000 },
  ),
  eta: tunable(z.number().min(0).max(1).default(0.3), 'Learning rate: the factor by which each tree is scaled.', {
    from: 0.1,
    to: 0.5,
  }),
  early_stopping_rounds: fixed(
    z.int().min(1).max(MAX_ROUNDS).optional(),
    'Stop if the last metric in eval_metric has not improved on the validation data for this many rounds, and keep the trees up to the best round. Default: no early stopping.',
  ),
  base_score: fixed(
    z.number().optional(),
    'Prediction before the first tree, in the unit of predictions (a probability, a mean). Default: estimated from the labels.',
  ),
  num_parallel_tree: fixed(
    z.int().min(1).max(1000).default(1),
    'Number of trees grown in each round. Above 1, each round is a random forest.',
  ),
  booster: fixed(
    z.enum(['gbtree', 'dart', 'gblinear']).default('gbtree'),
    'gbtree: each tree corrects all earlier ones; dart: some earlier trees are dropped while a tree is grown. gblinear is refused: use the algorithm linear-regression.',
  ),
  sample_type: fixed(
    z.enum(['uniform', 'weighted']).default('uniform'),
    'dart: drop trees with equal probability, or in proportion to their weights.',
  ),
  normalize_type: fixed(
    z.enum(['tree', 'forest']).default('tree'),
    'dart: a new tree gets the weight of one dropped tree, or of all dropped trees together.',
  ),
  rate_drop: tunable(z.number().min(0).max(1).default(0), 'dart: fraction of the earlier trees to drop in a round.'),
  one_drop: fixed(z.int().min(0).max(1).default(0), 'dart: 1 drops at least one tree in each round.'),
  skip_drop: tunable(z.number().min(0).max(1).default(0), 'dart: probability that a round drops no tree.'),
});
