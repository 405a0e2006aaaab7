/** Columns with names, matched between the files and the channels of a job, and columns in the names of folders. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parquetFixture, readRows, useJob } from './job.js';

const job = useJob();

const PARQUET = 'application/x-parquet';
const rows = { description: 'rows', contentTypes: [PARQUET, 'text/csv'] } as const;
const definitions = { train: { ...rows, required: true }, validation: rows } as const;
const policy = { missingValues: 'accept', infiniteValues: 'refuse' } as const;

/** Both channels as Parquet, where the job has them. */
function open(...names: ('train' | 'validation')[]) {
  const configs = Object.fromEntries(names.map((name) => [name, { ContentType: PARQUET }]));
  return job.open(configs, { definitions, policy });
}

const PLAIN = [
  [1, 5],
  [2, 6],
  [3, 7],
  [4, 8],
];

describe('Parquet columns in a different order', () => {
  it('in a later file of the channel are reordered to match the first file', async () => {
    job.put({ 'train/1.parquet': parquetFixture('plain'), 'train/2.parquet': parquetFixture('swapped') });

    expect(await readRows(open('train').train)).toEqual([...PLAIN, ...PLAIN]);
  });

  it('in another channel are reordered to match the training data, including the label', async () => {
    job.put({ 'train/a.parquet': parquetFixture('plain'), 'validation/b.parquet': parquetFixture('swapped') });

    expect(await readRows(open('train', 'validation').validation)).toEqual(PLAIN);
  });

  it('in another channel are matched on each pass, though the training data is looked at once', async () => {
    job.put({ 'train/a.parquet': parquetFixture('plain'), 'validation/b.parquet': parquetFixture('swapped') });
    const { validation } = open('train', 'validation');
    await readRows(validation);

    rmSync(join(job.data, 'train/a.parquet'));

    expect(await readRows(validation)).toEqual(PLAIN);
  });

  it('are reordered to match the model that training continues from', async () => {
    job.put({ 'train/a.parquet': parquetFixture('types'), 'validation/a.parquet': parquetFixture('types') });
    const { train, validation } = open('train', 'validation');
    const names: string[] = [];
    for await (const { columnNames } of train!.blocks()) names.push(...columnNames!);

    const reversed = { featureNames: names.toReversed() };

    const turned = (await readRows(train)).map(([label, ...features]) => [label, ...features.reverse()]);
    expect(await readRows(train, reversed)).toEqual(turned);
    expect(await readRows(validation, reversed)).toEqual(turned);
  });
});

describe('Parquet columns with other names', () => {
  it('in another channel are refused, naming the missing and the extra ones', async () => {
    job.put({ 'train/a.parquet': parquetFixture('plain'), 'validation/b.parquet': parquetFixture('other-names') });

    await expect(readRows(open('train', 'validation').validation)).rejects.toThrow(
      'validation/b.parquet: the columns must have the names of train/a.parquet, in any order: "y", "x"; received "y", "a", "b": missing "x", extra "a", "b".',
    );
  });

  it('than those of the model that training continues from are refused', async () => {
    job.put({ 'train/a.parquet': parquetFixture('plain') });

    await expect(readRows(open('train').train, { featureNames: ['z'] })).rejects.toThrow(
      'train/a.parquet: the columns must have the names of the model, in any order: "z"; received "x": missing "z", extra "x".',
    );
  });

  it('are accepted by a model trained on data without column names', async () => {
    job.put({ 'train/a.csv': '1,2\n', 'validation/b.parquet': parquetFixture('swapped') });
    const configs = { train: { ContentType: 'text/csv' }, validation: { ContentType: PARQUET } };
    const { train, validation } = job.open(configs, { definitions, policy });

    expect(await readRows(train, { featureNames: ['z'] })).toEqual([[1, 2]]);
    expect(await readRows(validation)).toEqual(PLAIN.map(([y, x]) => [x, y]));
  });
});

it('refuses a channel whose label_size differs from that of the training data', async () => {
  job.put({ 'train/a.parquet': parquetFixture('other-names'), 'validation/b.parquet': parquetFixture('other-names') });
  const configs = { train: { ContentType: PARQUET }, validation: { ContentType: `${PARQUET};label_size=2` } };

  await expect(readRows(job.open(configs, { definitions, policy }).validation)).rejects.toThrow(
    'validation/b.parquet: label_size of the content type must be 1 as for train/a.parquet; it is 2.',
  );
});

