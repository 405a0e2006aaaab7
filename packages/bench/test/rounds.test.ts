import { describe, expect, it } from 'vitest';
import { alternate, alternateAll, median, type Sample } from '../src/rounds.js';

const quiet = () => {};
const recorder = (order: string[], name: string, samples: readonly number[] = [1, 1, 1]) => {
  let run = 0;
  return {
    run: async (): Promise<Sample> => {
      order.push(name);
      return { seconds: samples[run++]! };
    },
  };
};

describe('median', () => {
  it('of an odd number of values is the middle one, in any order', () => {
    expect(median([9, 1, 4])).toBe(4);
    expect(median([7])).toBe(7);
  });

  it('of an even number of values is the mean of the two in the middle', () => {
    expect(median([10, 1, 2, 4])).toBe(3);
  });

  it('sorts as numbers, and does not change its input', () => {
    const values = [100, 20, 3];

    expect(median(values)).toBe(20);
    expect(values).toEqual([100, 20, 3]);
  });

  it('rejects an empty list', () => {
    expect(() => median([])).toThrow('at least 1 value');
  });
});

describe('alternate', () => {
  it('runs ours and the peers alternately, round by round', async () => {
    const order: string[] = [];

    await alternate({
      ours: recorder(order, 'ours'),
      peers: { a: recorder(order, 'a'), b: recorder(order, 'b') },
      rounds: 2,
      progress: quiet,
    });

    expect(order).toEqual(['ours', 'a', 'b', 'ours', 'a', 'b']);
  });

  it('returns every sample in order', async () => {
    const result = await alternate({
      ours: recorder([], 'ours', [1, 2, 3]),
      peers: { a: recorder([], 'a', [4, 5, 6]) },
      rounds: 3,
      progress: quiet,
    });

    expect(result.ours).toEqual([{ seconds: 1 }, { seconds: 2 }, { seconds: 3 }]);
    expect(result.peers.a).toEqual({ samples: [{ seconds: 4 }, { seconds: 5 }, { seconds: 6 }] });
  });

  it('never runs a missing peer and reports its reason', async () => {
    const order: string[] = [];

    const result = await alternate({
      ours: recorder(order, 'ours'),
      peers: { a: { ...recorder(order, 'a'), missing: 'no wheel' } },
      rounds: 2,
      progress: quiet,
    });

    expect(order).toEqual(['ours', 'ours']);
    expect(result.peers.a).toEqual({ missing: 'no wheel' });
  });

  it('drops a peer that fails in a later round, with its message, and continues', async () => {
    let runs = 0;
    const failing = {
      run: async () => {
        if (++runs === 2) throw new Error('out of memory');
        return { seconds: 1 };
      },
    };

    const result = await alternate({
      ours: recorder([], 'ours'),
      peers: { failing },
      rounds: 3,
      progress: quiet,
    });

    expect(runs).toBe(2);
    expect(result.ours).toHaveLength(3);
    expect(result.peers.failing).toEqual({ missing: 'out of memory' });
  });

  it('fails if ours fails', async () => {
    const ours = { run: () => Promise.reject(new Error('no such program')) };

    await expect(alternate({ ours, peers: {}, rounds: 1, progress: quiet })).rejects.toThrow('no such program');
  });
});

describe('alternateAll', () => {
  it('runs all in turn, and returns the samples of each', async () => {
    const order: string[] = [];
    const [a, b] = [recorder(order, 'a', [1, 2]), recorder(order, 'b', [3, 4])];

    const samples = await alternateAll({ a: a.run, b: b.run }, { rounds: 2, progress: quiet });

    expect(order).toEqual(['a', 'b', 'a', 'b']);
    expect(samples).toEqual({ a: [{ seconds: 1 }, { seconds: 2 }], b: [{ seconds: 3 }, { seconds: 4 }] });
  });

  it('throws what a run throws', async () => {
    const failing = () => Promise.reject(new Error('the second host ended'));

    await expect(alternateAll({ failing }, { rounds: 1, progress: quiet })).rejects.toThrow('the second host ended');
  });
});
