/**
 * Batch normalization over the last axis: Ioffe & Szegedy 2015. The variance is that of the batch, divided by its size,
 * for the moving statistics too, as in Keras.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NormalizationBackward, NormalizationInputs } from '../operations.js';
import { add, constant, mean, multiply, reshape, run, scalar, square, subtract, sum } from './kernels.js';

export function normalize(inputs: NormalizationInputs): Tensor {
  const { input, gamma, beta, movingMean, movingVariance, epsilon } = inputs;
  // Of rank 4: TensorFlow's own kernel takes no other.
  const isFlat = input.shape.length === 2;
  const output = run(
    'FusedBatchNorm',
    {
      x: isFlat ? reshape(input, [1, 1, ...input.shape]) : input,
      scale: gamma,
      offset: beta,
      mean: movingMean,
      variance: movingVariance,
    },
    { varianceEpsilon: epsilon },
  );
  return isFlat ? reshape(output, input.shape) : output;
}

/** `saved`: the input with mean 0 and variance 1, and 1 ÷ √(variance + ε). */
export function normalizeBatch(inputs: NormalizationInputs & { readonly momentum: number }): {
  output: Tensor;
  movingMean: Tensor;
  movingVariance: Tensor;
  saved: readonly Tensor[];
} {
  const { input, gamma, beta, movingMean, movingVariance, epsilon, momentum } = inputs;
  const axes = allButLast(input);
  const batchMean = mean(input, axes);
  const centred = subtract(input, batchMean);
  const batchVariance = mean(square(centred), axes);
  const inverse = run('Rsqrt', { x: add(batchVariance, constant(epsilon)) });
  const normalized = multiply(centred, inverse);
  return {
    output: add(multiply(normalized, gamma), beta),
    movingMean: moved(movingMean, batchMean, momentum),
    movingVariance: moved(movingVariance, batchVariance, momentum),
    saved: [normalized, inverse],
  };
}

/**
 * With x̂ the normalized input and g the output's gradient: Σg for beta, Σ(g · x̂) for gamma, and for the input
 * gamma ÷ √(variance + ε) · (g − mean(g) − x̂ · mean(g · x̂)).
 */
export function normalizeBatchBackward(
  inputs: NormalizationInputs & { readonly saved: readonly Tensor[]; readonly outputGradient: Tensor },
): { input: Tensor; gamma: Tensor; beta: Tensor } {
  const { gamma, saved, outputGradient } = inputs;
  const [normalized, inverse] = [saved[0]!, saved[1]!];
  const axes = allButLast(outputGradient);
  const beta = sum(outputGradient, axes);
  const gammaGradient = sum(multiply(outputGradient, normalized), axes);
  const share = scalar(gamma.size / outputGradient.size);
  const means = { gamma: multiply(gammaGradient, share), beta: multiply(beta, share) };
  const input = inputGradient(normalized, { outputGradient, inverse, gamma, means });
  return { input, gamma: gammaGradient, beta };
}

export function normalizationSums(inputs: NormalizationBackward): { gamma: Tensor; beta: Tensor } {
  const { outputGradient } = inputs;
  const axes = allButLast(outputGradient);
  return { gamma: sum(multiply(outputGradient, normalized(inputs)), axes), beta: sum(outputGradient, axes) };
}

export function normalizationGradient(inputs: NormalizationBackward & Slopes): Tensor {
  return inputGradient(normalized(inputs), inputs);
}

/** The moving statistics after a batch. */
export function moved(moving: Tensor, batch: Tensor, momentum: number): Tensor {
  return add(multiply(moving, constant(momentum)), multiply(batch, constant(1 - momentum)));
}

// --- internal ---

interface Slopes {
  readonly gamma: Tensor;
  /** Of g · x̂ and of g. */
  readonly means: { readonly gamma: Tensor; readonly beta: Tensor };
}

function inputGradient(
  normalized: Tensor,
  { outputGradient, inverse, gamma, means }: Pick<NormalizationBackward, 'outputGradient' | 'inverse'> & Slopes,
): Tensor {
  const along = multiply(normalized, means.gamma);
  return multiply(subtract(subtract(outputGradient, means.beta), along), multiply(gamma, inverse));
}

function normalized({ input, mean, inverse }: NormalizationBackward): Tensor {
  return multiply(subtract(input, mean), inverse);
}

function allButLast(x: Tensor): number[] {
  return x.shape.slice(1).map((_, axis) => axis);
}
