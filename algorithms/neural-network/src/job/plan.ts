/**
 * What a job is to train once its rows are known: the network, how its inputs and labels are scaled, how much each class
 * counts, what decides early stopping. A model to go on from brings its own scaling and categories.
 */
import { ClientError } from '@algo/contract';
import { classWeights } from '../data/labels.js';
import type { Scan } from '../data/scan.js';
import { type MetricName, metricsOf } from '../evaluation/index.js';
import type { Hyperparameters } from '../hyperparameters/index.js';
import {
  classCount,
  decidingMetric,
  embeddingDimensions,
  imageShape,
  networkLayers,
} from '../hyperparameters/settings.js';
import type { CategoricalInput, NetworkDefinition, Scaling, TrainedNetwork } from '../network/definition.js';
import { initializeWeights } from '../network/initialize.js';

export interface Plan {
  /** Where training starts. */
  readonly network: TrainedNetwork;
  /** [classes] factor of each class's loss. */
  readonly classWeights: Float64Array | undefined;
  readonly metrics: readonly MetricName[];
  /** Decides early stopping. */
  readonly deciding: MetricName;
}

/**
 * @param tuned the metric of a tuning job, such as `validation:auc`
 * @throws ClientError for hyperparameters that do not fit the rows
 */
export function planJob(
  values: Hyperparameters,
  scan: Scan,
  start: TrainedNetwork | undefined,
  tuned: string | undefined,
): Plan {
  requireImageColumns(values, scan.columns);
  requireBatches(values, scan.rows);
  const metrics = metricsOf(values.objective);
  const weights = classWeights(values.class_weights, scan.labels.classTotals);
  requireSomethingToLearn(weights, scan);
  return {
    network: start ? continued(start, values) : fresh(values, scan),
    classWeights: weights,
    metrics,
    deciding: decidingMetric(values, tuned, metrics),
  };
}

// --- internal ---

/** @throws ClientError E_HYPERPARAMETER when the last batch of an epoch has one row, which cannot be normalized */
function requireBatches({ batch_normalization, batch_size }: Hyperparameters, rows: number): void {
  if (!batch_normalization || rows % batch_size !== 1) return;
  throw new ClientError(
    'E_HYPERPARAMETER',
    `Hyperparameter "batch_size" must not leave a last batch of one row with "batch_normalization", since one row has no deviation to normalize by; received "${batch_size}" for ${rows} rows. ${rows === 1 ? 'Use more rows' : 'Take another batch_size'}.`,
  );
}

function fresh(values: Hyperparameters, scan: Scan): TrainedNetwork {
  const categories = scan.categories.values(scan.columns);
  const categoricalInputs = [...categories].map(
    ([column, known]): CategoricalInput => ({
      column,
      values: known,
      dimensions: embeddingDimensions(values, known.length),
    }),
  );
  const isNumeric = (column: number) => !categories.has(column);
  const definition: NetworkDefinition = {
    task: values.objective,
    featureCount: scan.columns,
    imageShape: imageShape(values),
    numericColumns: Array.from({ length: scan.columns }, (_, column) => column).filter(isNumeric),
    categoricalInputs,
    layers: networkLayers(values),
    outputCount: values.objective === 'regression' ? scan.labels.count : outputsOf(values),
  };
  return {
    definition,
    inputScaling: inputScaling(definition, scan),
    outputScaling: scan.labels.scaling,
    weights: initializeWeights(definition, values.seed),
  };
}

/** The same weights and scaling; the layers as this job wants them, which differ in dropout at most. */
function continued(start: TrainedNetwork, values: Hyperparameters): TrainedNetwork {
  return { ...start, definition: { ...start.definition, layers: networkLayers(values) } };
}

/** One logit for two classes, else one per class. */
function outputsOf(values: Hyperparameters): number {
  return values.objective === 'binary' ? 1 : classCount(values)!;
}

function inputScaling({ imageShape: shape, numericColumns }: NetworkDefinition, { moments }: Scan): Scaling {
  if (shape) return moments.channelScaling(shape[2], (channel) => `Channel ${channel} of the images`);
  const { means, deviations } = moments.scaling((column) => `Feature column ${column}`);
  return {
    means: Float64Array.from(numericColumns, (column) => means[column]!),
    deviations: Float64Array.from(numericColumns, (column) => deviations[column]!),
  };
}

function requireImageColumns({ input_shape }: Hyperparameters, columns: number): void {
  const pixels = input_shape?.reduce((product, side) => product * side, 1);
  if (pixels === undefined || pixels === columns) return;
  throw new ClientError(
    'E_DATA_COLUMNS',
    `Channel "train" must have ${pixels} feature columns for input_shape ${input_shape}; received ${columns}.`,
  );
}

function requireSomethingToLearn(weights: Float64Array | undefined, { labels: { classTotals } }: Scan): void {
  if (!weights || !classTotals || classTotals.some((total, index) => total * weights[index]! > 0)) return;
  throw new ClientError(
    'E_HYPERPARAMETER',
    `Hyperparameter "class_weights" must be above 0 for a class that channel "train" has; received "${weights.join()}", and only rows of classes with weight 0.`,
  );
}

/** A row that the model can surely predict: the means of numbers, and known categories. */
export function exampleRow({ definition, inputScaling: { means } }: TrainedNetwork): number[] {
  const { featureCount, numericColumns, categoricalInputs } = definition;
  const row = new Array<number>(featureCount).fill(0);
  for (const [position, column] of numericColumns.entries()) row[column] = means[position % means.length]!;
  for (const { column, values } of categoricalInputs) row[column] = values[0]!;
  return row;
}
