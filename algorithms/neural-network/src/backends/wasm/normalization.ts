/**
 * Batch normalization on the wasm kernels. What the backward pass gets is the batch's mean and 1 ÷ deviation.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NormalizationBackward, Operations } from '../../operations/operations.js';
import type { WasmContext } from './context.js';

type Normalization = Pick<
  Operations,
  'normalize' | 'normalizeBatch' | 'normalizeBatchBackward' | 'normalizationSums' | 'normalizationGradient'
>;

/** [channels] each: Σ g·x̂ and Σ g. */
interface Sums {
  readonly gamma: Tensor;
  readonly beta: Tensor;
}

const FLOAT_BYTES = 4;
/** What the kernels need in addition to up to 3 factors: up to 128 pairs of sums, for each channel. */
const PARTIAL_SUMS = 128 * 2;
const FACTORS = 3;

export function createNormalization({ kernel, memory }: WasmContext): Normalization {
  /** Room for [sums × channels] and, behind them, the factors. */
  const room = (channels: number) => {
    const partials = memory.scratch((PARTIAL_SUMS + FACTORS) * channels * FLOAT_BYTES);
    return { partials, factors: partials + PARTIAL_SUMS * channels * FLOAT_BYTES };
  };
  const sumsOf = ({ input, mean, inverse, outputGradient }: NormalizationBackward): Sums => {
    const channels = mean.size;
    const gamma = memory.makeOutput([channels]);
    const beta = memory.makeOutput([channels]);
    kernel.normalizationSums(
      memory.addressOf(input),
      memory.addressOf(outputGradient),
      memory.addressOf(mean),
      memory.addressOf(inverse),
      memory.addressOf(gamma),
      memory.addressOf(beta),
      room(channels).partials,
      input.size / channels,
      channels,
    );
    return { gamma, beta };
  };
  /** @param sums over `count` rows */
  const inputGradient = (
    { input, mean, inverse, gamma, outputGradient }: NormalizationBackward & { readonly gamma: Tensor },
    sums: Sums,
    count: number,
  ): Tensor => {
    const channels = gamma.size;
    const output = memory.makeOutput(input.shape);
    kernel.normalizationGradient(
      memory.addressOf(input),
      memory.addressOf(outputGradient),
      memory.addressOf(gamma),
      memory.addressOf(mean),
      memory.addressOf(inverse),
      memory.addressOf(sums.gamma),
      memory.addressOf(sums.beta),
      memory.addressOf(output),
      room(channels).factors,
      input.size / channels,
      channels,
      count,
    );
    return output;
  };
  return {
    normalize({ input, gamma, beta, movingMean, movingVariance, epsilon }) {
      const channels = gamma.size;
      const output = memory.makeOutput(input.shape);
      kernel.normalize(
        memory.addressOf(input),
        memory.addressOf(output),
        memory.addressOf(gamma),
        memory.addressOf(beta),
        memory.addressOf(movingMean),
        memory.addressOf(movingVariance),
        room(channels).factors,
        input.size / channels,
        channels,
        epsilon,
      );
      return output;
    },
    normalizeBatch({ input, gamma, beta, movingMean, movingVariance, epsilon, momentum }) {
      const channels = gamma.size;
      const output = memory.makeOutput(input.shape);
      const newMean = memory.makeOutput([channels]);
      const newVariance = memory.makeOutput([channels]);
      const mean = memory.makeOutput([channels]);
      const inverse = memory.makeOutput([channels]);
      const { partials, factors } = room(channels);
      kernel.normalizeBatch(
        memory.addressOf(input),
        memory.addressOf(output),
        memory.addressOf(gamma),
        memory.addressOf(beta),
        memory.addressOf(movingMean),
        memory.addressOf(movingVariance),
        memory.addressOf(newMean),
        memory.addressOf(newVariance),
        memory.addressOf(mean),
        memory.addressOf(inverse),
        partials,
        factors,
        input.size / channels,
        channels,
        epsilon,
        momentum,
      );
      return { output, movingMean: newMean, movingVariance: newVariance, saved: [mean, inverse] };
    },
    normalizeBatchBackward({ input, gamma, saved, outputGradient }) {
      const rows = { input, mean: saved[0]!, inverse: saved[1]!, outputGradient };
      const sums = sumsOf(rows);
      return { ...sums, input: inputGradient({ ...rows, gamma }, sums, input.size / gamma.size) };
    },
    normalizationSums: sumsOf,
    normalizationGradient: ({ means, ...rows }) => inputGradient(rows, means, 1),
  };
}
