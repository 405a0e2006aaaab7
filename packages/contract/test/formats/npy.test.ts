/** `.npy` files that NumPy wrote (fixtures/make-npy.py), and changed ones, as rows of channels and requests. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Block, ValuePolicy } from '../../src/formats/block.js';
import { readNpyBuffer } from '../../src/formats/npy/read-npy-buffer.js';
import { npyReader } from '../../src/formats/npy/reader.js';
import type { DataSource, ReadSettings } from '../../src/formats/reader.js';

const ACCEPT: ValuePolicy = { missingValues: 'accept', infiniteValues: 'accept' };
const REFUSE: ValuePolicy = { missingValues: 'refuse', infiniteValues: 'refuse' };
const folder = new URL('../fixtures/npy/', import.meta.url);
const fixture = (name: string) => readFileSync(new URL(`${name}.npy`, folder));
const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<string, number[][]>;
const tables = Object.entries(expected).filter(([name]) => !['one-axis', 'three-axes', 'no-rows'].includes(name));

/** A table of doubles as NumPy's version 1 has it, by the text of its header. */
function npy(header: string, values: readonly number[] = []): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  const data = Buffer.from(Float64Array.from(values).buffer);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(header), data]);
}

const headerOf = (shape: string, order = 'False', descr = "'<f8'") =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

function rowsOf({ rows, columns, features }: Pick<Block, 'rows' | 'columns' | 'features'>): number[][] {
  return Array.from({ length: rows }, (_, row) => [...features.subarray(row * columns, (row + 1) * columns)]);
}

function request(body: Uint8Array, featureCount: number, policy = ACCEPT, precision?: 'float32') {
  const block = readNpyBuffer(body, { featureCount, policy, ...(precision && { precision }) });
  return block && rowsOf(block);
}

interface Wishes extends Partial<Omit<ReadSettings, 'contentType'>> {
  readonly labelSize?: number;
  readonly pieceBytes?: number;
  readonly isPipe?: boolean;
}

/** Rows of a channel: labels, weight, features; and the rows of each block. */
async function channel(files: readonly Uint8Array[], wishes: Wishes = {}) {
  const { labelSize = 0, pieceBytes = 1 << 20, isPipe = false, ...settings } = wishes;
  const sources = files.map((bytes, i): DataSource => {
    let at = 0;
    const read = (target: Uint8Array) => {
      const piece = bytes.subarray(at, at + Math.min(target.length, pieceBytes));
      target.set(piece);
      at += piece.length;
      return piece.length;
    };
    const name = `${'abc'[i]}.npy`;
    return { name, label: `train/${name}`, isPipe, open: () => ({ read, close() {} }) };
  });
  const contentType = { type: 'application/x-npy', parameters: { label_size: String(labelSize) } };
  const rows: number[][] = [];
  const blocks: (readonly [rows: number, firstLine: number])[] = [];
  for await (const block of npyReader.read(sources, { policy: ACCEPT, ...settings, contentType })) {
    if ('rowStarts' in block) throw new TypeError('not dense');
    const { labels, weights, labelCount } = block;
    for (const [row, features] of rowsOf(block).entries()) {
      const weight = weights ? [weights[row]!] : [];
      rows.push([...labels.subarray(row * labelCount, (row + 1) * labelCount), ...weight, ...features]);
    }
    blocks.push([block.rows, block.firstLine]);
  }
  return { rows, blocks };
}

