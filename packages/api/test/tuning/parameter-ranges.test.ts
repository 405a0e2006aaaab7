import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/index.js';
import { formatDecimal, formatInteger, parseDecimal, parseInteger } from '../../src/tuning/number-text.js';
import { type ParameterRanges, parseRanges } from '../../src/tuning/parameter-ranges.js';

const refusal = (ranges: ParameterRanges) => {
  try {
    parseRanges(ranges);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'ValidationException') return error.message;
    throw error;
  }
  throw new Error('accepted');
};
const continuous = (MinValue: string, MaxValue: string, ScalingType?: string) => ({
  ContinuousParameterRanges: [{ Name: 'eta', MinValue, MaxValue, ...(ScalingType && { ScalingType }) }],
});
const integer = (MinValue: string, MaxValue: string, ScalingType?: string) => ({
  IntegerParameterRanges: [{ Name: 'depth', MinValue, MaxValue, ...(ScalingType && { ScalingType }) }],
});
const scalingOf = (ranges: ParameterRanges) => {
  const [range] = parseRanges(ranges);
  return range!.kind === 'Categorical' ? undefined : range!.scaling;
};

describe('parameter ranges', () => {
  it('become a space of integers, continuous and categorical hyperparameters, in this order', () => {
    const space = parseRanges({
      CategoricalParameterRanges: [{ Name: 'booster', Values: ['gbtree', 'dart'] }],
      ContinuousParameterRanges: [{ Name: 'eta', MinValue: '1e-3', MaxValue: '.5', ScalingType: 'Logarithmic' }],
      IntegerParameterRanges: [{ Name: 'depth', MinValue: '-1', MaxValue: '+10', ScalingType: 'Linear' }],
    });

    expect(space).toEqual([
      { kind: 'Integer', name: 'depth', min: -1, max: 10, scaling: 'Linear' },
      { kind: 'Continuous', name: 'eta', min: 0.001, max: 0.5, scaling: 'Logarithmic' },
      { kind: 'Categorical', name: 'booster', values: ['gbtree', 'dart'] },
    ]);
  });

  it('with scaling Auto or none are logarithmic where positive values span two orders of magnitude', () => {
    expect(scalingOf(continuous('0.001', '0.1', 'Auto'))).toBe('Logarithmic');
    expect(scalingOf(continuous('0.001', '0.1'))).toBe('Logarithmic');
    expect(scalingOf(continuous('0.001', '0.099'))).toBe('Linear');
    expect(scalingOf(continuous('0', '1000'))).toBe('Linear');
    expect(scalingOf(integer('1', '100'))).toBe('Logarithmic');
    expect(scalingOf(integer('1', '99'))).toBe('Linear');
  });

  it.each([
    [
      integer('1.5', '3'),
      'IntegerParameterRanges: hyperparameter "depth": MinValue must be an integer; received "1.5".',
    ],
    [integer('1', ''), 'MaxValue must be an integer; received "".'],
    [integer('1', '9007199254740993'), 'MaxValue must be an integer; received "9007199254740993".'],
    [
      continuous('0', 'inf'),
      'ContinuousParameterRanges: hyperparameter "eta": MaxValue must be a finite decimal number; received "inf".',
    ],
    [continuous('0x1', '2'), 'MinValue must be a finite decimal number; received "0x1".'],
    [continuous('0', '1e999'), 'MaxValue must be a finite decimal number; received "1e999".'],
    [continuous('2', '1'), 'MinValue must not exceed MaxValue; received 2 and 1.'],
    [
      continuous('0', '1', 'Logarithmic'),
      'Logarithmic needs a range of values greater than 0; received a MinValue of 0.',
    ],
    [
      continuous('0', '1', 'ReverseLogarithmic'),
      'ReverseLogarithmic needs a range within 0 <= x < 1; received 0 to 1.',
    ],
    [integer('0', '1', 'ReverseLogarithmic'), 'ReverseLogarithmic is not supported for integer ranges.'],
    [
      integer('0', '1', 'Log'),
      'ScalingType must be one of Auto, Linear, Logarithmic, ReverseLogarithmic; received "Log".',
    ],
    [
      { CategoricalParameterRanges: [{ Name: 'a', Values: [] }] },
      'hyperparameter "a" must have 1 to 30 values; received 0.',
    ],
    [
      { CategoricalParameterRanges: [{ Name: 'a', Values: ['x', 'y', 'x'] }] },
      'hyperparameter "a" has the value "x" twice.',
    ],
    [
      { ...continuous('0', '1'), CategoricalParameterRanges: [{ Name: 'eta', Values: ['x'] }] },
      'has the hyperparameter "eta" twice.',
    ],
    [{}, 'ParameterRanges must have at least 1 hyperparameter to tune.'],
  ])('%j are refused', (ranges, message) => {
    expect(refusal(ranges)).toContain(message);
  });

  it('are refused with all mistakes in one error', () => {
    const message = refusal({ ...integer('x', '1'), ...continuous('1', 'y') });

    expect(message).toContain('"x"');
    expect(message).toContain('"y"');
  });

  it('are refused beyond 30 hyperparameters', () => {
    const ranges = Array.from({ length: 31 }, (_, i) => ({ Name: `h${i}`, MinValue: '0', MaxValue: '1' }));

    expect(parseRanges({ ContinuousParameterRanges: ranges.slice(1) })).toHaveLength(30);
    expect(refusal({ ContinuousParameterRanges: ranges })).toContain('at most 30 hyperparameters; received 31');
  });
});

describe('numbers as text', () => {
  it('are read strictly', () => {
    expect(['7', '-7', '+7', '007'].map(parseInteger)).toEqual([7, -7, 7, 7]);
    expect(['', ' 7', '7.0', '1e3', 'NaN', '9007199254740992'].map(parseInteger)).toEqual(Array(6).fill(undefined));
    expect(['0.5', '.5', '5.', '-1e-05', '+2E3'].map(parseDecimal)).toEqual([0.5, 0.5, 5, -1e-5, 2000]);
    expect(['', '.', '1e', 'Infinity', '1e400', '1_0', '0b1'].map(parseDecimal)).toEqual(Array(7).fill(undefined));
  });

  it('are written so that they read back as the same number', () => {
    for (const value of [0.1, 1 / 3, 1e-7, 5e-324, 1.7e308, -2.5, 123456789, 0]) {
      expect(parseDecimal(formatDecimal(value))).toBe(value);
    }
    expect([7, -7, -0].map(formatInteger)).toEqual(['7', '-7', '0']);
  });

  it("are written like Python's repr", () => {
    const values = [1, 0.0001, 0.00009, 1.3494417573713629e-8, 0.00027401056839555956, 1e15, 1.5e16, 1e22, -2, -0];

    // python3 -c 'print([repr(float(x)) for x in (1, 1e-4, 9e-5, …)])', but -0.0 without its sign
    expect(values.map(formatDecimal)).toEqual([
      ...['1.0', '0.0001', '9e-05', '1.3494417573713629e-08', '0.00027401056839555956'],
      ...['1000000000000000.0', '1.5e+16', '1e+22', '-2.0', '0.0'],
    ]);
  });
});