describe('a partition folder (name=value)', () => {
  it('becomes a constant column after those of the file, outermost folder first', async () => {
    job.put({
      'train/z=0/month=1/a.parquet': parquetFixture('plain'),
      'train/z=1/month=2.5/a.parquet': parquetFixture('swapped'),
      'train/z=__HIVE_DEFAULT_PARTITION__/month=2/a.parquet': parquetFixture('plain'),
    });
    const { train } = open('train');
    const names: (readonly string[])[] = [];
    for await (const { columnNames } of train!.blocks()) names.push(columnNames!);

    expect(names).toEqual(Array(3).fill(['x', 'z', 'month']));
    const folders = [
      [0, 1],
      [1, 2.5],
      [NaN, 2],
    ];
    expect(await readRows(train)).toEqual(folders.flatMap((values) => PLAIN.map((row) => [...row, ...values])));
  });

  it('whose column is also in the files keeps the position of that column if the values agree', async () => {
    job.put({
      'train/y=1/a=2/p.parquet': parquetFixture('other-names'),
      'train/a=two/p.parquet': parquetFixture('other-names'),
    });

    expect(await readRows(open('train').train)).toEqual(Array(2).fill([1, 2, 3]));
  });

  it.each([
    ['y=1', 'row 2 column 1 "y": the value must be 1, as its folder "y=1" says (Hive partition); received 2.'],
    [
      'x=1e39',
      'row 1 column 2 "x": the value must be 1e+39, as its folder "x=1e39" says (Hive partition); received 5.',
    ],
    [
      'x=__HIVE_DEFAULT_PARTITION__',
      'row 1 column 2 "x": the value must be missing, as its folder "x=__HIVE_DEFAULT_PARTITION__" says (Hive partition); received 5.',
    ],
  ])('that contradicts its files is refused: %s', async (folder, message) => {
    job.put({ [`train/${folder}/p.parquet`]: parquetFixture('plain') });

    await expect(readRows(open('train').train)).rejects.toThrow(
      `train/${folder}/p.parquet ${message} Correct one of them.`,
    );
  });

  it('is ignored for CSV, with a warning', async () => {
    job.put({ 'train/z=1/a.csv': '1,2\n', 'train/z=2/a.csv': '3,4\n' });
    const warnings: string[] = [];
    const { train } = job.open(
      { train: { ContentType: 'text/csv' } },
      { definitions, policy, warn: (sentence) => warnings.push(sentence) },
    );

    expect(await readRows(train)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(warnings).toEqual([
      'channel "train": the folder "z=1" is not a column, since columns of text/csv have no names; its value is ignored.',
    ]);
  });

  it('is the label if the content type names it, in other channels too', async () => {
    job.put({
      'train/z=1/p.parquet': parquetFixture('plain'),
      'train/z=0/p.parquet': parquetFixture('plain'),
      'validation/z=2/p.parquet': parquetFixture('swapped'),
    });
    const config = { ContentType: `${PARQUET};label=z` };
    const { train, validation } = job.open({ train: config, validation: config }, { definitions, policy });

    expect(await readRows(train)).toEqual([0, 1].flatMap((z) => PLAIN.map((row) => [z, ...row])));
    expect(await readRows(validation)).toEqual(PLAIN.map((row) => [2, ...row]));
  });

  it('that the content type names as the label is required', async () => {
    job.put({ 'train/z=1/p.parquet': parquetFixture('plain') });
    const { train } = job.open({ train: { ContentType: `${PARQUET};label=w` } }, { definitions, policy });

    await expect(readRows(train)).rejects.toThrow(
      'train/z=1/p.parquet: the column "w", which the content type names as the label, must exist; received "y", "x", "z".',
    );
  });

  it('has its name and value URL-decoded, a missing value as NaN', async () => {
    job.put({
      'train/a%20b=1e3/p.parquet': parquetFixture('plain'),
      'train/a%20b=__HIVE_DEFAULT_PARTITION__/p.parquet': parquetFixture('plain'),
    });
    const { train } = open('train');
    const names: string[] = [];
    for await (const { columnNames } of train!.blocks()) names.push(columnNames!.join());

    expect(names).toEqual(['x,a b', 'x,a b']);
    expect((await readRows(train)).map((row) => row[2])).toEqual([1000, 1000, 1000, 1000, NaN, NaN, NaN, NaN]);
  });

  it.each(['y=', 'z=red', 'day=2020-01-01', 'z=true'])(
    'with a value that is not a number is refused: %s',
    async (folder) => {
      job.put({ [`train/${folder}/p.parquet`]: parquetFixture('other-names') });
      const read = () => readRows(open('train').train);

      if (folder === 'y=') await expect(read()).resolves.toHaveLength(1);
      else {
        await expect(read()).rejects.toThrow(
          `train/${folder}/p.parquet: its folder "${folder}" is a column (Hive partition) and must hold a number`,
        );
      }
    },
  );

  it('does not produce rows for a file without columns', async () => {
    job.put({ 'train/z=1/w=2/p.parquet': parquetFixture('pandas-only-index') });

    await expect(readRows(open('train').train)).rejects.toThrow(
      'train/z=1/w=2/p.parquet: expected a column of its own; received none.',
    );
  });

  it('is refused if only some files of the channel are in one', async () => {
    job.put({ 'train/p.parquet': parquetFixture('plain'), 'train/z=1/p.parquet': parquetFixture('plain') });

    await expect(readRows(open('train').train)).rejects.toThrow(
      'train/z=1/p.parquet: the columns must have the names of train/p.parquet, in any order: "y", "x"; received "y", "x", "z": extra "z".',
    );
  });

  it('is ignored for CSV, whose columns have no names', async () => {
    job.put({ 'train/z=1/p.csv': '1,2\n' });

    expect(await readRows(job.open({ train: { ContentType: 'text/csv' } }, { definitions, policy }).train)).toEqual([
      [1, 2],
    ]);
  });
});
