/** Dictionaries: the same from the same rows, however they come, and bounded. */
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_CATEGORIES, sortNames } from '../../src/formats/categories/categories.js';
import type { FirstCell } from '../../src/formats/categories/column-problems.js';
import { finishSurvey } from '../../src/formats/categories/finish-survey.js';
import { createSurvey } from '../../src/formats/categories/survey.js';
import { useJob } from '../channels/job.js';
import { expectSameRows } from '../same-rows.js';
import { openText, readNamed, TEXT } from './channels.js';

const job = useJob();

const ROWS = [
  ['Gentoo', 'Biscoe', 46.1],
  ['Adelie', 'Torgersen', 39.1],
  ['Chinstrap', 'Dream', null],
  ['Adelie', null, 40.3],
  ['Gentoo', 'Biscoe', 50],
] as const;
const CATEGORIES = {
  labels: [['Adelie', 'Chinstrap', 'Gentoo']],
  features: [['Biscoe', 'Dream', 'Torgersen'], undefined],
};

const csv = (rows: readonly (readonly unknown[])[]) =>
  rows.map((row) => `${row.map((cell) => cell ?? '').join(',')}\n`).join('');
const records = ROWS.map(([species, island, bill]) => ({ species, island, bill }));

async function categoriesOf(files: Readonly<Record<string, string | Uint8Array>>, contentType = 'text/csv') {
  job.put(Object.fromEntries(Object.entries(files).map(([name, content]) => [`train/${name}`, content])));
  return readNamed(openText(job, { train: contentType }).train);
}

