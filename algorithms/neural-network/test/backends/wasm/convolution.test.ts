import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActivationName } from '../../../src/network/definition.js';
import { createComposedOperations } from '../../../src/operations/composed.js';
import { normals } from '../../support/numbers.js';
import { tensorOf, useWasm } from '../../support/wasm.js';

interface Case {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly filters: number;
  readonly kernelSize: number;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((size, side) => size * side, 1);

/** Calls `visit` for every product of a convolution of stride 1 and same padding. */
function forEachProduct(
  { images, height, width, channels, filters, kernelSize }: Case,
  visit: (input: number, kernel: number, output: number) => void,
): void {
  const margin = (kernelSize - 1) >> 1;
  for (let image = 0; image < images; image++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let ky = 0; ky < kernelSize; ky++) {
          for (let kx = 0; kx < kernelSize; kx++) {
            const [fromY, fromX] = [y + ky - margin, x + kx - margin];
            if (fromY < 0 || fromY >= height || fromX < 0 || fromX >= width) continue;
            for (let channel = 0; channel < channels; channel++) {
              const input = ((image * height + fromY) * width + fromX) * channels + channel;
              const kernel = ((ky * kernelSize + kx) * channels + channel) * filters;
              const output = ((image * height + y) * width + x) * filters;
              for (let filter = 0; filter < filters; filter++) visit(input, kernel + filter, output + filter);
            }
          }
        }
      }
    }
  }
}

/** Largest difference in units of float32 at the largest value: sums of products in another order. */
function relativeDifference(values: ArrayLike<number>, exact: Float64Array): number {
  const largest = exact.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-3);
  let worst = values.length === exact.length ? 0 : Infinity;
  for (const [i, value] of exact.entries()) worst = Math.max(worst, Math.abs(values[i]! - value) / largest);
  return worst;
}

