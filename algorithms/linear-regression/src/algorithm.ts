/**
 * Linear regression as a SageMaker algorithm: ordinary least squares in one pass over data of any length, exact to the last digits,
 * plus ridge, elastic net, and robust or curved fits of one feature. This file is its definition; train.ts is the
 * course of a training job, the other files are the stages of its maths.
 */
import { ClientError, defineAlgorithm } from '@algo/contract';
import { checkHyperparameters, hyperparameters } from './hyperparameters/index.js';
import { boundedRows, createPredictor, readLevel } from './inference/predict.js';
import { MODEL_FILE, modelSchema } from './model/model-file.js';
import { train } from './train.js';

const inputTypes = ['text/csv', 'application/json', 'application/jsonlines'] as const;

export const linearRegression = defineAlgorithm({
  name: 'linear-regression',
  version: '1.0.0',
  description:
    'Linear regression that streams its data once and is exact to the last digits: least squares with standard errors and prediction intervals, ridge, elastic net, and robust or curved fits of one feature.',
  hyperparameters,
  checkHyperparameters,
  channels: {
    train: {
      description: 'CSV without a header: the label, then the weight if csv_weights=1, then the features.',
      required: true,
      contentTypes: ['text/csv'],
    },
    validation: {
      description: 'Rows in the same format, for the metrics of the model.',
      contentTypes: ['text/csv'],
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
  contentTypes: { input: inputTypes, output: ['text/csv', 'application/json', 'application/jsonlines'] },
  outputs: {
    score: { description: 'The predicted label.' },
    lower: { description: 'Lower end of the prediction interval.', optional: true },
    upper: { description: 'Upper end of the prediction interval.', optional: true },
  },
  values: { missingValues: 'refuse', infiniteValues: 'refuse' },
  train,
  load: (artifact) => createPredictor(artifact.readJson(MODEL_FILE, modelSchema)),
  availableOutputs(predictor, { parameters }) {
    const hasInterval =
      parameters.interval !== undefined ||
      (predictor.model.kind === 'linear' && predictor.model.predictionInterval !== undefined);
    return hasInterval
      ? { names: ['score', 'lower', 'upper'] }
      : { names: ['score'], reason: 'lower and upper need the parameter interval' };
  },
  boundedRows: ({ model }, { accept }) => boundedRows(model, accept.parameters.interval !== undefined),
  predict(predictor, input, { accept }) {
    const { featureCount } = predictor.model;
    if (input.columns !== featureCount) {
      throw new ClientError(
        'E_DATA_COLUMNS',
        `Each row must have the model's ${featureCount} feature columns; received ${input.columns}.`,
      );
    }
    const { score, lower, upper } = predictor.predict(
      input.features,
      input.rows,
      readLevel(accept.parameters.interval),
    );
    return lower && upper ? { score, lower, upper } : { score };
  },
});
