import { describe, expect, it } from 'vitest';
import { delimiterOf } from '../../src/formats/csv/delimiter.js';
import { readCsvBuffer } from '../../src/formats/csv/read-csv-buffer.js';
import { REFUSE_ALL, readTable } from './csv-tables.js';

describe('the delimiter of CSV', () => {
  it.each([
    ['1,2', ','],
    ['1;2', ';'],
    ['1\t2', '\t'],
    ['1|2', '|'],
    ['1;', ';'],
    ['1\t\t2\t', '\t'],
    ['"1;2"\t3', '\t'],
    ['1,5;2,5', ','],
    ['1,\t2', ','],
    ['1;2|3', ','],
    ['1\t;2', ','],
    ['\t1\t', ','],
    ['1 2', ','],
    ['1', ','],
    ['', ','],
  ])('is detected from the line %j', (line, delimiter) => {
    expect(String.fromCharCode(delimiterOf(Buffer.from(line)))).toBe(delimiter);
  });

  it.each([';', '\t', '|'])('can be %j in a file with quoted and empty fields, read in many pieces', async (char) => {
    const text = ['1,2.5,-3', '"4",5e-1,6', '7,,9 ', '123456789012,0,1\r'].join('\n').replaceAll(',', char);

    const { features } = await readTable(`\uFEFF${text}\n`, { labelSize: '0', pieceBytes: 3 });

    expect(features).toEqual([
      [1, 2.5, -3],
      [4, 0.5, 6],
      [7, Number.NaN, 9],
      [123456789012, 0, 1],
    ]);
  });

  it('is detected for each file separately', () => {
    const policy = { missingValues: 'refuse', infiniteValues: 'refuse' } as const;

    expect([...readCsvBuffer(Buffer.from('1;2\n3;4'), { policy }).features]).toEqual([1, 2, 3, 4]);
    expect([...readCsvBuffer(Buffer.from('1|2'), { policy }).features]).toEqual([1, 2]);
    expect([...readCsvBuffer(Buffer.from('1,2'), { policy }).features]).toEqual([1, 2]);
  });

  it.each([
    [
      '1;2\n1,5;2\n',
      'line 2 column 1: expected a number; received "1,5". A number must have a decimal point, not a comma.',
    ],
    ['1\t2\n1,\t2\n', 'line 2 column 1: expected a number; received "1,".'],
    ['1,5;2,5\n', 'line 1 column 2: expected a number; received "5;2". The line mixes commas with another delimiter'],
    ['1;2;3\n1;2\n', 'line 2: expected 3 columns as on line 1; received 2.'],
    ['1,2\n3;4\n', 'line 2 column 1: expected a number; received "3;4".'],
  ])('is not changed by a later line: %j is refused', async (text, message) => {
    await expect(readTable(text)).rejects.toThrow(message);
  });
});

describe('an invalid first line', () => {
  const header =
    ' This looks like a header line: give header=present in the content type (text/csv;header=present), or remove it.';
  const index = ' This looks like a header line with an index column before it, as pandas and R write them';

  it.each([
    ['y,a\n1,2\n', header],
    ['y;a\n1;2\n', header],
    [',y,x\n0,1,2\n', index],
    ['"","y"\n"1",2\n', index],
    ['sep=;\n1;2\n', " This is Excel's mark of a delimiter: remove the line."],
    ['"sep=;"\n1;2\n', " This is Excel's mark of a delimiter: remove the line."],
    ['1 2\n2 3\n', ' Columns must be separated by commas, not spaces.'],
    ['"1,2"\n"2,3"\n', ' The line is one field in quotes: remove them if it is a row,'],
    ['"5.1,3.5,1e-1\\n1,2,3"', ' The line is one field in quotes: remove them if it is a row,'],
    ['1 0:2\n2 0:3\n', ' This looks like libsvm: its content type is text/libsvm.'],
    ['1,2\r2,3\r', ' The lines end in CR alone: they must end in LF or CRLF.'],
    ['1,2\r\r\n2,3\r\r\n', ' The lines end in CR CR LF'],
    ['[1,2]\n[3,4]\n', ' The data is JSON'],
    ['1,true\n2,false\n', ' Write 1 for true and 0 for false.'],
    ["1,'2'\n", ' Only double quotes (") may enclose a field.'],
    ['1,2020-01-31\n', ' Write dates as numbers'],
    ['1,"1,234.5"\n', ' A number must have no commas between its digits.'],
    ['PK\u0003\u0004aaaa\n', ' The data is a zip archive'],
    ['[{"prefix":"s3://b/"},"a.csv"]\n', ' The data is an S3 manifest'],
    ['{"features":[1,2]}\n', ' The data is JSON'],
    ['<!DOCTYPE html>\n<p>Not, found</p>\n', ' The data is an HTML page'],
    ['1,\\N\n2,3\n', ' A missing value is an empty field.'],
    ['1,?\n2,3\n', ' A missing value is an empty field.'],
    ['?,1\n2,3\n', ' Values must not be missing: fill it in or drop the row.'],
    ['# y,a\n1,2\n', " This looks like a comment: SageMaker's CSV has none; remove the line."],
    ['1,2\n#3,4\n', ' This looks like a comment'],
  ])('in %j gets a hint about the cause', async (text, hint) => {
    await expect(readTable(text)).rejects.toThrow(hint);
  });

  it('that is binary is named by its format, without its bytes', async () => {
    const read = readTable('PAR1\u0015\u0004\u0015,1\n');

    await expect(read).rejects.toThrow(/expected a number; received bytes that are no text\. The data is Parquet: /);
  });

  it.each([
    ['1,2,\n2,3,\n', ' The line ends with a comma: remove it.'],
    ['1;2;\n2;3;\n', ' The line ends with ";": remove it.'],
    ['1,2\n2,3,\n3,4,\n', ' The line ends with a comma: remove it.'],
    ['1,NA\n2,3\n', ' Fill it in or drop the row.'],
    ['1,2,\n2,3,4\n', ' Fill it in or drop the row.'],
    ['1,,2\n2,,3\n', ' Fill it in or drop the row.'],
  ])('in %j, refused for a missing value, gets a hint about the cause', async (text, hint) => {
    await expect(readTable(text, { policy: REFUSE_ALL })).rejects.toThrow(hint);
  });

  it.each(['y,a\n', '# y,a\n1,2\n', '"1,2\n2,3\n', 'y,a\nb,c\n', 'y,a\n\n', '1,x\n2,3\n', 'abc\n'])(
    'in %j is not called a header',
    async (text) => {
      await expect(readTable(text)).rejects.not.toThrow('header');
    },
  );
});