describe('convolution on wasm', () => {
  const operations = useWasm();

  /** A linear layer against float64, its gradients included. */
  function check(shape: Case, seed: number): void {
    const { images, height, width, channels, filters, kernelSize } = shape;
    const inputShape = [images, height, width, channels];
    const kernelShape = [kernelSize, kernelSize, channels, filters];
    const outShape = [images, height, width, filters];
    const x = normals(sizeOf(inputShape), seed);
    const w = normals(sizeOf(kernelShape), seed + 1);
    const b = normals(filters, seed + 2);
    const g = normals(sizeOf(outShape), seed + 3);
    const tensors = {
      input: tensorOf(x, inputShape),
      kernel: tensorOf(w, kernelShape),
      bias: tensorOf(b, [filters]),
      activation: 'linear',
    } as const;

    const { output } = operations().convolution(tensors);
    const backward = { ...tensors, output, outputGradient: tensorOf(g, outShape) };
    const gradients = operations().convolutionBackward({ ...backward, needsInputGradient: true });
    const ofFirstLayer = operations().convolutionBackward({ ...backward, needsInputGradient: false });

    const expected = Float64Array.from({ length: sizeOf(outShape) }, (_, i) => b[i % filters]!);
    const ofInput = new Float64Array(x.length);
    const ofKernel = new Float64Array(w.length);
    const ofBias = new Float64Array(filters);
    forEachProduct(shape, (from, weight, to) => {
      expected[to]! += x[from]! * w[weight]!;
      ofInput[from]! += g[to]! * w[weight]!;
      ofKernel[weight]! += g[to]! * x[from]!;
    });
    g.forEach((slope, i) => {
      ofBias[i % filters]! += slope;
    });
    expect(output.shape).toEqual(outShape);
    expect(relativeDifference(output.dataSync(), expected)).toBeLessThan(2e-6);
    expect(relativeDifference(gradients.input!.dataSync(), ofInput)).toBeLessThan(2e-6);
    expect(relativeDifference(gradients.kernel.dataSync(), ofKernel)).toBeLessThan(4e-6);
    expect(relativeDifference(gradients.bias.dataSync(), ofBias)).toBeLessThan(4e-6);
    expect(ofFirstLayer.input).toBeUndefined();
    expect(ofFirstLayer.kernel.dataSync()).toEqual(gradients.kernel.dataSync());
    expect(ofFirstLayer.bias.dataSync()).toEqual(gradients.bias.dataSync());
  }

  it('computes outputs and gradients for images, kernels and channels of any size', () => {
    const shape = fc.record({
      images: fc.integer({ min: 1, max: 7 }),
      height: fc.integer({ min: 1, max: 9 }),
      width: fc.integer({ min: 1, max: 9 }),
      channels: fc.integer({ min: 1, max: 20 }),
      filters: fc.integer({ min: 1, max: 20 }),
      kernelSize: fc.constantFrom(1, 3, 5, 2),
    });
    fc.assert(fc.property(shape, fc.integer({ max: 1e6 }), check), { seed: 8, numRuns: 60 });
  });

  it.each<[string, Case]>([
    ['the digits net’s first layer', { images: 40, height: 8, width: 8, channels: 1, filters: 32, kernelSize: 3 }],
    ['its second layer', { images: 9, height: 8, width: 8, channels: 32, filters: 64, kernelSize: 3 }],
    ['images in bands of lines', { images: 2, height: 29, width: 31, channels: 3, filters: 5, kernelSize: 3 }],
    ['lines longer than a band', { images: 1, height: 3, width: 300, channels: 2, filters: 17, kernelSize: 5 }],
    ['many channels', { images: 2, height: 4, width: 5, channels: 130, filters: 33, kernelSize: 3 }],
  ])('computes %s', (_title, shape) => check(shape, 1));

  it.each<ActivationName>(['relu', 'tanh', 'sigmoid', 'elu', 'gelu', 'swish'])(
    'computes %s as TensorFlow.js’s kernels do',
    (activation) => {
      const [inputShape, kernelShape] = [
        [3, 6, 5, 4],
        [3, 3, 4, 18],
      ];
      const tensors = {
        input: tensorOf(normals(360, 1), inputShape),
        kernel: tensorOf(normals(648, 2, 0.2), kernelShape),
        bias: tensorOf(normals(18, 3), [18]),
        activation,
      };
      const outputGradient = tensorOf(normals(3 * 6 * 5 * 18, 4), [3, 6, 5, 18]);
      const composed = createComposedOperations();

      const [own, reference] = [operations(), composed].map((found) => {
        const forward = found.convolution(tensors);
        const back = found.convolutionBackward({ ...tensors, ...forward, outputGradient, needsInputGradient: true });
        return [forward.output, back.input!, back.kernel, back.bias].map((tensor) => tensor.dataSync());
      }) as [Float32Array[], Float32Array[]];

      for (const [i, values] of own.entries()) {
        // TensorFlow.js's erf, of gelu, is right to 1.5e-7; sums have up to 90 terms.
        expect(relativeDifference(values, Float64Array.from(reference[i]!))).toBeLessThan(1e-5);
      }
    },
  );

  it.each<[string, number, number, 'same' | 'valid' | number, number]>([
    ['stride 1, same padding', 3, 1, 'same', 1],
    ['stride 2, same padding of an even size', 3, 2, 'same', 1],
    ['stride 2, no padding, pixels left over', 3, 2, 'valid', 1],
    ['stride 3, given padding', 5, 3, 2, 1],
    ['a single pixel', 1, 1, 'valid', 1],
    ['dilation, which stays with TensorFlow.js', 3, 1, 'same', 2],
  ])('computes TensorFlow.js’s own convolutions with %s', (_title, size, stride, pad, dilation) => {
    const [height, width, channels, filters] = [8, 11, 3, 20];
    const x = tensorOf(normals(2 * height * width * channels, 1), [2, height, width, channels]) as tf.Tensor4D;
    const kernel = tensorOf(normals(size * size * channels * filters, 2), [
      size,
      size,
      channels,
      filters,
    ]) as tf.Tensor4D;
    const rounding = typeof pad === 'number' ? 'floor' : undefined;

    const output = tf.conv2d(x, kernel, stride, pad, 'NHWC', dilation, rounding);

    const info = tf.backend_util.computeConv2DInfo(x.shape, kernel.shape, stride, dilation, pad, rounding);
    const { top, left } = info.padInfo;
    const [values, weights] = [x.dataSync(), kernel.dataSync()];
    const expected = new Float64Array(sizeOf(info.outShape)).map((_, at) => {
      const filter = at % filters;
      const outX = Math.floor(at / filters) % info.outWidth;
      const outY = Math.floor(at / filters / info.outWidth) % info.outHeight;
      const image = Math.floor(at / filters / info.outWidth / info.outHeight);
      let sum = 0;
      for (let ky = 0; ky < size; ky++) {
        for (let kx = 0; kx < size; kx++) {
          const [fromY, fromX] = [outY * stride + ky * dilation - top, outX * stride + kx * dilation - left];
          if (fromY < 0 || fromY >= height || fromX < 0 || fromX >= width) continue;
          for (let channel = 0; channel < channels; channel++) {
            const pixel = ((image * height + fromY) * width + fromX) * channels + channel;
            sum += values[pixel]! * weights[((ky * size + kx) * channels + channel) * filters + filter]!;
          }
        }
      }
      return sum;
    });
    expect(output.shape).toEqual(info.outShape);
    expect(relativeDifference(output.dataSync(), expected)).toBeLessThan(2e-6);
  });

  it.each(['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'prelu', 'leakyrelu'] as const)(
    'computes TensorFlow.js’s fused convolutions with %s',
    (activation) => {
      const x = tensorOf(normals(2 * 5 * 6 * 3, 1, 2), [2, 5, 6, 3]) as tf.Tensor4D;
      const filter = tensorOf(normals(3 * 3 * 3 * 7, 2), [3, 3, 3, 7]) as tf.Tensor4D;
      const bias = tensorOf(normals(7, 3), [7]) as tf.Tensor1D;
      const preluActivationWeights = tensorOf(normals(7, 4), [7]);
      const shared = { x, filter, strides: 1, pad: 'same', bias, activation, leakyreluAlpha: 0.1 } as const;

      const output = tf.fused.conv2d({ ...shared, ...(activation === 'prelu' ? { preluActivationWeights } : {}) });

      const sum = tf.add(tf.conv2d(x, filter, 1, 'same'), bias);
      const expected = {
        ...{ linear: (z: tf.Tensor) => z, relu: tf.relu, relu6: tf.relu6, sigmoid: tf.sigmoid, elu: tf.elu },
        prelu: (z: tf.Tensor) => tf.prelu(z, preluActivationWeights),
        leakyrelu: (z: tf.Tensor) => tf.leakyRelu(z, 0.1),
      }[activation](sum);
      expect(relativeDifference(output.dataSync(), Float64Array.from(expected.dataSync()))).toBeLessThan(2e-6);
    },
  );
});
