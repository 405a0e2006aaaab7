/** Objects that come through a pipe one by one: Parquet by its own structure, any format with RecordIO around it. */
import { fstatSync, mkdirSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { ByteWindow } from '../../src/channels/objects/byte-window.js';
import { spoolParquet } from '../../src/channels/objects/parquet-objects.js';
import { recordObjects } from '../../src/channels/objects/record-objects.js';
import { ContractError } from '../../src/errors.js';
import type { ByteStream } from '../../src/formats/reader.js';
import { readNamed, TEXT } from '../categories/channels.js';
import { part, split } from '../formats/recordio-records.js';
import { mutants } from '../mutants.js';
import { runs } from '../runs.js';
import { writeFifo } from './fifo.js';
import { parquetFixture, readRows, useJob } from './job.js';

const job = useJob();
const systemScratch = process.env.TMPDIR;

afterEach(() => {
  if (systemScratch === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = systemScratch;
});

/** A scratch directory of its own, to see what is left in it. */
function makeScratch(): string {
  const folder = join(job.data, '..', 'scratch');
  mkdirSync(folder);
  process.env.TMPDIR = folder;
  return folder;
}

const definitions = {
  train: {
    description: 'rows',
    required: true,
    contentTypes: ['application/x-parquet', 'text/csv', 'application/json', 'text/libsvm'],
  },
} as const;

function openPipe(config: Parameters<typeof job.open>[0][string] = {}, policy = TEXT) {
  return job.open({ train: { TrainingInputMode: 'Pipe', ...config } }, { definitions, policy }).train!;
}

function openFiles(config: Parameters<typeof job.open>[0][string] = {}, policy = TEXT) {
  return job.open({ train: config }, { definitions, policy }).train!;
}

const write = (epoch: number, content: Uint8Array | string) => writeFifo(job.makeFifo(`train_${epoch}`), content);

const SAME_COLUMNS = ['none', 'snappy', 'gzip', 'brotli', 'zstd', 'version-2', 'no-dictionary', 'lz4'];

/** A stream that gives at most `pieceBytes` at a time. */
function streamOf(bytes: Uint8Array, pieceBytes: number): ByteStream {
  let at = 0;
  return {
    read(target) {
      const piece = bytes.subarray(at, at + Math.min(target.length, pieceBytes));
      target.set(piece);
      at += piece.length;
      return piece.length;
    },
    close() {},
  };
}

describe('Parquet files that a pipe joins', () => {
  it('have the rows that they have in File mode, in every epoch, and leave nothing in the scratch directory', async () => {
    const files = SAME_COLUMNS.map((name) => [`train/${name}.parquet`, parquetFixture(name)] as const);
    job.put(Object.fromEntries(files.toSorted()));
    const expected = await readRows(openFiles());
    const joined = Buffer.concat(files.toSorted().map(([, content]) => content));
    const scratch = makeScratch();
    const train = openPipe();

    for (const epoch of [0, 1]) {
      const written = write(epoch, joined);
      expect(await readRows(train)).toEqual(expected);
      await written;
    }

    expect(expected).toHaveLength(SAME_COLUMNS.length * 300);
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('are closed by a pass that ends early, and the next pass has the next epoch', async () => {
    const scratch = makeScratch();
    const train = openPipe();
    const first = write(0, Buffer.concat(Array.from({ length: 400 }, () => parquetFixture('none'))));

    for await (const block of train.blocks({ maxRows: 10 })) {
      expect(block.rows).toBe(10);
      break;
    }

    await expect(first).rejects.toMatchObject({ code: 'EPIPE' });
    expect(readdirSync(scratch)).toEqual([]);
    const second = write(1, parquetFixture('plain'));
    expect(await readRows(train)).toEqual([
      [1, 5],
      [2, 6],
      [3, 7],
      [4, 8],
    ]);
    await second;
  });

  it('have names of columns and categories, found in an epoch before the first block', async () => {
    job.put({ 'train/a.parquet': parquetFixture('words'), 'train/b.parquet': parquetFixture('words-plain') });
    const expected = await readNamed(openFiles());
    const joined = Buffer.concat([parquetFixture('words'), parquetFixture('words-plain')]);
    const train = openPipe();

    const epochs = [0, 1, 2].map((epoch) => write(epoch, joined));

    expect(await readNamed(train)).toEqual(expected);
    expect(await readNamed(train)).toEqual(expected);
    await Promise.all(epochs);
  });

  it('are refused by the number of the object and its column', async () => {
    const written = write(0, Buffer.concat([parquetFixture('plain'), parquetFixture('other-names')]));

    await expect(readRows(openPipe())).rejects.toThrow(/^train_0 object 2: .*"x"/);

    await written;
  });

  it('are refused where there is no room for them', async () => {
    const written = write(0, parquetFixture('plain'));
    process.env.TMPDIR = join(job.data, 'nowhere');

    await expect(readRows(openPipe())).rejects.toMatchObject({
      code: 'E_OUTPUT',
      message: expect.stringContaining('nowhere must have room for one object of the channel'),
    });

    await written.catch(() => undefined);
  });

  it.each([
    ['text', 'a,b\n1,2\n', 'train_0 object 1: a Parquet file must begin with "PAR1"; received "a,b'],
    [
      'a file that ends early',
      parquetFixture('none').subarray(0, -3),
      'the length of its footer and "PAR1" must follow',
    ],
    ['a file without its footer', parquetFixture('none').subarray(0, 3000), 'must follow; the data ends'],
    [
      'bytes between files',
      Buffer.concat([parquetFixture('plain'), Buffer.from('x'), parquetFixture('plain')]),
      'train_0 object 2: a Parquet file must begin with "PAR1"; received "xPAR"',
    ],
    [
      'a structure that Parquet does not have',
      Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(100, 0x77)]),
      'train_0 object 1 byte 4: a page, an index or the footer must follow; received the bytes 7777777777777777',
    ],
  ])('are refused for %s', async (_, content, message) => {
    const written = write(0, content);

    await expect(readRows(openPipe())).rejects.toThrow(message);

    await written.catch(() => undefined);
  });
});

describe('the end of a Parquet file in a stream', () => {
  const fixtures = readdirSync(new URL('../fixtures/parquet', import.meta.url)).toSorted();

  it.each([1, 7, 4096, 1e9])(
    'is found by its structure, whatever is within it, %d bytes at a time',
    async (pieceBytes) => {
      const contents = fixtures.map((name) => parquetFixture(name.replace('.parquet', '')));
      const window = new ByteWindow(streamOf(Buffer.concat(contents), pieceBytes));

      for (const content of contents) {
        const spool = await spoolParquet(window, 'object');
        const found = Buffer.alloc(content.length);
        readSync(spool!.descriptor, found, 0, found.length, 0);
        expect(fstatSync(spool!.descriptor).size).toBe(content.length);
        spool!.close();
        expect(found.equals(content)).toBe(true);
      }

      expect(await spoolParquet(window, 'object')).toBeUndefined();
      expect(fixtures).toContain('nested-files.parquet');
    },
  );

  it.each(['none', 'checksum', 'nested-files'])(
    'of %s is found or refused, whichever bytes are others',
    async (name) => {
      const seed = parquetFixture(name);
      const outcomes = new Set<string>();
      for (const bytes of mutants(seed.subarray(0, 4000), 84, runs(60, 30_000))) {
        const window = new ByteWindow(streamOf(Buffer.concat([bytes, seed.subarray(4000), seed]), 1000));
        try {
          for (let spool = await spoolParquet(window, 'object'); spool; spool = await spoolParquet(window, 'object')) {
            spool.close();
          }
          outcomes.add('found');
        } catch (error) {
          if (!(error instanceof ContractError)) throw error;
          outcomes.add(error.code);
        }
      }

      expect([...outcomes].sort()).toEqual(['E_DATA_FORMAT', 'found']);
    },
  );

  it('is found behind the zeros that align row groups, and behind the metadata of a column', async () => {
    const plain = parquetFixture('none');
    // ColumnMetaData as writers put it behind its pages: type INT64, encodings [PLAIN, RLE], then a stop.
    const metadata = Buffer.from([0x15, 0x04, 0x19, 0x25, 0x00, 0x06, 0x00]);
    const content = Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(5000), metadata, plain.subarray(4)]);
    const window = new ByteWindow(streamOf(Buffer.concat([content, plain]), 100));

    const sizes = [];
    for (let spool = await spoolParquet(window, 'a'); spool; spool = await spoolParquet(window, 'b')) {
      sizes.push(fstatSync(spool.descriptor).size);
      spool.close();
    }

    expect(sizes).toEqual([content.length, plain.length]);
  });
});

