/**
 * From SageMaker's names to ours: the one place where a hyperparameter in snake_case becomes a setting in camelCase. A
 * job makes its settings once; everything behind them reads these.
 */
import type { UnseenCategories } from '@algo/contract';
import type { BackendName } from '../backends/backend.js';
import type { ActivationName, LayerDefinition, Task } from '../network/definition.js';
import type { OptimizerRule } from '../operations/operations.js';
import type { Hyperparameters } from './index.js';

/** What a job was asked for, defaults that depend on other hyperparameters filled in. */
export interface Settings {
  readonly task: Task;
  /** Undefined for a regression, and where labels have to say. */
  readonly classCount: number | undefined;
  readonly classWeights: 'balanced' | readonly number[] | undefined;
  /** Height, width and channels; undefined for a table. */
  readonly imageShape: readonly [number, number, number] | undefined;
  /** Columns from 0. */
  readonly categoricalColumns: readonly number[];
  readonly unseenCategories: UnseenCategories;
  /** Undefined: by the number of categories. */
  readonly embeddingDimensions: number | undefined;
  /** All layers between the inputs and the head. */
  readonly layers: readonly LayerDefinition[];
  readonly hasBatchNormalization: boolean;
  readonly rule: OptimizerRule;
  readonly schedule: {
    readonly kind: 'constant' | 'cosine' | 'step';
    readonly learningRate: number;
    readonly warmupEpochs: number;
    /** Of `step`: the factor of each change, and the epochs between two. */
    readonly factor: number;
    readonly stepEpochs: number;
  };
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  /** Epochs without a better one; undefined: no early stopping. */
  readonly patience: number | undefined;
  /** Metric that was asked to decide early stopping, such as `validation:auc`. */
  readonly stoppingMetric: string | undefined;
  readonly hasWeights: boolean;
  /** Memory for rows as the network reads them. */
  readonly dataBytes: number;
  readonly backend: BackendName | 'auto';
  /** Undefined: one for each allowed CPU. */
  readonly threads: number | undefined;
}

export const DEFAULT_STEP_FACTOR = 0.1;

/** Epochs between two changes of lr_schedule step, when it is not said. */
export function defaultStepEpochs(epochs: number): number {
  return Math.ceil(epochs / 3);
}

export function settingsOf(values: Hyperparameters): Settings {
  return {
    task: values.objective,
    classCount: classCount(values),
    classWeights: values.class_weights,
    imageShape: imageShape(values),
    categoricalColumns: values.categorical_features ?? [],
    unseenCategories: values.unseen_categories,
    embeddingDimensions: values.embedding_dimensions,
    layers: networkLayers(values),
    hasBatchNormalization: values.batch_normalization,
    rule: optimizerRule(values),
    schedule: {
      kind: values.lr_schedule,
      learningRate: values.learning_rate ?? (values.optimizer === 'sgd' ? 0.01 : 0.001),
      warmupEpochs: values.warmup_epochs,
      factor: values.lr_step_factor ?? DEFAULT_STEP_FACTOR,
      stepEpochs: values.lr_step_epochs ?? defaultStepEpochs(values.epochs),
    },
    epochs: values.epochs,
    batchSize: values.batch_size,
    seed: values.seed,
    patience: values.early_stopping_patience,
    stoppingMetric: values.early_stopping_metric,
    hasWeights: values.csv_weights === 1,
    dataBytes: values.data_memory_mb * 2 ** 20,
    backend: values.backend,
    threads: values.threads,
  };
}

// --- internal ---

const HIDDEN_UNITS_OF_TABLES: readonly number[] = [128, 64];
const HIDDEN_UNITS_OF_IMAGES: readonly number[] = [128];
const FILTERS: readonly number[] = [32, 64];
/** PyTorch's own values: statistics follow about the last ten batches, so that short trainings are measured fairly. */
const NORMALIZATION = { momentum: 0.9, epsilon: 1e-5 } as const;

function optimizerRule(values: Hyperparameters): OptimizerRule {
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

function imageShape({ input_shape }: Hyperparameters): readonly [number, number, number] | undefined {
  if (input_shape === undefined) return undefined;
  const [height, width, channels] = input_shape;
  return [height!, width!, channels!];
}

function classCount({ objective, num_classes }: Hyperparameters): number | undefined {
  return objective === 'multiclass' ? num_classes : objective === 'binary' ? 2 : undefined;
}

function networkLayers(values: Hyperparameters): readonly LayerDefinition[] {
  const shape = imageShape(values);
  const units = values.hidden_units ?? (shape ? HIDDEN_UNITS_OF_IMAGES : HIDDEN_UNITS_OF_TABLES);
  const convolutions = shape ? convolutionLayers(values, shape) : [];
  return numbered([...convolutions, ...units.flatMap((width) => denseLayers(values, width))]);
}

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
