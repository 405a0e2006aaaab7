/** Hyperparameters of the job: how its data is read, cross-validation and threads. */
import { csvWeights, seed } from '@algo/contract';
import { z } from 'zod';

export const job = {
  csv_weights: csvWeights(),
  seed: seed(
    'Seed of all random choices. The same seed and data give the same model for any number of threads.',
    -2147483647,
  ),
  nthread: z.int().min(1).max(1024).optional().meta({
    description: 'Number of threads for training. Default: all CPUs of the instance.',
    tunable: false,
  }),
  _kfold: z.int().min(2).max(1000).optional().meta({
    description:
      'Number of cross-validation folds. One model per fold is trained on the rows of train and validation together, without that fold; serving averages the models. The validation: metrics are those of the left-out folds.',
    tunable: false,
  }),
  _num_cv_round: z.int().min(1).max(1000).default(1).meta({
    description: 'Cross-validation: number of repetitions, each with other folds.',
    tunable: false,
  }),
  save_model_on_termination: z.boolean().default(true).meta({
    description: 'Whether a stopped job saves the model of the finished rounds. If false, it fails without a model.',
    tunable: false,
  }),
};
