/**
 * Activations and their derivatives. Where the derivative follows from the output, the input is not needed: sigmoid
 * y(1 − y), tanh 1 − y², relu [y > 0], elu y > 0 ? 1 : y + 1.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ActivationName } from '../../network/definition.js';
import { forwardKeeps } from '../operations.js';
import { add, constant, exponential, multiply, run, sigmoid, square, subtract } from './kernels.js';

/** Those that every backend's fused kernels know by these names. */
const FUSED: readonly ActivationName[] = ['linear', 'relu', 'sigmoid', 'elu'];

/** The arguments of a fused kernel, and whether the activation is computed after it. */
export function fusedActivation(activation: ActivationName): { readonly fused: ActivationName; isDone: boolean } {
  return FUSED.includes(activation) ? { fused: activation, isDone: true } : { fused: 'linear', isDone: false };
}

/** Ends a forward pass that a fused kernel began. */
export function finishActivation(
  fusedOutput: Tensor,
  activation: ActivationName,
): { readonly output: Tensor; readonly preActivation?: Tensor | undefined } {
  if (fusedActivation(activation).isDone) return { output: fusedOutput };
  const output = activate(fusedOutput, activation);
  return forwardKeeps(activation) ? { output, preActivation: fusedOutput } : { output };
}

/** The activation's output: the input itself when linear. */
export function activate(x: Tensor, activation: ActivationName): Tensor {
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return run('Relu', { x });
    case 'tanh':
      return run('Tanh', { x });
    case 'sigmoid':
      return sigmoid(x);
    case 'elu':
      return run('Elu', { x });
    case 'swish':
      return multiply(x, sigmoid(x));
    case 'gelu':
      return multiply(x, normalDistribution(x));
  }
}

/**
 * Derivative of the loss by the activation's input.
 * @param input only for those of `forwardKeeps`
 */
export function activationGradient(
  activation: ActivationName,
  input: Tensor | undefined,
  output: Tensor,
  outputGradient: Tensor,
): Tensor {
  switch (activation) {
    case 'linear':
      return outputGradient;
    case 'relu':
      return multiply(outputGradient, run('Step', { x: output }, { alpha: 0 }));
    case 'tanh':
      return multiply(outputGradient, subtract(constant(1), square(output)));
    case 'sigmoid':
      return multiply(outputGradient, subtract(output, square(output)));
    case 'elu':
      return run('EluGrad', { dy: outputGradient, y: output });
    case 'swish':
      return multiply(outputGradient, swishSlope(input!, output));
    case 'gelu':
      return multiply(outputGradient, geluSlope(input!));
  }
}

// --- internal ---

/** Φ(x) = (1 + erf(x ÷ √2)) ÷ 2 */
function normalDistribution(x: Tensor): Tensor {
  const erf = run('Erf', { x: multiply(x, constant(Math.SQRT1_2)) });
  return multiply(add(erf, constant(1)), constant(0.5));
}

/** With s = sigmoid(x) and y = x·s: s + y(1 − s) = y + s(1 − y) */
function swishSlope(x: Tensor, y: Tensor): Tensor {
  return add(y, multiply(sigmoid(x), subtract(constant(1), y)));
}

/** Φ(x) + x · φ(x), with φ(x) = exp(−x² ÷ 2) ÷ √(2π) */
function geluSlope(x: Tensor): Tensor {
  const bell = exponential(multiply(square(x), constant(-0.5)));
  return add(normalDistribution(x), multiply(multiply(x, bell), constant(1 / Math.sqrt(2 * Math.PI))));
}
