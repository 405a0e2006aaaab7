/** Text columns of CSV: which columns they are, what their cells say, and header lines. */
import { describe, expect, it } from 'vitest';
import { tarOf } from '../../src/testing/tar-of.js';
import { useJob } from '../channels/job.js';
import { openText, readNamed } from './channels.js';

const job = useJob();

/** The rows of channel `train` with these files. */
function train(files: string | Readonly<Record<string, string | Uint8Array>>, contentType = 'text/csv') {
  const contents = typeof files === 'string' ? { 'a.csv': files } : files;
  job.put(Object.fromEntries(Object.entries(contents).map(([name, content]) => [`train/${name}`, content])));
  return readNamed(openText(job, { train: contentType }).train);
}

describe('a column whose cells are text', () => {
  it('is read as categories whose codes follow the bytes of their names', async () => {
    expect(await train('1,b,5\n0,a,6\n1,é,7\n1,Z,8\n')).toEqual({
      rows: [
        [1, 'b', 5],
        [0, 'a', 6],
        [1, 'é', 7],
        [1, 'Z', 8],
      ],
      categories: { labels: [undefined], features: [['Z', 'a', 'b', 'é'], undefined] },
      columnNames: undefined,
    });
  });

  it('is read as classes when it is the label', async () => {
    const { rows, categories } = await train('yes,1\nno,2\n');

    expect(rows).toEqual([
      ['yes', 1],
      ['no', 2],
    ]);
    expect(categories).toEqual({ labels: [['no', 'yes']], features: [undefined] });
  });

  it('keeps numbers in the other columns exact', async () => {
    expect((await train('0.1,x,-1.5e-3,"2.25"\n')).rows).toEqual([[0.1, 'x', -0.0015, 2.25]]);
  });

  it('is read with blanks around a field, quotes, doubled quotes and delimiters in quotes', async () => {
    const { rows } = await train('1, a b ,"c, d","say ""x""", "e" \n');

    expect(rows).toEqual([[1, 'a b', 'c, d', 'say "x"', 'e']]);
  });

  it.each([
    ['a semicolon', '1;"a,b";"c;d"\n'],
    ['a tab', '1\t"a,b"\t"c;d"\n'],
    ['a bar', '1|"a,b"|"c;d"\n'],
  ])('is read where %s separates columns', async (_, line) => {
    expect((await train(line)).rows).toEqual([[1, 'a,b', 'c;d']]);
  });

  it('is read where texts are longer than the kernel remembers, and where they are many', async () => {
    const long = (at: number) => `${'x'.repeat(40)}${at}`;
    const lines = Array.from({ length: 20_000 }, (_, at) => `${at},${long(at % 7)},n${at}`);
    const { rows } = await train(`${lines.join('\r\n')}\r\n`);

    expect(rows).toHaveLength(20_000);
    expect(rows.every(([at, first, second]) => first === long(Number(at) % 7) && second === `n${at}`)).toBe(true);
  });

  it('is read from lines that come in pieces', async () => {
    const { rows } = await train({ 'a.csv': `${'1,abc\n'.repeat(100_000)}2,de` });

    expect(rows).toHaveLength(100_001);
    expect(rows.at(-1)).toEqual([2, 'de']);
  });
});

describe('a missing cell', () => {
  it.each(['', 'NA', 'N/A', 'null', 'NULL', 'NaN', 'nan', '<NA>', '#N/A', 'None', '""', '"NA"'])(
    'is no name when it says %s, in text and in numbers',
    async (text) => {
      const { rows, categories } = await train(`1,a,5\n0,${text},${text}\n`);

      expect(rows[1]).toEqual([0, null, null]);
      expect(categories?.features).toEqual([['a'], undefined]);
    },
  );

  it('may come before the first text', async () => {
    expect((await train('1,NA,5\n0,,6\n1,b,7\n')).rows.map(([, text]) => text)).toEqual([null, null, 'b']);
  });

  it('is refused in the label', async () => {
    await expect(train('a,1\nNA,2\n')).rejects.toThrow(
      'train/a.csv line 2 column 1: the label must not be missing; received "NA".',
    );
  });
});

