/**
 * What the algorithm accepts and returns. From this come the types of its code, the checks of hyperparameters, channels and
 * requests, and the documents for AWS.
 */
import { declareAlgorithm } from '@algo/contract';
import { z } from 'zod';

export const definition = declareAlgorithm({
  name: 'example-algorithm',
  version: '1.0.0',
  description: 'Classifies rows of numbers by the nearest class mean.',
  hyperparameters: z.object({
    standardize: z.boolean().default(true).meta({
      description: 'Whether distances are measured in standard deviations of each column instead of its own unit.',
      tunable: true,
    }),
  }),
  channels: {
    train: {
      description: 'Rows to learn from: the class, then the features.',
      required: true,
      contentTypes: ['text/csv'],
    },
    validation: { description: 'Rows of the same form, to measure the model on.', contentTypes: ['text/csv'] },
  },
  metrics: {
    'train:accuracy': { goal: 'maximize', description: 'Share of the training rows whose class is found.' },
    'validation:accuracy': { goal: 'maximize', description: 'Share of the validation rows whose class is found.' },
  },
  contentTypes: {
    input: ['text/csv', 'application/json', 'application/jsonlines'],
    output: ['text/csv', 'application/json', 'application/jsonlines'],
  },
  outputs: {
    score: { description: 'The class, as the training data numbers it.' },
    distance: { description: 'Distance to the mean of that class. On request only.', optional: true },
  },
  values: { missingValues: 'refuse', infiniteValues: 'refuse' },
});
