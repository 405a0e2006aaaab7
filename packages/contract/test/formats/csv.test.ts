/** What CSV of a channel may look like, and what is said of what it may not. */
import { describe, expect, it } from 'vitest';
import { checkCsvType } from '../../src/formats/csv/content-type.js';
import { MAX_LINE_BYTES } from '../../src/formats/text/lines.js';
import { REFUSE_ALL, readTable } from './csv-tables.js';

describe('columns of CSV', () => {
  it('have the label first if label_size is not given', async () => {
    const table = await readTable('1,2,3\n4,5,6\n');

    expect(table.labels).toEqual([[1], [4]]);
    expect(table.features).toEqual([
      [2, 3],
      [5, 6],
    ]);
  });

  it('have as many labels as label_size says', async () => {
    expect(await readTable('1,2,3\n4,5,6\n', { labelSize: '0' })).toMatchObject({
      labels: [[], []],
      features: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    });
    expect(await readTable('1,2,3\n4,5,6\n', { labelSize: '2' })).toMatchObject({
      labels: [
        [1, 2],
        [4, 5],
      ],
      features: [[3], [6]],
    });
  });

  it('have the weight after the labels if weights are requested', async () => {
    const table = await readTable('1,0.5,3\n4,0,6\n', { hasWeights: true });

    expect(table).toMatchObject({ labels: [[1], [4]], weights: [0.5, 0], features: [[3], [6]] });
  });

  it('are rounded once to float32 if that is requested, but labels are not', async () => {
    const table = await readTable('0.1,0.1\n0.2,16777217\n', { precision: 'float32' });

    expect(table.labels).toEqual([[0.1], [0.2]]);
    expect(table.features).toEqual([[Math.fround(0.1)], [16777216]]);
  });

  it('are divided into blocks of at most maxRows rows that know their file and first line and never span files', async () => {
    const files = { 'a.csv': '1,1\n2,2\n3,3\n', 'b.csv': '4,4\n' };

    const { blocks, labels } = await readTable(files, { maxRows: 2 });

    expect(labels.flat()).toEqual([1, 2, 3, 4]);
    expect(blocks).toEqual([
      { rows: 2, columns: 1, source: 'a.csv', firstLine: 1 },
      { rows: 1, columns: 1, source: 'a.csv', firstLine: 3 },
      { rows: 1, columns: 1, source: 'b.csv', firstLine: 1 },
    ]);
  });

  it('are divided into blocks of about 1 MiB by default', async () => {
    const { blocks } = await readTable('1,2,3,4\n'.repeat(50_000));

    expect(blocks.map(({ rows, firstLine }) => [rows, firstLine])).toEqual([
      [32_768, 1],
      [17_232, 32_769],
    ]);
  });

  it.each([0, -1, 1.5, Number.NaN])('cannot be read with maxRows %d', async (maxRows) => {
    await expect(readTable('1,2\n', { maxRows })).rejects.toMatchObject({ code: 'E_ALGORITHM' });
  });
});

