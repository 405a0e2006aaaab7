/**
 * Max pooling on the wasm kernels.
 */
import type { Operations } from '../../operations/operations.js';
import type { WasmContext } from './context.js';

export function createPooling({ kernel, memory }: WasmContext): Pick<Operations, 'maxPooling' | 'maxPoolingBackward'> {
  const { addressOf, makeOutput } = memory;
  return {
    maxPooling(input, size) {
      const [rows, height, width, channels] = imageShape(input.shape);
      const output = makeOutput([rows, Math.floor(height / size), Math.floor(width / size), channels]);
      kernel.planPooling(rows, height, width, channels, size);
      kernel.maxPool(addressOf(input), addressOf(output));
      return output;
    },
    maxPoolingBackward(input, output, outputGradient, size) {
      const [rows, height, width, channels] = imageShape(input.shape);
      const result = makeOutput(input.shape);
      kernel.planPooling(rows, height, width, channels, size);
      kernel.maxPoolBack(addressOf(input), addressOf(output), addressOf(outputGradient), addressOf(result));
      return result;
    },
  };
}

// --- internal ---

function imageShape(shape: readonly number[]): readonly [number, number, number, number] {
  return [shape[0]!, shape[1]!, shape[2]!, shape[3]!];
}
