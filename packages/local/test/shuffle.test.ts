import { expect, it } from 'vitest';
import { shuffled } from '../src/training/shuffle.js';

it('every order of four items is as frequent as the others', () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 24_000; seed++) {
    const order = shuffled(['a', 'b', 'c', 'd'], seed, 1).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }

  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);

  expect(counts.size).toBe(24);
  expect(chiSquare).toBeLessThan(49.7); // 23 degrees of freedom, p = 0.001; the seeds are fixed
});

it('without a seed, or with a single item, the order is as it is', () => {
  expect(shuffled([1, 2, 3], undefined, 5)).toEqual([1, 2, 3]);
  expect(shuffled([1], 9, 5)).toEqual([1]);
});
