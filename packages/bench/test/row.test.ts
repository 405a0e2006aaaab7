import { describe, expect, it } from 'vitest';
import type { Outcome } from '../src/rounds.js';
import { type Goal, goalSummary, row } from '../src/row.js';

const samples = (...values: number[]) => values.map((seconds) => ({ seconds }));
const measured = (...values: number[]): Outcome => ({ samples: samples(...values) });
const base = { measure: 'train', unit: 's', key: 'seconds' };

describe('row', () => {
  it('compares the medians, and keeps both ranges', () => {
    const result = row({
      ...base,
      ours: samples(3, 1, 2),
      peer: { name: 'numpy', outcome: measured(8, 5, 4) },
      goal: { value: 'ratio', atMost: 0.5 },
    });

    expect(result).toEqual({
      measure: 'train',
      unit: 's',
      ours: 2,
      oursRange: [1, 3],
      peer: 5,
      peerRange: [4, 8],
      peerName: 'numpy',
      ratio: 0.4,
      goal: 'ratio <= 0.5',
      reached: true,
      stretch: null,
      stretchReached: null,
      runs: 3,
      note: null,
    });
  });

  it('knows a farther goal too', () => {
    const result = row({
      ...base,
      ours: samples(2),
      peer: { name: 'numpy', outcome: measured(4) },
      goal: { value: 'ratio', atMost: 0.5 },
      stretch: { value: 'ratio', atMost: 0.25 },
    });

    expect(result).toMatchObject({ reached: true, stretch: 'ratio <= 0.25', stretchReached: false });
  });

  it('takes the maximum if a limit must hold in every run', () => {
    const result = row({
      ...base,
      statistic: 'max',
      ours: samples(200, 251, 210),
      goal: { value: 'ours', atMost: 250 },
    });

    expect(result).toMatchObject({ ours: 251, reached: false, goal: '<= 250 s' });
  });

  it('takes the mean if runs use different data', () => {
    const result = row({
      ...base,
      statistic: 'mean',
      ours: samples(1, 2, 6),
      peer: { name: 'peer', outcome: measured(2, 4) },
    });

    expect(result).toMatchObject({ ours: 3, peer: 3, ratio: 1 });
  });

  it.each<[string, Goal, boolean]>([
    ['at most, equal', { value: 'ours', atMost: 2 }, true],
    ['at most, above', { value: 'ours', atMost: 1.99 }, false],
    ['at least, equal', { value: 'ours', atLeast: 2 }, true],
    ['at least, below', { value: 'ours', atLeast: 2.01 }, false],
    ['ratio, equal', { value: 'ratio', atMost: 0.5 }, true],
    ['ratio, above', { value: 'ratio', atMost: 0.49 }, false],
  ])('decides the goal %s', (_, goal, reached) => {
    const result = row({ ...base, ours: samples(2), peer: { name: 'peer', outcome: measured(4) }, goal });

    expect(result.reached).toBe(reached);
  });

  it('has no verdict without a goal', () => {
    expect(row({ ...base, ours: samples(1) })).toMatchObject({ goal: null, reached: null, peer: null, ratio: null });
  });

  it('reports a missing peer, and misses the goal that needs it', () => {
    const peer = { name: 'pandas', outcome: { missing: 'no wheel' } };

    const withRatio = row({ ...base, ours: samples(1), peer, goal: { value: 'ratio', atMost: 0.5 } });
    const withOurs = row({ ...base, ours: samples(1), peer, goal: { value: 'ours', atMost: 2 } });

    expect(withRatio).toMatchObject({ peer: null, ratio: null, reached: false, note: 'peer missing: no wheel' });
    expect(withOurs).toMatchObject({ reached: true, note: 'peer missing: no wheel' });
  });

  it('rejects a sample without the number, showing the sample', () => {
    expect(() => row({ ...base, ours: [{ peakMB: 7 }] })).toThrow('finite "seconds"; received {"peakMB":7}');
  });
});

describe('goalSummary', () => {
  it('counts the rows that have a goal', () => {
    const rows = [
      row({ ...base, ours: samples(1), goal: { value: 'ours', atMost: 2 } }),
      row({ ...base, ours: samples(3), goal: { value: 'ours', atMost: 2 } }),
      row({ ...base, ours: samples(3) }),
    ];

    expect(goalSummary(rows)).toBe('1 of 2 goals reached');
  });

  it('counts the rows whose peer is missing, with which a goal may be lost', () => {
    const peer = { name: 'pandas', outcome: { missing: 'no wheel' } };
    const reached = row({ ...base, ours: samples(1), goal: { value: 'ours', atMost: 2 } });
    const alone = row({ ...base, ours: samples(1), peer });

    expect(goalSummary([reached, alone])).toBe('1 of 1 goals reached; 1 row without its peer');
    expect(goalSummary([reached, alone, alone])).toBe('1 of 1 goals reached; 2 rows without their peer');
  });
});
