/** A request body of CSV rows as one block. */
import { expect, it } from 'vitest';
import { readCsvBuffer } from '../../src/formats/csv/read-csv-buffer.js';
import { giveBack } from '../../src/formats/lending.js';
import { ACCEPT_ALL, REFUSE_ALL } from './csv-tables.js';

const read = (text: string, options: Partial<Parameters<typeof readCsvBuffer>[1]> = {}) =>
  readCsvBuffer(Buffer.from(text), { policy: REFUSE_ALL, ...options })!;

it('a header line alone is no row with header=auto, and an error with header=present', () => {
  const featureNames = ['a', 'b'];

  expect(read('b,a\n', { header: 'auto', featureNames })).toBeUndefined();
  expect(() => read('b,a\n', { header: 'present', featureNames })).toThrow(
    /received only a header line\. .* header=auto/,
  );
});

it('the error at a header line says what a batch transform needs', () => {
  expect(() => read('a,b\n1,2\n')).toThrow(
    'give header=present in the content type (text/csv;header=present), or remove it. In a batch transform header=present needs SplitType None.',
  );
});

it('a CSV request has only features, no labels', () => {
  const block = read('1,2\r\n"3", 4');

  expect(block).toEqual({
    rows: 2,
    columns: 2,
    features: Float64Array.of(1, 2, 3, 4),
    labelCount: 0,
    labels: new Float64Array(0),
    source: 'request',
    firstLine: 1,
  });
});

it('each CSV request gets arrays of its own', () => {
  const first = read('1,2\n');
  const second = read('3,4\n');

  expect([...first.features, ...second.features]).toEqual([1, 2, 3, 4]);
});

it('a CSV body of several blocks becomes one table', () => {
  const rows = 100_000;
  const body = Array.from({ length: rows }, (_, row) => `${row},${row + 0.5},${-row}`).join('\n');

  const block = read(body, { featureCount: 3 });

  expect(block.rows).toBe(rows);
  expect(block.features.length).toBe(rows * 3);
  expect(
    block.features.every(
      (value, index) => value === [1, 1, -1][index % 3]! * Math.floor(index / 3) + [0, 0.5, 0][index % 3]!,
    ),
  ).toBe(true);
});

it('a CSV request is rounded to float32 if the algorithm asks for it', () => {
  expect(read('0.1\n', { precision: 'float32' }).features).toEqual(Float32Array.of(0.1));
});

it('a CSV request may have missing and infinite values if the definition accepts them', () => {
  expect(read(',inf\n', { policy: ACCEPT_ALL }).features).toEqual(Float64Array.of(Number.NaN, Infinity));
});

it('a CSV request after a refused one is read normally', () => {
  expect(() => read('1,2\nx,3\n')).toThrow();

  expect(read('5,6\n').features).toEqual(Float64Array.of(5, 6));
});

it.each([
  ['no row', ' \n', {}, 'E_DATA_EMPTY', 'request: expected at least one row; received none.'],
  ['too few columns', '1,2\n', { featureCount: 3 }, 'E_DATA_COLUMNS', 'request row 1: expected 3 columns; received 2.'],
  [
    'too many columns',
    '1,2\n1,2,3\n',
    { featureCount: 2 },
    'E_DATA_COLUMNS',
    'request row 2: expected 2 columns; received 3.',
  ],
  [
    'one column too many for one feature',
    '1,2\n',
    { featureCount: 1 },
    'E_DATA_COLUMNS',
    'request row 1: expected 1 column; received 2.',
  ],
  ['a ragged row', '1,2\n1\n', {}, 'E_DATA_COLUMNS', 'request row 2: expected 2 columns as in row 1; received 1.'],
  [
    'a text',
    '1,2\n1,2\n1,a\n',
    {},
    'E_DATA_NUMBER',
    'request row 3 column 2: expected a number; received "a". The algorithm takes numbers only: encode text as numbers, or drop the column.',
  ],
  [
    'a missing value',
    '1,\n',
    {},
    'E_DATA_MISSING',
    'request row 1 column 2: the value must not be missing; received "". Fill it in or drop the row.',
  ],
  [
    'a blank line',
    '1,2\n\n1,2\n',
    {},
    'E_DATA_BLANK_LINE',
    'request row 2: expected a row; received a blank line. Remove it: only the end of a file may have blank lines.',
  ],
] as const)('a CSV request with %s is refused', (_, text, options, code, message) => {
  expect(() => read(text, options)).toThrow(expect.objectContaining({ name: 'ClientError', code, message }));
});

/** More bytes than are copied out of the kernel's memory. */
const large = (value: number) => `${value},${value + 1}\n`.repeat(20_000);
const isAll = (block: ReturnType<typeof read>, value: number) =>
  block.features.every((found, index) => found === value + (index % 2));

it('leaves the rows of a large body alone until they are given back', () => {
  const first = read(large(1));
  const second = read(large(3));
  const isFirst = isAll(first, 1);

  giveBack(first);
  const third = read(large(5));

  expect(isFirst && isAll(second, 3) && isAll(third, 5)).toBe(true);
  expect(third.features.buffer).toBe(first.features.buffer);
});

it.each(['float64', 'float32'] as const)(
  'reads rows that are far shorter than the first as one block of %s',
  (precision) => {
    const count = 150_000;
    const body = `${'0'.repeat(5000)}1,2\n${'3,4\n'.repeat(count)}`;

    const block = read(body, { precision, featureCount: 2 });

    expect(block.rows).toBe(count + 1);
    expect([...block.features.subarray(0, 4)]).toEqual([1, 2, 3, 4]);
    expect(block.features.every((value, index) => index < 2 || value === 3 + (index % 2))).toBe(true);
    expect(block.features.constructor.name.toLowerCase()).toBe(`${precision}array`);
  },
);

it('takes no more memory than its bytes can mean, however short the first line is', () => {
  const body = `1\n${'2'.repeat(1_000_000)}`;

  expect(() => read(body, { featureCount: 1000 })).toThrow(/expected 1000 columns/);
});
