import { describe, expect, it } from 'vitest';
import { stopByMedian } from '../../src/tuning/early-stopping.js';
import type { Trial } from '../../src/tuning/trial.js';

const trial = (status: Trial['status'], ...measurements: number[]): Trial => ({
  hyperparameters: {},
  status,
  measurements,
});
// Running averages after two epochs: 3, 5, 7; after three: 2, 4, 6.
const previous = [trial('Completed', 4, 2, 0), trial('Completed', 6, 4, 2), trial('Stopped', 8, 6, 4)];

describe('the median rule', () => {
  it('stops a job that is worse than the median of running averages up to the same epoch', () => {
    expect(stopByMedian('Minimize', [...previous, trial('InProgress', 9, 5.1)])).toEqual([3]);
    expect(stopByMedian('Minimize', [...previous, trial('InProgress', 9, 4.9)])).toEqual([]);
    expect(stopByMedian('Minimize', [...previous, trial('InProgress', 9, 4.9, 4.1)])).toEqual([3]);
  });

  it('lets a job continue that is equal to the median', () => {
    expect(stopByMedian('Minimize', [...previous, trial('InProgress', 9, 5)])).toEqual([]);
  });

  it('compares the other way when the objective is maximized', () => {
    expect(stopByMedian('Maximize', [...previous, trial('InProgress', 9, 4.9)])).toEqual([3]);
    expect(stopByMedian('Maximize', [...previous, trial('InProgress', 9, 5.1)])).toEqual([]);
  });

  it('takes the mean of the two middle averages of an even number of jobs', () => {
    const two = previous.slice(0, 2); // averages 3 and 5

    expect(stopByMedian('Minimize', [...two, trial('InProgress', 9, 4.1)])).toEqual([2]);
    expect(stopByMedian('Minimize', [...two, trial('InProgress', 9, 3.9)])).toEqual([]);
  });

  it('judges a job that is past every previous one by its value at their last epoch', () => {
    expect(stopByMedian('Minimize', [...previous, trial('InProgress', 9, 9, 4.1, 0)])).toEqual([3]);
    expect(stopByMedian('Minimize', [...previous, trial('InProgress', 9, 9, 3.9, 9)])).toEqual([]);
  });

  it('stops none without a previous job that has a result, and none that has no value yet', () => {
    expect(stopByMedian('Minimize', [trial('InProgress', 1), trial('InProgress', 5)])).toEqual([]);
    expect(stopByMedian('Minimize', [...previous, trial('InProgress')])).toEqual([]);
    expect(stopByMedian('Minimize', [trial('Failed', 1), trial('InProgress', 5)])).toEqual([]);
  });

  it('stops a job whose metric is not a number', () => {
    expect(stopByMedian('Minimize', [...previous, trial('InProgress', 9, Number.NaN)])).toEqual([3]);
  });
});