describe('the dictionaries of a channel', () => {
  it.each([
    ['one file', { 'a.csv': csv(ROWS) }],
    ['files in another order', { '1.csv': csv(ROWS.slice(3)), '2.csv': csv(ROWS.slice(0, 3)) }],
    ['a file for each row', Object.fromEntries(ROWS.map((row, at) => [`${9 - at}.csv`, csv([row])]))],
    ['a file that gzip packed', { 'a.csv.gz': gzipSync(csv(ROWS)) }],
    ['a file whose columns a semicolon separates', { 'a.csv': csv(ROWS).replaceAll(',', ';') }],
  ])('are the same from %s', async (_, files) => {
    expect((await categoriesOf(files)).categories).toEqual(CATEGORIES);
  });

  it.each([
    ['CSV with a header line', 'text/csv;header=present', `species,island,bill\n${csv(ROWS)}`],
    ['JSON Lines', 'application/jsonlines', records.map((record) => `${JSON.stringify(record)}\n`).join('')],
    ['JSON', 'application/json', JSON.stringify(records)],
  ])('are the same from %s, and so are rows and names', async (_, contentType, content) => {
    expect(await categoriesOf({ a: content }, contentType)).toEqual({
      rows: ROWS,
      categories: CATEGORIES,
      columnNames: ['island', 'bill'],
    });
  });

  it('are the same from a pipe, which is read once to find them', async () => {
    const definitions = { train: { description: 'rows', required: true, contentTypes: ['text/csv'] } } as const;
    const { train } = job.open({ train: { TrainingInputMode: 'Pipe' } }, { definitions, policy: TEXT });
    const epochs = [0, 1, 2].map(async (epoch) => {
      const writer = createWriteStream(job.makeFifo(`train_${epoch}`));
      writer.end(csv(ROWS));
      await finished(writer);
    });

    const first = await readNamed(train);
    const second = await readNamed(train);
    await Promise.all(epochs);

    expect(first).toEqual({ rows: ROWS, categories: CATEGORIES, columnNames: undefined });
    expect(second).toEqual(first);
  });

  it('are not looked for in more than the start of a pipe of numbers, which gives each epoch to a pass', async () => {
    const definitions = { train: { description: 'rows', required: true, contentTypes: ['text/csv'] } } as const;
    const { train } = job.open({ train: { TrainingInputMode: 'Pipe' } }, { definitions, policy: TEXT });
    const content = Array.from({ length: 50_000 }, (_, row) => `${row},${row / 3}\n`).join('');
    const writer = createWriteStream(job.makeFifo('train_0'));
    writer.end(content);

    const { rows, categories } = await readNamed(train);
    await finished(writer);

    expect(categories).toBeUndefined();
    const expected = Array.from({ length: 50_000 }, (_, row) => [row, row / 3]);
    expectSameRows(rows, expected);
  });

  it('are those of the training channel in every other channel', async () => {
    job.put({ 'train/a.csv': csv(ROWS), 'validation/b.csv': csv([ROWS[0], ROWS[3]]) });
    const { validation } = openText(job, { train: 'text/csv', validation: 'text/csv' });

    expect(await readNamed(validation)).toMatchObject({ rows: [ROWS[0], ROWS[3]], categories: CATEGORIES });
  });

  describe('of rows of which several hosts have parts', () => {
    /** What a host has found in a label column and a feature column. */
    const first = (kind: FirstCell['kind'], host: string, value: string): FirstCell => ({
      ...{ kind, where: `${host}.csv line 1`, shown: kind === 'text' ? JSON.stringify(value) : value, hint: '' },
    });
    const surveyed = (host: string, texts: readonly string[][], isOpen = true) => ({
      ...{ host, from: `${host}.csv line 1` },
      columns: texts.map((names, at) => ({
        ...({ role: at === 0 ? 'label' : 'feature', index: 0, number: at + 1 } as const),
        ...{ isOpen, names: new Set(names), first: names[0] === undefined ? undefined : first('text', host, names[0]) },
      })),
    });
    const rules = { declared: [], owner: 'Channel "train"' };

    it('have the names of all, also of columns that only one has text in', () => {
      const parts = [surveyed('a', [['b'], []]), surveyed('b', [['a', 'b'], []]), surveyed('c', [[], ['x']])];

      expect(finishSurvey(parts, rules)).toEqual({ labels: [['a', 'b']], features: [['x']] });
    });

    it('hold text where one of them has other texts than numbers with commas', () => {
      const numbers = surveyed('a', [[], ['1,5', '2,5']]);

      expect(() => finishSurvey([numbers], rules)).toThrow(
        /^a\.csv line 1 of host a: expected a number; received "1,5"/,
      );
      expect(finishSurvey([numbers, surveyed('b', [[], ['x']])], rules)?.features).toEqual([['1,5', '2,5', 'x']]);
    });

    it('must be numbers on all hosts or text on all, and both are named', () => {
      const text = surveyed('a', [['x'], ['red']]);
      const numbers = { ...surveyed('b', [['y'], []]) };
      const columns = numbers.columns.map((column, at) =>
        at === 0 ? column : { ...column, first: first('number', 'b', '7') },
      );
      const mixed = { ...numbers, columns };

      expect(() => finishSurvey([text, mixed], rules)).toThrow(
        'b.csv line 1 of host b: expected text, as "red" in a.csv line 1 of host a; received the number 7. Numbers and text are one column of text only where the content type says so (text_columns=2).',
      );
      expect(() => finishSurvey([surveyed('c', [['x'], []]), mixed, text], rules)).toThrow(
        'a.csv line 1 of host a: expected a number, as 7 in b.csv line 1 of host b; received "red". Numbers and text',
      );
    });

    it('must have the same columns on all hosts, and no more names together than on one', () => {
      const many = (from: number) => Array.from({ length: MAX_CATEGORIES / 2 + 1 }, (_, i) => `name ${from + i}`);

      expect(() => finishSurvey([surveyed('a', [['x'], ['y']]), surveyed('b', [['x']])], rules)).toThrow(
        'b.csv line 1 of host b: rows must have 1 feature column as in a.csv line 1 of host a; received 0 feature columns.',
      );
      expect(() => finishSurvey([surveyed('a', [many(0)]), surveyed('b', [many(1e6)])], rules)).toThrow(
        'Channel "train": a text column must have at most 100000 distinct values; received 100002 on all hosts.',
      );
    });

    it('are undefined where no host has text, and where none has rows', () => {
      expect(finishSurvey([surveyed('a', [[], []])], rules)).toBeUndefined();
      expect(finishSurvey([], rules)).toBeUndefined();
    });
  });

  it('order any names by their UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (names) => {
        const sorted = sortNames(names).map((name) => Buffer.from(name));
        for (let at = 1; at < sorted.length; at++) expect(Buffer.compare(sorted[at - 1]!, sorted[at]!)).toBe(-1);
        expect(sortNames(names.toReversed())).toEqual(sortNames(names));
      }),
    );
  });
});

