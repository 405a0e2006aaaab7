/**
 * The operations that networks are trained and served with, each as coarse as possible, so that a training step costs
 * few of them. `composed.ts` builds them from TensorFlow.js's own kernels and runs on every backend; a backend with
 * faster kernels replaces single ones. Gradients are explicit: there is no tape.
 *
 * Tensors are float32 unless said otherwise, rows first, channels last. Results belong to the engine's open scope
 * (`tf.tidy`); inputs stay the caller's. Nothing but `changed` waits for a device or copies to JavaScript.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ActivationName } from '../network/definition.js';

/** A loss by rows: mean squared error over the outputs, logistic on logits, or softmax cross-entropy on logits. */
export type LossName = 'squaredError' | 'binaryCrossEntropy' | 'softmaxCrossEntropy';

export interface DenseInputs {
  /** [rows × inputs] */
  readonly input: Tensor;
  /** [inputs × units] */
  readonly kernel: Tensor;
  /** [units] */
  readonly bias: Tensor;
  readonly activation: ActivationName;
}

export interface ConvolutionInputs {
  /** [rows × height × width × channels] */
  readonly input: Tensor;
  /** [size × size × channels × filters]; stride 1, same padding */
  readonly kernel: Tensor;
  /** [filters] */
  readonly bias: Tensor;
  readonly activation: ActivationName;
}

/** What the backward pass of a layer with an activation gets in addition to its forward inputs. */
export interface Backward {
  /** What forward returned, activation applied. */
  readonly output: Tensor;
  /**
   * Before the activation, for those whose derivative cannot be computed from the output (gelu, swish); see
   * `forwardKeeps`.
   */
  readonly preActivation?: Tensor | undefined;
  /** Derivative of the loss by the output. */
  readonly outputGradient: Tensor;
  /** Whether the derivative by the input is wanted: not for the first layer. */
  readonly needsInputGradient: boolean;
}

export interface KernelGradients {
  readonly input: Tensor | undefined;
  readonly kernel: Tensor;
  readonly bias: Tensor;
}

export interface NormalizationInputs {
  /** [… × channels] */
  readonly input: Tensor;
  /** [channels] each */
  readonly gamma: Tensor;
  readonly beta: Tensor;
  readonly movingMean: Tensor;
  readonly movingVariance: Tensor;
  readonly epsilon: number;
}

/** For the gradients of a normalization by given statistics. */
export interface NormalizationBackward {
  /** [… × channels] */
  readonly input: Tensor;
  /** [channels] each: mean and 1 ÷ √(variance + ε) of the whole batch */
  readonly mean: Tensor;
  readonly inverse: Tensor;
  readonly outputGradient: Tensor;
}

/**
 * How the optimizer moves weights, apart from the learning rate. With the gradient g of the loss and its penalties, in
 * step t:
 * - adam, adamw: m = β1·m + (1 − β1)·g, v = β2·v + (1 − β2)·g², w −= rate · (m ÷ (1 − β1ᵗ)) ÷ (√(v ÷ (1 − β2ᵗ)) + ε)
 * - sgd: m = momentum · m + g, w −= rate · m
 *
 * Order: penalties are added to the gradients, then all are clipped together, then the weights move.
 */
export interface OptimizerRule {
  readonly name: 'adam' | 'adamw' | 'sgd';
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly momentum: number;
  /** Of regularized weights: l1·|w| and l2·w² ÷ 2 are added to the loss; decay is decoupled (w −= rate · decay · w). */
  readonly l1: number;
  readonly l2: number;
  readonly weightDecay: number;
  /** Largest Euclidean norm of all gradients together, penalties included; 0 for no limit. */
  readonly clipNorm: number;
}

/** The weights in training with what the optimizer knows of each. Kept between steps, outside of any scope. */
export interface OptimizerState {
  /** Trainable weights now. `update` may replace or overwrite them: never hold one over a step. */
  readonly weights: readonly Tensor[];
  /** Applies gradients, in the order of the weights. @param step from 1, for Adam's bias correction */
  update(gradients: readonly Tensor[], learningRate: number, step: number): void;
  /**
   * What a checkpoint must keep, in the shapes of the weights: m₀, v₀, m₁, v₁, … (adam, adamw), m₀, m₁, … (sgd with
   * momentum), or nothing. They stay the state's and are good until the next update: neither dispose nor hold them.
   */
  moments(): readonly Tensor[];
  dispose(): void;
}

