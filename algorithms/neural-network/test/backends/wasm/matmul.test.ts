import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestDifference, normals } from '../../support/numbers.js';
import { tensorOf, useWasm } from '../../support/wasm.js';

const size = fc.integer({ min: 1, max: 70 });
/** Sums of at most 70 products of normal values: 70 roundings of at most 2⁻²⁴ · 4 · √70 each stay well below. */
const TOLERANCE = 2e-5;

/** [rows × columns] in float64, of a [rows × depth] or its transpose, and b [depth × columns] or its transpose. */
function reference(
  a: Float32Array,
  b: Float32Array,
  [rows, columns, depth]: readonly [number, number, number],
  isATransposed = false,
  isBTransposed = false,
): Float64Array {
  const c = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let k = 0; k < depth; k++) {
        const left = a[isATransposed ? k * rows + row : row * depth + k]!;
        sum += left * b[isBTransposed ? column * depth + k : k * columns + column]!;
      }
      c[row * columns + column] = sum;
    }
  }
  return c;
}

describe('matrix products on wasm', () => {
  useWasm();

  it('are correct for every shape, transposed or not', () => {
    fc.assert(
      fc.property(size, size, size, fc.boolean(), fc.boolean(), fc.integer(), (m, n, k, ta, tb, seed) => {
        const a = normals(m * k, seed);
        const b = normals(k * n, seed + 1);

        const c = tf.tidy(() =>
          tf.matMul(tensorOf(a, ta ? [k, m] : [m, k]), tensorOf(b, tb ? [n, k] : [k, n]), ta, tb).dataSync(),
        );

        expect(largestDifference(c, reference(a, b, [m, n, k], ta, tb))).toBeLessThan(TOLERANCE);
      }),
      { seed: 5, numRuns: 400 },
    );
  });

  it('are correct for every number of rows and columns from 1 to 70', () => {
    for (let side = 1; side <= 70; side++) {
      const other = 71 - side;
      const a = normals(side * 9, side);
      const b = normals(other * 9, side + 1);

      const c = tf.tidy(() => tf.matMul(tensorOf(a, [side, 9]), tensorOf(b, [9, other])).dataSync());

      expect(largestDifference(c, reference(a, b, [side, other, 9]))).toBeLessThan(TOLERANCE);
    }
  });

  it('are correct for inner dimensions longer than one part', () => {
    for (const depth of [383, 384, 385, 1000]) {
      const a = normals(50 * depth, depth);
      const b = normals(depth * 37, depth + 1);

      const c = tf.matMul(tensorOf(a, [50, depth]), tensorOf(b, [depth, 37])).dataSync();
      const transposed = tf.matMul(tensorOf(a, [depth, 50]), tensorOf(b, [37, depth]), true, true).dataSync();

      expect(largestDifference(c, reference(a, b, [50, 37, depth]))).toBeLessThan(3e-4);
      expect(largestDifference(transposed, reference(a, b, [50, 37, depth], true, true))).toBeLessThan(3e-4);
    }
  });

  it('propagate NaN and infinities', () => {
    const a = tensorOf([1, Number.NaN, 2, Number.POSITIVE_INFINITY, 3, 4], [3, 2]);

    const c = tf.fused.matMul({ a, b: tensorOf([1, 1], [2, 1]), activation: 'relu' }).dataSync();

    expect(c).toEqual(Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, 7));
  });

  it('multiply two batches of matrices, or a batch by one matrix', () => {
    const a = normals(6 * 5 * 7, 1);
    const b = normals(6 * 7 * 4, 2);
    const one = b.subarray(0, 28);
    const matrices = (of: Float32Array, length: number, i: number) => of.subarray(i * length, (i + 1) * length);

    const paired = tf.matMul(tensorOf(a, [2, 3, 5, 7]), tensorOf(b, [2, 3, 7, 4]));
    const shared = tf.matMul(tensorOf(a, [6, 5, 7]), tensorOf(one, [7, 4]));

    expect(paired.shape).toEqual([2, 3, 5, 4]);
    expect(shared.shape).toEqual([6, 5, 4]);
    for (let i = 0; i < 6; i++) {
      const left = matrices(a, 35, i);
      const products = [
        [paired, matrices(b, 28, i)],
        [shared, one],
      ] as const;
      for (const [result, right] of products) {
        const expected = reference(left, right, [5, 4, 7]);
        expect(largestDifference(result.dataSync().slice(i * 20, (i + 1) * 20), expected)).toBeLessThan(TOLERANCE);
      }
    }
  });

  it('leave broadcasting and other activations to TensorFlow.js', () => {
    const a = normals(2 * 3, 3);
    const b = normals(4 * 3 * 2, 4);

    const broadcast = tf.matMul(tensorOf(a, [1, 2, 3]), tensorOf(b, [4, 3, 2]));
    const relu6 = tf.fused.matMul({ a: tensorOf([10], [1, 1]), b: tensorOf([1], [1, 1]), activation: 'relu6' });

    expect(broadcast.shape).toEqual([4, 2, 2]);
    expect(largestDifference(broadcast.dataSync().slice(12), reference(a, b.subarray(18), [2, 2, 3]))).toBeLessThan(
      1e-5,
    );
    expect(relu6.dataSync()).toEqual(Float32Array.of(6));
  });

  it('add a bias and apply activations', () => {
    const a = normals(20 * 30, 5);
    const b = normals(30 * 50, 6);
    const bias = normals(50, 7);
    const sums = reference(a, b, [20, 50, 30]).map((sum, i) => sum + bias[i % 50]!);
    const formulas = {
      linear: (x: number) => x,
      relu: (x: number) => Math.max(x, 0),
      sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
      elu: (x: number) => (x > 0 ? x : Math.expm1(x)),
    };

    for (const [activation, formula] of Object.entries(formulas)) {
      const result = tf.fused.matMul({
        a: tensorOf(a, [20, 30]),
        b: tensorOf(b, [30, 50]),
        bias: tensorOf(bias, [50]),
        activation: activation as keyof typeof formulas,
      });

      expect(largestDifference(result.dataSync(), sums.map(formula))).toBeLessThan(TOLERANCE);
    }
  });
});
