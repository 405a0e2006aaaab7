/** Requests that are Parquet files, written by pyarrow (fixtures/make-parquet.py). */
import { describe, expect, it } from 'vitest';
import type { ValuePolicy } from '../../src/formats/block.js';
import { readParquetBuffer } from '../../src/formats/parquet/read-parquet-buffer.js';
import { parquetFixture } from '../channels/job.js';
import { ACCEPT_ALL, REFUSE_ALL } from '../formats/csv-tables.js';

function read(body: Uint8Array, featureCount: number, policy: ValuePolicy = ACCEPT_ALL) {
  return readParquetBuffer(body, { featureCount, policy });
}

/** The table of the fixtures: label, double, single, few, null, flag. */
const COLUMNS = 6;
const ROWS = 300;
const whole = () => read(parquetFixture('none'), COLUMNS)!;

describe('a Parquet request', () => {
  it('is one block of all row groups, with every column as a feature', () => {
    const block = whole();

    expect(block).toMatchObject({ labelCount: 0, source: 'request', firstLine: 1 });
    const expected = Array.from({ length: ROWS }, (_, i) => [
      i % 2,
      i / 7,
      Math.fround(i / 7),
      (i % 5) * 1.5,
      i % 3 === 0 ? Number.NaN : i / 2,
      i % 11 === 0 ? Number.NaN : Number(i % 4 === 0),
    ]);
    expect(block).toMatchObject({ rows: ROWS, columns: COLUMNS, features: Float64Array.from(expected.flat()) });
  });

  it.each(['snappy', 'gzip', 'zstd', 'brotli', 'lz4', 'version-2', 'no-dictionary'])(
    'has the same rows when it is written as %s',
    (name) => {
      expect(read(parquetFixture(name), COLUMNS)).toEqual(whole());
    },
  );

  it('with columns other than those of the model is refused', () => {
    expect(() => read(parquetFixture('none'), 99)).toThrow(/request: expected 99 features; received \d+/);
  });

  it('without rows has no predictions', () => {
    expect(read(parquetFixture('empty'), COLUMNS)).toBeUndefined();
  });

  it('with a missing value is refused if the algorithm refuses them, naming row and column', () => {
    expect(() => read(parquetFixture('none'), COLUMNS, REFUSE_ALL)).toThrow(/request row \d+ column \d+ .*missing/);
  });

  it('that is not a Parquet file is refused', () => {
    expect(() => read(Buffer.from('1,2,3\n'), 3)).toThrow('request: a Parquet file must begin with "PAR1"');
  });

  it('that is truncated anywhere is refused', () => {
    const body = parquetFixture('none');
    for (let end = 4; end < body.length; end += 97) {
      expect(() => read(body.subarray(0, end), 5)).toThrow(/^request/);
    }
  });

  it('in a view into a larger buffer is read from the view', () => {
    const body = parquetFixture('none');
    const around = Buffer.concat([Buffer.alloc(13, 7), body, Buffer.alloc(5, 9)]);

    expect(read(around.subarray(13, 13 + body.length), COLUMNS)).toEqual(whole());
  });
});
