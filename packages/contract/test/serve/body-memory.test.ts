import { describe, expect, it } from 'vitest';
import { giveBack } from '../../src/formats/lending.js';
import { createBodyMemory } from '../../src/serve/body-memory.js';

const LARGE = 256 * 1024;

describe('memory of large bodies', () => {
  it('is that of the body before, once it was given back', () => {
    const memory = createBodyMemory();
    const first = memory(LARGE);
    giveBack(first);

    const second = memory(LARGE - 1);

    expect(second.buffer).toBe(first.buffer);
    expect(second).toHaveLength(LARGE - 1);
  });

  it('is left alone until then', () => {
    const memory = createBodyMemory();
    const first = memory(LARGE);

    const second = memory(LARGE);
    giveBack(second);
    const third = memory(LARGE);

    expect(second.buffer).not.toBe(first.buffer);
    expect(third.buffer).toBe(second.buffer);
  });

  it('is given back once, not again with the body that has it now', () => {
    const memory = createBodyMemory();
    const first = memory(LARGE);
    giveBack(first);
    const second = memory(LARGE);
    giveBack(first);

    expect(memory(LARGE).buffer).not.toBe(second.buffer);
  });

  it('is new where the body before was smaller, and the larger one is kept', () => {
    const memory = createBodyMemory();
    const small = memory(LARGE);
    const large = memory(2 * LARGE);
    giveBack(large);
    giveBack(small);

    expect(memory(2 * LARGE).buffer).toBe(large.buffer);
  });

  it.each([
    ['small', 1000],
    ['very large', 17 * 1024 * 1024],
  ])('is not kept of one that is %s', (_, bytes) => {
    const memory = createBodyMemory();
    const first = memory(bytes);
    first.fill(1);
    giveBack(first);

    const second = memory(bytes);
    second.fill(2);

    expect(first[0]).toBe(1);
  });
});
