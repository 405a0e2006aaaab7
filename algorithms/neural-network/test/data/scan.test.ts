import type { TableRows as Rows } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { MAX_CATEGORIES } from '../../src/data/categories.js';
import { classWeights } from '../../src/data/labels.js';
import { type Collected, type ScanOptions, scanRows } from '../../src/data/scan.js';
import { channelOf } from './channels.js';

const options: ScanOptions = {
  hasWeights: false,
  collected: () => ({ categoricalColumns: [], classCount: undefined }),
  featureCount: undefined,
  keptBytes: 1e6,
  stop: { requested: false },
};
const collecting = (what: Partial<Collected>): Pick<ScanOptions, 'collected'> => ({
  collected: () => ({ categoricalColumns: [], classCount: undefined, ...what }),
});
const five: Rows = [1, 2, 3, 4, 5].map((label) => [label, 10 * label, 7 - (label % 2)]);

describe('the first pass over the data', () => {
  it('counts rows and columns, and learns the scaling of features and labels', async () => {
    const scan = await scanRows(channelOf(five), options);

    expect(scan).toMatchObject({ rows: 5, columns: 2, labels: { count: 1, classTotals: undefined } });
    expect([...scan.moments.scaling(String).means]).toEqual([30, 6.4]);
    expect([...scan.labels.scaling!.means]).toEqual([3]);
    expect(scan.labels.scaling!.deviations[0]).toBeCloseTo(Math.sqrt(2), 14);
  });

  it('keeps copies of the rows while they are few enough, four bytes per value as the network reads them', async () => {
    const bytes = (5 * (2 + 1) * 8) / 2; // features and label as doubles
    const channels = [bytes, bytes - 1].map((keptBytes) => ({ channel: channelOf(five), keptBytes }));

    for (const { channel, keptBytes } of channels) {
      const { source } = await scanRows(channel, { ...options, keptBytes });
      for await (const block of source.pass()) expect(block.columns).toBe(2);
    }

    expect(channels.map(({ channel }) => channel.reads.length)).toEqual([1, 2]);
  });

  it('collects categories in ascending order and rows by class, weighted', async () => {
    const rows = [
      [1, 0.5, 3, 9],
      [0, 2, -1, 9],
      [1, 0, 3, 8],
    ];
    const channel = channelOf(rows, { hasWeights: true });

    const scan = await scanRows(channel, {
      ...options,
      ...collecting({ classCount: 2, categoricalColumns: [1, 0] }),
      hasWeights: true,
    });

    expect([...scan.categories.values(2)]).toEqual([
      [0, [-1, 3]],
      [1, [8, 9]],
    ]);
    expect([...scan.labels.classTotals!]).toEqual([2, 0.5]);
  });

  it.each<[string, Rows, Partial<Collected>, string]>([
    [
      'a label that is no class',
      [
        [0, 1],
        [1, 1],
        [2, 1],
      ],
      { classCount: 2 },
      'a.csv line 3: the label must be a class, 0 or 1; received 2',
    ],
    [
      'a label between classes',
      [[0.5, 1]],
      { classCount: 3 },
      'a.csv line 1: the label must be a class, an integer in [0, 2]; received 0.5',
    ],
    [
      'a negative label',
      [
        [0, 1],
        [-1, 1],
      ],
      { classCount: 3 },
      'line 2: the label must be a class',
    ],
    [
      'too many categories',
      Array.from({ length: MAX_CATEGORIES + 1 }, (_, i) => [0, i]),
      { categoricalColumns: [0] },
      `Channel "train": categorical column 0 must have at most ${MAX_CATEGORIES} distinct values`,
    ],
  ])('refuses %s, naming the place', async (_, rows, more, message) => {
    await expect(scanRows(channelOf(rows, { blockRows: 1000 }), { ...options, ...collecting(more) })).rejects.toThrow(
      message,
    );
  });

  it('refuses labels whose squares exceed a double, naming channel and column', async () => {
    const far: Rows = [1e308, -1e308].map((label) => [label, 1]);

    await expect(scanRows(channelOf(far), options)).rejects.toThrow(
      'Channel "train": label column 1 must have values whose squares fit in a double',
    );
  });

  it('refuses a categorical column number that the rows do not have', async () => {
    const scan = await scanRows(channelOf(five), { ...options, ...collecting({ categoricalColumns: [1, 2] }) });

    expect(() => scan.categories.values(scan.columns)).toThrow(
      '"categorical_features" must name columns 0 to 1, label and weight not counted; received 2',
    );
  });

  it('refuses two label columns if there are classes', async () => {
    await expect(
      scanRows(channelOf(five, { labelCount: 2 }), { ...options, ...collecting({ classCount: 2 }) }),
    ).rejects.toThrow('a.csv line 1: rows must have 1 label column, the class; received 2. Check label_size');
  });

  it('refuses rows that all have weight 0', async () => {
    const rows = [
      [1, 0, 5],
      [2, 0, 6],
    ];

    await expect(scanRows(channelOf(rows, { hasWeights: true }), { ...options, hasWeights: true })).rejects.toThrow(
      'Channel "train" must have rows with a weight above 0; all 2 have 0',
    );
  });

  it('ends at a stop and says how far it was', async () => {
    let asked = 0;
    const stop = {
      get requested() {
        return ++asked > 1;
      },
    };

    await expect(scanRows(channelOf(five), { ...options, stop })).rejects.toThrow(
      'The job was stopped after 2 rows of channel "train"',
    );
  });
});

describe('class weights', () => {
  it('are as given, balanced so that all classes have equal weight, or none', () => {
    const totals = Float64Array.of(30, 10, 0);

    expect([...classWeights([1, 2, 3], totals)!]).toEqual([1, 2, 3]);
    // As scikit-learn: rows ÷ (classes · rows of the class); a class without rows has nothing to weigh.
    expect([...classWeights('balanced', totals)!]).toEqual([40 / 90, 40 / 30, 1]);
    expect(classWeights(undefined, totals)).toBeUndefined();
    expect(classWeights('balanced', undefined)).toBeUndefined();
  });
});
