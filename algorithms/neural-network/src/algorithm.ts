/**
 * Neural networks as a SageMaker algorithm, on TensorFlow.js. This page says what it takes and gives; train.ts is the
 * course of a training job, inference/ that of a request; network/, operations/ and backends/ are what both compute with.
 */
import { defineAlgorithm } from '@algo/contract';
import { hyperparameterAliases, hyperparameters } from './hyperparameters/index.js';
import { checkHyperparameters } from './hyperparameters/rules.js';
import {
  availableOutputs,
  boundedRows,
  loadModel,
  modelOutputs,
  OUTPUTS,
  predictRows,
  servingProcesses,
} from './inference/index.js';
import { METRICS, metricsOfJob } from './metrics.js';
import { adoptModel } from './model/index.js';
import { train } from './train.js';

const trainingTypes = [
  'text/csv',
  'text/libsvm',
  'text/x-libsvm',
  'application/x-parquet',
  'application/x-recordio-protobuf',
] as const;
const modelTypes = [
  'application/x-sagemaker-model',
  'application/x-tar',
  'application/gzip',
  'application/octet-stream',
] as const;

export const neuralNetwork = defineAlgorithm({
  name: 'neural-network',
  version: '1.0.0',
  description:
    'Neural networks on TensorFlow.js, on a GPU where there is one: regression and classification of tables, with embeddings of categories, and of small images by convolutions. Serves TensorFlow.js models trained elsewhere too.',
  hyperparameters,
  checkHyperparameters,
  hyperparameterAliases,
  channels: {
    train: {
      description: 'Rows to learn from: the label, with csv_weights=1 the weight, then the features.',
      required: true,
      contentTypes: trainingTypes,
    },
    validation: {
      description: 'Rows of the same form, to measure each epoch on and to stop early by.',
      contentTypes: trainingTypes,
    },
    model: {
      description: 'Model to go on from: model.tar.gz of an earlier job, or its files.',
      contentTypes: modelTypes,
      inputModes: ['File'],
    },
  },
  metrics: METRICS,
  metricsOfJob,
  contentTypes: {
    input: [
      'text/csv',
      'application/json',
      'application/jsonlines',
      'text/libsvm',
      'application/x-parquet',
      'application/x-recordio-protobuf',
    ],
    output: ['text/csv', 'application/json', 'application/jsonlines', 'application/x-recordio-protobuf'],
  },
  outputs: OUTPUTS,
  values: { missingValues: 'refuse', infiniteValues: 'refuse', range: 'float32' },
  modelOutputs,
  availableOutputs,
  supportsGpu: true,
  train,
  adoptModel,
  load: loadModel,
  servingProcesses,
  boundedRows,
  predict: predictRows,
});
