/** Header lines of CSV: where they are found, and how their names order columns. */
import { describe, expect, it } from 'vitest';
import { useJob } from '../channels/job.js';
import { openText, readNamed } from './channels.js';

const job = useJob();

/** The rows of channel `train` with these files. */
function train(files: string | Readonly<Record<string, string | Uint8Array>>, contentType = 'text/csv') {
  const contents = typeof files === 'string' ? { 'a.csv': files } : files;
  job.put(Object.fromEntries(Object.entries(contents).map(([name, content]) => [`train/${name}`, content])));
  return readNamed(openText(job, { train: contentType }).train);
}

describe('a header line', () => {
  const HEADED = 'text/csv;header=present';

  it('names the columns', async () => {
    expect(await train('species,island,year\nAdelie,Biscoe,2007\n', HEADED)).toEqual({
      rows: [['Adelie', 'Biscoe', 2007]],
      categories: { labels: [['Adelie']], features: [['Biscoe'], undefined] },
      columnNames: ['island', 'year'],
    });
  });

  it('names columns that are all numbers', async () => {
    const { rows, columnNames } = await train('y,"x ""1""", z \n1,2,3\n4,5,6\n', HEADED);

    expect(columnNames).toEqual(['x "1"', 'z']);
    expect(rows).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it('counts as line 1 in messages, which name the column too', async () => {
    await expect(train('y,x\n1,2\n1,o\n', HEADED)).rejects.toThrow(
      'train/a.csv line 3 column 2 "x": expected a number; received "o". Numbers and text are one column of text only where the content type says so (text_columns=x).',
    );
  });

  it('puts the columns of another file in order', async () => {
    const { rows } = await train({ '1.csv': 'y,x,z\n1,2,3\n', '2.csv': 'z,y,x\n6,4,5\n' }, HEADED);

    expect(rows).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it.each([
    ['no rows', '\n', HEADED],
    ['a byte order mark only', '\ufeff', HEADED],
    ['no header line', '1,2,b\n', 'text/csv;header=auto'],
  ])('is that of channel train though its first file has %s', async (_, first, type) => {
    job.put({ 'train/1.csv': first, 'train/2.csv': 'y,x,t\n1,2,a\n', 'validation/b.csv': 't,x,y\na,5,4\n' });
    const channels = openText(job, { train: type, validation: HEADED });

    expect((await readNamed(channels.validation)).rows).toEqual([[4, 5, 'a']]);
    expect((await readNamed(channels.train)).rows).toContainEqual([1, 2, 'a']);
  });

  it('is found under header=auto in channel train, however long it and the line after it are', async () => {
    const names = Array.from({ length: 4_000 }, (_, index) => `column-${index}`);
    const values = names.map((_, index) => String(index + 1_000_000));
    const table = (order: (cells: readonly string[]) => readonly string[]) => `${order(names)}\n${order(values)}\n`;
    job.put({ 'train/a.csv': table((cells) => cells), 'validation/b.csv': table((cells) => cells.toReversed()) });
    const auto = 'text/csv;header=auto';
    const { train: channel, validation } = openText(job, { train: auto, validation: auto });

    expect(await readNamed(validation)).toEqual(await readNamed(channel));
  });

  it('puts the columns of channel validation in the order of channel train', async () => {
    job.put({ 'train/a.csv': 'y,x,t\n1,2,a\n', 'validation/b.csv': 't,x,y\na,5,4\n' });
    const channels = openText(job, { train: HEADED, validation: HEADED });

    expect((await readNamed(channels.validation)).rows).toEqual([[4, 5, 'a']]);
  });

  it('names the label that the content type asks for', async () => {
    const { rows, columnNames } = await train('x,species\n5,Adelie\n', `${HEADED};label=species`);

    expect(rows).toEqual([['Adelie', 5]]);
    expect(columnNames).toEqual(['x']);
  });

  it.each([
    ['text/csv', 'Channel "train": with label=NAME, header of the content type must be present or auto'],
    [
      'text/csv;header=auto',
      'train/a.csv line 1: the columns must have names, since the content type names "species" as the label; received none.',
    ],
  ])('must be there where the content type names the label: %s', async (type, message) => {
    await expect((async () => train('1,2\n3,4\n', `${type};label=species`))()).rejects.toThrow(message);
  });

  it('names the columns that the content type declares as text', async () => {
    const { rows } = await train('y,zip,x\n1,02139,5\n', `${HEADED};text_columns="zip"`);

    expect(rows).toEqual([[1, '02139', 5]]);
  });

  it.each([
    ['other names', 'y,x\n1,2\n', 'y,z\n1,2\n', 'train/2.csv line 1: the columns must have the names of train/1.csv'],
    [
      'a name twice',
      'y,x,x\n1,2,3\n',
      '',
      'train/1.csv line 1: the header line must have a name of its own for each column; received "x" twice.',
    ],
    [
      'a quote that is not closed',
      'y,"x\n1,2\n',
      '',
      'train/1.csv line 1 column 2: a quoted name must be closed on its line; received "\\"x".',
    ],
    [
      'text behind a closing quote',
      'y,"x"z\n1,2\n',
      '',
      `train/1.csv line 1 column 2: a separator or the line's end must follow a closing quote; received "\\"x\\"z".`,
    ],
    [
      'an index column',
      ',y,x\n0,1,2\n',
      '',
      'Write the file without an index column (pandas: index=False; R: row.names=FALSE).',
    ],
  ])('is refused with %s', async (_, first, second, message) => {
    const files = { '1.csv': first, ...(second && { '2.csv': second }) };

    await expect(train(files, HEADED)).rejects.toThrow(message);
  });

  it('without a row after it is a file without rows', async () => {
    await expect(train('y,x\n', HEADED)).rejects.toThrow('Channel "train" has no rows');
  });

  it.each([
    ['a semicolon', ';'],
    ['a tab', '\t'],
    ['a bar', '|'],
  ])('is read where %s separates columns, of a name with that and a comma in quotes, too', async (_, delimiter) => {
    const lines = [
      ['y', `"a,${delimiter}b"`],
      ['1', `"p,${delimiter}"`],
      ['2', 'q'],
    ].map((row) => row.join(delimiter));
    const { rows, columnNames } = await train(`\ufeff${lines.join('\r\n')}\r\n`, HEADED);

    expect(columnNames).toEqual([`a,${delimiter}b`]);
    expect(rows).toEqual([
      [1, `p,${delimiter}`],
      [2, 'q'],
    ]);
  });

  it('is read in each of several files that separate columns by other characters', async () => {
    const { rows } = await train(
      { 'a.csv': 'y;x;c\n1;5;p\n', 'b.csv': 'c,y,x\nq,2,6\n', 'c.csv': 'x|c|y\n7|r|3\n' },
      HEADED,
    );

    expect(rows).toEqual([
      [1, 5, 'p'],
      [2, 6, 'q'],
      [3, 7, 'r'],
    ]);
  });

  it('is an error when it is blank, or not UTF-8', async () => {
    await expect(train('\ny,x\n1,2\n', HEADED)).rejects.toThrow(
      'train/a.csv line 1: expected a row; received a blank line. Remove it: only the end of a file may have blank lines.',
    );
    await expect(train({ 'a.csv': Buffer.from('y,\xe9\n1,2\n', 'latin1') }, HEADED)).rejects.toThrow(
      'train/a.csv line 1: text must be UTF-8; received "y,é" in another encoding. Save the data as UTF-8.',
    );
  });

  it('is named in the error for its first name, which is no category of the training data', async () => {
    job.put({ 'train/a.csv': 'y,c,x\nyes,p,1\nno,q,2\n', 'validation/a.csv': 'y,c,x\nno,p,3\n' });
    const { validation } = openText(job, { train: HEADED, validation: 'text/csv' });

    await expect(readNamed(validation)).rejects.toThrow(
      'validation/a.csv line 1 column 1: expected a class of training ("no", "yes"); received "y". This looks like a header line: give header=present in the content type',
    );
  });

  it('makes text_columns mean names, and numbers only where no column has them for a name', async () => {
    const { rows } = await train('0,1,2\n5,6,7\n', `${HEADED};text_columns=1`);

    expect(rows).toEqual([[5, '6', 7]]);
  });

  it('leads to the number of a column in an error, if its name has a comma', async () => {
    await expect(train('y,"a,b"\n1,2\n1,o\n2,p\n', HEADED)).rejects.toThrow('(text_columns=2).');
  });

  it('is found under header=auto by its text above numbers, and not found where there is none', async () => {
    const AUTO = 'text/csv;header=auto';

    expect(await train('y,x\n1,2\n', AUTO)).toMatchObject({ rows: [[1, 2]], columnNames: ['x'] });
    expect(await train('1,2\n3,4\n', AUTO)).toMatchObject({
      rows: [
        [1, 2],
        [3, 4],
      ],
      columnNames: undefined,
    });
    expect((await train('a,b\nc,d\n', AUTO)).rows).toHaveLength(2);
  });

  it('that the content type does not give is refused, with the way to give it', async () => {
    const hint =
      'This looks like a header line: give header=present in the content type (text/csv;header=present), or remove it.';

    await expect(train('y,x\n1,2\n')).rejects.toThrow(
      `train/a.csv line 2 column 1: expected text, as "y" in train/a.csv line 1 column 1; received the number 1. ${hint}`,
    );
    job.put({ 'train/a.csv': 'y,x\n1,2\n' });
    const numbers = openText(job, { train: 'text/csv' }, { missingValues: 'accept', infiniteValues: 'refuse' });
    await expect(readNamed(numbers.train)).rejects.toThrow(
      `train/a.csv line 1 column 1: expected a number; received "y". ${hint}`,
    );
  });

  it('is refused in a content type with another value', () => {
    expect(() => openText(job, { train: 'text/csv;header=maybe' })).toThrow(
      'Channel "train": header of the content type must be absent, present or auto; received "maybe".',
    );
  });
});
