/** What libsvm of a channel may look like, and what is said of what it may not. */
import { describe, expect, it } from 'vitest';
import { indexBaseOf } from '../../src/formats/libsvm/index-base.js';
import { readTable, type TableOptions } from './libsvm-tables.js';

const entriesOf = async (text: string, options: TableOptions = {}) =>
  (await readTable(text, options)).rows.map(({ entries }) => entries);

describe('libsvm rows', () => {
  it('have a label and entries, and no entry for absent columns', async () => {
    const { rows, blocks } = await readTable('1 0:1.5 3:-2\n0\n-1.5e1 2:0\n');

    expect(rows).toEqual([
      {
        line: 1,
        label: 1,
        entries: [
          [0, 1.5],
          [3, -2],
        ],
      },
      { line: 2, label: 0, entries: [] },
      { line: 3, label: -15, entries: [[2, 0]] },
    ]);
    expect(blocks).toEqual([{ rows: 3, columns: 4, labelCount: 1, source: 'a.libsvm', firstLine: 1 }]);
  });

  it('may have weights and query ids after the labels', async () => {
    const { rows } = await readTable('1:0.5 qid:7 0:1\n0:2 qid:9007199254740992\n');

    expect(rows).toMatchObject([
      { label: 1, weight: 0.5, queryId: 7 },
      { label: 0, weight: 2, queryId: 9007199254740992 },
    ]);
  });

  it('with unsorted entries are sorted', async () => {
    const indices = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000);
    const text = `1 ${indices.map((index) => `${index}:${index / 8}`).join(' ')}\n`;

    const [entries] = await entriesOf(text);

    expect(entries).toEqual(Array.from({ length: 1000 }, (_, i) => [i, i / 8]));
  });

  it.each([
    ['no line break at the end', '1 0:2\n0 1:3'],
    ['CRLF line ends', '1 0:2\r\n0 1:3\r\n'],
    ['a byte order mark', '\uFEFF1 0:2\n0 1:3\n'],
    ['blank lines at the end', '1 0:2\n0 1:3\n\n \t\r\n'],
    ['more blanks than needed', ' 1\t0:2  \n\t0   1:3\t\n'],
    ['comments behind rows', '1 0:2 # first\n0 1:3# 9:9\n'],
    ['other notations', '+1 0:+2.\n.0e1 01:300e-2\n'],
  ])('with %s are read', async (_, text) => {
    expect((await readTable(text)).rows).toMatchObject([
      { label: 1, entries: [[0, 2]] },
      { label: 0, entries: [[1, 3]] },
    ]);
  });

  it('on both sides of a comment line are in different blocks, so the lines of a block are consecutive', async () => {
    const { blocks, rows } = await readTable('# made by hand\n#\n1 0:1\n0 0:2\n  # more\n1 0:3\n');

    expect(blocks.map(({ rows, firstLine }) => [rows, firstLine])).toEqual([
      [2, 3],
      [1, 6],
    ]);
    expect(rows.map(({ line }) => line)).toEqual([3, 4, 6]);
  });

  it('keep explicit zeros, NaN and infinity as entries', async () => {
    expect(await entriesOf('1 0:0 1:-0 2:nan 3:-inf\n')).toEqual([
      [
        [0, 0],
        [1, -0],
        [2, Number.NaN],
        [3, -Infinity],
      ],
    ]);
  });

  it('are rounded once to float32 if that is requested, but labels and weights are not', async () => {
    const { rows } = await readTable('0.1:0.1 0:0.1 1:16777217\n', { precision: 'float32' });

    expect(rows).toMatchObject([
      {
        label: 0.1,
        weight: 0.1,
        entries: [
          [0, Math.fround(0.1)],
          [1, 16777216],
        ],
      },
    ]);
  });
});

