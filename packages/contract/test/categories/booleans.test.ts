/** Booleans, which JSON and Parquet have and CSV writes as text. */
import { describe, expect, it } from 'vitest';
import { type Block, isSparse, type SparseBlock } from '../../src/formats/block.js';
import { knownTextColumns } from '../../src/formats/categories/text-columns.js';
import { readJsonBuffer } from '../../src/formats/json/body.js';
import { readParquetBuffer } from '../../src/formats/parquet/read-parquet-buffer.js';
import { parquetFixture, useJob } from '../channels/job.js';
import { openText, readNamed, TEXT } from './channels.js';

const job = useJob();

/** The flags of the Parquet fixture, as make-parquet.py has them. */
const FLAGS = Array.from({ length: 300 }, (_, i) => (i % 11 === 0 ? null : i % 4 === 0));
const NAMES = ['label', 'double', 'single', 'few', 'null', 'flag'];
const JSON_LINES = FLAGS.map((flag, i) => `${JSON.stringify({ label: i % 2, flag })}\n`).join('');
/** As pandas writes them. */
const CSV_LINES = FLAGS.map((flag, i) => `${i % 2},${{ true: 'True', false: 'False', null: '' }[`${flag}`]}\n`);
const FORMATS = {
  parquet: [parquetFixture('no-dictionary'), 'application/x-parquet'],
  json: [JSON_LINES, 'application/jsonlines'],
  csv: [`label,flag\n${CSV_LINES.join('')}`, 'text/csv;header=present'],
} as const;

/** The column of flags, and its names if it is text. */
async function flagsOf(format: keyof typeof FORMATS, parameters = '') {
  const [content, contentType] = FORMATS[format];
  job.put({ 'train/a': content });
  const { rows, categories } = await readNamed(openText(job, { train: contentType + parameters }).train);
  return { flags: rows.map((row) => row.at(-1)), names: categories?.features.at(-1) };
}

describe('a column of booleans', () => {
  it('has the numbers 1 and 0 in JSON and Parquet', async () => {
    const numbers = { flags: FLAGS.map((flag) => (flag === null ? null : Number(flag))), names: undefined };

    expect(await flagsOf('json')).toEqual(numbers);
    expect(await flagsOf('parquet')).toEqual(numbers);
  });

  it('is text in CSV', async () => {
    expect((await flagsOf('csv')).names).toEqual(['False', 'True']);
  });

  it.each(['parquet', 'json', 'csv'] as const)('declared as text has the same names in %s', async (format) => {
    expect(await flagsOf(format, ';text_columns=flag')).toEqual({
      flags: FLAGS.map((flag) => (flag === null ? null : flag ? 'True' : 'False')),
      names: ['False', 'True'],
    });
  });

  it('may be the label', async () => {
    job.put({ 'train/a': '[true,5]\n[false,6]\n' });

    const { rows } = await readNamed(openText(job, { train: 'application/jsonlines' }).train);

    expect(rows).toEqual([
      [1, 5],
      [0, 6],
    ]);
  });

  it('is numbers for an algorithm that takes no text', async () => {
    job.put({ 'train/a': '{"y":true,"x":false}\n' });
    const policy = { missingValues: 'refuse', infiniteValues: 'refuse' } as const;

    const { rows } = await readNamed(openText(job, { train: 'application/jsonlines' }, policy).train);

    expect(rows).toEqual([[1, 0]]);
  });

  it('is refused among text', async () => {
    job.put({ 'train/a': '[1,"a"]\n[0,true]\n' });

    await expect(readNamed(openText(job, { train: 'application/jsonlines' }).train)).rejects.toThrow(
      'train/a line 2 column 2: expected text, as "a" in train/a line 1 column 2; received the boolean true.',
    );
  });
});

function valuesOf(block: Block | SparseBlock | undefined): number[] {
  return block && !isSparse(block) ? [...block.features] : [];
}

describe('booleans in a request', () => {
  const ask = (body: string, names?: readonly string[]) =>
    valuesOf(
      readJsonBuffer(Buffer.from(body), {
        policy: TEXT,
        featureCount: 2,
        featureNames: ['flag', 'x'],
        ...(names && { texts: knownTextColumns({ labels: [], features: [names, undefined] }, 'error') }),
      }),
    );
  const BODIES = [
    '{"instances":[[true,5],[false,6],[null,7]]}',
    '{"instances":[{"x":5,"flag":true},{"flag":false,"x":6},{"flag":null,"x":7}]}',
    '{"inputs":{"flag":[true,false,null],"x":[5,6,7]}}',
    '{"instances":[{"features":[true,5]},{"data":{"features":{"values":[false,6]}}},[null,7]]}',
  ];

  it.each(BODIES)('are numbers where the model has numbers: %s', (body) => {
    expect(ask(body)).toEqual([1, 5, 0, 6, Number.NaN, 7]);
  });

  it.each(['False True', 'false true', 'FALSE TRUE', '0 1'])('are the names that the model has: %s', (names) => {
    expect(ask(BODIES[0]!, names.split(' '))).toEqual([1, 5, 0, 6, Number.NaN, 7]);
  });

  it('are unknown names where the model has others', () => {
    expect(() => ask(BODIES[1]!, ['no', 'yes'])).toThrow(
      'request row 1 column "flag": expected a category of training ("no", "yes"); received "True".',
    );
  });

  it('are the names that the model has in Parquet, too', () => {
    const features = [undefined, undefined, undefined, undefined, undefined, ['false', 'true']];
    const block = readParquetBuffer(parquetFixture('no-dictionary'), {
      policy: TEXT,
      featureCount: 6,
      featureNames: NAMES,
      texts: knownTextColumns({ labels: [], features }, 'error'),
    });

    expect([0, 1, 2, 3, 4].map((row) => block!.features[row * 6 + 5])).toEqual([Number.NaN, 0, 0, 0, 1]);
  });

  it.each(['keys', 'shape'])('are refused as "%s" of a row', (member) => {
    const row = { keys: [0], shape: [2], values: [5], [member]: [true] };

    expect(() => ask(JSON.stringify({ instances: [{ data: { features: row } }] }))).toThrow(`"${member}"`);
  });
});