describe('a CSV table', () => {
  it.each([
    ['CRLF line ends', '1,2\r\n3,4\r\n'],
    ['no last line break', '1,2\n3,4'],
    ['a carriage return but no last line feed', '1,2\r\n3,4\r'],
    ['mixed line ends', '1,2\r\n3,4\n'],
    ['a byte order mark', '\uFEFF1,2\n3,4\n'],
    ['blank lines at the end', '1,2\n3,4\n\n  \t\r\n\r\n\n'],
    ['quotes', '"1","2"\n"3",4\n'],
    ['blanks around numbers', ' 1 ,\t2\n3\t, 4 \n'],
    ['blanks around and in quotes', ' "1" ," 2 "\n"3"\t,4\r\n'],
    ['other notations', '+1,2.\n.3e1,400E-2\n'],
    ['long notations', '1.0000000000000000000000000000000000000000,2\n0000000000000000000000000000000000003,4\n'],
  ])('with %s is read', async (_, text) => {
    const table = await readTable(text, { policy: REFUSE_ALL });

    expect(table).toMatchObject({ labels: [[1], [3]], features: [[2], [4]] });
  });

  it.each(['', ' ', '\t', '""', '" "', 'NaN', 'nan', '-NAN', '+nAn', '"NaN"'])(
    'reads the field <%s> as missing',
    async (field) => {
      expect((await readTable(`0,${field},1\n`)).features).toEqual([[Number.NaN, 1]]);
      expect((await readTable(`0,1,${field}\r\n`)).features).toEqual([[1, Number.NaN]]);
    },
  );

  it.each(['inf', 'Inf', '+INF', 'infinity', '"Infinity"', '1e999'])(
    'reads the field <%s> as infinite',
    async (field) => {
      expect((await readTable(`0,${field}\n`)).features).toEqual([[Infinity]]);
    },
  );

  it('keeps the sign of -0 and -Infinity', async () => {
    expect((await readTable('0,-0,-0.0,-0e0,-inf\n')).features).toEqual([[-0, -0, -0, -Infinity]]);
  });

  it.each([
    '0x10',
    '1_000',
    '1d5',
    '--1',
    '1e',
    '1e+',
    '+',
    '-',
    '.',
    'e5',
    '.e1',
    '1.2.3',
    '1 2',
    '1-',
    'infin',
    'nano',
    '١',
    '"1""2"',
    '1"',
    '1\r2',
  ])('with the field <%s> is refused', async (field) => {
    await expect(readTable(`0,1,1\n0,${field},1\n`)).rejects.toMatchObject({
      code: 'E_DATA_NUMBER',
      message: expect.stringContaining('train/a.csv line 2 column 2: expected a number; received '),
    });
  });

  it('may include files without rows', async () => {
    const files = { 'a.csv': '\n\n', 'b.csv': '1,2\n', 'c.csv': '\uFEFF', 'd.csv': '3,4' };

    expect((await readTable(files)).labels).toEqual([[1], [3]]);
  });

  it('may have a line that is longer than the buffer', async () => {
    const columns = 200_000;
    const row = Array.from({ length: columns }, (_, index) => index - 0.5).join(',');

    const { labels, features } = await readTable(`${row}\n${row}`);

    expect(labels).toEqual([[-0.5], [-0.5]]);
    expect(features[1]!.length).toBe(columns - 1);
    expect(features[1]!.every((value, index) => value === index + 0.5)).toBe(true);
  });

  it('with a line over the length limit is refused', async () => {
    const text = Buffer.concat([Buffer.from('1,2\n'), Buffer.alloc(MAX_LINE_BYTES + 1, '1')]);

    await expect(readTable(text)).rejects.toMatchObject({
      code: 'E_DATA_SIZE',
      message: expect.stringContaining('train/a.csv line 2: a line must be at most 67108864 bytes'),
    });
  });
});

describe('the content type of CSV', () => {
  const check = (parameters: Readonly<Record<string, string>>) =>
    checkCsvType({ type: 'text/csv', parameters }, 'Channel "train"');

  it.each(['', '-1', '1.5', 'one', '1e1'])('with label_size=%s is refused', (labelSize) => {
    expect(() => check({ label_size: labelSize })).toThrow(
      `Channel "train": label_size of the content type must be a whole number ≥ 0; received "${labelSize}".`,
    );
  });

  it.each(['absent', 'Present', 'auto'])('may have header=%s', (header) => {
    expect(() => check({ header })).not.toThrow();
  });

  it('with another value of header is refused', () => {
    expect(() => check({ header: 'yes' })).toThrow(
      'Channel "train": header of the content type must be absent, present or auto; received "yes".',
    );
  });

  it('may have other parameters', () => {
    check({ charset: 'utf-8', label_size: '3', header: 'absent' });
  });
});
