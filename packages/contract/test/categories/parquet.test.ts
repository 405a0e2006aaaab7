/** Columns of text in Parquet, in every way that pyarrow and pandas write them. */
import { describe, expect, it } from 'vitest';
import { knownTextColumns } from '../../src/formats/categories/text-columns.js';
import { readParquetBuffer } from '../../src/formats/parquet/read-parquet-buffer.js';
import { parquetFixture, useJob } from '../channels/job.js';
import { openText, readNamed, TEXT } from './channels.js';

const job = useJob();

async function train(files: Readonly<Record<string, Uint8Array>>, parameters = '') {
  job.put(Object.fromEntries(Object.entries(files).map(([name, content]) => [`train/${name}`, content])));
  return readNamed(openText(job, { train: `application/x-parquet${parameters}` }).train);
}

const COLORS = ['Grün', 'blue', 'red'];
const WORDS = Array.from({ length: 300 }, (_, row) => {
  const color = ['red', null, 'blue', 'Grün', 'red', null][row % 6]!;
  return [['no', 'yes'][row % 2]!, color, color, color, ['a', null, 'c'][row % 3]!, row];
});
const CATEGORIES = { labels: [['no', 'yes']], features: [COLORS, COLORS, COLORS, ['a', 'c'], undefined] };

describe('text columns of Parquet', () => {
  it.each(['words', 'words-version-2', 'words-plain', 'words-delta-byte-array', 'words-delta-length-byte-array'])(
    'are read from %s, without names that no row has',
    async (name) => {
      const { rows, categories } = await train({ 'a.parquet': parquetFixture(name) });

      expect(categories).toEqual(CATEGORIES);
      expect(rows).toEqual(WORDS);
    },
  );

  it('are read from categories of pandas', async () => {
    expect(await train({ 'a.parquet': parquetFixture('pandas-categories') })).toEqual({
      rows: [
        [1, 'L'],
        [0, null],
        [1, 'S'],
      ],
      categories: { labels: [undefined], features: [['L', 'S']] },
      columnNames: ['size'],
    });
  });

  it('are refused for an algorithm that takes numbers only', async () => {
    job.put({ 'train/a.parquet': parquetFixture('words') });
    const { train: channel } = openText(
      job,
      { train: 'application/x-parquet' },
      { missingValues: 'accept', infiniteValues: 'refuse' },
    );

    await expect(readNamed(channel)).rejects.toThrow(
      'train/a.parquet column 1 "label": expected numbers or booleans; received BYTE_ARRAY STRING. Encode or drop the column.',
    );
  });

  it('are refused where they are bytes of no kind', async () => {
    await expect(train({ 'a.parquet': parquetFixture('not-text') })).rejects.toThrow(
      'train/a.parquet column 2 "bytes": expected numbers, booleans or text; received BYTE_ARRAY. Encode or drop the column.',
    );
  });

  it('may be folders', async () => {
    const { rows } = await train({
      'color=red/a.parquet': parquetFixture('plain'),
      'color=light%20blue/a.parquet': parquetFixture('plain'),
      'color=__HIVE_DEFAULT_PARTITION__/a.parquet': parquetFixture('plain'),
    });

    expect(rows.filter(([label]) => label === 1)).toEqual([
      [1, 5, null],
      [1, 5, 'light blue'],
      [1, 5, 'red'],
    ]);
  });

  it('may be declared for numbers', async () => {
    const { rows, categories } = await train({ 'a.parquet': parquetFixture('plain') }, ';text_columns="y,x"');

    expect(rows[0]).toEqual(['1', '5']);
    expect(categories).toEqual({ labels: [['1', '2', '3', '4']], features: [['5', '6', '7', '8']] });
  });

  it('keep numbers that are declared as they are, whatever the precision of features', async () => {
    job.put({ 'train/a.parquet': parquetFixture('duckdb-v2') });
    const definitions = { train: { description: 'Rows.', contentTypes: ['application/x-parquet'] } } as const;
    const ContentType = 'application/x-parquet;text_columns=x';
    const { train } = job.open({ train: { ContentType } }, { definitions, policy: TEXT, precision: 'float32' });

    const { rows } = await readNamed(train);

    expect(rows.map(([, x]) => x)).toEqual([0, 1, 2, 3, 4].map((i) => String(4_000_000_000 + i)));
  });

  it('refuse numbers of which other ones are the same double', async () => {
    await expect(train({ 'a.parquet': parquetFixture('types') }, ';text_columns=int64')).rejects.toThrow(
      'train/a.parquet row 1 column 6 "int64": an integer that is text must lie between -2^53 and 2^53; received about -9223372036854776000. Store the column as strings.',
    );
  });

  it('are coded in a request by the names of the model', () => {
    const featureNames = ['plain', 'large', 'coded', 'unused', 'number', 'label'];
    const categories = { labels: [], features: [...CATEGORIES.features, ['no', 'yes']] };
    const block = readParquetBuffer(parquetFixture('words'), {
      policy: TEXT,
      featureCount: 6,
      featureNames,
      texts: knownTextColumns(categories, 'error'),
    });

    expect([...block!.features.subarray(0, 12)]).toEqual([
      2,
      2,
      2,
      0,
      0,
      0,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      1,
      1,
    ]);
  });

  it('are refused in a request where the model has numbers', () => {
    expect(() => readParquetBuffer(parquetFixture('words'), { policy: TEXT })).toThrow(
      'request column 1 "label": expected numbers, as in the training data; received text. Encode or drop the column.',
    );
  });
});
