/**
 * Activations that TensorFlow has operations for, forward and backward; the others are composed.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ActivationName } from '../../network/definition.js';
import { activate, activationGradient } from '../../operations/composed/activations.js';
import { forwardKeeps } from '../../operations/operations.js';
import type { Calls } from './calls.js';

export interface Activations {
  forward(input: Tensor, activation: ActivationName): Tensor;
  /** Ends the forward pass of a layer. */
  finish(
    input: Tensor,
    activation: ActivationName,
  ): { readonly output: Tensor; readonly preActivation?: Tensor | undefined };
  /** Derivative by the activation's input. @param input only for those of `forwardKeeps` */
  backward(activation: ActivationName, input: Tensor | undefined, output: Tensor, outputGradient: Tensor): Tensor;
}

export function createActivations(calls: Calls): Activations {
  const attributes = [calls.float];
  const forward = (input: Tensor, activation: ActivationName): Tensor => {
    const operation = FORWARD[activation];
    return operation === undefined ? activate(input, activation) : calls.run(operation, attributes, [input]);
  };
  return {
    forward,
    finish(input, activation) {
      const output = forward(input, activation);
      return forwardKeeps(activation) ? { output, preActivation: input } : { output };
    },
    backward(activation, input, output, outputGradient) {
      const operation = BACKWARD[activation];
      if (operation === undefined) return activationGradient(activation, input, output, outputGradient);
      const { name, isGradientFirst } = operation;
      return calls.run(name, attributes, isGradientFirst ? [outputGradient, output] : [output, outputGradient]);
    },
  };
}

// --- internal ---

const FORWARD: Partial<Record<ActivationName, string>> = { relu: 'Relu', tanh: 'Tanh', sigmoid: 'Sigmoid', elu: 'Elu' };

const BACKWARD: Partial<Record<ActivationName, { readonly name: string; readonly isGradientFirst: boolean }>> = {
  relu: { name: 'ReluGrad', isGradientFirst: true },
  tanh: { name: 'TanhGrad', isGradientFirst: false },
  sigmoid: { name: 'SigmoidGrad', isGradientFirst: false },
  elu: { name: 'EluGrad', isGradientFirst: true },
};
