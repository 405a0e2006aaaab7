import { describe, expect, it } from 'vitest';
import { curvesOf } from '../../src/report/profile/curves.js';
import { profileData } from '../../src/report/profile/data-profile.js';
import type { ValidationRecord } from '../../src/report/record.js';
import { makeFolder } from '../support/folder.js';

const channel = { train: { path: 'train', contentType: 'text/csv' } };

/** A record with nothing but what these parts read. */
function recordOf(files: Readonly<Record<string, string>>, profile: object = { trainingJob: { channels: channel } }) {
  const inputs = makeFolder(files);
  return { profile, input: (path: string) => `${inputs}/${path}` } as unknown as ValidationRecord;
}

describe('the profile of training data', () => {
  it('has types, missing values, ranges and distributions of the columns of all files', async () => {
    const record = recordOf({
      'train/a.csv': '1,0.5,red,\n0,,blue,\n1,2.5,red,\n',
      'train/b.csv': '1,10,red,\n0,-1,"a, b",\n',
    });

    const { rows, files, bytes, columns } = await profileData(record);

    expect({ rows, files, bytes }).toEqual({ rows: 5, files: 2, bytes: 31 + 23 });
    expect(columns.map(({ name, type, missing, distinct }) => [name, type, missing, distinct])).toEqual([
      ['label', 'integer', 0, 2],
      ['feature 1', 'number', 1, 4],
      ['feature 2', 'text', 0, 3],
      ['feature 3', 'empty', 5, 0],
    ]);
    const [label, number, text] = columns;
    expect(label!.values).toEqual([
      { value: '1', count: 3 },
      { value: '0', count: 2 },
    ]);
    // Of −1, 0.5, 2.5, 10: the mean is 3, the sum of squares around it 16 + 6.25 + 0.25 + 49.
    expect(number!.range).toMatchObject({ min: -1, median: 1.5, mean: 3, max: 10 });
    expect(number!.range!.deviation).toBeCloseTo(Math.sqrt(71.5 / 3), 12);
    expect(text!.values[0]).toEqual({ value: 'red', count: 3 });
  });

  it('has the names that the profile gives, or a header that the content type announces', async () => {
    const files = { 'train/a.csv': 'price,area\n1,2\n3,4\n' };
    const withHeader = { train: { path: 'train', contentType: 'text/csv;header=present' } };
    const namesOf = async (profile: object) =>
      (await profileData(recordOf(files, profile))).columns.map(({ name, range }) => [name, range?.max]);

    expect(await namesOf({ trainingJob: { channels: withHeader } })).toEqual([
      ['price', 3],
      ['area', 4],
    ]);
    const named = { trainingJob: { channels: withHeader }, columnNames: ['USD', 'm²'] };
    expect(await namesOf(named)).toEqual([
      ['USD', 3],
      ['m²', 4],
    ]);
  });

  it.each([
    'text/csv;label_size=0',
    'text/csv;header=auto',
    'text/csv; header="AUTO"',
    'text/csv;header=present;label=price',
  ])('is left out for %s, which says that the columns are others', async (contentType) => {
    const profile = { trainingJob: { channels: { train: { path: 'train', contentType } } } };
    const record = recordOf({ 'train/a.csv': 'area,price\n1,2\n' }, profile);

    await expect(profileData(record)).rejects.toThrow(
      `the data is ${contentType}; CSV is read here with one label first, and with header=present or without a header.`,
    );
  });

  it.each([
    ['application/x-parquet', 'None', 'the channel train is application/x-parquet; only plain text/csv is read here.'],
    ['text/csv', 'Gzip', 'the channel train is text/csv, Gzip; only plain text/csv is read here.'],
  ])('is left out for %s, %s', async (contentType, compressionType, reason) => {
    const profile = { trainingJob: { channels: { train: { path: 'train', contentType, compressionType } } } };

    await expect(profileData(recordOf({ 'train/a': '' }, profile))).rejects.toThrow(reason);
  });
});

describe('curves', () => {
  const definitions = ['train:loss', 'validation:loss'].map((Name) => ({ Name, Regex: `${Name}=([0-9.]+)` }));
  const curves = (log: string, metrics: readonly (readonly [string, number])[]) =>
    curvesOf({
      trainingLog: log,
      metrics: metrics.map(([name, value]) => ({ name, value })),
      description: { TrainingSpecification: { MetricDefinitions: definitions } },
    } as unknown as ValidationRecord);

  it('are over the rounds, epochs or steps that the log counts', () => {
    const log = 'start\nEpoch 10/30 train:loss=3 validation:loss=4\nEpoch 20/30 train:loss=1 validation:loss=2\n';

    const found = curves(log, [
      ['train:loss', 3],
      ['validation:loss', 4],
      ['train:loss', 1],
      ['validation:loss', 2],
    ]);

    expect(found).toEqual([
      {
        ...{ name: 'loss', counter: 'epoch' },
        curves: [
          {
            metric: 'train:loss',
            points: [
              [10, 3],
              [20, 1],
            ],
          },
          {
            metric: 'validation:loss',
            points: [
              [10, 4],
              [20, 2],
            ],
          },
        ],
      },
    ]);
  });

  it('are over the number of the value where the log counts nothing, or starts again', () => {
    const values = [
      ['train:loss', 3],
      ['train:loss', 1],
    ] as const;
    const byNumber = [
      {
        name: 'loss',
        counter: 'value',
        curves: [
          {
            metric: 'train:loss',
            points: [
              [1, 3],
              [2, 1],
            ],
          },
        ],
      },
    ];

    expect(curves('train:loss=3\ntrain:loss=1\n', values)).toEqual(byNumber);
    expect(curves('epoch=1 train:loss=3\nepoch=1 train:loss=1\n', values)).toEqual(byNumber);
  });

  it('are none for metrics that were logged once', () => {
    expect(curves('train:loss=3\n', [['train:loss', 3]])).toEqual([]);
  });
});
