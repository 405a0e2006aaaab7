import { describe, expect, it } from 'vitest';
import { createMemoryBudget } from '../../src/serve/memory-budget.js';
import { planMemory } from '../../src/serve/memory-plan.js';

const MEBIBYTE = 1024 * 1024;

describe('the memory budget of bodies and responses', () => {
  it('admits as many bodies as fit, and more once they are released', () => {
    const budget = createMemoryBudget(100 * MEBIBYTE);

    const granted = Array.from({ length: 90 }, () => budget.reserve(25 * MEBIBYTE)).filter(Boolean);
    const isFull = budget.reserve(25 * MEBIBYTE) === undefined;
    granted[0]!.release();

    expect(granted).toHaveLength(3); // the fourth would fit but for what each request takes besides
    expect(isFull).toBe(true);
    expect(budget.reserve(25 * MEBIBYTE)).toBeDefined();
  });

  it('admits a single body that is larger than the budget', () => {
    const budget = createMemoryBudget(MEBIBYTE);

    const alone = budget.reserve(100 * MEBIBYTE);

    expect(alone).toBeDefined();
    expect(alone!.receive(100 * MEBIBYTE)).toBe(true);
    expect(budget.reserve(0)).toBeUndefined();
  });

  it('grows with a body of unknown length while there is room', () => {
    const budget = createMemoryBudget(10 * MEBIBYTE);
    budget.reserve(MEBIBYTE);
    const chunked = budget.reserve(0)!;

    expect(chunked.receive(8 * MEBIBYTE)).toBe(true);
    expect(chunked.receive(MEBIBYTE)).toBe(false);
  });

  it('takes back memory from bodies that were announced but do not arrive', () => {
    let now = 0;
    const budget = createMemoryBudget(100 * MEBIBYTE, { now: () => now });
    for (let i = 0; i < 3; i++) budget.reserve(25 * MEBIBYTE)!.receive(1000);

    const isFullAtFirst = budget.reserve(50 * MEBIBYTE) === undefined;
    now = 2001;

    expect(isFullAtFirst).toBe(true);
    expect(budget.reserve(50 * MEBIBYTE)).toBeDefined();
  });

  it('counts a response until it has been read', () => {
    const budget = createMemoryBudget(100 * MEBIBYTE);
    const reservation = budget.reserve(1000)!;
    reservation.releaseBody();
    reservation.holdAnswer(90 * MEBIBYTE);

    const isFull = budget.reserve(25 * MEBIBYTE) === undefined;
    reservation.release();

    expect(isFull).toBe(true);
    expect(budget.used).toBe(0);
  });
});

describe('the memory plan', () => {
  it('with 1 GiB and two workers has room for bodies of 25 MiB, one of them being processed', () => {
    const plan = planMemory(false, 3 * 70 * MEBIBYTE, 1024 * MEBIBYTE);

    expect(Math.floor(plan.heldBytes / (25 * MEBIBYTE))).toBe(8);
    expect(Math.floor(plan.workingBytes / (25 * MEBIBYTE))).toBe(1);
  });

  it('always has room for the concurrency that it offers to batch transform', () => {
    expect(planMemory(true, 0, 256 * MEBIBYTE).heldBytes).toBeGreaterThan(100 * MEBIBYTE);
  });
});
