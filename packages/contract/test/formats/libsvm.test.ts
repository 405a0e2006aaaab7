/** What libsvm of a channel may look like, and what is said of what it may not. */
import { describe, expect, it } from 'vitest';
import { indexBaseOf } from '../../src/formats/libsvm/index-base.js';
import { libsvmReader } from '../../src/formats/libsvm/reader.js';
import { ACCEPT_ALL, REFUSE_ALL } from './csv-tables.js';
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

describe('an invalid libsvm row', () => {
  it.each([
    ['a label that is text', 'x 0:1', 'E_DATA_NUMBER', 'the label must be a finite number; received "x".'],
    [
      'a missing label',
      '0:1 1:2',
      'E_DATA_WEIGHT',
      'every row or none must have a weight, as the first one has or has not; received "0:1".',
    ],
    ['an infinite label', 'inf 0:1', 'E_DATA_NUMBER', 'the label must be a finite number; received "inf".'],
    [
      'a negative weight',
      '1:-1 0:1',
      'E_DATA_WEIGHT',
      'the weight after the label must be a finite number ≥ 0; received "1:-1".',
    ],
    ['an entry without a colon', '1 0:1 7', 'E_DATA_NUMBER', 'expected index:value; received "7".'],
    ['an entry without a value', '1 0:', 'E_DATA_NUMBER', 'index 0: expected a number; received "0:".'],
    ['a value that is text', '1 0:1 12:3,5', 'E_DATA_NUMBER', 'index 12: expected a number; received "12:3,5".'],
    ['a name for an index', '1 age:3', 'E_DATA_NUMBER', 'expected index:value; received "age:3".'],
    ['a negative index', '1 -1:3', 'E_DATA_NUMBER', 'expected index:value; received "-1:3".'],
    ['commas', '1,0.5,3', 'E_DATA_NUMBER', 'the label must be a finite number; received "1,0.5,3".'],
    ['an index twice', '1 3:1 2:1 3:2', 'E_DATA_INDEX', 'index 3 occurs twice; each index may occur once.'],
    [
      'a query id that is no number',
      '1 qid:a 0:1',
      'E_DATA_QUERY',
      'a query must be qid: and a whole number up to 2^53; received "qid:a".',
    ],
    [
      'a query id beyond 2^53',
      '1 qid:9007199254740993 0:1',
      'E_DATA_QUERY',
      'a query must be qid: and a whole number up to 2^53; received "qid:9007199254740993".',
    ],
    ['a query id behind an entry', '1 0:1 qid:3', 'E_DATA_NUMBER', 'expected index:value; received "qid:3".'],
    [
      'a missing value',
      '1 4:nan',
      'E_DATA_MISSING',
      'index 4: the value must not be missing; received "nan". Fill it in or drop the row.',
    ],
    [
      'an infinite value',
      '1 4:1e999',
      'E_DATA_INFINITE',
      'index 4: the value must be finite; received "1e999". Correct it or drop the row.',
    ],
  ])('with %s is refused, naming file, line and what was received', async (_, line, code, message) => {
    const first = line.startsWith('1 qid:') ? '1 qid:1 0:1' : '1 0:1';

    await expect(readTable(`${first}\n${line}\n${first}\n`, { policy: REFUSE_ALL })).rejects.toThrow(
      expect.objectContaining({ name: 'ClientError', code, message: `train/a.libsvm line 2${separated(message)}` }),
    );
  });

  it('with a weight or query id that the first row does not have, or without one that it has, is refused', async () => {
    await expect(readTable('1 0:1\n1:2 0:1\n')).rejects.toThrow(
      'train/a.libsvm line 2: every row or none must have a weight, as the first one has or has not; received "1:2".',
    );
    await expect(readTable('1:2 0:1\n1 0:1\n')).rejects.toMatchObject({ code: 'E_DATA_WEIGHT' });
    await expect(readTable({ 'a.libsvm': '1 qid:1 0:1\n', 'b.libsvm': '1 0:1\n' })).rejects.toThrow(
      'train/b.libsvm line 1: every row or none must have a qid',
    );
  });

  it('with an index outside the columns is refused with the range in its own index base', async () => {
    await expect(readTable('1 0:1\n', { indexBase: 1 })).rejects.toThrow(
      'line 1: an index must be in [1, 2147483647]; received 0. The content type says index_base=1.',
    );
    await expect(readTable('1 4:1\n', { indexBase: 1, featureCount: 3 })).rejects.toThrow(
      'line 1: an index must be in [1, 3] for 3 columns; received 4.',
    );
  });

  it('that is blank is refused when rows follow', async () => {
    await expect(readTable('1 0:1\n\n\n1 0:1\n')).rejects.toThrow(
      'train/a.libsvm line 2: expected a row; received a blank line.',
    );
  });

  it('does not affect the rows before it', async () => {
    const seen: number[] = [];
    const sources = [
      {
        name: 'a',
        label: 'train/a',
        open: () => {
          let isRead = false;
          const read = (target: Uint8Array) => {
            if (isRead) return 0;
            isRead = true;
            return Buffer.from('1 0:1\n2 0:1\n3 0:x\n').copy(target);
          };
          return { read, close: () => {} };
        },
      },
    ];
    const settings = { contentType: { type: 'text/libsvm', parameters: {} }, policy: ACCEPT_ALL, maxRows: 1 };

    const reading = (async () => {
      for await (const { labels } of libsvmReader.read(sources, settings)) seen.push(...labels);
    })();

    await expect(reading).rejects.toThrow('line 3');
    expect(seen).toEqual([1, 2]);
  });
});

describe('the content type of libsvm', () => {
  it.each(['', '2', '-1', 'one'])('with index_base=%j is refused', (value) => {
    expect(() => indexBaseOf({ type: 'text/libsvm', parameters: { index_base: value } }, 'Channel "train"')).toThrow(
      `Channel "train": index_base of the content type must be 0 or 1; received "${value}".`,
    );
  });
});

/** A message about the line as a whole follows a colon, one about an index follows a blank. */
function separated(message: string): string {
  return /^index \d+:/.test(message) ? ` ${message}` : `: ${message}`;
}
