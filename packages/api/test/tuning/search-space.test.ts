import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coordinateOf,
  coordinates,
  countPoints,
  decode,
  encode,
  fromUniform,
  type NumericRange,
  type SearchSpace,
  snap,
  valueAt,
} from '../../src/tuning/search-space.js';

const range = (
  kind: NumericRange['kind'],
  scaling: NumericRange['scaling'],
  min: number,
  max: number,
): NumericRange => ({
  ...{ kind, scaling, min, max },
  name: 'h',
});

describe('the scale of a range', () => {
  it('is linear: the middle is the mean', () => {
    expect(valueAt(range('Continuous', 'Linear', -2, 4), 0.5)).toBe(1);
    expect(coordinateOf(range('Continuous', 'Linear', -2, 4), 2.5)).toBe(0.75);
  });

  it('is logarithmic: the middle is the geometric mean', () => {
    expect(valueAt(range('Continuous', 'Logarithmic', 1e-4, 1), 0.5)).toBeCloseTo(0.01, 15);
    expect(coordinateOf(range('Continuous', 'Logarithmic', 1e-4, 1), 0.1)).toBeCloseTo(0.75, 15);
  });

  it.each([
    ['Logarithmic', 0.01, 0.5],
    ['ReverseLogarithmic', 0.3, 0.7],
    ['Linear', -0.1, 0.3],
  ] as const)('is %s, and its ends are exactly those of the range', (scaling, min, max) => {
    expect(valueAt(range('Continuous', scaling, min, max), 0)).toBe(min);
    expect(valueAt(range('Continuous', scaling, min, max), 1)).toBe(max);
  });

  it('is reverse logarithmic: the distance to 1 is on a logarithmic scale', () => {
    expect(valueAt(range('Continuous', 'ReverseLogarithmic', 0.9, 0.9999), 0.5)).toBeCloseTo(1 - 10 ** -2.5, 14);
    expect(coordinateOf(range('Continuous', 'ReverseLogarithmic', 0, 0.99), 0.9)).toBeCloseTo(0.5, 15);
  });

  it('gives every integer a cell of the same width', () => {
    const integers = range('Integer', 'Linear', 1, 4);
    expect([0, 0.24, 0.26, 0.49, 0.51, 0.74, 0.76, 1].map((at) => valueAt(integers, at))).toEqual([
      1, 1, 2, 2, 3, 3, 4, 4,
    ]);
    expect(coordinates(integers)).toEqual([0.125, 0.375, 0.625, 0.875]);
  });

  it('has one value where both ends are equal', () => {
    for (const kind of ['Integer', 'Continuous'] as const) {
      const single = range(kind, 'Linear', 3, 3);
      expect([0, 0.3, 1].map((at) => valueAt(single, snap(single, at)))).toEqual([3, 3, 3]);
      expect(countPoints([single])).toBe(1);
    }
  });
});

describe('a search space', () => {
  const space: SearchSpace = [
    { kind: 'Integer', name: 'depth', min: 1, max: 10, scaling: 'Linear' },
    { kind: 'Integer', name: 'rounds', min: 1, max: 100_000, scaling: 'Logarithmic' },
    { kind: 'Continuous', name: 'eta', min: 1e-5, max: 1, scaling: 'Logarithmic' },
    { kind: 'Continuous', name: 'momentum', min: 0, max: 0.9999, scaling: 'ReverseLogarithmic' },
    { kind: 'Categorical', name: 'booster', values: ['gbtree', 'dart', 'x'] },
  ];

  it('keeps the values of any point within the ranges, and encodes them to the point that decodes to them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 5, maxLength: 5 }),
        (uniforms) => {
          const point = Float64Array.from(uniforms, (uniform, j) => fromUniform(space[j]!, uniform));

          const values = decode(space, point);

          const [depth, rounds, eta, momentum] = ['depth', 'rounds', 'eta', 'momentum'].map((name) =>
            Number(values[name]),
          );
          expect(depth).toBe(Math.round(Math.min(10, Math.max(1, depth!))));
          expect(rounds).toBe(Math.round(Math.min(100_000, Math.max(1, rounds!))));
          expect(eta).toBeGreaterThanOrEqual(1e-5);
          expect(eta).toBeLessThanOrEqual(1);
          expect(momentum).toBeGreaterThanOrEqual(0);
          expect(momentum).toBeLessThanOrEqual(0.9999);
          const again = encode(space, values)!;
          // The logarithm and its inverse are rounded: ten digits remain of coordinates.
          for (const [j, coordinate] of point.entries()) expect(again[j]).toBeCloseTo(coordinate, 10);
        },
      ),
    );
  });

  it('has no point for hyperparameters that are missing, not numbers, unknown categories or off the scale', () => {
    const values = { depth: '3', rounds: '10', eta: '0.1', momentum: '0.5', booster: 'dart' };
    expect(encode(space, values)).toBeDefined();
    expect(encode(space, { ...values, depth: '3.5' })).toBeUndefined();
    expect(encode(space, { ...values, booster: 'gblinear' })).toBeUndefined();
    expect(encode(space, { ...values, eta: '0' })).toBeUndefined();
    expect(encode(space, { ...values, momentum: '1' })).toBeUndefined();
    expect(encode(space, { depth: '3' })).toBeUndefined();
  });

  it('gives values outside a range a coordinate outside [0, 1]', () => {
    const [depth] = encode(space, { depth: '12', rounds: '10', eta: '0.1', momentum: '0.5', booster: 'dart' })!;

    expect(depth).toBeCloseTo(1.15, 12);
  });
});