describe('a column of text and numbers', () => {
  it('is refused at its first text after numbers, so that a typing error makes no categories', async () => {
    await expect(train('1,0.5,a\n0,1o.5,b\n')).rejects.toThrow(
      'train/a.csv line 2 column 2: expected a number, as 0.5 in train/a.csv line 1 column 2; received "1o.5". Numbers and text are one column of text only where the content type says so (text_columns=2).',
    );
  });

  it('is refused at its first number after text', async () => {
    await expect(train('1,a\n0,NA\n1,7\n')).rejects.toThrow(
      'train/a.csv line 3 column 2: expected text, as "a" in train/a.csv line 1 column 2; received the number 7.',
    );
  });

  it.each([
    ['quoted', '1, "7" ,b\n', '1,a,b\n', '7'],
    ['the last field of a line', '1,b,-7.50\n', '1,b,a\n', '-7.50'],
    ['of another delimiter', '1;+7e1;b\r\n', '1;a;b\n', '+7e1'],
    ['a word for infinity', '1,-Inf,b\n', '1,a,b\n', '-Inf'],
    ['of many digits', '1,12345678901234567890.25,b\n', '1,a,b\n', '12345678901234567890.25'],
  ])(
    'is refused when its numbers are in one file and its text in another, also for a number that is %s',
    async (_, one, other, shown) => {
      const column = one.startsWith('1,b') ? 3 : 2;

      await expect(train({ '1.csv': one, '2.csv': other })).rejects.toThrow(
        `train/2.csv line 1 column ${column}: expected a number, as ${shown} in train/1.csv line 1 column ${column}; received "a". Numbers and text`,
      );
    },
  );

  it('is refused when its text is in one file and its numbers in another', async () => {
    await expect(train({ '1.csv': '1,a,b\n', '2.csv': '1,7,b\n' })).rejects.toThrow(
      'train/2.csv line 1 column 2: expected text, as "a" in train/1.csv line 1 column 2; received the number 7.',
    );
  });

  it('is text where the content type declares it, numbers keeping their digits', async () => {
    const { rows } = await train('1,02139\n0,1e5\n1,K1A\n', 'text/csv;text_columns=2');

    expect(rows).toEqual([
      [1, '02139'],
      [0, '1e5'],
      [1, 'K1A'],
    ]);
  });
});

describe('text that cannot be read', () => {
  it('is refused when it is not UTF-8', async () => {
    await expect(train({ 'a.csv': Buffer.from('1,caf\xe9\n', 'latin1') })).rejects.toThrow(
      'train/a.csv line 1 column 2: text must be UTF-8; received "café" in another encoding. Save the data as UTF-8.',
    );
  });

  it.each([
    ['a zip archive', Buffer.from('PK\x03\x04\x14\x00\xfb,\x00\n', 'latin1'), 'The data is a zip archive'],
    ['bzip2', Buffer.from('BZh91AY&SY\x2a\xf8,\xbb\n', 'latin1'), 'The data is compressed with bzip2'],
    ['a tar archive', tarOf(new Map([['a.csv', Buffer.from('1,2\n')]])), 'The data is a tar archive'],
    ['a damaged tail', Buffer.from('1,a\n2,b\0\n'), ': text must have no NUL bytes; received'],
    ['UTF-16 without a mark', Buffer.from('1,2\n3,4\n', 'utf16le'), 'The data is text in UTF-16'],
    ['lines that end in CR', Buffer.from('1,2\r3,4\r'), 'must have no CR; received'],
    ['a CR in a field', Buffer.from('1,a\n2,b\rc\n'), 'received "b\\rc". Lines must end in LF or CRLF'],
  ])('is refused when it is %s, in rows and in a header line', async (_, bytes, sentence) => {
    const refused = expect(train({ 'a.csv': bytes })).rejects;
    await refused.toThrow(sentence);
    await refused.toMatchObject({ code: 'E_DATA_CATEGORY' });
    await expect(train({ 'a.csv': bytes }, 'text/csv;header=present')).rejects.toThrow(sentence);
  });

  it('may have a CR in quotes', async () => {
    expect((await train('1,"a\rb"\r\n2,c\r\n')).rows).toEqual([
      [1, 'a\rb'],
      [2, 'c'],
    ]);
  });

  it('is refused for an algorithm that takes numbers only, with what to do', async () => {
    job.put({ 'train/a.csv': '1,2\n0,red\n' });
    const { train: channel } = openText(
      job,
      { train: 'text/csv' },
      { missingValues: 'accept', infiniteValues: 'refuse' },
    );

    await expect(readNamed(channel)).rejects.toThrow(
      'train/a.csv line 2 column 2: expected a number; received "red". The algorithm takes numbers only: encode text as numbers, or drop the column.',
    );
  });

  it('is refused when a declared column is not there', async () => {
    await expect(train('1,a\n', 'text/csv;text_columns=5')).rejects.toThrow(
      'Channel "train": text_columns of the content type must name columns of the rows; received "5"; the rows have columns 1 to 2, without names.',
    );
  });
});

