import { describe, expect, it } from 'vitest';
import { createRandom, normal, permutation, resumeRandom, streamSeed } from '../src/random.js';

describe('random numbers', () => {
  it('are the same for the same seed and differ for another seed or purpose', () => {
    const draw = (seed: number, purpose?: number) => createRandom(seed, purpose).bits();

    expect(draw(1)).toBe(draw(1));
    expect(new Set([draw(1), draw(2), draw(1, 1), draw(1 + 2 ** 32)]).size).toBe(4);
  });

  it('continue from a saved state', () => {
    const random = createRandom(5);
    random.uniform();
    const resumed = resumeRandom(random.state());

    expect(resumed.uniform()).toBe(random.uniform());
  });

  it('drawn from the normal distribution have its mean, variance and tails', () => {
    const random = createRandom(3);
    const values = Array.from({ length: 20_000 }, () => normal(random));
    const mean = values.reduce((sum, value) => sum + value) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / values.length;

    // Three standard errors of each for 20,000 draws.
    expect(Math.abs(mean)).toBeLessThan(0.022);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
    expect(Math.abs(beyondTwo - 0.0455)).toBeLessThan(0.0045);
  });
});

describe('permutation', () => {
  it('has every index once', () => {
    expect([...permutation(createRandom(1), 1000)].sort((a, b) => a - b)).toEqual([...Array(1000).keys()]);
    expect([...permutation(createRandom(1), 0)]).toEqual([]);
  });

  it('has every order equally often', () => {
    const random = createRandom(2);
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 6000; draw++) {
      const order = permutation(random, 3).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }

    expect(counts.size).toBe(6);
    // 1,000 each, deviation 29
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});

describe('streamSeed', () => {
  it('is the same for the same numbers and differs in each of them and their order', () => {
    const seeds = [
      streamSeed(1, 2, 3),
      streamSeed(2, 2, 3),
      streamSeed(1, 3, 3),
      streamSeed(1, 3, 2),
      streamSeed(1, 2),
    ];

    expect(streamSeed(1, 2, 3)).toBe(seeds[0]);
    expect(new Set(seeds).size).toBe(seeds.length);
  });
});
