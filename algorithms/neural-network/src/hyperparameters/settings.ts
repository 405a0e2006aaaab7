/** From SageMaker's names to ours: the one place where a hyperparameter in snake_case becomes an option in camelCase. */
import type { MetricName } from '../evaluation/index.js';
import type { ActivationName, LayerDefinition } from '../network/definition.js';
import type { OptimizerRule } from '../operations/operations.js';
import type { Hyperparameters } from './index.js';

const HIDDEN_UNITS_OF_TABLES: readonly number[] = [128, 64];
const HIDDEN_UNITS_OF_IMAGES: readonly number[] = [128];
const FILTERS: readonly number[] = [32, 64];
/** PyTorch's own values: statistics follow about the last ten batches, so that short trainings are measured fairly. */
const NORMALIZATION = { momentum: 0.9, epsilon: 1e-5 } as const;

export function optimizerRule(values: Hyperparameters): OptimizerRule {
  return {
    name: values.optimizer,
    beta1: values.beta_1 ?? 0.9,
    beta2: values.beta_2 ?? 0.999,
    epsilon: values.epsilon ?? 1e-8,
    momentum: values.momentum ?? 0.9,
    l1: values.l1,
    l2: values.l2,
    weightDecay: values.weight_decay ?? (values.optimizer === 'adamw' ? 0.01 : 0),
    clipNorm: values.clip_norm,
  };
}

export function learningRate({ learning_rate, optimizer }: Hyperparameters): number {
  return learning_rate ?? (optimizer === 'sgd' ? 0.01 : 0.001);
}

export const DEFAULT_STEP_FACTOR = 0.1;

/** Epochs between two changes of lr_schedule step, when it is not said. */
export function defaultStepEpochs(epochs: number): number {
  return Math.ceil(epochs / 3);
}

/** Height, width and channels of an image; undefined for a table. */
export function imageShape({ input_shape }: Hyperparameters): readonly [number, number, number] | undefined {
  if (input_shape === undefined) return undefined;
  const [height, width, channels] = input_shape;
  return [height!, width!, channels!];
}

/** Number of classes; undefined for a regression. */
export function classCount({ objective, num_classes }: Hyperparameters): number | undefined {
  return objective === 'multiclass' ? num_classes! : objective === 'binary' ? 2 : undefined;
}

/** Width of the embedding of so many categories: a rule of thumb of fast.ai's tabular models. */
export function embeddingDimensions({ embedding_dimensions }: Hyperparameters, categories: number): number {
  return embedding_dimensions ?? Math.min(600, Math.max(1, Math.round(1.6 * categories ** 0.56)));
}

/** The metric that decides early stopping. @param tuned the metric of a tuning job, such as `validation:auc` */
export function decidingMetric(
  { early_stopping_metric }: Hyperparameters,
  tuned: string | undefined,
  metrics: readonly MetricName[],
): MetricName {
  const wanted = early_stopping_metric ?? tuned;
  return metrics.find((name) => wanted === `validation:${name}`) ?? 'loss';
}

/** All layers between the inputs and the head. */
export function networkLayers(values: Hyperparameters): readonly LayerDefinition[] {
  const shape = imageShape(values);
  const units = values.hidden_units ?? (shape ? HIDDEN_UNITS_OF_IMAGES : HIDDEN_UNITS_OF_TABLES);
  const convolutions = shape ? convolutionLayers(values, shape) : [];
  return numbered([...convolutions, ...units.flatMap((width) => denseLayers(values, width))]);
}

// --- internal ---

/** A layer before it has a name. */
type Unnamed<L = LayerDefinition> = L extends LayerDefinition ? Omit<L, 'name'> : never;

/** convolution → (normalization → activation) → pooling, for each number of filters; then one row of values. */
function convolutionLayers(values: Hyperparameters, [height, width]: readonly [number, number, number]): Unnamed[] {
  const { kernel_size: kernelSize = 3, pool_size: size = 2 } = values;
  const layers: Unnamed[] = [];
  const allFilters = values.convolution_filters ?? FILTERS;
  let side = Math.min(height, width);
  for (const filters of allFilters) {
    layers.push({ kind: 'convolution', filters, kernelSize, activation: ownActivation(values) });
    for (const layer of normalizationLayers(values)) layers.push(layer);
    if (size > 1 && side >= size) {
      layers.push({ kind: 'maxPooling', size });
      side = Math.floor(side / size);
    }
  }
  return [...layers, { kind: 'flatten' }, ...(allFilters.length > 0 ? dropoutLayers(values) : [])];
}

/** dense → (normalization → activation) → dropout */
function denseLayers(values: Hyperparameters, units: number): Unnamed[] {
  const dense: Unnamed = { kind: 'dense', units, activation: ownActivation(values) };
  return [dense, ...normalizationLayers(values), ...dropoutLayers(values)];
}

/** A layer that is normalized before its activation leaves the activation to a layer of its own. */
function ownActivation({ batch_normalization, activation }: Hyperparameters): ActivationName {
  return batch_normalization ? 'linear' : activation;
}

function normalizationLayers({ batch_normalization, activation }: Hyperparameters): Unnamed[] {
  return batch_normalization
    ? [
        { kind: 'batchNormalization', ...NORMALIZATION },
        { kind: 'activation', activation },
      ]
    : [];
}

function dropoutLayers({ dropout }: Hyperparameters): Unnamed[] {
  return dropout > 0 ? [{ kind: 'dropout', rate: dropout }] : [];
}

/** Names as TensorFlow.js gives them: dense_1, dense_2, … */
const NAMES = {
  dense: 'dense',
  convolution: 'conv2d',
  maxPooling: 'max_pooling2d',
  batchNormalization: 'batch_normalization',
  activation: 'activation',
  dropout: 'dropout',
  flatten: 'flatten',
} as const satisfies Record<LayerDefinition['kind'], string>;

function numbered(layers: readonly Unnamed[]): readonly LayerDefinition[] {
  const counts = new Map<string, number>();
  return layers.map((layer) => {
    const count = (counts.get(layer.kind) ?? 0) + 1;
    counts.set(layer.kind, count);
    return { ...layer, name: `${NAMES[layer.kind]}_${count}` };
  });
}
