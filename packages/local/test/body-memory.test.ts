import { expect, it } from 'vitest';
import { createBodyMemory } from '../src/transform/body-memory.js';

const body = (bytes: number, value: number) => Buffer.alloc(bytes, value);

it('the memory of a body that was given back is that of the next one, and of no other', () => {
  const memory = createBodyMemory();
  const first = memory.copyOf(body(100_000, 1));
  const second = memory.copyOf(body(100_000, 2));

  memory.giveBack(first.subarray(10));
  memory.giveBack(first); // once is enough
  const third = memory.copyOf(body(101_000, 3));
  const fourth = memory.copyOf(body(100_000, 4));

  expect(third.buffer).toBe(first.buffer);
  expect([second, third, fourth].map((copy) => [copy.length, copy.every((byte) => byte === copy[0])])).toEqual([
    [100_000, true],
    [101_000, true],
    [100_000, true],
  ]);
  expect([second[0], third[0], fourth[0]]).toEqual([2, 3, 4]);
});

it('what is too small for the next body is not kept, and small bodies are not at all', () => {
  const memory = createBodyMemory();
  const small = memory.copyOf(body(100, 1));
  const medium = memory.copyOf(body(100_000, 2));

  memory.giveBack(small);
  memory.giveBack(medium);
  const large = memory.copyOf(body(200_000, 3));
  const next = memory.copyOf(body(100_000, 4));

  expect(large.every((byte) => byte === 3)).toBe(true);
  expect(next.buffer).not.toBe(medium.buffer);
});
