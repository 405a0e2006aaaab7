/** What gradient boosting takes and gives: the data of its definition, from which the types of its other files follow. */
import { declareAlgorithm, type JobOf } from '@algo/contract';
import { hyperparameterAliases, hyperparameters } from './hyperparameters/index.js';
import { checkHyperparameters, hyperparameterWarnings } from './hyperparameters/rules.js';
import { OUTPUTS } from './inference/outputs.js';
import { METRICS, metricsOfJob } from './metrics.js';

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

export const definition = declareAlgorithm({
  name: 'gradient-boosting',
  version: '1.0.0',
  description:
    "Gradient-boosted trees: XGBoost's features, hyperparameters and model format. Classification, regression, ranking, counts and survival times; serves any model that XGBoost saved as JSON or UBJSON; explains predictions.",
  hyperparameters,
  checkHyperparameters,
  hyperparameterWarnings,
  hyperparameterAliases,
  channels: {
    train: {
      description: 'Training rows: the label, then the weight if csv_weights=1, then the features.',
      required: true,
      contentTypes: trainingTypes,
    },
    validation: {
      description: 'Rows in the same format, for the metrics of each round and for early stopping.',
      contentTypes: trainingTypes,
    },
    model: {
      content: 'files',
      description:
        'Model from which training continues: model.tar.gz of an earlier job, or an XGBoost model as JSON or UBJSON.',
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
  values: { missingValues: 'accept', infiniteValues: 'refuse', range: 'float32' },
  precision: 'float32',
});

export type Job = JobOf<typeof definition>;
