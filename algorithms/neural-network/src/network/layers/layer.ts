/**
 * What a layer can do. A layer knows where its weights are among the network's; in training it remembers, from forward
 * to backward, what its gradients need, so that a step makes no new functions.
 */
import type { Communicator } from '@algo/contract';
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
  /** [rows] which rows of the batch they are, where other hosts have the rest of it. */
  readonly rowNumbers?: Int32Array | undefined;
  /** By trainable weight, filled backward. */
  readonly gradients: Tensor[];
  /** Moving statistics after this step, filled forward. */
  readonly moved: Tensor[];
}

/**
 * A layer whose output for a row depends on all rows of the batch, where several hosts have parts of it: they exchange what
 * they must, so that all of them call it alike. A host without rows of the batch gives and gets no tensors.
 */
export interface SharedLayer {
  forward(input: Tensor | undefined, pass: TrainingPass, hosts: Communicator): Promise<Tensor | undefined>;
  /** Fills in the gradients of this layer's weights, as far as they come from this host's rows. */
  backward(
    outputGradient: Tensor | undefined,
    pass: TrainingPass,
    needsInputGradient: boolean,
    hosts: Communicator,
  ): Promise<Tensor | undefined>;
}

export interface Layer {
  /** How it trains on several hosts; undefined where each row is computed by itself. */
  readonly shared?: SharedLayer;
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
