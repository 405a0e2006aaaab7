/**
 * Activations, dropout and predictions on the wasm kernels.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { SIGMOID } from '../../../assembly/layout.js';
import { dropoutKey, dropoutThreshold, keyAt } from '../../network/dropout-mask.js';
import { run } from '../../operations/composed/kernels.js';
import { forwardKeeps, type Operations } from '../../operations/operations.js';
import type { WasmContext } from './context.js';
import { ACTIVATIONS } from './kernel.js';

const FLOAT_BYTES = 4;

type Elementwise = Pick<Operations, 'activation' | 'activationBackward' | 'dropout' | 'predictions'>;

export function createElementwise({ kernel, memory }: WasmContext): Elementwise {
  const activated = (input: Tensor, activation: number): Tensor => {
    const output = memory.makeOutput(input.shape);
    kernel.activate(memory.addressOf(input), memory.addressOf(output), input.size, activation);
    return output;
  };
  return {
    activation: (input, activation) =>
      activation === 'linear' ? input : activated(input, ACTIVATIONS.indexOf(activation)),
    activationBackward(activation, { input, output, outputGradient }) {
      if (activation === 'linear') return outputGradient;
      const result = memory.makeOutput(outputGradient.shape);
      kernel.activateBack(
        forwardKeeps(activation) ? memory.addressOf(input) : 0,
        memory.addressOf(output),
        memory.addressOf(outputGradient),
        memory.addressOf(result),
        outputGradient.size,
        ACTIVATIONS.indexOf(activation),
      );
      return result;
    },
    dropout(input, rate, seed, rows) {
      const output = memory.makeOutput(input.shape);
      const [key, threshold, scale] = [dropoutKey(seed), dropoutThreshold(rate), 1 / (1 - rate)];
      const [from, to] = [memory.addressOf(input), memory.addressOf(output)];
      if (rows === undefined) {
        kernel.dropout(from, to, input.size, key, threshold, scale);
        return output;
      }
      const width = input.size / rows.length;
      for (const [index, row] of rows.entries()) {
        const at = index * width * FLOAT_BYTES;
        kernel.dropout(from + at, to + at, width, keyAt(key, row * width), threshold, scale);
      }
      return output;
    },
    predictions(name, outputs) {
      if (name === 'squaredError') return run('Identity', { x: outputs });
      if (name === 'binaryCrossEntropy') return activated(outputs, SIGMOID);
      const [rows, columns] = [outputs.shape[0]!, outputs.shape[1]!];
      const result = memory.makeOutput(outputs.shape);
      kernel.softmax(memory.addressOf(outputs), memory.addressOf(result), rows, columns);
      return result;
    },
  };
}
