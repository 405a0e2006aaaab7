import { describe, expect, it } from 'vitest';
import { createEarlyStopping } from '../../src/early-stopping.js';

describe('early stopping', () => {
  it('stops after the given rounds without a strictly better value', () => {
    const stopping = createEarlyStopping({ rounds: 2, maximize: false });

    const stops = [0.5, 0.4, 0.4, 0.41].map((value, round) => stopping.shouldStop(round, value));

    expect(stops).toEqual([false, false, false, true]);
    expect(stopping.best()).toEqual({ round: 1, value: 0.4 });
  });

  it('goes on from where an earlier run stood', () => {
    const stopping = createEarlyStopping({ rounds: 3, maximize: true, resume: { round: 4, value: 0.9 } });

    expect(stopping.shouldStop(5, 0.91)).toBe(false);
    expect(stopping.shouldStop(6, 0.9)).toBe(false);
    expect(stopping.shouldStop(7, Number.NaN)).toBe(false);
    expect(stopping.shouldStop(8, 0.91)).toBe(true);
    expect(stopping.best()).toEqual({ round: 5, value: 0.91 });
  });

  it('counts only improvements above the least one', () => {
    const stopping = createEarlyStopping({ rounds: 9, maximize: true, leastImprovement: 0.1 });

    for (const [round, value] of [0.5, 0.55, 0.61].entries()) stopping.shouldStop(round, value);

    expect(stopping.best()).toEqual({ round: 2, value: 0.61 });
  });
});
