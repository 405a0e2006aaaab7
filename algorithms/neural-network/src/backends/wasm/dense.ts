/**
 * Dense layers, forward and backward, each one call of a kernel.
 */
import { forwardKeeps, type Operations } from '../../operations/operations.js';
import type { WasmContext } from './context.js';
import { ACTIVATIONS } from './kernel.js';

export function createDense({ kernel: kernels, memory }: WasmContext): Pick<Operations, 'dense' | 'denseBackward'> {
  const { addressOf, makeOutput } = memory;
  return {
    dense({ input, kernel, bias, activation }) {
      const rows = input.shape[0]!;
      const [inputs, units] = kernel.shape as [number, number];
      const output = makeOutput([rows, units]);
      const preActivation = forwardKeeps(activation) ? makeOutput([rows, units]) : undefined;
      kernels.product(
        addressOf(input),
        false,
        addressOf(kernel),
        0,
        rows,
        units,
        inputs,
        addressOf(bias),
        ACTIVATIONS.indexOf(activation),
        preActivation ? addressOf(preActivation) : 0,
        addressOf(output),
      );
      return { output, preActivation };
    },
    denseBackward({ input, kernel, activation, output, preActivation, outputGradient, needsInputGradient }) {
      const rows = input.shape[0]!;
      const [inputs, units] = kernel.shape as [number, number];
      const gradients = {
        input: needsInputGradient ? makeOutput([rows, inputs]) : undefined,
        kernel: makeOutput([inputs, units]),
        bias: makeOutput([units]),
      };
      const scratch = memory.scratch(kernels.denseBackScratchBytes(rows, inputs, units));
      kernels.denseBack(
        addressOf(input),
        addressOf(kernel),
        addressOf(output),
        preActivation ? addressOf(preActivation) : 0,
        addressOf(outputGradient),
        ACTIVATIONS.indexOf(activation),
        rows,
        inputs,
        units,
        gradients.input ? addressOf(gradients.input) : 0,
        addressOf(gradients.kernel),
        addressOf(gradients.bias),
        scratch,
      );
      return gradients;
    },
  };
}
