import { describe, expect, it } from 'vitest';
import { createSchedule, type ScheduleOptions } from '../../src/training/schedule.js';

const options = (given: Partial<ScheduleOptions>): ScheduleOptions => ({
  ...{ kind: 'constant', learningRate: 0.1, totalSteps: 10, warmupSteps: 0, factor: 0.5, interval: 4 },
  ...given,
});
const rates = (given: Partial<ScheduleOptions>, steps = 10) => {
  const rate = createSchedule(options(given));
  return Array.from({ length: steps }, (_, index) => rate(index + 1));
};

describe('createSchedule', () => {
  it('keeps a constant rate', () => {
    expect(rates({})).toEqual(Array(10).fill(0.1));
  });

  it('warms up in equal parts to the full rate at the last step of the warm-up', () => {
    const found = rates({ warmupSteps: 4 });

    expect(found.slice(0, 5).map((rate) => Number(rate.toFixed(6)))).toEqual([0.025, 0.05, 0.075, 0.1, 0.1]);
  });

  it('multiplies by the factor at each interval', () => {
    expect(rates({ kind: 'step' })).toEqual([0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.025, 0.025]);
  });

  it('decreases along half a cosine from the full rate towards 0 at the end', () => {
    const found = rates({ kind: 'cosine' });

    expect(found[0]).toBe(0.1);
    expect(found[5]).toBeCloseTo(0.05, 12);
    expect(found[9]).toBeCloseTo(0.1 * ((1 + Math.cos(0.9 * Math.PI)) / 2), 12);
    expect(found.every((rate, i) => i === 0 || rate < found[i - 1]!)).toBe(true);
  });

  it('starts the cosine after the warm-up, and stays above 0 beyond the last step', () => {
    const found = rates({ kind: 'cosine', warmupSteps: 5 }, 14);

    expect(found[4]).toBe(0.1);
    expect(found[5]).toBe(0.1);
    expect(found[6]).toBeLessThan(0.1);
    expect(found.slice(10)).toEqual(Array(4).fill(found[9]));
    expect(found[9]).toBeGreaterThan(0);
  });

  it('has a rate if all of the training is warm-up', () => {
    expect(rates({ kind: 'cosine', warmupSteps: 10 })[9]).toBe(0.1);
  });
});
