import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { OptimizerRule } from '../../../src/operations/operations.js';
import { largestDifference, normals } from '../../support/numbers.js';
import { tensorOf, useWasm } from '../../support/wasm.js';

const RULE: OptimizerRule = {
  ...{ name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentum: 0 },
  ...{ l1: 0, l2: 0, weightDecay: 0, clipNorm: 0 },
};

/** No multiple of 4, shorter than 4, and more than one chunk of the table. */
const SHAPES = [[5, 7], [3], [1], [130, 131], [64, 16]];
const IS_REGULARIZED = [true, false, true, true, false];

/** The rule's formulas in float64, over all weights one behind the other. */
function reference(rule: OptimizerRule, initial: Float64Array, regularized: readonly boolean[]) {
  const weights = Float64Array.from(initial);
  const [first, second] = [new Float64Array(weights.length), new Float64Array(weights.length)];
  return {
    ...{ weights, first, second },
    update(gradients: ArrayLike<number>, rate: number, step: number): void {
      const total = Float64Array.from(gradients, (gradient, i) => {
        if (!regularized[i]) return gradient;
        return gradient + rule.l1 * Math.sign(weights[i]!) + rule.l2 * weights[i]!;
      });
      const norm = Math.hypot(...total);
      const scale = rule.clipNorm > 0 ? Math.min(1, rule.clipNorm / norm) : 1;
      for (let i = 0; i < weights.length; i++) {
        const gradient = total[i]! * scale;
        const decay = regularized[i] ? rate * rule.weightDecay * weights[i]! : 0;
        if (rule.name === 'sgd') {
          first[i] = rule.momentum * first[i]! + gradient;
          weights[i] = weights[i]! - decay - rate * first[i]!;
        } else {
          first[i] = rule.beta1 * first[i]! + (1 - rule.beta1) * gradient;
          second[i] = rule.beta2 * second[i]! + (1 - rule.beta2) * gradient ** 2;
          const corrected = Math.sqrt(second[i]! / (1 - rule.beta2 ** step)) + rule.epsilon;
          weights[i] = weights[i]! - decay - (rate * first[i]!) / (1 - rule.beta1 ** step) / corrected;
        }
      }
    },
  };
}

const flat = (tensors: readonly tf.Tensor[]) => tensors.flatMap((tensor) => [...tensor.dataSync()]);
const sizeOf = (shape: readonly number[]) => shape.reduce((size, side) => size * side, 1);
const tensors = (seed: number, scale = 1) =>
  SHAPES.map((shape, i) => tensorOf(normals(sizeOf(shape), seed + i, scale), shape));

describe('optimizers on wasm', () => {
  const operations = useWasm();

  it.each<[string, Partial<OptimizerRule>, number]>([
    ['adam', {}, 0.01],
    ['adam with a large epsilon', { epsilon: 0.1, beta1: 0.8, beta2: 0.95 }, 0.01],
    ['adam with l1 and l2', { l1: 0.02, l2: 0.05 }, 0.01],
    ['adam with a limit on the norm', { clipNorm: 1.5, l2: 0.01 }, 0.01],
    ['adamw', { name: 'adamw', weightDecay: 0.1 }, 0.01],
    ['sgd', { name: 'sgd' }, 0.1],
    ['sgd with momentum', { name: 'sgd', momentum: 0.9 }, 0.1],
    ['sgd with everything', { name: 'sgd', momentum: 0.5, l1: 0.01, l2: 0.1, weightDecay: 0.1, clipNorm: 20 }, 0.1],
  ])('updates weights and moments by the formulas of %s', (_title, changes, rate) => {
    const rule = { ...RULE, ...changes };
    const initial = tensors(1);
    const regularized = SHAPES.flatMap((shape, i) => Array<boolean>(sizeOf(shape)).fill(IS_REGULARIZED[i]!));
    const expected = reference(rule, Float64Array.from(flat(initial)), regularized);

    const state = operations().optimizer(rule, initial, IS_REGULARIZED);
    for (let step = 1; step <= 12; step++) {
      const gradients = tensors(100 * step, 0.3);
      expected.update(flat(gradients), rate, step);
      state.update(gradients, rate, step);
    }

    // A dozen roundings of weights around 1.
    expect(largestDifference(flat(state.weights), expected.weights)).toBeLessThan(2e-6);
    const moments = state.moments();
    const kinds = rule.name === 'sgd' ? Number(rule.momentum > 0) : 2;
    expect(moments.length).toBe(kinds * SHAPES.length);
    for (let kind = 0; kind < kinds; kind++) {
      const found = flat(moments.filter((_, index) => index % kinds === kind));
      expect(largestDifference(found, kind === 0 ? expected.first : expected.second)).toBeLessThan(1e-6);
    }
    state.dispose();
  });

  it('resumes from the moments of a checkpoint as if it had never stopped', () => {
    const rule = { ...RULE, clipNorm: 3 };
    const steps = (state: ReturnType<ReturnType<typeof operations>['optimizer']>, from: number, to: number) => {
      for (let step = from; step <= to; step++) state.update(tensors(100 * step), 0.01, step);
    };
    const whole = operations().optimizer(rule, tensors(1), IS_REGULARIZED);
    steps(whole, 1, 8);

    const before = operations().optimizer(rule, tensors(1), IS_REGULARIZED);
    steps(before, 1, 4);
    const copies = (from: readonly tf.Tensor[]) => from.map((tensor) => tensorOf(tensor.dataSync(), tensor.shape));
    const after = operations().optimizer(rule, copies(before.weights), IS_REGULARIZED, copies(before.moments()));
    steps(after, 5, 8);

    expect(flat(after.weights)).toEqual(flat(whole.weights));
    for (const state of [whole, before, after]) state.dispose();
  });

  it('does not change data that is shared with the initial weights', () => {
    const initial = tensorOf([1, 2, 3], [3]);
    const shared = tf.reshape(initial, [1, 3]);

    const state = operations().optimizer(RULE, [initial], [true]);
    state.update([tensorOf([1, 1, 1], [3])], 0.5, 1);

    expect([...shared.dataSync()]).toEqual([1, 2, 3]);
    expect([...state.weights[0]!.dataSync()]).not.toEqual([1, 2, 3]);
    state.dispose();
  });

  it('does not regularize a weight of 0 by l1', () => {
    const state = operations().optimizer({ ...RULE, name: 'sgd', l1: 1 }, [tensorOf([0, -2, 2], [3])], [true]);

    state.update([tensorOf([0, 0, 0], [3])], 0.5, 1);

    expect([...state.weights[0]!.dataSync()]).toEqual([0, -1.5, 1.5]);
    state.dispose();
  });

  it('has as many tensors after 1,000 steps as after one, and none when disposed', () => {
    const before = tf.memory();
    const state = operations().optimizer({ ...RULE, clipNorm: 1 }, tensors(1), IS_REGULARIZED);
    const gradients = tensors(7);
    state.update(gradients, 0.01, 1);
    const during = tf.memory();

    for (let step = 2; step <= 1000; step++) state.update(gradients, 1e-4, step);

    expect(tf.memory().numTensors).toBe(during.numTensors);
    expect(tf.memory().numBytes).toBe(during.numBytes);
    state.dispose();
    tf.dispose(gradients);
    expect(tf.memory().numTensors).toBe(before.numTensors);
  });
});
