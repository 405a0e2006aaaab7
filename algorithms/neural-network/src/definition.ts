/**
 * What the neural network accepts and returns: the data of its definition, from which the types of the other files
 * follow.
 */
import { ANSWER_TYPES, declareAlgorithm, type JobOf, MODEL_TYPES, REQUEST_TYPES, TRAINING_TYPES } from '@algo/contract';
import { hyperparameterAliases, hyperparameters } from './hyperparameters/index.js';
import { checkHyperparameters } from './hyperparameters/rules.js';
import { IMAGE_INPUTS } from './images/inputs.js';
import { IMAGE_TYPES } from './images/open.js';
import { OUTPUTS } from './inference/outputs.js';
import { METRICS, metricsOfJob } from './metrics.js';

/** The last one is any of the others; see IMAGE_INPUTS. */
const imageTypes = [...IMAGE_TYPES, 'application/x-image'] as const;
/** Of an augmented manifest, in this order; the job may call them otherwise. */
const imageAttributes = ['source-ref', 'label'] as const;

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
      description:
        'Training rows: the label, then the weight if csv_weights=1, then the features. Or images of input_shape, in one folder per label.',
      required: true,
      contentTypes: TRAINING_TYPES,
      fileTypes: imageTypes,
      attributes: imageAttributes,
    },
    validation: {
      description: 'Rows or images in the same form, for the metrics of each epoch and for early stopping.',
      contentTypes: TRAINING_TYPES,
      fileTypes: imageTypes,
      attributes: imageAttributes,
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
  inputs: IMAGE_INPUTS,
  outputs: OUTPUTS,
  values: { missingValues: 'refuse', infiniteValues: 'refuse', range: 'float32', text: 'accept' },
  supportsGpu: true,
  supportsDistributedTraining: true,
  hasOneModelPerProcess: true, // TensorFlow.js has one backend for all models of a process
});

export type Job = JobOf<typeof definition>;
