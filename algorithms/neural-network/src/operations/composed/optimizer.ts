/**
 * Optimizers over one flat vector of all weights: a step is a dozen kernels whatever the number of layers. The weights
 * in their shapes are cut from it after each step.
 *
 *   flat   [ kernel₀ … | bias₀ … | kernel₁ … | … ]      gradients, moments and penalties alike
 */
import { keep, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { OptimizerRule, OptimizerState } from '../operations.js';
import {
  add,
  concatenate,
  constant,
  divide,
  multiply,
  reshape,
  run,
  scalar,
  split,
  square,
  squareRoot,
  subtract,
  total,
  upload,
} from './kernels.js';

export function createOptimizer(
  rule: OptimizerRule,
  initial: readonly Tensor[],
  isRegularized: readonly boolean[],
  initialMoments?: readonly Tensor[],
): OptimizerState {
  const shapes = initial.map(({ shape }) => shape);
  const sizes = initial.map(({ size }) => size);
  const size = sizes.reduce((sum, count) => sum + count, 0);
  const momentCount = momentsOf(rule);
  const shaped = (vector: Tensor) => split(vector, sizes, 0).map((part, index) => keep(reshape(part, shapes[index]!)));

  const penalties = createPenalties(rule, sizes, isRegularized);
  let weights: readonly Tensor[] = initial.map((weight) => keep(weight));
  let flat = tidy(() => keep(flattened(initial)));
  let moments = tidy(() =>
    Array.from({ length: momentCount }, (_, kind) =>
      keep(
        initialMoments === undefined
          ? upload(new Float32Array(size), [size])
          : flattened(initialMoments.filter((_, index) => index % momentCount === kind)),
      ),
    ),
  );
  dispose(initialMoments ?? []);
  let lent: readonly Tensor[] = [];

  return {
    get weights() {
      return weights;
    },
    update(gradients, learningRate, step) {
      tidy(() => {
        const gradient = clipped(penalties.added(flattened(gradients), flat), rule.clipNorm);
        const next = move(rule, { flat, gradient, moments, learningRate, step });
        const decayed = penalties.decayed(next.flat, flat, learningRate);
        dispose([flat, ...moments, ...weights, ...lent]);
        flat = keep(decayed);
        moments = next.moments.map((moment) => keep(moment));
        weights = shaped(flat);
        lent = [];
      });
    },
    moments() {
      dispose(lent);
      lent = tidy(() => {
        const kinds = moments.map(shaped);
        return shapes.flatMap((_, index) => kinds.map((kind) => kind[index]!));
      });
      return lent;
    },
    dispose() {
      dispose([flat, ...moments, ...weights, ...lent, ...penalties.tensors]);
    },
  };
}

// --- internal ---

interface Move {
  readonly flat: Tensor;
  readonly gradient: Tensor;
  readonly moments: readonly Tensor[];
  readonly learningRate: number;
  readonly step: number;
}

interface Moved {
  readonly flat: Tensor;
  readonly moments: readonly Tensor[];
}

function move(rule: OptimizerRule, given: Move): Moved {
  return rule.name === 'sgd' ? moveBySgd(rule, given) : moveByAdam(rule, given);
}

function moveBySgd({ momentum }: OptimizerRule, { flat, gradient, moments, learningRate }: Move): Moved {
  const [velocity] = moments;
  const direction = velocity === undefined ? gradient : add(multiply(velocity, constant(momentum)), gradient);
  return {
    flat: subtract(flat, multiply(direction, scalar(learningRate))),
    moments: velocity === undefined ? [] : [direction],
  };
}

/** Kingma & Ba 2015, section 2: both bias corrections as one factor of the rate, and ε scaled to match. */
function moveByAdam(rule: OptimizerRule, { flat, gradient, moments, learningRate, step }: Move): Moved {
  const { beta1, beta2, epsilon } = rule;
  const first = add(multiply(moments[0]!, constant(beta1)), multiply(gradient, constant(1 - beta1)));
  const second = add(multiply(moments[1]!, constant(beta2)), multiply(square(gradient), constant(1 - beta2)));
  const correction = Math.sqrt(1 - beta2 ** step);
  const direction = divide(first, add(squareRoot(second), scalar(epsilon * correction)));
  const rate = scalar((learningRate * correction) / (1 - beta1 ** step));
  return { flat: subtract(flat, multiply(direction, rate)), moments: [first, second] };
}

function momentsOf({ name, momentum }: OptimizerRule): number {
  if (name !== 'sgd') return 2;
  return momentum > 0 ? 1 : 0;
}

/** l1, l2 and weight decay as vectors that are 0 where a weight is not regularized. */
function createPenalties(rule: OptimizerRule, sizes: readonly number[], isRegularized: readonly boolean[]) {
  const vector = (value: number) => (value > 0 ? keep(regularized(value, sizes, isRegularized)) : undefined);
  const [l1, l2, decay] = [vector(rule.l1), vector(rule.l2), vector(rule.weightDecay)];
  return {
    tensors: [l1, l2, decay].filter((tensor) => tensor !== undefined),
    added(gradient: Tensor, flat: Tensor): Tensor {
      const withL2 = l2 === undefined ? gradient : add(gradient, multiply(flat, l2));
      return l1 === undefined ? withL2 : add(withL2, multiply(run('Sign', { x: flat }), l1));
    },
    decayed(next: Tensor, flat: Tensor, learningRate: number): Tensor {
      return decay === undefined ? next : subtract(next, multiply(multiply(flat, decay), scalar(learningRate)));
    },
  };
}

function regularized(value: number, sizes: readonly number[], isRegularized: readonly boolean[]): Tensor {
  const values = new Float32Array(sizes.reduce((sum, count) => sum + count, 0));
  let first = 0;
  for (const [index, count] of sizes.entries()) {
    if (isRegularized[index]) values.fill(value, first, first + count);
    first += count;
  }
  return upload(values, [values.length]);
}

/** Scaled down to the norm when longer: g · limit ÷ max(‖g‖, limit). */
function clipped(gradient: Tensor, limit: number): Tensor {
  if (limit === 0) return gradient;
  const norm = squareRoot(total(square(gradient)));
  const longest = run('Maximum', { a: norm, b: constant(limit) });
  return multiply(gradient, divide(constant(limit), longest));
}

function flattened(parts: readonly Tensor[]): Tensor {
  return concatenate(
    parts.map((part) => reshape(part, [part.size])),
    0,
  );
}

function dispose(tensors: readonly Tensor[]): void {
  for (const tensor of tensors) tensor.dispose();
}