describe('a .npy request', () => {
  it.each(tables)('of %s has the numbers that NumPy says', (name, rows) => {
    expect(request(fixture(name), rows[0]!.length)).toEqual(rows);
    expect(request(fixture(name), rows[0]!.length, ACCEPT, 'float32')).toEqual(
      rows.map((row) => row.map((value) => Math.fround(value))),
    );
  });

  it('of one axis is one row, or as many rows for a model of one column', () => {
    const values = [0, 0.125, 0.25];

    expect(request(fixture('one-axis'), 3)).toEqual([values]);
    expect(request(fixture('one-axis'), 1)).toEqual(values.map((value) => [value]));
    expect(() => request(fixture('one-axis'), 2)).toThrow('expected rows of 2 columns; received the shape (3,)');
    expect(() => request(npy(headerOf('(4,)'), [1, 2, 3, 4]), 2)).toThrow('request: expected 2 columns; received 4.');
  });

  it('of three axes has rows that are flattened, as lists of JSON are', () => {
    expect(request(fixture('three-axes'), 4)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
  });

  it('without rows is an empty list', () => {
    expect(request(fixture('no-rows'), 3)).toBeUndefined();
  });

  it('is read at any alignment of its bytes', () => {
    const shifted = Buffer.concat([Buffer.of(0), fixture('f8-little')]).subarray(1);

    expect(request(shifted, 3)).toEqual(expected['f8-little']);
  });

  it.each([
    ['objects', fixture('objects'), 'received Python objects (dtype object), which are a pickle and never loaded'],
    ['texts', fixture('texts'), 'received dtype "<U1"'],
    ['complex numbers', fixture('complex'), 'received dtype "<c16"'],
    ['named fields', fixture('fields'), 'received named fields (a structured array)'],
    ['a text', Buffer.from('1,2,3\n'), 'a .npy file must begin with the bytes 93 4e 55 4d 50 59'],
    ['RecordIO', Buffer.from('0a23d7ce00000000', 'hex'), 'The data is RecordIO'],
    ['nothing but its magic', fixture('fortran').subarray(0, 6), 'must have 12 bytes or more; it ends after 6'],
    ['a part', npy(headerOf('(2, 2)'), [1, 2, 3, 4]).subarray(0, -1), 'must have 102 bytes or more; it ends after 101'],
    ['more', Buffer.concat([npy(headerOf('(2, 2)'), [1, 2, 3, 4]), Buffer.of(0)]), 'for its shape (2, 2); received'],
    [
      'a version of the future',
      Buffer.from('\x93NUMPY\x04\x00\x00\x00\x00\x00', 'latin1'),
      'must be 1, 2 or 3; received 4',
    ],
    [
      'a header that is too long',
      Buffer.from('\x93NUMPY\x02\x00\x00\x00\x00\x01', 'latin1'),
      'at most 65536 bytes; received 16777216',
    ],
    ['a header that is no dictionary', npy("('<f8', False, (1, 1))\n"), 'must have descr, fortran_order and shape'],
    ['an entry that is there twice', npy("{'shape': (1, 1), 'shape': (1, 1), 'descr': '<f8'}\n"), 'must have descr'],
    ['code in its header', npy(headerOf('(__import__("os").getpid(), 1)')), 'must have descr, fortran_order and shape'],
    ['a size that is negative', npy(headerOf('(-1, 2)')), 'must have descr, fortran_order and shape'],
    ['sizes beyond all numbers', npy(headerOf('(9007199254740993, 9007199254740993)')), 'must have descr'],
    ['a single number', npy(headerOf('()'), [1]), 'received a single number'],
    ['no columns', npy(headerOf('(3, 0)')), 'expected at least 1 column; received the shape (3, 0)'],
    ['other columns', fixture('fortran').subarray(0), 'expected 2 columns; received 3'],
    ['a row beyond all memory', npy(headerOf('(1, 100000000)')), 'a row must be at most 268435456 bytes'],
    ['three axes in Fortran order', npy(headerOf('(1, 1, 1)', 'True'), [1]), 'must have 1 or 2 axes; received 3'],
  ])('of %s is refused', (_, body, message) => {
    expect(() => request(body, 2)).toThrow(message);
  });

  it('names row and column of a value that the algorithm refuses', () => {
    const body = npy(headerOf('(2, 2)'), [1, 2, Number.NaN, 4]);

    expect(() => request(body, 2, REFUSE)).toThrow('request row 2 column 1: the value must not be missing');
    expect(() => request(npy(headerOf('(1, 2)'), [1, 1e39]), 2, { ...REFUSE, range: 'float32' }, 'float32')).toThrow(
      'request row 1 column 2: the value must be within ±3.4028235e38',
    );
  });
});

describe('a channel of .npy files', () => {
  const many = Array.from({ length: 40 }, (_, row) => [row % 2, 1 + row / 4, row, -row]);
  const file = npy(headerOf('(40, 4)'), many.flat());

  it.each([1, 7, 64, 1000])('has the same rows however its bytes come: %i at a time', async (pieceBytes) => {
    const { rows, blocks } = await channel([file], { pieceBytes, maxRows: 16 });

    expect(rows).toEqual(many);
    expect(blocks).toEqual([
      [16, 1],
      [16, 17],
      [8, 33],
    ]);
  });

  it('has labels first, then the weight, then the features, in either precision', async () => {
    expect((await channel([file], { labelSize: 1, hasWeights: true })).rows).toEqual(many);
    expect((await channel([file], { labelSize: 2, precision: 'float32' })).rows).toEqual(many);
  });

  it('in Fortran order has the same rows', async () => {
    const columns = [0, 1, 2, 3].flatMap((column) => many.map((row) => row[column]!));
    const { rows, blocks } = await channel([npy(headerOf('(40, 4)', 'True'), columns), file], {
      maxRows: 32,
      pieceBytes: 99,
    });

    expect(rows).toEqual([...many, ...many]);
    expect(blocks.map(([count]) => count)).toEqual([32, 8, 32, 8]);
  });

  it('through a pipe may have several arrays, one after another', async () => {
    const piped = await channel([Buffer.concat([file, file])], { isPipe: true, pieceBytes: 50 });

    expect(piped.rows).toEqual([...many, ...many]);
    await expect(channel([Buffer.concat([file, file])])).rejects.toThrow(
      'train/a.npy: the file must end after the 1280 bytes of its shape (40, 4); more follow.',
    );
  });

  it.each([1, 64, file.length, 1 << 20])(
    'has one array, whose end is seen from %i bytes at a time',
    async (pieceBytes) => {
      const twice = Buffer.concat([file, file]);

      await expect(channel([twice], { pieceBytes })).rejects.toThrow('(40, 4); more follow.');
      expect((await channel([file, file], { pieceBytes })).rows).toEqual([...many, ...many]);
    },
  );

  it.each<[string, readonly Buffer[], Wishes, string]>([
    ['ends early', [file.subarray(0, -1)], {}, 'train/a.npy: the file ends early: 32 bytes must follow; received 31'],
    ['ends in its header', [file.subarray(0, 30)], {}, 'train/a.npy: the file ends early'],
    [
      'has other columns',
      [file, npy(headerOf('(1, 3)'), [1, 2, 3])],
      {},
      'train/b.npy: expected 4 columns as in train/a.npy; received 3',
    ],
    [
      'has no features',
      [file],
      { labelSize: 4 },
      'train/a.npy: expected at least 5 columns, 4 before the features (label_size); received 4',
    ],
    [
      'has other features than the model',
      [file],
      { labelSize: 1, featureCount: 4 },
      'train/a.npy: expected 5 columns; received 4',
    ],
    [
      'is Fortran’s and larger than memory may be',
      [npy(headerOf('(100000000, 4)', 'True'))],
      {},
      'must have at most 268435456 bytes; received 3200000000',
    ],
    [
      'has a missing label',
      [npy(headerOf('(2, 2)'), [1, 2, Number.NaN, 4])],
      { labelSize: 1 },
      'train/a.npy record 2 column 1: the label must not be missing',
    ],
    [
      'has a weight below zero',
      [npy(headerOf('(1, 3)'), [1, -1, 4])],
      { labelSize: 1, hasWeights: true },
      'train/a.npy record 1 column 2: the sample weight must be a finite number ≥ 0; received -1',
    ],
  ])('that %s is refused', async (_, files, wishes, message) => {
    await expect(channel(files, wishes)).rejects.toThrow(message);
  });
});
