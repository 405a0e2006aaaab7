import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestDifference, normals } from '../../support/numbers.js';
import { tensorOf, useWasm } from '../../support/wasm.js';

const EPSILON = 1e-3;
const MOMENTUM = 0.9;

/** Mean and population variance of one channel in float64. */
function momentsOf(values: Float32Array, channels: number, channel: number) {
  const own = values.filter((_, i) => i % channels === channel);
  const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
  return { mean, variance: own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length };
}

function parameters(channels: number, seed: number) {
  return {
    gamma: normals(channels, seed + 1),
    beta: normals(channels, seed + 2),
    movingMean: normals(channels, seed + 3),
    movingVariance: normals(channels, seed + 4).map((value) => value * value + 0.1),
  };
}

describe('batch normalization on wasm', () => {
  const operations = useWasm();

  function check(rows: number, channels: number, seed: number, mean = 0.5): void {
    const shape = [rows, channels];
    const input = normals(rows * channels, seed).map((value) => 2 * value + mean);
    const given = normals(rows * channels, seed + 9);
    const values = parameters(channels, seed);
    const tensors = {
      input: tensorOf(input, shape),
      gamma: tensorOf(values.gamma, [channels]),
      beta: tensorOf(values.beta, [channels]),
      movingMean: tensorOf(values.movingMean, [channels]),
      movingVariance: tensorOf(values.movingVariance, [channels]),
      epsilon: EPSILON,
    };

    const forward = operations().normalizeBatch({ ...tensors, momentum: MOMENTUM });
    const outputGradient = tensorOf(given, shape);
    const backward = operations().normalizeBatchBackward({ ...tensors, saved: forward.saved, outputGradient });
    const inferred = operations().normalize(tensors);

    const found = {
      output: forward.output.dataSync(),
      inferred: inferred.dataSync(),
      movingMean: forward.movingMean.dataSync(),
      movingVariance: forward.movingVariance.dataSync(),
      input: backward.input.dataSync(),
      gamma: backward.gamma.dataSync(),
      beta: backward.beta.dataSync(),
    };
    // float32 has 2⁻²⁴ of the largest number that takes part, here the mean in deviations.
    const unit = 4e-7 * (4 + Math.abs(mean) / Math.sqrt(EPSILON));
    for (let channel = 0; channel < channels; channel++) {
      const batch = momentsOf(input, channels, channel);
      const [gamma, beta] = [values.gamma[channel]!, values.beta[channel]!];
      const [movingMean, movingVariance] = [values.movingMean[channel]!, values.movingVariance[channel]!];
      const deviation = Math.sqrt(batch.variance + EPSILON);
      const movedVariance = MOMENTUM * movingVariance + (1 - MOMENTUM) * batch.variance;
      expect(Math.abs(found.movingMean[channel]! - (MOMENTUM * movingMean + (1 - MOMENTUM) * batch.mean))).toBeLessThan(
        2e-7 * (1 + Math.abs(mean)),
      );
      expect(Math.abs(found.movingVariance[channel]! - movedVariance)).toBeLessThan(1e-6 * (1 + movedVariance));

      let [sum, weighted] = [0, 0];
      for (let at = channel; at < input.length; at += channels) {
        sum += given[at]!;
        weighted += (given[at]! * (input[at]! - batch.mean)) / deviation;
      }
      expect(Math.abs(found.beta[channel]! - sum)).toBeLessThan(1e-6 * Math.sqrt(rows) + 1e-6);
      expect(Math.abs(found.gamma[channel]! - weighted)).toBeLessThan(unit * Math.sqrt(rows) + 1e-6);

      for (let at = channel; at < input.length; at += channels) {
        const normalized = (input[at]! - batch.mean) / deviation;
        const expected = {
          output: gamma * normalized + beta,
          inferred: (gamma * (input[at]! - movingMean)) / Math.sqrt(movingVariance + EPSILON) + beta,
          input: (gamma / deviation) * (given[at]! - sum / rows - (normalized * weighted) / rows),
        };
        const size = Math.abs(gamma) / Math.min(1, deviation) + Math.abs(beta) + 1;
        expect(Math.abs(found.output[at]! - expected.output)).toBeLessThan(unit * size);
        expect(Math.abs(found.inferred[at]! - expected.inferred)).toBeLessThan(unit * size * 3);
        expect(Math.abs(found.input[at]! - expected.input)).toBeLessThan((unit * size) / Math.min(1, deviation));
      }
    }
  }

  it('computes outputs, statistics and gradients for any number of rows and channels', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 150 }),
        fc.integer({ min: 1, max: 21 }),
        fc.integer(),
        (rows, channels, seed) => check(rows, channels, seed),
      ),
      {
        seed: 4,
        numRuns: 40,
      },
    );
  });

  it('computes them for more rows than one task handles', () => {
    check(9001, 5, 7);
  });

  it('keeps the digits of the variance if the mean is large', () => {
    check(3000, 3, 8, 1000);
  });

  it('gives the offset for a constant channel', () => {
    const ones = tensorOf(new Float32Array(30).fill(7), [10, 3]);
    const channel = (value: number) => tensorOf([value, value, value], [3]);
    const tensors = { input: ones, gamma: channel(2), beta: channel(0.5), epsilon: EPSILON };

    const { output } = operations().normalizeBatch({
      ...tensors,
      ...{ movingMean: channel(0), movingVariance: channel(1), momentum: MOMENTUM },
    });

    expect(largestDifference(output.dataSync(), new Float32Array(30).fill(0.5))).toBeLessThan(2e-5);
  });
});
