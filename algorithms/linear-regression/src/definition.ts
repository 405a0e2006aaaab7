/**
 * What linear regression accepts and returns: the data of its definition, from which the types of the other files
 * follow.
 */
import { declareAlgorithm, type JobOf } from '@algo/contract';
import { checkHyperparameters, hyperparameters } from './hyperparameters/index.js';

export const definition = declareAlgorithm({
  name: 'linear-regression',
  version: '1.0.0',
  description:
    'Linear regression that streams its data once and is exact to the last digits: least squares with standard errors and prediction intervals, ridge, elastic net, and robust or curved fits of one feature.',
  supportsDistributedTraining: true,
  hyperparameters,
  checkHyperparameters,
  channels: {
    train: {
      description: 'Training rows: the label, then the weight if csv_weights=1, then the features.',
      required: true,
      contentTypes: ['text/csv', 'application/x-npy'],
    },
    validation: {
      description: 'Rows in the same format, for the metrics of the model.',
      contentTypes: ['text/csv', 'application/x-npy'],
    },
  },
  metrics: {
    'train:rmse': { goal: 'minimize', description: 'Root mean squared error on the training data.' },
    'train:mae': { goal: 'minimize', description: 'Mean absolute error on the training data.' },
    'train:r2': { goal: 'maximize', description: 'Share of the label variance explained, training data.' },
    'validation:rmse': { goal: 'minimize', description: 'Root mean squared error on the validation data.' },
    'validation:mae': { goal: 'minimize', description: 'Mean absolute error on the validation data.' },
    'validation:r2': { goal: 'maximize', description: 'Share of the label variance explained, validation data.' },
  },
  contentTypes: {
    input: ['text/csv', 'application/json', 'application/jsonlines', 'application/x-npy'],
    output: ['text/csv', 'application/json', 'application/jsonlines', 'application/x-npy'],
  },
  outputs: {
    score: { description: 'The predicted label.' },
    lower: { description: 'Lower end of the prediction interval.', optional: true },
    upper: { description: 'Upper end of the prediction interval.', optional: true },
  },
});

export type Job = JobOf<typeof definition>;
