/**
 * Linear regression as a SageMaker algorithm: ordinary least squares in one pass over data of any length, exact to the last digits,
 * plus ridge, elastic net, and robust or curved fits of one feature. This file joins the declaration (definition.ts) to the
 * functions that do the work: train.ts is the course of a training job, the other files are the stages of its maths.
 */
import { ClientError, defineAlgorithm } from '@algo/contract';
import { definition } from './definition.js';
import { boundedRows, createPredictor, readLevel } from './inference/predict.js';
import { MODEL_FILE, modelSchema } from './model/model-file.js';

export const linearRegression = defineAlgorithm(definition, {
  train: async (job) => (await import('./train.js')).train(job),
  load: ({ artifact }) => createPredictor(artifact.readJson(MODEL_FILE, modelSchema)),
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
    return predictor.predict(input.features, input.rows, readLevel(accept.parameters.interval));
  },
});