describe('objects with RecordIO around them', () => {
  const WRAPPED = { RecordWrapperType: 'RecordIO' } as const;
  const wrapped = (objects: readonly (string | Uint8Array)[]) =>
    Buffer.concat(objects.map((object) => part(Buffer.from(object))));

  it.each([
    ['CSV with a header line each, in any order', 'text/csv;header=present;label=y', ['y,x\n1,2\n3,4', 'x,y\n6,5\n']],
    ['JSON documents', 'application/json', ['[{"y":1,"x":2},{"y":3,"x":4}]', '[{"x":6,"y":5}]']],
    ['files, one of them packed', 'text/csv', ['1,2\n3,4', gzipSync('5,6\n')]],
    ['empty objects', 'text/csv', ['', '1,2\n', '', '3,4\n5,6', '']],
  ])('are read as the files that they are: %s', async (_, ContentType, objects) => {
    const written = write(0, wrapped(objects));

    expect(await readRows(openPipe({ ContentType, ...WRAPPED }))).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);

    await written;
  });

  it('are read as Parquet files', async () => {
    const written = write(0, wrapped([parquetFixture('plain'), parquetFixture('swapped')]));

    expect(await readRows(openPipe(WRAPPED))).toEqual([1, 2, 3, 4, 1, 2, 3, 4].map((y) => [y, y + 4]));

    await written;
  });

  it.each([1, 5, 1e9])('may be in parts, split at magic numbers in them, %d bytes at a time', async (pieceBytes) => {
    const magic = Buffer.from(Uint32Array.of(0xced7230a).buffer);
    const contents = [[magic, Buffer.from('abc')], [Buffer.from('efgh'), magic, magic], [Buffer.from('x')]].map(
      (parts) => Buffer.concat(parts),
    );
    const next = recordObjects(new ByteWindow(streamOf(Buffer.concat(contents.map(split)), pieceBytes)), 'train_0');

    const found: Buffer[] = [];
    for (let object = await next(); object; object = await next()) {
      const bytes = Buffer.alloc(100);
      let length = 0;
      for (let count = -1; count !== 0; length += count) count = await object.read(bytes.subarray(length, length + 3));
      found.push(bytes.subarray(0, length));
    }

    expect(found).toEqual(contents);
  });

  it('name the object and its line in an error', async () => {
    const written = write(0, wrapped(['1,2\n', '3,4\n5\n']));

    await expect(readRows(openPipe({ ContentType: 'text/csv', ...WRAPPED }))).rejects.toThrow(
      'train_0 object 2 line 2: ',
    );

    await written;
  });

  it('are larger than any buffer, and passed over where their reader stops early', async () => {
    const long = Array.from({ length: 200_000 }, (_, row) => `${row},${row}\n`).join('');
    const epochs = [0, 1].map((epoch) => write(epoch, wrapped([long, '7,8\n'])));
    const train = openPipe({ ContentType: 'text/csv', ...WRAPPED });

    const rows = await readRows(train);
    for await (const _ of train.blocks({ maxRows: 1 })) break;

    expect(rows).toHaveLength(200_001);
    expect(rows.at(-1)).toEqual([7, 8]);
    await epochs[0];
    await expect(epochs[1]).rejects.toMatchObject({ code: 'EPIPE' });
  });

  it.each([
    [
      'no RecordIO',
      '1,2\n3,4\n5',
      'a record must begin with the number 0xced7230a, as RecordWrapperType RecordIO says',
    ],
    [
      'an object that ends early',
      part(Buffer.from('1,2\n3,4\n')).subarray(0, 12),
      '4 more bytes must follow; the data ends',
    ],
    [
      'a part without a beginning',
      part(Buffer.from('1,2\n'), 3),
      'the flag of its next part must be 0 or 1; received 3',
    ],
    [
      'a part without an end',
      Buffer.concat([part(Buffer.from('1,2\n'), 1), part(Buffer.from('3,4\n'))]),
      'the flag of its next part must be 3 or 2; received 0',
    ],
  ])('are refused for %s', async (_, content, message) => {
    const written = write(0, content);

    await expect(readRows(openPipe({ ContentType: 'text/csv', ...WRAPPED }))).rejects.toThrow(message);

    await written.catch(() => undefined);
  });
});
