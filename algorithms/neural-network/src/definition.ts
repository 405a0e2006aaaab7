/** What the neural network takes and gives: the data of its definition, from which the types of its other files follow. */
import { ANSWER_TYPES, declareAlgorithm, type JobOf, MODEL_TYPES, REQUEST_TYPES, TRAINING_TYPES } from '@algo/contract';
import { hyperparameterAliases, hyperparameters } from './hyperparameters/index.js';
import { checkHyperparameters } from './hyperparameters/rules.js';
import { OUTPUTS } from './inference/outputs.js';
import { METRICS, metricsOfJob } from './metrics.js';

export const definition = declareAlgorithm({
  name: 'neural-network',
  version: '1.0.0',
  description:
    'Neural networks on TensorFlow.js, on a GPU if there is one: regression and classification of tables, with embeddings of categories, and of small images by convolutions. Also serves TensorFlow.js models that were trained elsewhere.',
  hyperparameters,
  checkHyperparameters,
  hyperparameterAliases,
  channels: {
    train: {
      description: 'Training rows: the label, then the weight if csv_weights=1, then the features.',
      required: true,
      contentTypes: TRAINING_TYPES,
    },
    validation: {
      description: 'Rows in the same format, for the metrics of each epoch and for early stopping.',
      contentTypes: TRAINING_TYPES,
    },
    model: {
      content: 'files',
      description: 'Model from which training continues: model.tar.gz of an earlier job, or its files.',
      contentTypes: MODEL_TYPES,
      inputModes: ['File'],
    },
  },
  metrics: METRICS,
  metricsOfJob,
  contentTypes: { input: REQUEST_TYPES, output: ANSWER_TYPES },
  outputs: OUTPUTS,
  values: { missingValues: 'refuse', infiniteValues: 'refuse', range: 'float32' },
  supportsGpu: true,
});

export type Job = JobOf<typeof definition>;