describe('a category that the training data does not have', () => {
  const files = { 'train/a.csv': '1,a\n0,b\n', 'validation/b.csv': '1,b\n0,c\n' };
  const TYPES = { train: 'text/csv', validation: 'text/csv' };

  it('is an error by default, which lists what there is', async () => {
    job.put(files);

    await expect(readNamed(openText(job, TYPES).validation)).rejects.toThrow(
      'validation/b.csv line 2 column 2: expected a category of training ("a", "b"); received "c".',
    );
  });

  it.each([
    ['missing', null],
    ['other', 'code 2'],
  ] as const)('becomes %s where that is chosen', async (unseenCategories, expected) => {
    job.put(files);

    const { rows } = await readNamed(openText(job, TYPES).validation, { unseenCategories });

    expect(rows).toEqual([
      [1, 'b'],
      [0, expected],
    ]);
  });

  it('is an error in a label, whatever is chosen', async () => {
    job.put({ 'train/a.csv': 'yes,1\nno,2\n', 'validation/b.csv': 'maybe,1\n' });
    const { validation } = openText(job, TYPES);

    await expect(readNamed(validation, { unseenCategories: 'other' })).rejects.toThrow(
      'validation/b.csv line 1 column 1: expected a class of training ("no", "yes"); received "maybe".',
    );
  });

  it('is looked up among those of a model that training resumes from', async () => {
    job.put({ 'train/a.csv': '1,b\n0,a\n' });
    const categories = { labels: [undefined], features: [['0', 'a', 'b', 'c']] };
    const { train } = openText(job, { train: 'text/csv' });

    expect(await readNamed(train, { categories })).toMatchObject({
      rows: [
        [1, 'b'],
        [0, 'a'],
      ],
      categories,
    });
    await expect(readNamed(train, { categories: { labels: [undefined], features: [['b']] } })).rejects.toThrow(
      'train/a.csv line 2 column 2: expected a category of training ("b"); received "a".',
    );
    await expect(readNamed(train, { categories: 'none' })).rejects.toThrow(
      'train/a.csv line 1 column 2: expected a number; received "b".',
    );
  });

  it('cannot be given in a format without text', async () => {
    job.put({ 'train/a.csv': '1,a\n0,b\n', 'validation/b.libsvm': '1 0:1\n' });
    const { validation } = openText(job, { train: 'text/csv', validation: 'text/libsvm' });

    await expect(readNamed(validation)).rejects.toThrow(
      'Channel "validation": the content type must be text/csv, application/jsonlines, application/json or application/x-parquet with the text columns of the training data; received "text/libsvm", which holds numbers only.',
    );
  });
});

describe('a column of too many names', () => {
  it('is refused at the first one over the limit', async () => {
    const content = Array.from({ length: 150_000 }, (_, row) => `1,row-${row}\n`).join('');

    await expect(categoriesOf({ 'a.csv': content })).rejects.toThrow(
      'train/a.csv line 100001 column 2: a text column must have at most 100000 distinct values; received 100001: "row-100000" is the next. Is it the name of each row? Drop the column, or join rare values into one.',
    );
  });

  it('is refused when a text is too long to be a name', async () => {
    await expect(categoriesOf({ 'a.csv': `1,${'x'.repeat(1025)}\n` })).rejects.toThrow(
      'train/a.csv line 1 column 2: a text must have at most 1024 bytes to be the name of a category; received 1025 bytes',
    );
  });

  it('is refused when all names together are too many bytes', () => {
    const survey = createSurvey();
    const column = survey.of({ role: 'feature', index: 0, number: 1 })!;
    const name = (at: number) => String(at).padStart(1024, 'x');

    expect(() => {
      for (let at = 0; at < 20_000; at++) column.code(name(at), () => 'train/a.csv line 1 column 1');
    }).toThrow(
      'the names of all categories must have at most 16777216 bytes together; received more with the 16385 values',
    );
  });
});
