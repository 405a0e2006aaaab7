/**
 * Dense and convolution layers from TensorFlow's own operations: the product, the bias, the activation, and their
 * gradients. Its fused products take a list of strings, which tfjs-node's addon cannot pass.
 */
import { engine, type Tensor } from '@tensorflow/tfjs-core';
import type { Operations } from '../../operations/operations.js';
import type { Activations } from './activations.js';
import type { Calls } from './calls.js';

type Layers = Pick<Operations, 'dense' | 'denseBackward' | 'convolution' | 'convolutionBackward'>;

export function createLayers(calls: Calls, activations: Activations): Layers {
  const { run, float } = calls;
  const transposed = (a: boolean, b: boolean) => [float, calls.bool('transpose_a', a), calls.bool('transpose_b', b)];
  const [plain, firstTransposed, secondTransposed] = [
    transposed(false, false),
    transposed(true, false),
    transposed(false, true),
  ];
  const windows = [
    float,
    calls.integers('strides', [1, 1, 1, 1]),
    calls.integers('dilations', [1, 1, 1, 1]),
    calls.text('padding', 'SAME'),
    calls.text('data_format', 'NHWC'),
  ];
  const addBias = (product: Tensor, bias: Tensor) => run('BiasAdd', [float], [product, bias]);
  const biasGradient = (gradient: Tensor) => run('BiasAddGrad', [float], [gradient]);
  return {
    dense: ({ input, kernel, bias, activation }) =>
      activations.finish(addBias(run('MatMul', plain, [input, kernel]), bias), activation),
    denseBackward({ input, kernel, activation, preActivation, output, outputGradient, needsInputGradient }) {
      const gradient = activations.backward(activation, preActivation, output, outputGradient);
      return {
        input: needsInputGradient ? run('MatMul', secondTransposed, [gradient, kernel]) : undefined,
        kernel: run('MatMul', firstTransposed, [input, gradient]),
        bias: biasGradient(gradient),
      };
    },
    convolution: ({ input, kernel, bias, activation }) =>
      activations.finish(addBias(run('Conv2D', windows, [input, kernel]), bias), activation),
    convolutionBackward({ input, kernel, activation, preActivation, output, outputGradient, needsInputGradient }) {
      const gradient = activations.backward(activation, preActivation, output, outputGradient);
      return {
        input: needsInputGradient ? run('Conv2DBackpropInput', windows, [shapeOf(input), kernel, gradient]) : undefined,
        kernel: run('Conv2DBackpropFilter', windows, [input, shapeOf(kernel), gradient]),
        bias: biasGradient(gradient),
      };
    },
  };
}

// --- internal ---

function shapeOf({ shape }: Tensor): Tensor {
  return engine().makeTensor(Int32Array.from(shape), [shape.length], 'int32');
}
