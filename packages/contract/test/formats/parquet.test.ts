/** Parquet of a channel, in files that pyarrow wrote (fixtures/make-parquet.py). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContractError } from '../../src/errors.js';
import { type BlockOptions, isSparse, type ValuePolicy } from '../../src/formats/block.js';
import { parquetReader } from '../../src/formats/parquet/reader.js';
import type { DataSource } from '../../src/formats/reader.js';
import { runs } from '../runs.js';
import { ACCEPT_ALL, REFUSE_ALL } from './csv-tables.js';
import { denseRowsOf } from './libsvm-tables.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/parquet/${name}.parquet`, import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parquet-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface ReadOptions extends BlockOptions {
  readonly labelSize?: string;
  readonly policy?: ValuePolicy;
}

interface Table {
  readonly labels: number[][];
  readonly features: number[][];
  readonly weights: number[];
  readonly names: readonly string[];
  readonly blocks: (readonly [rows: number, columns: number, source: string, firstLine: number])[];
}

async function read(names: string | readonly string[], options: ReadOptions = {}): Promise<Table> {
  const paths = [names].flat().map((name) => [`${name}.parquet`, fixture(name)] as const);
  return readPaths(paths, options);
}

async function readPaths(
  paths: readonly (readonly [name: string, path: string])[],
  { labelSize, policy = ACCEPT_ALL, ...wishes }: ReadOptions = {},
): Promise<Table> {
  const sources = paths.map(([name, path]): DataSource => {
    const open = () => {
      throw new Error('Parquet is not read as a stream');
    };
    return { name, label: `train/${name}`, path, open };
  });
  const parameters = labelSize === undefined ? {} : { label_size: labelSize };
  const table: { -readonly [K in keyof Table]: Table[K] } = {
    labels: [],
    features: [],
    weights: [],
    names: [],
    blocks: [],
  };
  const settings = { ...wishes, contentType: { type: 'application/x-parquet', parameters }, policy };
  for await (const block of parquetReader.read(sources, settings)) {
    if (isSparse(block)) throw new Error('Parquet is read as dense blocks');
    const { rows, columns, labels, labelCount, weights = [], source, firstLine, columnNames = [] } = block;
    for (let row = 0; row < rows; row++) {
      table.labels.push([...labels.subarray(row * labelCount, (row + 1) * labelCount)]);
    }
    table.features.push(...denseRowsOf(block));
    table.weights.push(...weights);
    table.names = columnNames;
    table.blocks.push([rows, columns, source, firstLine]);
  }
  return table;
}

const NAN = Number.NaN;

/** What make-parquet.py puts into the tables of every codec. */
const PLAIN = Array.from({ length: 300 }, (_, i) => [
  i / 7,
  Math.fround(i / 7),
  (i % 5) * 1.5,
  i % 3 === 0 ? NAN : i / 2,
  i % 11 === 0 ? NAN : Number(i % 4 === 0),
]);

describe('a Parquet file', () => {
  it.each([
    'none',
    'snappy',
    'gzip',
    'brotli',
    'zstd',
    'lz4',
    'lz4-hadoop',
    'lz4-unframed',
    'version-2',
    'no-dictionary',
  ])('written as %s is read: labels, doubles, floats, dictionaries, nulls and booleans', async (name) => {
    const table = await read(name);

    expect(table.labels).toEqual(PLAIN.map((_, i) => [i % 2]));
    expect(table.features).toEqual(PLAIN);
    expect(table.names).toEqual(['double', 'single', 'few', 'null', 'flag']);
    expect(table.blocks).toEqual([
      [128, 5, `${name}.parquet`, 1],
      [128, 5, `${name}.parquet`, 129],
      [44, 5, `${name}.parquet`, 257],
    ]);
  });

  it('with delta and byte-stream-split encodings is read', async () => {
    const { labels, features } = await read('byte-stream-split');

    expect(labels.flat()).toEqual(PLAIN.map((_, i) => i % 2));
    expect(features).toEqual(PLAIN.map((row) => row.slice(0, 2)));
  });

  it('with every type of number is read, each value rounded once', async () => {
    const { labels, features, names } = await read('types');

    expect(names.join(' ')).toBe('int8 uint16 int32 uint32 int64 uint64 half decimal wide nothing required');
    expect(labels.flat()).toEqual([0, 1, 2]);
    expect(features).toEqual([
      [-128, 0, -2147483648, 0, -(2 ** 63), 0, 0.5, 0.07, Number('12345678901234567890.123'), NAN, 1.5],
      [0, 1, 0, NAN, 9007199254740992, 9007199254740992, -65504, NAN, -0.001, NAN, 2.5],
      [127, 65535, 2147483647, 4294967295, -1, 2 ** 64, 2 ** -24, -123456.78, 0, NAN, 3.5],
    ]);
  });

  it('without rows gives no block', async () => {
    expect((await read('empty')).blocks).toEqual([]);
  });

  it('is divided into blocks of at most maxRows rows that know their first row', async () => {
    const { blocks, features } = await read('snappy', { maxRows: 100 });

    expect(blocks.map(([rows, , , first]) => [rows, first])).toEqual([
      [100, 1],
      [28, 101],
      [100, 129],
      [28, 229],
      [44, 257],
    ]);
    expect(features).toEqual(PLAIN);
  });

  it('is rounded once to float32 if that is requested, except for labels', async () => {
    const { features, labels } = await read('snappy', { precision: 'float32' });

    expect(features).toEqual(PLAIN.map((row) => row.map(Math.fround)));
    expect(labels.flat()).toEqual(PLAIN.map((_, i) => i % 2));
  });

  it('has as many labels as label_size says, and a weight if one is requested', async () => {
    expect(await read('weighted', { labelSize: '0' })).toMatchObject({
      labels: [[], []],
      names: ['label', 'weight', 'x'],
    });
    expect(await read('weighted', { labelSize: '2' })).toMatchObject({
      labels: [
        [1, 0.5],
        [0, 2],
      ],
      features: [[3], [4]],
    });
    expect(await read('weighted', { hasWeights: true })).toMatchObject({
      labels: [[1], [0]],
      weights: [0.5, 2],
      features: [[3], [4]],
      names: ['x'],
    });
  });

  it('can follow another with the same columns', async () => {
    const { blocks, labels } = await read(['zstd', 'snappy']);

    expect(blocks.map(([, , source]) => source)).toEqual(
      ['zstd', 'zstd', 'zstd', 'snappy', 'snappy', 'snappy'].map((name) => `${name}.parquet`),
    );
    expect(labels).toHaveLength(600);
  });
});

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

it.each(['none', 'snappy', 'zstd', 'lz4', 'lz4-hadoop', 'gzip', 'version-2'])(
  'damage to a file of %s is an error that names it, or changes values only',
  async (name) => {
    const good = readFileSync(fixture(name));
    const damage = fc.record({ at: fc.nat({ max: good.length - 1 }), to: fc.nat({ max: 255 }), cut: fc.boolean() });
    const path = join(folder, `${name}.parquet`);
    const property = fc.asyncProperty(damage, async ({ at, to, cut }) => {
      const bytes = cut ? good.subarray(0, at) : Buffer.from(good);
      if (!cut) bytes[at] = to;
      writeFileSync(path, bytes);
      try {
        const { features } = await readPaths([['a.parquet', path]]);
        expect(features.length).toBeLessThanOrEqual(300);
      } catch (error) {
        if (!(error instanceof ContractError)) throw error;
        expect(error.message).toMatch(/^train\/a\.parquet/);
      }
    });

    await fc.assert(property, { seed: 61, numRuns: runs(60, 400) });
  },
);