describe('a cell with NaN in any case', () => {
  it.each(['NaN', 'Nan', 'NAN', 'nan', '-NaN', '+nan'])('%s is missing, quoted or not, in any column', async (cell) => {
    const files = `1,a,${cell}\n2,${cell},5\n3,"${cell}",6\n`;

    expect((await train(files)).rows).toEqual([
      [1, 'a', null],
      [2, null, 5],
      [3, null, 6],
    ]);
    expect((await train(files, 'text/csv;text_columns=2')).rows[1]).toEqual([2, null, 5]);
  });
});

describe('a column of numbers with a decimal comma', () => {
  it.each(['2,5', '-1.234,5', '1,234.5', '+12,75'])('is an error, not categories: %s', async (text) => {
    await expect(train(`1;\n2;"${text}"\n3;7,5\n`)).rejects.toThrow(
      `train/a.csv line 2 column 2: expected a number; received "${text}". A number must have a decimal point, not a comma. These are text only where the content type says so (text_columns=2).`,
    );
  });

  it('is an error where that comma is taken for the delimiter', async () => {
    await expect(train('1;2,5\n2;7,5\n')).rejects.toThrow(
      'train/a.csv line 1 column 1: expected a number; received "1;2". A cell must have one number: use one delimiter,',
    );
  });

  it('is text where the content type says so, or where it has another text', async () => {
    const texts = [
      [1, '2,5'],
      [2, '7,5'],
    ];

    expect((await train('1;"2,5"\n2;7,5\n', 'text/csv;text_columns=2')).rows).toEqual(texts);
    expect((await train('1;"2,5"\n2;7,5\n3;a\n')).rows).toEqual([...texts, [3, 'a']]);
  });
});

describe('a sample weight that is text', () => {
  it('is an error that does not call it a column of text', async () => {
    job.put({ 'train/a.csv': '1,a,p\n' });
    const { train: channel } = openText(job, { train: 'text/csv' });

    await expect(readNamed(channel, { hasWeights: true })).rejects.toThrow(
      /column 2: expected a number; received "a"\.$/,
    );
  });
});

describe('a table with tabs between columns', () => {
  it('keeps a comma apart from a delete character, and refuses bytes that are in no UTF-8', async () => {
    expect((await train('1\ta\x7fb\n2\ta,b\n')).rows).toEqual([
      [1, 'a\x7fb'],
      [2, 'a,b'],
    ]);
    await expect(train({ 'a.csv': Buffer.from('1\ta\xffb\n', 'latin1') })).rejects.toThrow('text must be UTF-8');
  });
});
