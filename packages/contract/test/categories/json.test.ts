/** Channels of JSON: records and lists, as a document and as lines. */
import { describe, expect, it } from 'vitest';
import { useJob } from '../channels/job.js';
import { expectSameRows } from '../same-rows.js';
import { openText, readNamed, TEXT } from './channels.js';

const job = useJob();

const LINES = 'application/jsonlines';
const DOCUMENT = 'application/json';

function train(content: string | Readonly<Record<string, string>>, contentType = LINES, policy = TEXT) {
  const files = typeof content === 'string' ? { 'a.json': content } : content;
  job.put(Object.fromEntries(Object.entries(files).map(([name, text]) => [`train/${name}`, text])));
  return readNamed(openText(job, { train: contentType }, policy).train);
}

describe('rows of JSON in a channel', () => {
  it.each([
    ['records on lines', LINES, '{"y":1,"x":"a","z":2.5}\n{"z":null,"y":0,"x":"b"}\n'],
    ['records in a list', DOCUMENT, '[{"y":1,"x":"a","z":2.5},\n{"z":null,"y":0,"x":"b"}]'],
  ])('are %s, whose members may be in any order', async (_, contentType, content) => {
    expect(await train(content, contentType)).toEqual({
      rows: [
        [1, 'a', 2.5],
        [0, 'b', null],
      ],
      categories: { labels: [undefined], features: [['a', 'b'], undefined] },
      columnNames: ['x', 'z'],
    });
  });

  it.each([
    ['lists on lines', LINES, '[1,"a",2.5]\n[0,"b",null]\n'],
    ['lists in a list', DOCUMENT, '[[1,"a",2.5],[0,"b",null]]'],
  ])('are %s, without names', async (_, contentType, content) => {
    const { rows, columnNames } = await train(content, contentType);

    expect(rows).toEqual([
      [1, 'a', 2.5],
      [0, 'b', null],
    ]);
    expect(columnNames).toBeUndefined();
  });

  it('may be numbers only, for an algorithm that takes nothing else', async () => {
    const policy = { missingValues: 'refuse', infiniteValues: 'refuse' } as const;

    expect((await train('{"y":1,"x":2}\n', LINES, policy)).rows).toEqual([[1, 2]]);
    await expect(train('{"y":1,"x":"a"}\n', LINES, policy)).rejects.toThrow(
      'train/a.json line 1 column "x": expected a number; received "a".',
    );
  });

  it('have the label that the content type names, and as many labels as it says', async () => {
    expect((await train('{"x":1,"y":2}\n', `${LINES};label=y`)).rows).toEqual([[2, 1]]);
    expect((await train('[1,2,3]\n', `${LINES};label_size=2`)).rows).toEqual([[1, 2, 3]]);
  });

  it('are put in the order of the first file', async () => {
    const { rows } = await train({ '1.jsonl': '{"y":1,"x":2,"z":3}\n', '2.jsonl': '{"z":6,"x":5,"y":4}\n' });

    expect(rows).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it('may be lists in one file and records in others, and of another width where nothing says how many columns', async () => {
    const { rows } = await train({
      '1.jsonl': '[1,2,3]\n',
      '2.jsonl': '{"y":4,"x":5,"z":6}\n',
      '3.jsonl': '{"z":9,"y":7,"x":8}\n',
      '4.jsonl': '[10,11]\n[12,13]\n',
    });

    expect(rows).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
      [10, 11],
      [12, 13],
    ]);
  });

  it('come in blocks, however many there are', async () => {
    const content = Array.from({ length: 70_000 }, (_, row) => `{"y":${row},"x":"n${row % 3}"}`);

    const { rows } = await train({ 'a.jsonl': content.join('\n'), 'b.json': '' });
    const document = await train({ 'a.jsonl': `[${content.join(',')}]`, 'b.json': '' }, DOCUMENT);

    expect(rows).toHaveLength(70_000);
    expect(rows.at(-1)).toEqual([69_999, 'n0']);
    expectSameRows(document.rows, rows);
  });

  it('keep all digits of integers in a column that is declared as text', async () => {
    const ids = ['12345678901234567890', '12345678901234567891', '-9007199254740993', '9007199254740991', '7'];
    const content = ids.map((id) => `{"y":1,"id": ${id} }\n`).join('');

    const { rows, categories } = await train(content, `${LINES};text_columns=id`);

    expect(rows.map(([, id]) => id)).toEqual(ids);
    expect(categories?.features).toEqual([ids.toSorted()]);
  });

  it('have the shortest form of other numbers in such a column', async () => {
    const { rows } = await train('[1,1.50]\n[1,1e3]\n[1,1.0]\n[1,2e20]\n', `${LINES};text_columns=2`);

    expect(rows.map(([, text]) => text)).toEqual(['1.5', '1000', '1', '200000000000000000000']);
  });

  it('have text with escapes, and any name', async () => {
    const { rows } = await train('{"y":1,"a \\"b\\"":"\\u00e9\\n","z":"\\ud83d\\ude00"}\n');

    expect(rows).toEqual([[1, 'é\n', '😀']]);
  });
});

