/** Hyperparameters of the job: how its data is read, cross-validation and threads. */
import { z } from 'zod';

export const job = {
  csv_weights: z.int().min(0).max(1).default(0).meta({
    description: '1: the column after the label is the weight of its row, 0 or more.',
    tunable: false,
  }),
  seed: z.int().min(-2147483647).max(2147483647).default(0).meta({
    description: 'Start of all random choices; the same seed and data give the same model, whatever the threads.',
    tunable: false,
  }),
  nthread: z.int().min(1).max(1024).optional().meta({
    description: 'Threads to train with; the processors of the instance when left out.',
    tunable: false,
  }),
  _kfold: z.int().min(2).max(1000).optional().meta({
    description:
      'Cross-validation: train so many models on the rows of train and validation together, each without one part, and average them in serving. validation: metrics are those of the parts left out.',
    tunable: false,
  }),
  _num_cv_round: z.int().min(1).max(1000).default(1).meta({
    description: 'Cross-validation: how often to divide the rows anew.',
    tunable: false,
  }),
  save_model_on_termination: z.boolean().default(true).meta({
    description: 'Whether a job that is stopped saves the rounds it has; false: it fails without a model.',
    tunable: false,
  }),
};
