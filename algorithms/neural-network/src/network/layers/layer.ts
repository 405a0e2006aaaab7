/**
 * What a layer can do. A layer knows where its weights are among the network's; in training it remembers, from forward
 * to backward, what its gradients need, so that a step makes no new functions.
 */
import type { Tensor } from '@tensorflow/tfjs-core';

/** Weights as tensors: those that training changes, and the moving statistics, each in the order of their definitions. */
export interface WeightTensors {
  readonly trainable: readonly Tensor[];
  readonly moving: readonly Tensor[];
}

/** One training step as it goes through the layers. */
export interface TrainingPass extends WeightTensors {
  /** Of what is random in this step. */
  readonly seed: number;
  /** By trainable weight, filled backward. */
  readonly gradients: Tensor[];
  /** Moving statistics after this step, filled forward. */
  readonly moved: Tensor[];
}

export interface Layer {
  /** Output for predictions. */
  infer(input: Tensor, weights: WeightTensors): Tensor;
  /** Output in training. */
  forward(input: Tensor, pass: TrainingPass): Tensor;
  /** Fills in the gradients of this layer's weights. Returns that of the last forward's input where it is needed. */
  backward(outputGradient: Tensor, pass: TrainingPass, needsInputGradient: boolean): Tensor | undefined;
}

/** The place of a layer. */
export interface LayerPlace {
  /** Of its first weights in `WeightTensors`. */
  readonly trainable: number;
  readonly moving: number;
  /** Among the layers. */
  readonly index: number;
  /** Whether the next layer is a batch normalization. */
  readonly isNormalizedNext: boolean;
}