export interface Operations {
  dense(inputs: DenseInputs): { readonly output: Tensor; readonly preActivation?: Tensor | undefined };
  denseBackward(inputs: DenseInputs & Backward): KernelGradients;
  convolution(inputs: ConvolutionInputs): { readonly output: Tensor; readonly preActivation?: Tensor | undefined };
  convolutionBackward(inputs: ConvolutionInputs & Backward): KernelGradients;
  activation(input: Tensor, activation: ActivationName): Tensor;
  activationBackward(
    activation: ActivationName,
    values: { readonly input: Tensor; readonly output: Tensor; readonly outputGradient: Tensor },
  ): Tensor;
  /** Square windows without overlap; what is left over at the edge is dropped. */
  maxPooling(input: Tensor, size: number): Tensor;
  maxPoolingBackward(input: Tensor, output: Tensor, outputGradient: Tensor, size: number): Tensor;
  /** By the moving statistics. */
  normalize(inputs: NormalizationInputs): Tensor;
  /** By the statistics of this batch; `saved` is what the backward pass needs, and the moved statistics come back. */
  normalizeBatch(inputs: NormalizationInputs & { readonly momentum: number }): {
    output: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    saved: readonly Tensor[];
  };
  normalizeBatchBackward(
    inputs: NormalizationInputs & { readonly saved: readonly Tensor[]; readonly outputGradient: Tensor },
  ): { input: Tensor; gamma: Tensor; beta: Tensor };
  /** The gradients of gamma and beta by rows of a batch whose others are elsewhere: Σ g · x̂ and Σ g of these rows. */
  normalizationSums(inputs: NormalizationBackward): { gamma: Tensor; beta: Tensor };
  /** The input's gradient by the same rows. @param means [channels] each: those sums of the whole batch ÷ its rows and positions */
  normalizationGradient(
    inputs: NormalizationBackward & {
      readonly gamma: Tensor;
      readonly means: { readonly gamma: Tensor; readonly beta: Tensor };
    },
  ): Tensor;
  /**
   * Sets entries to 0 with probability `rate` and scales the others by 1 ÷ (1 − rate). Which ones depends on `seed` and
   * the position alone, so all backends drop the same. The gradient is the same function of the output's gradient.
   * @param rows [rows] which rows of a batch they are, where it is not whole here; default: all of it, in order
   */
  dropout(input: Tensor, rate: number, seed: number, rows?: Int32Array): Tensor;
  /** Rows of `table` [entries × dimensions] by `indices` [rows] int32. */
  embed(table: Tensor, indices: Tensor): Tensor;
  /** Sums rows of the gradient [rows × dimensions] into a table of `entries` rows. */
  embedBackward(outputGradient: Tensor, indices: Tensor, entries: number): Tensor;
  /** Side by side: [rows × a], [rows × b], … to [rows × (a + b + …)]. */
  concatenate(parts: readonly Tensor[]): Tensor;
  concatenateBackward(outputGradient: Tensor, widths: readonly number[]): readonly Tensor[];
  /** `count` rows from `first` on, of the same rank. */
  slice(input: Tensor, first: number, count: number): Tensor;
  /** Rows by index [rows] int32: the shuffle. */
  gather(input: Tensor, indices: Tensor): Tensor;
  /**
   * Weighted sum of the rows' losses, as a scalar, and the derivative of that sum ÷ `divisor` by the outputs.
   * @param labels [rows × outputs] for squaredError, [rows × 1] of 0 and 1, or [rows] int32 class indices
   * @param weights [rows], or undefined for 1 each
   */
  loss(
    name: LossName,
    inputs: {
      readonly outputs: Tensor;
      readonly labels: Tensor;
      readonly weights: Tensor | undefined;
      readonly divisor: number;
    },
  ): { readonly loss: Tensor; readonly gradient: Tensor };
  /**
   * The tensors with other values: `change` gets those of all of them in one array, tensor after tensor, and changes it in place.
   * This is how gradients are summed over hosts.
   */
  changed(tensors: readonly Tensor[], change: (values: Float32Array) => void): Promise<readonly Tensor[]>;
  /** Outputs of the head as predictions: themselves, probabilities of class 1, or of all classes. */
  predictions(name: LossName, outputs: Tensor): Tensor;
  /**
   * Takes over the weights and moments: they are disposed with the state, or sooner.
   * @param moments of a checkpoint, in the order of `moments()`
   */
  optimizer(
    rule: OptimizerRule,
    weights: readonly Tensor[],
    isRegularized: readonly boolean[],
    moments?: readonly Tensor[],
  ): OptimizerState;
}

/** Whether the backward pass needs the value before the activation. */
export function forwardKeeps(activation: ActivationName): boolean {
  return activation === 'gelu' || activation === 'swish';
}
