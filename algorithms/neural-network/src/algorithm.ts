/**
 * Neural networks as a SageMaker algorithm, on TensorFlow.js. This file joins the declaration (definition.ts) to the
 * functions that do the work: train.ts is the course of a training job, inference/ that of a request; both compute with
 * network/, operations/ and backends/.
 */
import { defineAlgorithm } from '@algo/contract';
import { definition } from './definition.js';
import {
  availableOutputs,
  boundedRows,
  closeModel,
  loadModel,
  modelBatching,
  modelOutputs,
  predictInput,
  rowsOfInput,
  servingProcesses,
} from './inference/index.js';
import { adoptModel } from './model/index.js';

export const neuralNetwork = defineAlgorithm(definition, {
  train: async (job) => (await import('./train.js')).train(job),
  adoptModel,
  load: loadModel,
  close: closeModel,
  modelBatching,
  modelOutputs,
  availableOutputs,
  servingProcesses,
  boundedRows,
  rowsOf: rowsOfInput,
  predict: predictInput,
});
