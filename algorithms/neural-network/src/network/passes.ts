/**
 * A network's passes: predictions, and a training step's way forward and back. The backward pass ends at the lowest layer
 * that has weights to train.
 */
import type { Communicator } from '@algo/contract';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Operations } from '../operations/operations.js';
import type { NetworkDefinition } from './definition.js';
import { createDenseLayer, createLayer, type Layer, type TrainingPass, type WeightTensors } from './layers/index.js';
import { createInputStage, type InputTensors } from './layers/inputs.js';

export interface Passes {
  /** [rows × outputCount], the head's raw outputs, for predictions. */
  infer(inputs: InputTensors, weights: WeightTensors): Tensor;
  /** The same in training. */
  forward(inputs: InputTensors, pass: TrainingPass): Tensor;
  /** Fills in `pass.gradients` for the inputs of the last `forward`. */
  backward(outputGradient: Tensor, inputs: InputTensors, pass: TrainingPass): void;
  /** `forward` for this host's rows of a batch, without inputs where it has none: all hosts call it alike. */
  forwardOnHosts(
    inputs: InputTensors | undefined,
    pass: TrainingPass,
    hosts: Communicator,
  ): Promise<Tensor | undefined>;
  /** `backward` after it: the gradients are sums over this host's rows, and none where it has no rows. */
  backwardOnHosts(
    outputGradient: Tensor | undefined,
    inputs: InputTensors | undefined,
    pass: TrainingPass,
    hosts: Communicator,
  ): Promise<void>;
}

/** Weights are expected in the order of `weightDefinitions`, the trainable and the moving ones apart. */
export function createPasses(operations: Operations, definition: NetworkDefinition): Passes {
  const stage = createInputStage(operations, definition);
  const { layers, lowest } = createLayers(operations, definition);
  return {
    infer: (inputs, weights) =>
      layers.reduce((values, layer) => layer.infer(values, weights), stage.joined(inputs, weights)),
    forward: (inputs, pass) =>
      layers.reduce((values, layer) => layer.forward(values, pass), stage.joined(inputs, pass)),
    backward(outputGradient, inputs, pass) {
      let gradient = outputGradient;
      for (let index = layers.length - 1; index >= Math.max(lowest, 0); index--) {
        const inputGradient = layers[index]!.backward(gradient, pass, index > lowest);
        if (inputGradient !== undefined) gradient = inputGradient;
      }
      if (lowest < 0) stage.backward(gradient, inputs, pass);
    },
    async forwardOnHosts(inputs, pass, hosts) {
      let values = inputs && stage.joined(inputs, pass);
      for (const layer of layers) {
        values = layer.shared ? await layer.shared.forward(values, pass, hosts) : values && layer.forward(values, pass);
      }
      return values;
    },
    async backwardOnHosts(outputGradient, inputs, pass, hosts) {
      let gradient = outputGradient;
      for (let index = layers.length - 1; index >= Math.max(lowest, 0); index--) {
        const layer = layers[index]!;
        const isWanted = index > lowest;
        const inputGradient = layer.shared
          ? await layer.shared.backward(gradient, pass, isWanted, hosts)
          : gradient && layer.backward(gradient, pass, isWanted);
        if (inputGradient !== undefined) gradient = inputGradient;
      }
      if (lowest < 0 && gradient && inputs) stage.backward(gradient, inputs, pass);
    },
  };
}

// --- internal ---

/** All layers, the head last; `lowest` is the first with weights, −1 when embeddings come before them. */
function createLayers(
  operations: Operations,
  { layers: definitions, categoricalInputs }: NetworkDefinition,
): { readonly layers: readonly Layer[]; readonly lowest: number } {
  let trainable = categoricalInputs.length;
  let moving = 0;
  let lowest = trainable > 0 ? -1 : definitions.length;
  const layers = definitions.map((layer, index) => {
    const isNormalizedNext = definitions[index + 1]?.kind === 'batchNormalization';
    const created = createLayer(operations, layer, { trainable, moving, index, isNormalizedNext });
    const isNormalization = layer.kind === 'batchNormalization';
    if (isNormalization || layer.kind === 'dense' || layer.kind === 'convolution') {
      trainable += 2;
      lowest = Math.min(lowest, index);
    }
    if (isNormalization) moving += 2;
    return created;
  });
  const headPlace = { trainable, moving, index: definitions.length, isNormalizedNext: false };
  layers.push(createDenseLayer(operations, 'linear', headPlace));
  return { layers, lowest };
}
