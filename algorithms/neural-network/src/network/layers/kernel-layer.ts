/**
 * Dense and convolution layers: both have a kernel, a bias and an activation, and differ in the operation alone.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { run } from '../../operations/composed/kernels.js';
import type { Backward, KernelGradients } from '../../operations/operations.js';
import type { ActivationName } from '../definition.js';
import type { Layer, LayerPlace, WeightTensors } from './layer.js';

interface KernelInputs {
  readonly input: Tensor;
  readonly kernel: Tensor;
  readonly bias: Tensor;
  readonly activation: ActivationName;
}

interface KernelOutput {
  readonly output: Tensor;
  readonly preActivation?: Tensor | undefined;
}

export interface KernelOperation {
  forward(inputs: KernelInputs): KernelOutput;
  backward(inputs: KernelInputs & Backward): KernelGradients;
}

export function createKernelLayer(operation: KernelOperation, activation: ActivationName, place: LayerPlace): Layer {
  const first = place.trainable;
  // A normalization takes the bias out again: its gradient is 0, of which rounding leaves noise, which adam would take
  // whole steps along.
  const isBiasIdle = place.isNormalizedNext && activation === 'linear';
  const inputsOf = (input: Tensor, { trainable }: WeightTensors): KernelInputs => ({
    input,
    kernel: trainable[first]!,
    bias: trainable[first + 1]!,
    activation,
  });
  let inputs: KernelInputs;
  let result: KernelOutput;
  return {
    infer: (input, weights) => operation.forward(inputsOf(input, weights)).output,
    forward(input, pass) {
      inputs = inputsOf(input, pass);
      result = operation.forward(inputs);
      return result.output;
    },
    backward(outputGradient, pass, needsInputGradient) {
      const gradients = operation.backward({ ...inputs, ...result, outputGradient, needsInputGradient });
      pass.gradients[first] = gradients.kernel;
      pass.gradients[first + 1] = isBiasIdle ? run('ZerosLike', { x: inputs.bias }) : gradients.bias;
      return gradients.input;
    },
  };
}
