/** Hyperparameters of the job: how its data is read, cross-validation and threads. */
import { csvWeights, fixed, seed } from '@algo/contract';
import { z } from 'zod';

export const job = () => ({
  csv_weights: csvWeights(),
  seed: seed(
    'Seed of all random choices. The same seed and data give the same model for any number of threads.',
    -2147483647,
  ),
  unseen_categories: fixed(
    z.enum(['error', 'missing', 'other']).default('error'),
    'How to treat a category of a text column that the training data does not have: error (refuse it), missing (as a missing value), or other (as an extra category).',
  ),
  nthread: fixed(
    z.int().min(1).max(1024).optional(),
    'Number of threads for training. Default: all CPUs of the instance.',
  ),
  _kfold: fixed(
    z.int().min(2).max(1000).optional(),
    'Number of cross-validation folds. One model per fold is trained on the rows of train and validation together, without that fold; serving averages the models. The validation: metrics are those of the left-out folds.',
  ),
  _num_cv_round: fixed(
    z.int().min(1).max(1000).default(1),
    'Cross-validation: number of repetitions, each with other folds.',
  ),
  save_model_on_termination: fixed(
    z.boolean().default(true),
    'Whether a stopped job saves the model of the finished rounds. If false, it fails without a model.',
  ),
});
