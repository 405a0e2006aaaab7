/**
 * Max pooling over square windows without overlap. What is left over at the edge is dropped, and gets no gradient.
 */
import { engine, type Tensor } from '@tensorflow/tfjs-core';
import { multiply, reshape, run } from './kernels.js';
import { oneHot } from './rows.js';

export function maxPooling(x: Tensor, size: number): Tensor {
  return run('MaxPool', { x }, windows(size));
}

/** The gradient of a window goes to its largest entry, to the first of equal ones. */
export function maxPoolingBackward(input: Tensor, output: Tensor, outputGradient: Tensor, size: number): Tensor {
  // TensorFlow.js's own wasm kernel looks for entries above 0, and finds the wrong one where there is none.
  return engine().backendName === 'wasm'
    ? gradientByIndex(input, outputGradient, size)
    : run('MaxPoolGrad', { dy: outputGradient, input, output }, windows(size));
}

// --- internal ---

function windows(size: number) {
  return { filterSize: [size, size], strides: [size, size], pad: 'valid' };
}

/**
 * By the position of each window's largest entry. With s = size and n = rows:
 *
 *   [n × h·s × w·s × c] = [n·h × s × w × s·c]  ⇄  [n·h × w × s × s·c] = [n·h·w × s·s × c]
 */
function gradientByIndex(input: Tensor, outputGradient: Tensor, size: number): Tensor {
  const [rows, height, width, channels] = outputGradient.shape as [number, number, number, number];
  const covered = [rows, height * size, width * size, channels];
  const striped = [rows * height, size, width, size * channels];
  const blocked = [rows * height, width, size, size * channels];
  const count = rows * height * width;

  const whole = reshape(run('Slice', { x: input }, { begin: [0, 0, 0, 0], size: covered }), striped);
  const entries = reshape(run('Transpose', { x: whole }, { perm: [0, 2, 1, 3] }), [count, size * size, channels]);
  const largest = run('ArgMax', { x: entries }, { axis: 1 });
  const share = multiply(oneHot(largest, size * size), reshape(outputGradient, [count, channels, 1]));
  const blocks = reshape(run('Transpose', { x: share }, { perm: [0, 2, 1] }), blocked);
  const inside = reshape(run('Transpose', { x: blocks }, { perm: [0, 2, 1, 3] }), covered);
  const paddings = covered.map((side, axis) => [0, input.shape[axis]! - side]);
  return run('PadV2', { x: inside }, { paddings, constantValue: 0 });
}
