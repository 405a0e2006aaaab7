import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActivationName } from '../../../src/network/definition.js';
import { largestDifference, normals } from '../../support/numbers.js';
import { tensorOf, useWasm } from '../../support/wasm.js';

const ACTIVATIONS: readonly ActivationName[] = ['linear', 'relu', 'tanh', 'sigmoid', 'elu', 'gelu', 'swish'];

/** In float64, with erf by its series, which converges fast enough for |x| < 8. */
const FORMULAS: Readonly<Record<ActivationName, (x: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  gelu: (x) => (x * (1 + erf(x / Math.SQRT2))) / 2,
  swish: (x) => x / (1 + Math.exp(-x)),
};

function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

interface Layer {
  readonly rows: number;
  readonly inputs: number;
  readonly units: number;
  readonly activation: ActivationName;
  readonly input: Float32Array;
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

function randomLayer(rows: number, inputs: number, units: number, activation: ActivationName, seed: number): Layer {
  return {
    rows,
    inputs,
    units,
    activation,
    input: normals(rows * inputs, seed),
    kernel: normals(inputs * units, seed + 1, 1 / Math.sqrt(inputs)),
    bias: normals(units, seed + 2, 0.5),
  };
}

function tensorsOf({ rows, inputs, units, activation, input, kernel, bias }: Layer) {
  return {
    input: tensorOf(input, [rows, inputs]),
    kernel: tensorOf(kernel, [inputs, units]),
    bias: tensorOf(bias, [units]),
    activation,
  };
}

/** The layer's sums before the activation, in float64. */
function sumsOf({ rows, inputs, units, input, kernel, bias }: Layer): Float64Array {
  return Float64Array.from({ length: rows * units }, (_, at) => {
    const [row, unit] = [Math.floor(at / units), at % units];
    let sum = bias[unit]!;
    for (let k = 0; k < inputs; k++) sum += input[row * inputs + k]! * kernel[k * units + unit]!;
    return sum;
  });
}

/** All derivatives in float64: the slope of the activation by central differences, the products by their definition. */
function gradientsOf(layer: Layer, outputGradient: Float32Array) {
  const { rows, inputs, units, activation, input, kernel } = layer;
  const step = 1e-5;
  const formula = FORMULAS[activation];
  const g = sumsOf(layer).map(
    (sum, at) => (outputGradient[at]! * (formula(sum + step) - formula(sum - step))) / (2 * step),
  );
  const found = {
    input: new Float64Array(rows * inputs),
    kernel: new Float64Array(inputs * units),
    bias: new Float64Array(units),
  };
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      const slope = g[row * units + unit]!;
      found.bias[unit]! += slope;
      for (let k = 0; k < inputs; k++) {
        found.input[row * inputs + k]! += slope * kernel[k * units + unit]!;
        found.kernel[k * units + unit]! += slope * input[row * inputs + k]!;
      }
    }
  }
  return found;
}

/** All memory of the backend, tensors and else. */
function heapBytes(): number {
  return tf.tidy(() => (tf.backend() as BackendWasm).typedArrayFromHeap(tf.scalar(0)).buffer.byteLength);
}

const size = fc.integer({ min: 1, max: 40 });
/** Rows, inputs, units, activation and seed. */
const layers = fc.tuple(size, size, size, fc.constantFrom(...ACTIVATIONS), fc.integer());

describe('dense layers on wasm', () => {
  const operations = useWasm();

  it('are activation(input · kernel + bias)', () => {
    fc.assert(
      fc.property(layers, ([rows, inputs, units, name, seed]) => {
        const layer = randomLayer(rows, inputs, units, name, seed);

        const { output, preActivation } = operations().dense(tensorsOf(layer));

        const sums = sumsOf(layer);
        expect(output.shape).toEqual([rows, units]);
        expect(largestDifference(output.dataSync(), sums.map(FORMULAS[name]))).toBeLessThan(5e-6);
        if (preActivation) expect(largestDifference(preActivation.dataSync(), sums)).toBeLessThan(5e-6);
        expect(preActivation !== undefined).toBe(name === 'gelu' || name === 'swish');
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('have the derivatives of their formulas', () => {
    fc.assert(
      fc.property(layers, ([rows, inputs, units, name, seed]) => {
        const layer = randomLayer(rows, inputs, units, name, seed);
        const slopes = normals(rows * units, seed + 3);
        const tensors = tensorsOf(layer);
        const forward = operations().dense(tensors);

        const gradients = operations().denseBackward({
          ...tensors,
          ...forward,
          outputGradient: tensorOf(slopes, [rows, units]),
          needsInputGradient: true,
        });

        const expected = gradientsOf(layer, slopes);
        expect(gradients.input!.shape).toEqual([rows, inputs]);
        expect(gradients.kernel.shape).toEqual([inputs, units]);
        expect(gradients.bias.shape).toEqual([units]);
        // Up to 40 terms of size 1 in float32.
        expect(largestDifference(gradients.input!.dataSync(), expected.input)).toBeLessThan(2e-5);
        expect(largestDifference(gradients.kernel.dataSync(), expected.kernel)).toBeLessThan(2e-5);
        expect(largestDifference(gradients.bias.dataSync(), expected.bias)).toBeLessThan(2e-5);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it('have the same derivatives if many blocks of rows are summed', () => {
    const layer = randomLayer(1500, 33, 50, 'tanh', 4);
    const slopes = normals(1500 * 50, 5);
    const tensors = tensorsOf(layer);
    const forward = operations().dense(tensors);

    const gradients = operations().denseBackward({
      ...tensors,
      ...forward,
      outputGradient: tensorOf(slopes, [1500, 50]),
      needsInputGradient: false,
    });

    const expected = gradientsOf(layer, slopes);
    expect(gradients.input).toBeUndefined();
    // 1500 terms of size 1.
    expect(largestDifference(gradients.kernel.dataSync(), expected.kernel)).toBeLessThan(5e-4);
    expect(largestDifference(gradients.bias.dataSync(), expected.bias)).toBeLessThan(5e-4);
  });

  it('leak neither tensors nor memory in 1000 steps, while the memory grows in between', () => {
    const layer = randomLayer(64, 100, 50, 'gelu', 6);
    const tensors = tensorsOf(layer);
    const outputGradient = tensorOf(normals(64 * 50, 7), [64, 50]);
    const step = (): Float32Array =>
      tf.tidy(() => {
        const forward = operations().dense(tensors);
        const back = { ...tensors, ...forward, outputGradient, needsInputGradient: true };
        return operations().denseBackward(back).kernel.dataSync<'float32'>();
      });
    const first = step();
    const before = { ...tf.memory() };

    for (let repeat = 0; repeat < 500; repeat++) step();
    const large = tf.zeros([2 ** 24]);
    const grown = step();
    large.dispose();
    const heap = heapBytes();
    for (let repeat = 0; repeat < 500; repeat++) step();

    expect(grown).toEqual(first);
    expect(step()).toEqual(first);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
    expect(heapBytes()).toBe(heap);
  });
});
