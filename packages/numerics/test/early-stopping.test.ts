import { describe, expect, it } from 'vitest';
import { createEarlyStopping } from '../src/early-stopping.js';

const isLower = (value: number, than: number) => value < than;

describe('early stopping', () => {
  it('is over when the given number of rounds has passed without a better one', () => {
    const stopping = createEarlyStopping({ isBetter: isLower, patience: 2 });
    const values = [5, 3, 4, 3.5];

    const over = values.map((value, round) => {
      stopping.update({ round, value });
      return stopping.isOver(round);
    });

    expect(over).toEqual([false, false, false, true]);
    expect(stopping.best).toEqual({ round: 1, value: 3 });
  });

  it('keeps the first of equally good rounds, and what came with it', () => {
    const stopping = createEarlyStopping<{ round: number; value: number; note: string }>({
      isBetter: isLower,
      patience: 9,
    });

    expect(stopping.update({ round: 0, value: 1, note: 'first' })).toBe(true);
    expect(stopping.update({ round: 1, value: 1, note: 'second' })).toBe(false);
    expect(stopping.best?.note).toBe('first');
  });

  it('counts from the best round of the run that it resumes', () => {
    const stopping = createEarlyStopping({ isBetter: isLower, patience: 3, resumed: { round: 4, value: 1 } });

    expect(stopping.update({ round: 6, value: 2 })).toBe(false);
    expect([stopping.isOver(6), stopping.isOver(7)]).toEqual([false, true]);
  });

  it('is never over before a first round', () => {
    expect(createEarlyStopping({ isBetter: isLower, patience: 1 }).isOver(100)).toBe(false);
  });
});
