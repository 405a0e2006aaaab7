/**
 * The plan of a job once its rows are known: the network, how its inputs and labels are scaled, how much each class
 * counts, what decides early stopping. A model that training continues from brings its own scaling and categories.
 */
import { ClientError } from '@algo/contract';
import { classWeights } from '../data/labels.js';
import type { Scan } from '../data/scan.js';
import { type MetricName, metricsOf } from '../evaluation/index.js';
import type { Settings } from '../hyperparameters/settings.js';
import type { CategoricalInput, NetworkDefinition, Scaling, TrainedNetwork } from '../network/definition.js';
import { initializeWeights } from '../network/initialize.js';

export interface Plan {
  readonly settings: Settings;
  /** Where training starts. */
  readonly network: TrainedNetwork;
  /** [classes] factor of each class's loss. */
  readonly classWeights: Float64Array | undefined;
  readonly metrics: readonly MetricName[];
  /** What decides early stopping, and how many epochs to wait; undefined without. */
  readonly earlyStopping: { readonly metric: MetricName; readonly patience: number } | undefined;
}

/**
 * @param tuned the metric of a tuning job, such as `validation:auc`
 * @throws ClientError for hyperparameters that do not fit the rows
 */
export function planJob(
  settings: Settings,
  scan: Scan,
  start: TrainedNetwork | undefined,
  tuned: string | undefined,
): Plan {
  requireImageColumns(settings, scan.columns);
  requireBatches(settings, scan.rows);
  const metrics = metricsOf(settings.task);
  const weights = classWeights(settings.classWeights, scan.labels.classTotals);
  requireSomethingToLearn(weights, scan);
  const { patience, stoppingMetric = tuned } = settings;
  return {
    settings,
    network: start ? continued(start, settings) : fresh(settings, scan),
    classWeights: weights,
    metrics,
    earlyStopping: patience === undefined ? undefined : { metric: decidingMetric(stoppingMetric, metrics), patience },
  };
}

/** The metric of that name on the validation data, else the loss. @param wanted such as `validation:auc` */
export function decidingMetric(wanted: string | undefined, metrics: readonly MetricName[]): MetricName {
  return metrics.find((name) => wanted === `validation:${name}`) ?? 'loss';
}

/** Default width of the embedding of this many categories: a rule of thumb of fast.ai's tabular models. */
export function embeddingWidth(categories: number): number {
  return Math.min(600, Math.max(1, Math.round(1.6 * categories ** 0.56)));
}

// --- internal ---

/** @throws ClientError E_HYPERPARAMETER when the last batch of an epoch has one row, which cannot be normalized */
function requireBatches({ hasBatchNormalization, batchSize }: Settings, rows: number): void {
  if (!hasBatchNormalization || rows % batchSize !== 1) return;
  throw new ClientError(
    'E_HYPERPARAMETER',
    `Hyperparameter "batch_size" must not leave a last batch of one row with "batch_normalization", since a single row cannot be normalized; received "${batchSize}" for ${rows} rows. ${rows === 1 ? 'Use more rows' : 'Use another batch_size'}.`,
  );
}

function fresh(settings: Settings, scan: Scan): TrainedNetwork {
  const categories = scan.categories.values(scan.columns);
  const categoricalInputs = [...categories].map(
    ([column, known]): CategoricalInput => ({
      column,
      values: known,
      dimensions: settings.embeddingDimensions ?? embeddingWidth(known.length),
    }),
  );
  const isNumeric = (column: number) => !categories.has(column);
  const definition: NetworkDefinition = {
    task: settings.task,
    featureCount: scan.columns,
    imageShape: settings.imageShape,
    numericColumns: Array.from({ length: scan.columns }, (_, column) => column).filter(isNumeric),
    categoricalInputs,
    layers: settings.layers,
    outputCount: outputCountOf(settings, scan),
  };
  return {
    definition,
    inputScaling: inputScaling(definition, scan),
    outputScaling: scan.labels.scaling,
    weights: initializeWeights(definition, settings.seed),
  };
}

/** The same weights and scaling; the layers as this job wants them, which differ in dropout at most. */
function continued(start: TrainedNetwork, { layers }: Settings): TrainedNetwork {
  return { ...start, definition: { ...start.definition, layers } };
}

/** One logit for task binary, else one per class or label column. */
function outputCountOf({ task, classCount }: Settings, { labels }: Scan): number {
  return task === 'binary' ? 1 : (classCount ?? labels.count);
}

function inputScaling({ imageShape: shape, numericColumns }: NetworkDefinition, { moments }: Scan): Scaling {
  if (shape) return moments.channelScaling(shape[2], (channel) => `Channel ${channel} of the images`);
  const { means, deviations } = moments.scaling((column) => `Channel "train": feature column ${column} (from 0)`);
  return {
    means: Float64Array.from(numericColumns, (column) => means[column]!),
    deviations: Float64Array.from(numericColumns, (column) => deviations[column]!),
  };
}

function requireImageColumns({ imageShape }: Settings, columns: number): void {
  const pixels = imageShape?.reduce((product, side) => product * side, 1);
  if (pixels === undefined || pixels === columns) return;
  throw new ClientError(
    'E_DATA_COLUMNS',
    `Channel "train" must have ${pixels} feature columns for input_shape ${imageShape}; received ${columns}.`,
  );
}

function requireSomethingToLearn(weights: Float64Array | undefined, { labels: { classTotals } }: Scan): void {
  if (!weights || !classTotals || classTotals.some((total, index) => total * weights[index]! > 0)) return;
  throw new ClientError(
    'E_HYPERPARAMETER',
    `Hyperparameter "class_weights" must be above 0 for a class that channel "train" has; received "${weights.join()}", and all rows are of classes with weight 0.`,
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