describe('libsvm columns', () => {
  it('start at index 0 unless the content type says otherwise', async () => {
    expect(await entriesOf('1 1:5 2:6\n')).toEqual([
      [
        [1, 5],
        [2, 6],
      ],
    ]);
    expect(await entriesOf('1 1:5 2:6\n', { indexBase: 1 })).toEqual([
      [
        [0, 5],
        [1, 6],
      ],
    ]);
  });

  it('are as many as the largest index so far, from block to block and file to file', async () => {
    const files = { 'a.libsvm': '1 2:1\n1 4:1\n1 0:1\n', 'b.libsvm': '1 1:1\n1 9:1\n' };

    const { blocks } = await readTable(files, { maxRows: 1 });

    expect(blocks.map(({ columns }) => columns)).toEqual([3, 5, 5, 5, 10]);
  });

  it('are as many as featureCount says', async () => {
    const { blocks } = await readTable('1 2:1\n', { featureCount: 7 });

    expect(blocks).toMatchObject([{ columns: 7 }]);
  });

  it('are at least one', async () => {
    expect((await readTable('1\n')).blocks).toMatchObject([{ rows: 1, columns: 1 }]);
  });

  it('may have any index up to 2^31 - 2', async () => {
    expect(await entriesOf('1 2147483646:1\n')).toEqual([[[2147483646, 1]]]);
    await expect(readTable('1 2147483647:1\n')).rejects.toThrow('index must be in [0, 2147483646]');
    await expect(readTable('1 18446744073709551617:1\n')).rejects.toMatchObject({ code: 'E_DATA_INDEX' });
  });
});

describe('large libsvm data', () => {
  it('is divided into blocks of a bounded number of rows and entries', async () => {
    const narrow = await readTable('1 0:1\n'.repeat(100_000));
    const wide = await readTable(`1 ${Array.from({ length: 1000 }, (_, i) => `${i}:1`).join(' ')}\n`.repeat(300));

    expect(narrow.blocks.map(({ rows }) => rows)).toEqual([32_768, 32_768, 32_768, 1696]);
    expect(wide.blocks.map(({ rows, firstLine }) => [rows, firstLine])).toEqual([
      [131, 1],
      [131, 132],
      [38, 263],
    ]);
  });

  it('may have a row with more entries than a block has room for', async () => {
    const indices = Array.from({ length: 300_000 }, (_, i) => i);
    const text = `1 0:1\n2 ${indices.map((i) => `${i}:${i % 10}`).join(' ')}\n3 1:1\n`;

    const { rows } = await readTable(text, { pieceBytes: 100_000 });

    expect(rows.map(({ label }) => label)).toEqual([1, 2, 3]);
    expect(rows[1]!.entries.length).toBe(300_000);
    expect(rows[1]!.entries.every(([column, value], i) => column === i && value === i % 10)).toBe(true);
  });

  it.each([0, -1, 1.5, Number.NaN])('cannot be read with maxRows %d', async (maxRows) => {
    await expect(readTable('1 0:2\n', { maxRows })).rejects.toMatchObject({ code: 'E_ALGORITHM' });
  });
});

describe('a first line of libsvm', () => {
  const csv = ' This looks like CSV: its content type is text/csv.';

  it.each(['1,2,3\n', 'y;a\n', '1, 2\n', '"y","a"\n', '1\t2\t3\n', '1,2026-01-31 10:00:00\n', 'a:b,c\n'])(
    'in %j is called CSV',
    async (text) => {
      await expect(readTable(text)).rejects.toThrow(csv);
    },
  );

  it.each(['1 0:2,5\n', '1 2 3\n', '1,0:2\n', '1 0:1\n2,3\n'])(
    'in %j does not get the hint that it is CSV',
    async (text) => {
      await expect(readTable(text)).rejects.not.toThrow('CSV');
    },
  );
});

describe('the content type of libsvm', () => {
  it.each(['', '2', '-1', 'one'])('with index_base=%j is refused', (value) => {
    expect(() => indexBaseOf({ type: 'text/libsvm', parameters: { index_base: value } }, 'Channel "train"')).toThrow(
      `Channel "train": index_base of the content type must be 0 or 1; received "${value}".`,
    );
  });
});

/** A message about the line as a whole follows a colon, one about an index follows a blank. */
