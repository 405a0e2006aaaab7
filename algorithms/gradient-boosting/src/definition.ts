/**
 * What gradient boosting accepts and returns: the data of its definition, from which the types of the other files
 * follow.
 */
import { ANSWER_TYPES, declareAlgorithm, type JobOf, MODEL_TYPES, REQUEST_TYPES, TRAINING_TYPES } from '@algo/contract';
import { hyperparameterAliases } from './hyperparameters/aliases.js';
import { OUTPUTS } from './inference/outputs.js';
import { METRICS, metricsOfJob } from './metrics.js';

export const definition = declareAlgorithm({
  name: 'gradient-boosting',
  version: '1.0.0',
  description:
    "Gradient-boosted trees: XGBoost's features, hyperparameters and model format. Classification, regression, ranking, counts and survival times; serves any model that XGBoost saved as JSON or UBJSON; explains predictions.",
  loadHyperparameters: async () => (await import('./hyperparameters/index.js')).hyperparameters(),
  loadHyperparameterRules: () => import('./hyperparameters/rules.js'),
  hyperparameterAliases,
  channels: {
    train: {
      description: 'Training rows: the label, then the weight if csv_weights=1, then the features.',
      required: true,
      contentTypes: TRAINING_TYPES,
    },
    validation: {
      description: 'Rows in the same format, for the metrics of each round and for early stopping.',
      contentTypes: TRAINING_TYPES,
    },
    model: {
      content: 'files',
      description:
        'Model from which training continues: model.tar.gz of an earlier job, or an XGBoost model as JSON or UBJSON.',
      contentTypes: MODEL_TYPES,
      inputModes: ['File'],
    },
  },
  metrics: METRICS,
  metricsOfJob,
  contentTypes: { input: REQUEST_TYPES, output: ANSWER_TYPES },
  outputs: OUTPUTS,
  values: { missingValues: 'accept', infiniteValues: 'refuse', range: 'float32', text: 'accept' },
  precision: 'float32',
  supportsDistributedTraining: true,
});

export type Job = JobOf<typeof definition>;
