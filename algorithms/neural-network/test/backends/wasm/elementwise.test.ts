import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActivationName } from '../../../src/network/definition.js';
import { dropoutMask } from '../../../src/network/dropout-mask.js';
import { normals } from '../../support/numbers.js';
import { tensorOf, unitsInLastPlace, useWasm } from '../../support/wasm.js';

/** erf in float64: its Taylor series near 0, the continued fraction of erfc beyond (Abramowitz & Stegun 7.1.5, 7.1.14). */
function erf(x: number): number {
  const t = Math.abs(x);
  if (t < 2.5) {
    let sum = 0;
    for (let n = 0, term = t; n < 60; n++, term *= (-t * t) / n) sum += term / (2 * n + 1);
    return Math.sign(x) * sum * (2 / Math.sqrt(Math.PI));
  }
  let fraction = t;
  for (let k = 80; k > 0; k--) fraction = t + k / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-t * t) / fraction / Math.sqrt(Math.PI));
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const normal = (x: number) => (1 + erf(x * Math.SQRT1_2)) / 2;

const VALUES: Record<ActivationName, (x: number) => number> = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  tanh: Math.tanh,
  sigmoid,
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  gelu: (x) => x * normal(x),
  swish: (x) => x * sigmoid(x),
};

const SLOPES: Record<ActivationName, (x: number) => number> = {
  linear: () => 1,
  relu: (x) => Number(x > 0),
  tanh: (x) => 1 - Math.tanh(x) ** 2,
  sigmoid: (x) => sigmoid(x) * (1 - sigmoid(x)),
  elu: (x) => (x > 0 ? 1 : Math.exp(x)),
  gelu: (x) => normal(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
  swish: (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x))),
};

/** Largest error in units of the last place of the value, or of 1 where a difference from 1 is taken. */
const UNITS: Record<ActivationName, number> = { linear: 0, relu: 0, tanh: 3, sigmoid: 3, elu: 3, gelu: 3, swish: 4 };
const NAMES = Object.keys(VALUES) as ActivationName[];

/** Dense around 0 and out to where all functions are flat. */
const POINTS = Float32Array.from({ length: 40_001 }, (_, i) => {
  const t = (i - 20_000) / 20_000;
  return 30 * t ** 3 + t / 8;
});

describe('activations on wasm', () => {
  const operations = useWasm();

  it.each(NAMES)('computes %s within a few units in the last place', (name) => {
    const output = operations()
      .activation(tensorOf(POINTS, [POINTS.length]), name)
      .dataSync();

    let worst = 0;
    for (const [i, x] of POINTS.entries()) {
      const exact = VALUES[name](x);
      // gelu takes 1 + erf, whose error is one of 1 for negative numbers.
      const units =
        name === 'gelu' && x < 0
          ? (Math.abs(output[i]! - exact) / Math.abs(x)) * 2 ** 23
          : unitsInLastPlace(output[i]!, exact);
      worst = Math.max(worst, units);
    }
    expect(worst).toBeLessThanOrEqual(UNITS[name]);
  });

  it.each(NAMES)('computes the derivative of %s', (name) => {
    const input = tensorOf(POINTS, [POINTS.length]);
    const outputGradient = tensorOf(new Float32Array(POINTS.length).fill(2), [POINTS.length]);
    const output = operations().activation(input, name);

    const gradient = operations().activationBackward(name, { input, output, outputGradient }).dataSync();

    let worst = 0;
    for (const [i, x] of POINTS.entries()) worst = Math.max(worst, Math.abs(gradient[i]! / 2 - SLOPES[name](x)));
    expect(worst).toBeLessThan(5e-7); // a few roundings of numbers around 1
  });

  it.each(NAMES)('keeps NaN and the limits of %s', (name) => {
    const output = operations()
      .activation(tensorOf([Number.NaN, 1e4, -1e4, 3e38, 0], [5]), name)
      .dataSync();

    expect(output[0]).toBeNaN();
    expect(output[1]).toBe(Math.fround(VALUES[name](1e4)));
    expect(output[2]).toBeCloseTo(VALUES[name](-1e4), 6);
    expect(output[3]).toBe(Math.fround(VALUES[name](3e38)));
    expect(output[4]).toBe(Math.fround(VALUES[name](0)));
  });

  it('computes probabilities of logits of any size', () => {
    const probabilities = operations().predictions('softmaxCrossEntropy', tensorOf([1000, 0, -1000, 3, 3, 3], [2, 3]));
    const binary = operations().predictions('binaryCrossEntropy', tensorOf([-200, 0, 200], [3, 1]));

    expect([...probabilities.dataSync()]).toEqual([1, 0, 0, ...Array(3).fill(Math.fround(1 / 3))]);
    expect([...binary.dataSync()]).toEqual([0, 0.5, 1]);
  });

  it('computes softmax rows of any width that add up to 1', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 19 }),
        fc.integer(),
        (rows, columns, seed) => {
          const outputs = normals(rows * columns, seed, 4);

          const result = operations()
            .predictions('softmaxCrossEntropy', tensorOf(outputs, [rows, columns]))
            .dataSync();

          for (let row = 0; row < rows; row++) {
            const powers = [...outputs.subarray(row * columns, (row + 1) * columns)].map(Math.exp);
            const sum = powers.reduce((total, power) => total + power, 0);
            for (const [column, power] of powers.entries()) {
              expect(Math.abs(result[row * columns + column]! - power / sum)).toBeLessThan(5e-7);
            }
          }
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });
});

describe('dropout on wasm', () => {
  const operations = useWasm();

  it('drops the entries of the mask, for any size, rate and seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        fc.integer(),
        (count, rate, seed) => {
          const input = normals(count, 3);

          const output = operations()
            .dropout(tensorOf(input, [count]), rate, seed)
            .dataSync();

          const mask = dropoutMask(count, rate, seed);
          const expected = input.map((value, i) => (mask[i] === 0 ? 0 : Math.fround(value * mask[i]!)));
          expect(output).toEqual(expected);
        },
      ),
      { seed: 2, numRuns: 50 },
    );
  });
});
