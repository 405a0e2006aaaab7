/** Parquet as pandas, DuckDB, Spark and others write it (fixtures/make-parquet.py), and files that were changed by hand. */
import { describe, expect, it } from 'vitest';
import { readParquetBuffer } from '../../src/formats/parquet/read-parquet-buffer.js';
import { parquetFixture } from '../channels/job.js';
import { ACCEPT_ALL } from './csv-tables.js';
import { denseRowsOf } from './libsvm-tables.js';

function read(body: Uint8Array, featureNames?: readonly string[]) {
  const block = readParquetBuffer(body, { policy: ACCEPT_ALL, ...(featureNames && { featureNames }) });
  return { names: block?.columnNames?.join(' '), rows: block ? denseRowsOf(block) : [] };
}

const NAN = Number.NaN;

describe('a pandas index in Parquet', () => {
  it.each([
    ['pandas-range-index', 'that is a range, which only the metadata describes', [1, 2, 3, 4]],
    ['pandas-shuffled-index', 'without a name, __index_level_0__', [3, 1, 4, 2]],
    ['pandas-named-index', 'with a name of its own', [1, 2, 3, 4]],
    ['pandas-text-index', 'of text', [1, 2, 3, 4]],
    ['pandas-two-indexes', 'of two levels', [1, 2, 3, 4]],
  ])('in %s, one %s, is not a column', (name, _, labels) => {
    expect(read(parquetFixture(name))).toEqual({ names: 'y x', rows: labels.map((y) => [y, y + 4]) });
  });

  it('with damaged JSON metadata is refused', () => {
    const body = parquetFixture('pandas-shuffled-index');
    const at = body.indexOf('{"index_columns"');
    body.write('[', at);

    expect(() => read(body)).toThrow('request footer: the description by pandas must be JSON; it is damaged.');
  });
});

describe('Parquet numbers', () => {
  it('in DELTA_BINARY_PACKED have their whole range, signed and unsigned', () => {
    const table = read(parquetFixture('delta'));
    const limits = [
      [-(2 ** 31), 2 ** 31 - 1, 2 ** 31 - 2],
      [0, 2 ** 32 - 1, 2 ** 32 - 2],
      [-(2 ** 63), 2 ** 63, 2 ** 63],
      [0, 2 ** 64, 2 ** 64],
    ] as const;
    const column = ([low, high, below]: (typeof limits)[number]) => [low, high, 0, low, high, 1, NAN, below];
    const expected = Array.from({ length: 320 }, (_, row) => [row, ...limits.map((one) => column(one)[row % 8]!)]);

    expect(table.names).toBe('label int32 uint32 int64 uint64');
    expect(table.rows).toEqual(expected);
  });

  it('above 2^31 that DuckDB writes as version 2 are read', () => {
    expect(read(parquetFixture('duckdb-v2')).rows).toEqual([0, 1, 2, 3, 4].map((y) => [y, 4_000_000_000 + y]));
  });

  it('that DuckDB writes with differences wider than the type are read', () => {
    const rows = Array.from({ length: 40 }, (_, i) => [i, i % 2 === 0 ? -(2 ** 31) + i : 2 ** 31 - 1 - i]);

    expect(read(parquetFixture('duckdb-wide-differences')).rows).toEqual(rows);
  });

  it.each(['decimal-delta-byte-array', 'decimal-byte-stream-split', 'decimal-plain'])(
    'that are decimals are read in %s',
    (name) => {
      expect(read(parquetFixture(name)).rows).toEqual([
        [1, 1.25],
        [2, NAN],
        [3, -3.5],
        [4, 12345678901.75],
      ]);
    },
  );

  it('that are decimals have the scale of their logical type if it is only there', () => {
    expect(read(parquetFixture('decimal-logical-type-only')).rows).toEqual([
      [1, 1.25],
      [2, -3.5],
    ]);
  });

  it('are read from version 2 pages with repetition levels, which are ignored for a flat column', () => {
    expect(read(parquetFixture('repetition-levels')).rows).toEqual([
      [1, 7],
      [2, NAN],
      [3, 9],
    ]);
  });
});

describe('damage in a Parquet file', () => {
  it('that a page checksum detects is refused, naming the column', () => {
    const body = parquetFixture('checksum');
    const at = body.indexOf(Buffer.from(BigInt64Array.of(20n).buffer));
    expect(read(body).rows).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);

    body[at]! ^= 64;

    expect(() => read(body)).toThrow(
      'request column 2 "x" from row 1 on: the checksum of a page differs from its bytes, which have changed since they were written.',
    );
  });

  it.each([
    ['the same file again', 'plain', 'plain'],
    ['another one', 'pandas-range-index', 'checksum'],
    ['one with another order', 'swapped', 'plain'],
  ])('that joining made is refused: a file behind it, %s', (_, first, second) => {
    const body = Buffer.concat([parquetFixture(first), parquetFixture(second)]);

    expect(() => read(body)).toThrow('request: it must be one Parquet file; it is several, one behind the other');
  });

  it('with a boolean as the number of values of a page is refused, naming the field', () => {
    expect(() => read(parquetFixture('count-is-boolean'))).toThrow(
      'request column 1 "a" from row 1 on: num_values must be i32; it is false.',
    );
  });

  it('is never reported as an internal JavaScript error', () => {
    const good = parquetFixture('plain');
    const own =
      /undefined|TypeError|RangeError|DataView|not iterable|Cannot|is not a function|Invalid (array|typed)|BigInt|out of range index/;
    for (let at = 0; at < good.length; at++) {
      for (const value of [0, 1, 0x15, 0x7f, 0x80, 0xff]) {
        const body = Buffer.from(good);
        body[at] = value;
        const message = attempt(() => read(body));
        expect(message ?? '').not.toMatch(own);
      }
    }
  });
});

describe('column names of a Parquet request', () => {
  it('are matched with the model, in any order', () => {
    expect(read(parquetFixture('swapped'), ['y', 'x'])).toEqual(read(parquetFixture('plain')));
  });

  it('that are missing or extra are refused, naming all of them', () => {
    expect(() => read(parquetFixture('other-names'), ['y', 'c', 'b', 'd'])).toThrow(
      'request: the columns must have the names of the model, in any order: "y", "c", "b", "d"; received "y", "a", "b": missing "c", "d", extra "a".',
    );
  });
});

function attempt(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

describe('a file that is not Parquet', () => {
  it.each([
    ['gzip', '\x1f\x8b\x08', 'This is gzip: Parquet compresses its own columns'],
    ['an encrypted file', 'PARE', 'This is Parquet with an encrypted footer'],
    ['Avro', 'Obj\x01', 'This is Avro, such as the manifest of an Iceberg table'],
    ['a checksum file of Hadoop', 'crc\0', 'This is a checksum file of Hadoop.'],
    ['an entry of a Delta log', '{"commitInfo":{"timestamp":1}}', "This is an entry of a Delta table's log"],
    ['metadata of Iceberg', '{\n  "format-version" : 2,', 'This is metadata of an Iceberg table'],
    ['other JSON', '[1, 2]', 'This is JSON'],
    ['HTML', '<!DOCTYPE html>', 'This is XML or HTML'],
    ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1', 'This is a pointer of Git LFS'],
    ['CSV', '1,2,3\n', 'This is text, perhaps CSV'],
    ['ORC', 'ORC\x08', 'This is ORC'],
  ])('is refused, naming its kind: %s', (_, start, message) => {
    expect(() => read(Buffer.from(start, 'latin1'))).toThrow(message);
  });
});
