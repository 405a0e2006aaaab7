import { describe, expect, it } from 'vitest';
import { createModelMemory } from '../../../src/serve/models/model-memory.js';

const MIB = 1024 ** 2;

describe('room for a model', () => {
  it('is what is free besides a quarter for requests, and what is being loaded', () => {
    const memory = createModelMemory(1000, () => 600);

    const first = memory.claim(200);

    expect(first).toBeDefined();
    expect(memory.spareBytes()).toBe(150);
    expect(memory.claim(151)).toBeUndefined();
    expect(memory.claim(150)).toBeDefined();
    first!.release();
    first!.release();
    expect(memory.spareBytes()).toBe(200);
  });

  it('is roomy while half would be free', () => {
    const memory = createModelMemory(1000, () => 600);

    expect([100, 101].map(memory.isRoomy)).toEqual([true, false]);
  });

  it('is guessed as three times the files until a model shows more or less, and as their size for the first', () => {
    const memory = createModelMemory(1000, () => 600);
    const guesses = () =>
      [memory.estimate(100 * MIB, false), memory.estimate(100 * MIB, true)].map((bytes) => bytes / MIB);

    expect(guesses()).toEqual([316, 116]);
    memory.learn(1 * MIB, 90 * MIB); // too small to say anything
    expect(guesses()).toEqual([316, 116]);
    memory.learn(10 * MIB, 31 * MIB);
    expect(guesses()).toEqual([166, 116]);
    memory.learn(10 * MIB, 66 * MIB);
    memory.learn(10 * MIB, 31 * MIB);
    expect(guesses()).toEqual([516, 116]);
    memory.learn(10 * MIB, 900 * MIB);
    expect(guesses()).toEqual([1016, 116]);
  });
});
