/** Operations on the backends that every machine has, checked against TensorFlow.js's gradients and against differences. */
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
// Registers TensorFlow.js's own gradients.
import '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { ActivationName } from '../../src/network/definition.js';
import { largestDifference, normals, numericalGradient } from './numbers.js';

/** Two float32 sums of a hundred terms around 1, in different orders. */
export const SAME = 2e-5;
/** Central differences of float32 values: see `numericalGradient`. */
export const NUMERICAL = 2e-3;

/** Describes the same on each; tensors of the tests are freed at the end. */
export function describeOnBackends(title: string, body: (backend: string) => void) {
  for (const backend of ['cpu', 'wasm']) {
    describe(`${title} on ${backend}`, () => {
      beforeAll(async () => {
        await tf.setBackend(backend);
        tf.engine().startScope();
      });
      afterAll(() => tf.engine().endScope());
      body(backend);
    });
  }
}

/** Normal values of a shape. */
export const tensor = (count: readonly number[], seed: number, scale = 1) =>
  tf.tensor(
    normals(
      count.reduce((size, side) => size * side, 1),
      seed,
      scale,
    ),
    [...count],
  );

/** The activation as TensorFlow.js's operations have it. */
export function activated(x: tf.Tensor, activation: ActivationName): tf.Tensor {
  switch (activation) {
    case 'linear':
      return x;
    case 'swish':
      return tf.mul(x, tf.sigmoid(x));
    case 'gelu':
      return tf.mul(x, tf.mul(0.5, tf.add(1, tf.erf(tf.div(x, Math.SQRT2)))));
    default:
      return { relu: tf.relu, tanh: tf.tanh, sigmoid: tf.sigmoid, elu: tf.elu }[activation](x);
  }
}

export function standardized(x: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) {
  return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3))), scale), offset);
}

/**
 * Checks gradients against differences of `functionOf`, and against TensorFlow.js's own where it has them on the backend.
 */
export function expectGradients(
  gradients: readonly tf.Tensor[],
  points: readonly tf.Tensor[],
  functionOf: (...points: tf.Tensor[]) => tf.Tensor,
  { tolerance = NUMERICAL, hasOwn = true } = {},
) {
  const scalarOf = (...given: tf.Tensor[]) => tf.sum(functionOf(...given)) as tf.Scalar;
  const expected = hasOwn ? tf.grads(scalarOf)([...points]) : undefined;
  for (const [index, gradient] of gradients.entries()) {
    const computed = gradient.dataSync();
    const numerical = numericalGradient(
      (values) =>
        tf.tidy(() => {
          const moved = points.map((point, i) => (i === index ? tf.tensor(values, point.shape) : point));
          return scalarOf(...moved).dataSync()[0]!;
        }),
      points[index]!.dataSync() as Float32Array,
    );
    expect(gradient.shape).toEqual(points[index]!.shape);
    expect(largestDifference(computed, numerical)).toBeLessThan(tolerance);
    if (expected) expect(largestDifference(computed, expected[index]!.dataSync())).toBeLessThan(SAME);
  }
}
