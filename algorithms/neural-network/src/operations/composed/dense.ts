/**
 * Dense layers: output = activation(input · kernel + bias), in one fused kernel where the backend has one.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Backward, DenseInputs, KernelGradients } from '../operations.js';
import { activationGradient, finishActivation, fusedActivation } from './activations.js';
import { product, reshape, run, sum } from './kernels.js';

export function dense({ input, kernel, bias, activation }: DenseInputs): {
  readonly output: Tensor;
  readonly preActivation?: Tensor | undefined;
} {
  // Of rank 3: TensorFlow.js's own wasm kernel reads shapes so.
  const fused = run(
    '_FusedMatMul',
    { a: reshape(input, [1, ...input.shape]), b: reshape(kernel, [1, ...kernel.shape]), bias },
    { transposeA: false, transposeB: false, activation: fusedActivation(activation).fused, leakyreluAlpha: 0 },
  );
  return finishActivation(reshape(fused, [input.shape[0]!, kernel.shape[1]!]), activation);
}

/** With g the derivative before the activation: inputᵀ · g, the sum of g over rows, and g · kernelᵀ. */
export function denseBackward(inputs: DenseInputs & Backward): KernelGradients {
  const { input, kernel, activation, preActivation, output, outputGradient, needsInputGradient } = inputs;
  const gradient = activationGradient(activation, preActivation, output, outputGradient);
  return {
    input: needsInputGradient ? product(gradient, kernel, false, true) : undefined,
    kernel: product(input, gradient, true, false),
    bias: sum(gradient, [0]),
  };
}
