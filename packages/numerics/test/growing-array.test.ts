import { describe, expect, it } from 'vitest';
import { createGrowingArray } from '../src/growing-array.js';

describe('a growing array', () => {
  it('returns every value in order, however it was added, beyond its first capacity', () => {
    const numbers = createGrowingArray(Float64Array);
    const expected: number[] = [];

    for (let i = 0; i < 10_000; i++) {
      numbers.push(i);
      numbers.add([i + 0.25, i + 0.5]);
      expected.push(i, i + 0.25, i + 0.5);
    }

    expect(numbers.length).toBe(30_000);
    expect([...numbers.values()]).toEqual(expected);
    expect([...numbers.finish()]).toEqual(expected);
  });

  it('finishes with an array that holds no more memory than its values', () => {
    const numbers = createGrowingArray(Float32Array);
    numbers.add([1, 2, 3]);

    expect(numbers.finish().buffer.byteLength).toBe(12);
  });

  it('is empty when nothing was added', () => {
    expect(createGrowingArray(Float32Array).finish()).toEqual(new Float32Array(0));
  });
});
