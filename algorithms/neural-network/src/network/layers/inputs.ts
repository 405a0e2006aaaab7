/**
 * Where rows enter: the numeric columns, then the embedding of each categorical column, side by side.
 *
 *   [ numeric … | embedding of column a … | embedding of column b … ]
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Operations } from '../../operations/operations.js';
import type { NetworkDefinition } from '../definition.js';
import type { TrainingPass, WeightTensors } from './layer.js';

/** Standardized rows on the device. */
export interface InputTensors {
  /** [rows × numeric columns], or [rows × height × width × channels] */
  readonly numeric: Tensor;
  /** By categorical input, in their order: int32 [rows] indices. */
  readonly categories: readonly Tensor[];
}

export interface InputStage {
  /** What the first layer sees. */
  joined(inputs: InputTensors, weights: WeightTensors): Tensor;
  /** Fills in the gradients of the embeddings, which are the first weights. */
  backward(gradient: Tensor, inputs: InputTensors, pass: TrainingPass): void;
}

export function createInputStage(operations: Operations, definition: NetworkDefinition): InputStage {
  const { categoricalInputs, numericColumns } = definition;
  const numericParts = numericColumns.length > 0 ? 1 : 0;
  const dimensions = categoricalInputs.map((input) => input.dimensions);
  const widths = numericParts === 1 ? [numericColumns.length, ...dimensions] : dimensions;
  const entries = categoricalInputs.map(({ values }) => values.length + 1);
  return {
    joined(inputs, { trainable }) {
      if (dimensions.length === 0) return inputs.numeric;
      const embedded = inputs.categories.map((indices, input) => operations.embed(trainable[input]!, indices));
      if (widths.length === 1) return embedded[0]!;
      return operations.concatenate(numericParts === 1 ? [inputs.numeric, ...embedded] : embedded);
    },
    backward(gradient, { categories }, { gradients }) {
      const parts = widths.length === 1 ? [gradient] : operations.concatenateBackward(gradient, widths);
      for (const [input, indices] of categories.entries()) {
        gradients[input] = operations.embedBackward(parts[numericParts + input]!, indices, entries[input]!);
      }
    },
  };
}