describe('names of columns in rows of JSON', () => {
  it.each([
    ['with blanks around them', '{ "y" : 2 , "x" : 3}'],
    ['with escapes', '{"\\u0079":2,"\\u0078":3}'],
    ['in another order', '{"x":3,"y":2}'],
  ])('may be written %s than in the first row', async (_, row) => {
    expect((await train(`{"y":1,"x":2}\n${row}\n`)).rows).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });

  it('may begin with each other', async () => {
    expect((await train('{"a":1,"ab":2,"a\\"":3}\n{"ab":5,"a\\"":6,"a":4}\n')).rows).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it('must have a colon behind them', async () => {
    await expect(train('{"y":1,"x":2}\n{"y":1,"x" 2}\n')).rejects.toThrow(
      'train/a.json line 2: expected valid JSON; received "2" at byte 26.',
    );
  });
});

it.each([
  ['lists', '["a",1,"x"]\n["b",2,"y"]\n', '["b",3,"x"]\n'],
  ['records', '{"y":"a","n":1,"t":"x"}\n{"y":"b","n":2,"t":"y"}\n', '{"t":"x","y":"b","n":3}\n'],
])('text in %s of the training channel does not keep another channel from its columns', async (_, rows, others) => {
  job.put({ 'train/a.json': rows, 'validation/b.json': others });
  const { validation } = openText(job, { train: 'application/jsonlines', validation: 'application/jsonlines' });

  expect((await readNamed(validation)).rows).toEqual([['b', 3, 'x']]);
});

describe('rows of JSON that cannot be read', () => {
  it.each([
    [
      'a number among text',
      '{"y":1,"x":"a"}\n{"y":1,"x":2}\n',
      'train/a.json line 2 column "x": expected text, as "a" in train/a.json line 1 column "x"; received the number 2.',
    ],
    [
      'text among numbers',
      '{"y":1,"x":2}\n{"y":1,"x":"b"}\n',
      'train/a.json line 2 column "x": expected a number; received "b".',
    ],
    [
      'a nested value',
      '{"y":1,"x":[1]}\n',
      'train/a.json line 1 column "x": expected a number, a boolean, text or null; received [1].',
    ],
    ['a cut word', '{"y":1,"x":tru}\n', 'train/a.json line 1: expected valid JSON; received "t" at byte 12.'],
    [
      'a missing member',
      '{"y":1,"x":2}\n{"y":1}\n',
      'train/a.json line 2: expected each of the 2 columns of the first row once, by name; received none named "x".',
    ],
    [
      'a member that the first row does not have',
      '{"y":1,"x":2}\n{"y":1,"z":2}\n',
      'train/a.json line 2: expected each of the 2 columns of the first row once, by name; received "z".',
    ],
    ['a row that has a member twice', '{"y":1,"x":2,"x":3}\n', 'train/a.json line 1: the name "x" is used twice.'],
    [
      'a list after records',
      '{"y":1,"x":2}\n[1,2]\n',
      'train/a.json line 2: expected an object as in the first row; received a list.',
    ],
    [
      'a list of another length',
      '[1,2]\n[1]\n',
      'train/a.json line 2: expected 2 columns as in the first row; received 1.',
    ],
    [
      'a bare number',
      '7\n',
      'train/a.json line 1: expected a row such as {"age":40,"height":1.8} or [40,1.8]; received 7.',
    ],
    ['a blank line between rows', '[1,2]\n\n[1,2]\n', 'train/a.json line 2: expected a row; received a blank line.'],
    ['a missing label', '{"y":null,"x":2}\n', 'train/a.json line 1 column "y": the label must not be missing.'],
    [
      'a label beyond the doubles',
      '{"y":-1e999,"x":2}\n',
      'train/a.json line 1 column "y": the label must be within ±1.797e308, the range of a double; received "-1e999".',
    ],
    ['half a surrogate', '{"y":1,"x":"\\ud800"}\n', 'train/a.json line 1 column "x": text must be UTF-8'],
    ['more text behind a row', '[1,2] 3\n', 'train/a.json line 1: expected valid JSON; received "3" at byte 7.'],
  ])('are refused for %s', async (_, content, message) => {
    await expect(train(content)).rejects.toThrow(message);
  });

  it('are refused for lists where the content type names the label', async () => {
    await expect(train('[1,2]\n', `${LINES};label=y`)).rejects.toThrow(
      'train/a.json line 1: the columns must have names, since the content type names "y" as the label; received none.',
    );
  });

  it.each([
    [
      'an object',
      '{"a":1}',
      'train/a.json: expected a list of rows, such as [{"age":40},{"age":41}]; received {"a":1}. One row per line is application/jsonlines.',
    ],
    ['an end that is missing', '[[1,2]', 'train/a.json: expected valid JSON; received the end at byte 7.'],
  ])('are refused as a document for %s', async (_, content, message) => {
    await expect(train(content, DOCUMENT)).rejects.toThrow(expect.objectContaining({ code: 'E_DATA_FORMAT', message }));
  });

  it('have no rows in an empty list', async () => {
    await expect(train('[]', DOCUMENT)).rejects.toThrow('Channel "train" has no rows');
  });
});
