/**
 * Optimizers over TensorFlow's variables: weights and moments are updated in place, with one operation per weight. The
 * weights that layers see are the variables' own memory, so they are released before an update; otherwise TensorFlow
 * would copy them.
 */
import { keep, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { add, constant, divide, multiply, run, scalar, squareRoot, upload } from '../../operations/composed/kernels.js';
import type { Operations, OptimizerRule, OptimizerState } from '../../operations/operations.js';
import type { Attribute } from './addon.js';
import type { Calls, Variable } from './calls.js';

export function createOptimizer(calls: Calls): Operations['optimizer'] {
  return (rule, initial, isRegularized, initialMoments) => {
    const momentCount = momentsOf(rule);
    const variables = initial.map((weight) => calls.createVariable(weight));
    const moments = initial.map(({ shape, size }, index) =>
      Array.from({ length: momentCount }, (_, kind) =>
        tidy(() =>
          calls.createVariable(initialMoments?.[index * momentCount + kind] ?? upload(new Float32Array(size), shape)),
        ),
      ),
    );
    dispose([...initial, ...(initialMoments ?? [])]);
    const prepared = createPreparation(calls, rule, isRegularized);
    const move = createMove(calls, rule);
    const kept = (all: readonly Variable[]) => all.map((variable) => keep(calls.read(variable)));
    let weights = kept(variables);
    let lent: readonly Tensor[] = [];

    const state: OptimizerState = {
      get weights() {
        return weights;
      },
      update(gradients, learningRate, step) {
        tidy(() => {
          const ready = prepared(gradients, weights, learningRate);
          dispose([...weights, ...lent]);
          lent = [];
          move({ variables, moments, ...ready, learningRate, step });
        });
        weights = kept(variables);
      },
      moments() {
        dispose(lent);
        lent = kept(moments.flat());
        return lent;
      },
      dispose() {
        dispose([...weights, ...lent]);
        for (const variable of [...variables, ...moments.flat()]) calls.deleteVariable(variable);
      },
    };
    return state;
  };
}

// --- internal ---

/** What an update needs, computed from the weights before any moves. */
interface Prepared {
  readonly gradients: readonly Tensor[];
  /** To subtract from the weights, in addition to the optimizer's own step: decoupled decay. */
  readonly decays: readonly (Tensor | undefined)[];
}

type Prepare = (gradients: readonly Tensor[], weights: readonly Tensor[], learningRate: number) => Prepared;

function createPreparation(calls: Calls, rule: OptimizerRule, isRegularized: readonly boolean[]): Prepare {
  const { l1, l2, weightDecay, clipNorm } = rule;
  const penalized = (gradient: Tensor, weight: Tensor) => {
    const withL2 = l2 > 0 ? add(gradient, multiply(weight, constant(l2))) : gradient;
    return l1 > 0 ? add(withL2, multiply(run('Sign', { x: weight }), constant(l1))) : withL2;
  };
  return (gradients, weights, learningRate) => {
    const full = gradients.map((gradient, index) =>
      isRegularized[index] ? penalized(gradient, weights[index]!) : gradient,
    );
    const decay = weightDecay > 0 ? scalar(learningRate * weightDecay) : undefined;
    return {
      gradients: clipNorm > 0 ? clipped(calls, full, clipNorm) : full,
      decays: weights.map((weight, index) => (decay && isRegularized[index] ? multiply(weight, decay) : undefined)),
    };
  };
}

/** All scaled down together to the norm when longer: g · limit ÷ max(‖g‖, limit). */
function clipped({ run: call, float, integer }: Calls, gradients: readonly Tensor[], limit: number): Tensor[] {
  // Each Σ g² ÷ 2
  const halves = gradients.map((gradient) => call('L2Loss', [float], [gradient]));
  const half = call('AddN', [float, integer('N', halves.length)], halves);
  const norm = squareRoot(multiply(half, constant(2)));
  const factor = divide(constant(limit), run('Maximum', { a: norm, b: constant(limit) }));
  return gradients.map((gradient) => multiply(gradient, factor));
}

interface Move extends Prepared {
  readonly variables: readonly Variable[];
  readonly moments: readonly (readonly Variable[])[];
  readonly learningRate: number;
  readonly step: number;
}

function createMove(calls: Calls, rule: OptimizerRule): (move: Move) => void {
  const { runMany, float } = calls;
  const ofVariable = [calls.type('dtype', 'float32')];
  const apply = rule.name === 'sgd' ? createSgd(calls, rule) : createAdam(calls, rule);
  return (move) => {
    move.decays.forEach((decay, index) => {
      if (decay) runMany('AssignSubVariableOp', ofVariable, [move.variables[index]!, decay], 0);
    });
    apply(move, [float, calls.bool('use_locking', false)]);
  };
}

type Apply = (move: Move, attributes: readonly Attribute[]) => void;

function createSgd({ runMany, bool }: Calls, { momentum }: OptimizerRule): Apply {
  return ({ variables, moments, gradients, learningRate }, attributes) => {
    const rate = scalar(learningRate);
    variables.forEach((variable, index) => {
      const [velocity] = moments[index]!;
      if (velocity === undefined) {
        runMany('ResourceApplyGradientDescent', attributes, [variable, rate, gradients[index]!], 0);
        return;
      }
      const inputs = [variable, velocity, rate, gradients[index]!, constant(momentum)];
      runMany('ResourceApplyMomentum', [...attributes, bool('use_nesterov', false)], inputs, 0);
    });
  };
}

/**
 * TensorFlow's operation has one factor of the rate for both corrections, √(1 − β2ᵗ) ÷ (1 − β1ᵗ), from powers of the
 * betas; with powers of 0 it is 1, and ours goes into the rate and ε, as ε is outside of the correction there.
 */
function createAdam({ runMany, bool }: Calls, { beta1, beta2, epsilon }: OptimizerRule): Apply {
  return ({ variables, moments, gradients, learningRate, step }, attributes) => {
    const correction = Math.sqrt(1 - beta2 ** step);
    const zero = constant(0);
    const settings = [
      ...[zero, zero, scalar((learningRate * correction) / (1 - beta1 ** step))],
      ...[constant(beta1), constant(beta2), scalar(epsilon * correction)],
    ];
    const all = [...attributes, bool('use_nesterov', false)];
    variables.forEach((variable, index) => {
      runMany('ResourceApplyAdam', all, [variable, ...moments[index]!, ...settings, gradients[index]!], 0);
    });
  };
}

function momentsOf({ name, momentum }: OptimizerRule): number {
  if (name !== 'sgd') return 2;
  return momentum > 0 ? 1 : 0;
}

function dispose(tensors: readonly Tensor[]): void {
  for (const tensor of tensors) tensor.dispose();
}
