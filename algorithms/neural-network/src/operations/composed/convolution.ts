/**
 * Convolution with stride 1 and same padding, channels last, and its gradients.
 */
import { engine, getKernel, type Tensor } from '@tensorflow/tfjs-core';
import type { Backward, ConvolutionInputs, KernelGradients } from '../operations.js';
import { activationGradient, finishActivation, fusedActivation } from './activations.js';
import { run, sum } from './kernels.js';

const SAME = { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1] };

export function convolution({ input, kernel, bias, activation }: ConvolutionInputs): {
  readonly output: Tensor;
  readonly preActivation?: Tensor | undefined;
} {
  const { fused } = fusedActivation(activation);
  const attributes = { ...SAME, activation: fused, leakyreluAlpha: 0 };
  return finishActivation(run('FusedConv2D', { x: input, filter: kernel, bias }, attributes), activation);
}

export function convolutionBackward(inputs: ConvolutionInputs & Backward): KernelGradients {
  const { input, kernel, activation, preActivation, output, outputGradient, needsInputGradient } = inputs;
  const gradient = activationGradient(activation, preActivation, output, outputGradient);
  return {
    input: needsInputGradient
      ? run('Conv2DBackpropInput', { dy: gradient, filter: kernel }, { ...SAME, inputShape: input.shape })
      : undefined,
    kernel: kernelGradient(input, gradient, kernel.shape),
    bias: sum(gradient, [0, 1, 2]),
  };
}

// --- internal ---

function kernelGradient(input: Tensor, gradient: Tensor, filterShape: readonly number[]): Tensor {
  return getKernel('Conv2DBackpropFilter', engine().backendName) === undefined
    ? kernelGradientByConvolution(input, gradient, filterShape[0]!)
    : run('Conv2DBackpropFilter', { x: input, dy: gradient }, { ...SAME, filterShape: [...filterShape] });
}

/**
 * The same by a convolution, for the wasm backend, which has no kernel for it: channels become the rows of the input and
 * rows its channels, and the gradient is the kernel.
 *
 *   input    [channels × height × width × rows]
 *   gradient [height × width × rows × filters]   padded by half the side: [channels × side × side × filters]
 */
function kernelGradientByConvolution(input: Tensor, gradient: Tensor, side: number): Tensor {
  const swapped = run('Transpose', { x: input }, { perm: [3, 1, 2, 0] });
  const filter = run('Transpose', { x: gradient }, { perm: [1, 2, 0, 3] });
  const half = (side - 1) / 2;
  // As a list: padding by one number is right for square kernels only.
  const pad = [
    [0, 0],
    [half, half],
    [half, half],
    [0, 0],
  ];
  return run('Transpose', { x: run('Conv2D', { x: swapped, filter }, { ...SAME, pad }) }, { perm: [1, 2, 0, 3] });
}
