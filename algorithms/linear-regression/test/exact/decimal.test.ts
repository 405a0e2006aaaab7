import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  canonical,
  type Decimal,
  multiply,
  ratioOf,
  ratioToNumber,
  readBinary,
  readDecimal,
} from '../../src/exact/decimal.js';

const SEED = 4711;
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

function textOf({ digits, places }: Decimal): string {
  return `${digits}e${-places}`;
}

describe('exact decimals', () => {
  it('have the value that a double prints as, so the text reads back as the double', () => {
    fc.assert(
      fc.property(finite, (value) => {
        const decimal = readDecimal(value);
        expect(Number(textOf(decimal))).toBe(value === 0 ? 0 : value);
        expect(canonical(decimal)).toEqual(decimal);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });

  it.each([
    [1.5, 15n, 1],
    [-0.001, -1n, 3],
    [1200, 12n, -2],
    [0.1, 1n, 1],
    [5e-324, 5n, 324],
  ])('read %d exactly', (value, digits, places) => {
    expect(readDecimal(value)).toEqual({ digits, places });
  });

  it('refuse infinities and NaN', () => {
    expect(() => readDecimal(Number.NaN)).toThrow('must be finite; received NaN');
  });

  it('add and multiply like integers', () => {
    const decimal = fc.record({
      digits: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      places: fc.integer({ min: -9, max: 9 }),
    });
    const scaled = ({ digits, places }: Decimal, to: number) => digits * 10n ** BigInt(to - places);
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        expect(scaled(add(a, b), 20)).toBe(scaled(a, 20) + scaled(b, 20));
        expect(scaled(multiply(a, b), 40)).toBe(scaled(a, 20) * scaled(b, 20));
        expect(scaled(canonical(a), 60)).toBe(scaled(a, 60));
      }),
      { seed: SEED },
    );
  });
});

describe('ratioToNumber', () => {
  it('equals / for integers below 2^53', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 2 ** 31 - 1 }), (a, b) => {
        expect(ratioToNumber(BigInt(a), BigInt(b))).toBe(a === 0 ? 0 : a / b);
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it('rounds once, to even at a tie', () => {
    expect(ratioToNumber(2n ** 53n + 1n, 1n)).toBe(2 ** 53);
    expect(ratioToNumber(2n ** 53n + 3n, 1n)).toBe(2 ** 53 + 4);
    expect(ratioToNumber((2n ** 53n + 1n) * 10n ** 40n + 1n, 10n ** 40n)).toBe(2 ** 53 + 2);
    expect(ratioToNumber(-1n, 3n)).toBe(-1 / 3);
  });

  it('reaches the ends of the double range without intermediate overflow', () => {
    expect(ratioToNumber(3n, 1n, 1000)).toBe(3 * 2 ** 1000);
    expect(ratioToNumber(3n, 1n, -1070)).toBe(3 * 2 ** -1070);
    expect(ratioToNumber(10n ** 700n, 10n ** 650n)).toBe(1e50);
    expect(ratioToNumber(1n, 1n, 1024)).toBe(Number.POSITIVE_INFINITY);
  });

  it('rounds ratios of decimals once', () => {
    fc.assert(
      fc.property(finite, (value) => {
        expect(ratioOf(readDecimal(value), { digits: 1n, places: 0 })).toBe(value === 0 ? 0 : value);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

describe('the binary parts of a double', () => {
  it('multiply back to its value', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-300 }), (value) => {
        const { mantissa, exponent } = readBinary(value);
        expect(ratioToNumber(mantissa, 1n, exponent)).toBe(value);
      }),
      { seed: SEED },
    );
  });
});
