/**
 * A network as data: which columns go in, the layers in order, what comes out. It is what the hyperparameters build,
 * what training fills with weights, and what every model format is written from and read into.
 */

export type Task = 'regression' | 'binary' | 'multiclass';

/**
 * elu has α = 1; gelu is the exact x · (1 + erf(x ÷ √2)) ÷ 2, not its tanh approximation; swish is x · sigmoid(x). All
 * are so named in TensorFlow.js's layers, and ONNX can express them (Elu, Erf, Sigmoid).
 */
export type ActivationName = 'linear' | 'relu' | 'tanh' | 'sigmoid' | 'elu' | 'gelu' | 'swish';

/** A column of categories: its values get indices in ascending order, any other value the index after the last. */
export interface CategoricalInput {
  /** Feature column, from 0. */
  readonly column: number;
  /** Known values, ascending and different. */
  readonly values: readonly number[];
  /** Width of its embedding. */
  readonly dimensions: number;
}

/** One layer between the standardized inputs and the head. Names are unique in a network and are saved in its files. */
export type LayerDefinition =
  | { readonly kind: 'dense'; readonly name: string; readonly units: number; readonly activation: ActivationName }
  | {
      /** Stride 1, same padding, channels last. */
      readonly kind: 'convolution';
      readonly name: string;
      readonly filters: number;
      /** Side of the square kernel, odd. */
      readonly kernelSize: number;
      readonly activation: ActivationName;
    }
  | { readonly kind: 'maxPooling'; readonly name: string; readonly size: number }
  | { readonly kind: 'batchNormalization'; readonly name: string; readonly momentum: number; readonly epsilon: number }
  | { readonly kind: 'activation'; readonly name: string; readonly activation: ActivationName }
  | { readonly kind: 'dropout'; readonly name: string; readonly rate: number }
  | { readonly kind: 'flatten'; readonly name: string };

export interface NetworkDefinition {
  readonly task: Task;
  /** Feature columns of a row. */
  readonly featureCount: number;
  /** Height, width and channels of an image row; undefined for a table. An image has no categorical columns. */
  readonly imageShape: readonly [number, number, number] | undefined;
  /** Feature columns that are numbers, ascending; with the categorical ones, all. */
  readonly numericColumns: readonly number[];
  readonly categoricalInputs: readonly CategoricalInput[];
  readonly layers: readonly LayerDefinition[];
  /** Outputs of the last dense layer, which the head adds: label columns, 1 for binary, else the number of classes. */
  readonly outputCount: number;
}

/** Mean and standard deviation by position: (value − mean) ÷ deviation. A column that never varies has deviation 1. */
export interface Scaling {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** Weights by name, as in `WeightDefinition`, row-major. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** A network that can predict. */
export interface TrainedNetwork {
  readonly definition: NetworkDefinition;
  /** [numeric columns], or [channels] of an image. */
  readonly inputScaling: Scaling;
  /** [outputs] of a regression: its predictions are output × deviation + mean. Undefined for classes. */
  readonly outputScaling: Scaling | undefined;
  readonly weights: Weights;
  /** [featureCount] names of the columns, where the training data had them. */
  readonly featureNames?: readonly string[] | undefined;
}
