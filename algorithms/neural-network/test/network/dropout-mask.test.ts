import { describe, expect, it } from 'vitest';
import { dropoutMask } from '../../src/network/dropout-mask.js';

const COUNT = 200_000;

describe('dropoutMask', () => {
  it.each([0.1, 0.5, 0.9])('drops the fraction %d of the entries and scales the others', (rate) => {
    const mask = dropoutMask(COUNT, rate, 7);

    const dropped = mask.filter((value) => value === 0).length;
    const deviation = Math.sqrt(COUNT * rate * (1 - rate)); // of a binomial distribution
    expect(Math.abs(dropped - COUNT * rate)).toBeLessThan(4 * deviation);
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / (1 - rate))]));
  });

  it('keeps all with rate 0', () => {
    expect(dropoutMask(100, 0, 3).every((value) => value === 1)).toBe(true);
  });

  it('is the same for the same seed, and a prefix of it for a smaller count', () => {
    const mask = dropoutMask(1000, 0.4, 11);

    expect(dropoutMask(1000, 0.4, 11)).toEqual(mask);
    expect(dropoutMask(333, 0.4, 11)).toEqual(mask.subarray(0, 333));
  });

  it.each([1, 2, 64, 127])('is uncorrelated between positions %d apart and between seeds', (distance) => {
    const mask = dropoutMask(COUNT + distance, 0.5, 5);
    const other = dropoutMask(COUNT, 0.5, 5 + distance);

    let pairs = 0;
    let shared = 0;
    for (let i = 0; i < COUNT; i++) {
      pairs += Number(mask[i] === 0 && mask[i + distance] === 0);
      shared += Number(mask[i] === 0 && other[i] === 0);
    }
    const deviation = Math.sqrt((COUNT * 3) / 16); // of a binomial distribution with p = 1 ÷ 4
    expect(Math.abs(pairs - COUNT / 4)).toBeLessThan(4 * deviation);
    expect(Math.abs(shared - COUNT / 4)).toBeLessThan(4 * deviation);
  });
});
