/**
 * Gradient-boosted trees as a SageMaker algorithm: XGBoost's histogram method, hyperparameters and model format. This file
 * joins the declaration (definition.ts) to the functions that do the work: train.ts is the course of a training job,
 * inference/ that of a request, and engine/ has the stages of training: binning, growing, boosting.
 */
import { defineAlgorithm } from '@algo/contract';
import { definition } from './definition.js';
import { adoptModel } from './inference/model-files.js';
import { availableOutputs, boundedRows, closeModel, loadModel, predictRows } from './inference/serve.js';

export const gradientBoosting = defineAlgorithm(definition, {
  train: async (job) => (await import('./train.js')).train(job),
  adoptModel,
  load: loadModel,
  close: closeModel,
  availableOutputs,
  boundedRows,
  predict: (model, { features }, { outputs }) => predictRows(model, features, outputs),
});
