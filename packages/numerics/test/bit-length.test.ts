import { expect, it } from 'vitest';
import { bitLength } from '../src/bit-length.js';

it('counts the bits of a number of any size and sign, as its binary digits do', () => {
  const numbers = [1n, 2n, 3n, 7n, 8n, 255n, 256n, 2n ** 200n - 1n, 2n ** 200n, 2n ** 203n + 5n];

  for (const number of numbers) {
    expect(bitLength(number)).toBe(number.toString(2).length);
    expect(bitLength(-number)).toBe(number.toString(2).length);
  }
  expect(bitLength(0n)).toBe(0);
});
