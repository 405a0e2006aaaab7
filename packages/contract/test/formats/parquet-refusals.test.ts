/** Parquet files of a channel that cannot be used. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REFUSE_ALL } from './csv-tables.js';
import { fixture, read, readPaths } from './parquet-tables.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parquet-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a Parquet file that cannot be used', () => {
  it.each([
    [
      'with text',
      ['text'],
      {},
      'E_DATA_NUMBER',
      'train/text.parquet column 3 "city": expected numbers or booleans; received BYTE_ARRAY STRING. Encode or drop the column.',
    ],
    [
      'with dates',
      ['date'],
      {},
      'E_DATA_NUMBER',
      'column 2 "born": expected numbers or booleans; received INT32 DATE.',
    ],
    [
      'with times',
      ['time'],
      {},
      'E_DATA_NUMBER',
      'column 2 "seen": expected numbers or booleans; received INT64 TIMESTAMP.',
    ],
    [
      'with lists',
      ['list'],
      {},
      'E_DATA_FORMAT',
      'column 2 "pixels": expected one number per row; received a nested column.',
    ],
    [
      'with structures',
      ['struct'],
      {},
      'E_DATA_FORMAT',
      'column 2 "place": expected one number per row; received a nested',
    ],
    [
      'with a missing value',
      ['special'],
      { policy: REFUSE_ALL },
      'E_DATA_MISSING',
      'train/special.parquet row 1 column 2 "x": the value must not be missing. Fill it in or drop the row.',
    ],
    [
      'with an infinite value',
      ['special'],
      { policy: { ...REFUSE_ALL, missingValues: 'accept' } },
      'E_DATA_INFINITE',
      'train/special.parquet row 2 column 3 "y": the value must be finite; received -Infinity.',
    ],
    [
      'with a missing label',
      ['special'],
      { labelSize: '2' },
      'E_DATA_MISSING',
      'train/special.parquet row 1 column 2 "x": the label must not be missing.',
    ],
    [
      'with a negative weight',
      ['bad-weight'],
      { hasWeights: true },
      'E_DATA_WEIGHT',
      'train/bad-weight.parquet row 2 column 2 "weight": the sample weight must be a finite number ≥ 0; received -2.',
    ],
    [
      'with labels only',
      ['weighted'],
      { labelSize: '2', hasWeights: true },
      'E_DATA_COLUMNS',
      'train/weighted.parquet: expected at least 4 columns (2 labels, 1 weight, 1 feature); received 3.',
    ],
    [
      'with another column than the first file',
      ['weighted', 'other-columns'],
      {},
      'E_DATA_COLUMNS',
      'train/other-columns.parquet: the columns must have the names of train/weighted.parquet, in any order: "label", "weight", "x"; received "label", "weight", "y": missing "x", extra "y".',
    ],
    [
      'with a column less than the first file',
      ['snappy', 'byte-stream-split'],
      {},
      'E_DATA_COLUMNS',
      'received "label", "double", "single": missing "few", "null", "flag".',
    ],
    [
      'with a column more than the first file',
      ['byte-stream-split', 'snappy'],
      {},
      'E_DATA_COLUMNS',
      'received "label", "double", "single", "few", "null", "flag": extra "few", "null", "flag".',
    ],
    [
      'with other features than are asked for',
      ['weighted'],
      { featureCount: 3 },
      'E_DATA_COLUMNS',
      'train/weighted.parquet: expected 3 features; received 2.',
    ],
  ] as const)('is refused, naming the cause: %s', async (_, names, options, code, message) => {
    await expect(read(names, options)).rejects.toThrow(
      expect.objectContaining({ name: 'ClientError', code, message: expect.stringContaining(message) }),
    );
  });

  it.each([
    ['CSV', Buffer.from('1,2,3\n'), 'a Parquet file must begin with "PAR1"; received "1,2,".'],
    ['packed in gzip', gzipSync('x'), 'This is gzip: Parquet compresses its own columns, so upload it unpacked.'],
    ['of four bytes', Buffer.from('PAR1'), 'train/a.parquet footer: '],
  ])('is refused: %s', async (_, bytes, message) => {
    const path = join(folder, 'a.parquet');
    writeFileSync(path, bytes);

    await expect(readPaths([['a.parquet', path]])).rejects.toThrow(
      expect.objectContaining({ code: 'E_DATA_FORMAT', message: expect.stringContaining(message) }),
    );
  });

  it('with two columns of the same name is refused, naming the second', async () => {
    const bytes = readFileSync(fixture('special'));
    const path = join(folder, 'twice.parquet');
    bytes.write('x', bytes.indexOf('\x18\x01y', 0, 'latin1') + 2); // the name of column 3 in the schema
    writeFileSync(path, bytes);

    await expect(readPaths([['twice.parquet', path]])).rejects.toThrow(
      'train/twice.parquet column 3: the name "x" is used twice; names must be unique.',
    );
  });

  it.each([0, -1, 1.5])('is not opened with maxRows %d', async (maxRows) => {
    await expect(read('snappy', { maxRows })).rejects.toMatchObject({ code: 'E_ALGORITHM' });
  });
});
