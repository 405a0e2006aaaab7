/**
 * Max pooling on the wasm kernels.
 */
import type { Operations } from '../../operations/operations.js';
import type { WasmContext } from './context.js';

export function createPooling({ kernel, memory }: WasmContext): Pick<Operations, 'maxPooling' | 'maxPoolingBackward'> {
  return {
    maxPooling(input, size) {
      const [rows, height, width, channels] = imageShape(input.shape);
      const output = memory.makeOutput([rows, Math.floor(height / size), Math.floor(width / size), channels]);
      kernel.maxPool(memory.addressOf(input), memory.addressOf(output), rows, height, width, channels, size);
      return output;
    },
    maxPoolingBackward(input, output, outputGradient, size) {
      const [rows, height, width, channels] = imageShape(input.shape);
      const result = memory.makeOutput(input.shape);
      kernel.maxPoolBack(
        memory.addressOf(input),
        memory.addressOf(output),
        memory.addressOf(outputGradient),
        memory.addressOf(result),
        rows,
        height,
        width,
        channels,
        size,
      );
      return result;
    },
  };
}

// --- internal ---

function imageShape(shape: readonly number[]): readonly [number, number, number, number] {
  return [shape[0]!, shape[1]!, shape[2]!, shape[3]!];
}
