/** What is said of CSV that cannot be read: the place, the value and what to do. */
import { describe, expect, it } from 'vitest';
import { ACCEPT_ALL, readTable, type TableOptions } from './csv-tables.js';

describe('an error in CSV', () => {
  const long = 'x'.repeat(100);
  const cases: [title: string, text: string, options: TableOptions, code: string, message: string][] = [
    [
      'a missing column',
      '1,2,3\n1,2,3\n4,5\n',
      {},
      'E_DATA_COLUMNS',
      'train/a.csv line 3: expected 3 columns as on line 1; received 2.',
    ],
    [
      'a surplus column',
      '1,2\n1,2,3,4\n',
      {},
      'E_DATA_COLUMNS',
      'train/a.csv line 2: expected 2 columns as on line 1; received 4.',
    ],
    [
      'a row that ends with its label',
      '1,2\n1\n',
      {},
      'E_DATA_COLUMNS',
      'train/a.csv line 2: expected 2 columns as on line 1; received 1.',
    ],
    [
      'labels only',
      '1,2\n',
      { labelSize: '2' },
      'E_DATA_COLUMNS',
      'train/a.csv line 1: expected at least 3 columns (2 labels, 1 feature); received 2.',
    ],
    [
      'no room for the weight',
      '1\n',
      { hasWeights: true },
      'E_DATA_COLUMNS',
      'train/a.csv line 1: expected at least 3 columns (1 label, 1 weight, 1 feature); received 1. Columns must be separated by commas.',
    ],
    [
      'semicolons and commas',
      '1,5;2,5\n',
      {},
      'E_DATA_NUMBER',
      'train/a.csv line 1 column 2: expected a number; received "5;2". The line mixes commas with another delimiter. Use one delimiter, and a decimal point in numbers.',
    ],
    [
      'a header',
      'age,"height"\n1,2\n',
      {},
      'E_DATA_NUMBER',
      `train/a.csv line 1 column 1: expected a number; received "age". This looks like a header line: give header=present in the content type (text/csv;header=present), or remove it.`,
    ],
    [
      'one text in line 1',
      '1,2,x\n',
      {},
      'E_DATA_NUMBER',
      'train/a.csv line 1 column 3: expected a number; received "x". The algorithm takes numbers only: encode text as numbers, or drop the column.',
    ],
    [
      'a long text',
      `1,2\n1,"${long}"\n`,
      {},
      'E_DATA_NUMBER',
      `train/a.csv line 2 column 2: expected a number; received "${long.slice(0, 39)}…". The algorithm takes numbers only: encode text as numbers, or drop the column.`,
    ],
    [
      'a control character',
      '1,2\n1,a\u0007\n',
      {},
      'E_DATA_NUMBER',
      'train/a.csv line 2 column 2: expected a number; received "a\\u0007". The algorithm takes numbers only: encode text as numbers, or drop the column.',
    ],
    [
      'tabs between numbers',
      '1,2\n1,3\t4\n',
      {},
      'E_DATA_NUMBER',
      'train/a.csv line 2 column 2: expected a number; received "3\\t4". The line mixes commas with another delimiter. Use one delimiter, and a decimal point in numbers.',
    ],
    [
      'a hexadecimal number with a quoted field of semicolons',
      '"a;b",01234,0x21,100,1\n',
      {},
      'E_DATA_NUMBER',
      'train/a.csv line 1 column 1: expected a number; received "a;b". The algorithm takes numbers only: encode text as numbers, or drop the column.',
    ],
    [
      'underscores with fields of semicolons',
      '1_000,"a;b",c|d\n',
      {},
      'E_DATA_NUMBER',
      'train/a.csv line 1 column 1: expected a number; received "1_000".',
    ],
    [
      'an open quote of a text with a semicolon',
      '1,2,"5;6\n',
      {},
      'E_DATA_QUOTE',
      'train/a.csv line 1 column 3: a quoted field must be closed on its line; received "\\"5;6".',
    ],
    [
      'an open quote',
      '1,2\n1,"3\n4",5\n',
      {},
      'E_DATA_QUOTE',
      'train/a.csv line 2 column 2: a quoted field must be closed on its line; received "\\"3".',
    ],
    [
      'an open quote in line 1',
      '"1,2\n',
      {},
      'E_DATA_QUOTE',
      'train/a.csv line 1 column 1: a quoted field must be closed on its line; received "\\"1,2".',
    ],
    [
      'text after a quote',
      '1,2\n"1"x,2\n',
      {},
      'E_DATA_QUOTE',
      `train/a.csv line 2 column 1: a separator or the line's end must follow a closing quote; received "\\"1\\"x".`,
    ],
    [
      'a blank line between rows',
      '1,2\r\n\r\n3,4\r\n',
      {},
      'E_DATA_BLANK_LINE',
      'train/a.csv line 2: expected a row; received a blank line. Remove it: only the end of a file may have blank lines.',
    ],
    [
      'a blank line before the rows',
      ' \n1,2\n',
      {},
      'E_DATA_BLANK_LINE',
      'train/a.csv line 1: expected a row; received a blank line. Remove it: only the end of a file may have blank lines.',
    ],
    [
      'a blank line in a single column',
      '1\n\n2\n',
      { labelSize: '0' },
      'E_DATA_BLANK_LINE',
      'train/a.csv line 2: expected a row; received a blank line. Remove it: only the end of a file may have blank lines.',
    ],
    [
      'a refused missing value',
      '1,2\n1,NaN\n',
      { policy: { ...ACCEPT_ALL, missingValues: 'refuse' } },
      'E_DATA_MISSING',
      'train/a.csv line 2 column 2: the value must not be missing; received "NaN". Fill it in or drop the row.',
    ],
    [
      'a missing label',
      '1,2\n,2\n',
      {},
      'E_DATA_MISSING',
      'train/a.csv line 2 column 1: the label must not be missing; received "". Fill it in or drop the row.',
    ],
    [
      'a refused infinite value',
      '1,-inf\n',
      { policy: { ...ACCEPT_ALL, infiniteValues: 'refuse' } },
      'E_DATA_INFINITE',
      'train/a.csv line 1 column 2: the value must be finite; received "-inf". Correct it or drop the row.',
    ],
    [
      'an infinite label',
      'inf,2\n',
      {},
      'E_DATA_INFINITE',
      'train/a.csv line 1 column 1: the label must be finite; received "inf". Correct it or drop the row.',
    ],
    [
      'a missing weight',
      '1,,2\n',
      { hasWeights: true },
      'E_DATA_WEIGHT',
      'train/a.csv line 1 column 2: the sample weight must be a finite number ≥ 0; received "".',
    ],
    [
      'a negative weight',
      '1,-0.5,2\n',
      { hasWeights: true },
      'E_DATA_WEIGHT',
      'train/a.csv line 1 column 2: the sample weight must be a finite number ≥ 0; received "-0.5".',
    ],
    [
      'an infinite weight',
      '1,inf,2\n',
      { hasWeights: true },
      'E_DATA_WEIGHT',
      'train/a.csv line 1 column 2: the sample weight must be a finite number ≥ 0; received "inf".',
    ],
  ];

  it.each(cases)('for %s names the place', async (_, text, options, code, message) => {
    await expect(readTable(text, options)).rejects.toMatchObject({ name: 'ClientError', code, message });
  });

  it('for another number of columns names the file that set it', async () => {
    await expect(
      readTable({ 'a.csv': '', 'part-1.csv': '1,2,3\n', 'part-2.csv': '1,2,3\n1,2\n' }),
    ).rejects.toMatchObject({
      code: 'E_DATA_COLUMNS',
      message: 'train/part-2.csv line 2: expected 3 columns as on line 1 of train/part-1.csv; received 2.',
    });
  });

  it('has the right line number at the end of a long file', async () => {
    const text = `${'1,2,3\n'.repeat(200_000)}1,2,x\n`;

    await expect(readTable(text)).rejects.toThrow(
      'train/a.csv line 200001 column 3: expected a number; received "x". The algorithm takes numbers only: encode text as numbers, or drop the column.',
    );
  });
});
