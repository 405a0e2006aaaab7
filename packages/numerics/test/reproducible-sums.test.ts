import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReproducibleSums, totalsOf } from '../src/index.js';

const runs = { seed: 20261130, numRuns: 300 };
const wide = fc.double({ noNaN: true, min: -1e290, max: 1e290 });
const alike = fc.double({ noNaN: true, min: -1000, max: 1000 });
const values = fc.oneof(fc.array(wide, { maxLength: 60 }), fc.array(alike, { maxLength: 60 }));

/** Of one sum, value by value. */
function partsOf(list: readonly number[]): Float64Array {
  const sums = createReproducibleSums(1);
  for (const value of list) sums.add(0, value);
  return sums.parts;
}

const sumOf = (...lists: readonly (readonly number[])[]) => totalsOf(lists.map(partsOf))[0]!;

/** Units of 2^-1074. */
function exact(value: number): bigint {
  const [mantissa, exponent] = ((): [bigint, number] => {
    const word = new BigUint64Array(Float64Array.of(Math.abs(value)).buffer)[0]!;
    const size = Number(word >> 52n);
    return size === 0 ? [word, 0] : [(word & 0xfffffffffffffn) | 0x10000000000000n, size - 1];
  })();
  return (value < 0 ? -mantissa : mantissa) << BigInt(exponent);
}

describe('a reproducible sum', () => {
  it('has the same bits in any order, and divided among hosts in any way', () => {
    const divided = values.chain((list) =>
      fc.record({
        list: fc.constant(list),
        shuffled: fc.shuffledSubarray(list, { minLength: list.length }),
        cuts: fc.array(fc.nat(list.length), { maxLength: 3 }).map((cuts) => cuts.toSorted((a, b) => a - b)),
      }),
    );
    fc.assert(
      fc.property(divided, ({ list, shuffled, cuts }) => {
        const expected = sumOf(list);
        const hosts = [0, ...cuts].map((begin, host) => shuffled.slice(begin, cuts[host] ?? list.length));
        expect(sumOf(shuffled)).toBe(expected);
        expect(sumOf(...hosts)).toBe(expected);
        expect(sumOf(...hosts.toReversed())).toBe(expected);
      }),
      runs,
    );
  });

  it('is off by at most half a unit for each value: 2^-51 of the largest', () => {
    fc.assert(
      fc.property(values, (list) => {
        const largest = list.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const total = list.reduce((sum, value) => sum + exact(value), 0n);
        const error = exact(sumOf(list)) - total;
        const size = error < 0n ? -error : error;
        // The sum is rounded to a double, too.
        const rounding = (total < 0n ? -total : total) >> 53n;
        expect(size <= BigInt(list.length) * (exact(largest) >> 51n) + rounding + (1n << 24n)).toBe(true);
      }),
      runs,
    );
  });

  it('is what adding in blocks gives, whatever the blocks', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 4 }), (blocks) => {
        const sums = createReproducibleSums(2);
        for (const block of blocks) sums.addAll(1, Float64Array.of(...block, 1e300), block.length);
        expect(totalsOf([sums.parts])).toEqual([0, sumOf(blocks.flat())]);
      }),
      runs,
    );
  });

  it('depends neither on the values of the others nor on the order of all', () => {
    const entries = fc.array(fc.tuple(fc.nat(2), wide), { maxLength: 40 });
    const totals = (list: readonly (readonly [number, number])[]) => {
      const sums = createReproducibleSums(3);
      for (const [index, value] of list) sums.add(index, value);
      return totalsOf([sums.parts]);
    };
    fc.assert(
      fc.property(entries, (list) => {
        const alone = [0, 1, 2].map((index) => sumOf(list.filter(([of]) => of === index).map(([, value]) => value)));
        expect(totals(list)).toEqual(alone);
        expect(totals(list.toReversed())).toEqual(alone);
      }),
      runs,
    );
  });

  it('is exact for whole numbers of which the largest is below 2^50', () => {
    const list = Array.from({ length: 1000 }, (_, i) => 2 ** 50 - 1 - i);

    expect(sumOf(list)).toBe(Number(list.reduce((sum, value) => sum + BigInt(value), 0n)));
  });

  it.each([
    [[1, Number.NaN, 2], Number.NaN],
    [[1, Number.POSITIVE_INFINITY], Number.POSITIVE_INFINITY],
    [[Number.POSITIVE_INFINITY, 1, Number.NEGATIVE_INFINITY], Number.NaN],
    [[-1e300], Number.NEGATIVE_INFINITY],
    [[], 0],
    [[-0], 0],
    [[5e-324], 0],
    [[2 ** -1049, 2 ** -1049], 2 ** -1048],
  ])('of %j is %d', (list, expected) => {
    const sums = createReproducibleSums(1);
    sums.addAll(0, Float64Array.from(list), list.length);

    expect(sumOf(list)).toBe(expected);
    expect(totalsOf([sums.parts])).toEqual([expected]);
    expect(sumOf([3], list, [])).toBe(expected + 3);
  });
});
