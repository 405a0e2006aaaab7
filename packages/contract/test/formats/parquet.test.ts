/** Parquet of a channel, in files that pyarrow wrote (fixtures/make-parquet.py). */
import { describe, expect, it } from 'vitest';
import { read } from './parquet-tables.js';

const NAN = Number.NaN;

/** What make-parquet.py puts into the tables of every codec. */
const PLAIN = Array.from({ length: 300 }, (_, i) => [
  i / 7,
  Math.fround(i / 7),
  (i % 5) * 1.5,
  i % 3 === 0 ? NAN : i / 2,
  i % 11 === 0 ? NAN : Number(i % 4 === 0),
]);

describe('a Parquet file', () => {
  it.each([
    'none',
    'snappy',
    'gzip',
    'brotli',
    'zstd',
    'lz4',
    'lz4-hadoop',
    'lz4-unframed',
    'version-2',
    'no-dictionary',
  ])('written as %s is read: labels, doubles, floats, dictionaries, nulls and booleans', async (name) => {
    const table = await read(name);

    expect(table.labels).toEqual(PLAIN.map((_, i) => [i % 2]));
    expect(table.features).toEqual(PLAIN);
    expect(table.names).toEqual(['double', 'single', 'few', 'null', 'flag']);
    expect(table.blocks).toEqual([
      [128, 5, `${name}.parquet`, 1],
      [128, 5, `${name}.parquet`, 129],
      [44, 5, `${name}.parquet`, 257],
    ]);
  });

  it('with delta and byte-stream-split encodings is read', async () => {
    const { labels, features } = await read('byte-stream-split');

    expect(labels.flat()).toEqual(PLAIN.map((_, i) => i % 2));
    expect(features).toEqual(PLAIN.map((row) => row.slice(0, 2)));
  });

  it('with every type of number is read, each value rounded once', async () => {
    const { labels, features, names } = await read('types');

    expect(names.join(' ')).toBe('int8 uint16 int32 uint32 int64 uint64 half decimal wide nothing required');
    expect(labels.flat()).toEqual([0, 1, 2]);
    expect(features).toEqual([
      [-128, 0, -2147483648, 0, -(2 ** 63), 0, 0.5, 0.07, Number('12345678901234567890.123'), NAN, 1.5],
      [0, 1, 0, NAN, 9007199254740992, 9007199254740992, -65504, NAN, -0.001, NAN, 2.5],
      [127, 65535, 2147483647, 4294967295, -1, 2 ** 64, 2 ** -24, -123456.78, 0, NAN, 3.5],
    ]);
  });

  it('without rows gives no block', async () => {
    expect((await read('empty')).blocks).toEqual([]);
  });

  it('is divided into blocks of at most maxRows rows that know their first row', async () => {
    const { blocks, features } = await read('snappy', { maxRows: 100 });

    expect(blocks.map(([rows, , , first]) => [rows, first])).toEqual([
      [100, 1],
      [28, 101],
      [100, 129],
      [28, 229],
      [44, 257],
    ]);
    expect(features).toEqual(PLAIN);
  });

  it('is rounded once to float32 if that is requested, except for labels', async () => {
    const { features, labels } = await read('snappy', { precision: 'float32' });

    expect(features).toEqual(PLAIN.map((row) => row.map(Math.fround)));
    expect(labels.flat()).toEqual(PLAIN.map((_, i) => i % 2));
  });

  it('has as many labels as label_size says, and a weight if one is requested', async () => {
    expect(await read('weighted', { labelSize: '0' })).toMatchObject({
      labels: [[], []],
      names: ['label', 'weight', 'x'],
    });
    expect(await read('weighted', { labelSize: '2' })).toMatchObject({
      labels: [
        [1, 0.5],
        [0, 2],
      ],
      features: [[3], [4]],
    });
    expect(await read('weighted', { hasWeights: true })).toMatchObject({
      labels: [[1], [0]],
      weights: [0.5, 2],
      features: [[3], [4]],
      names: ['x'],
    });
  });

  it('can follow another with the same columns', async () => {
    const { blocks, labels } = await read(['zstd', 'snappy']);

    expect(blocks.map(([, , source]) => source)).toEqual(
      ['zstd', 'zstd', 'zstd', 'snappy', 'snappy', 'snappy'].map((name) => `${name}.parquet`),
    );
    expect(labels).toHaveLength(600);
  });
});
