/** Parquet files that a pipe joins, each found by its own structure. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readNamed } from '../categories/channels.js';
import { parquetFixture, readRows, useJob } from './job.js';
import { openFiles, openPipe, writeEpoch } from './object-channels.js';

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

const SAME_COLUMNS = ['none', 'snappy', 'gzip', 'brotli', 'zstd', 'version-2', 'no-dictionary', 'lz4'];

describe('Parquet files that a pipe joins', () => {
  it('have the rows that they have in File mode, in every epoch, and leave nothing in the scratch directory', async () => {
    const files = SAME_COLUMNS.map((name) => [`train/${name}.parquet`, parquetFixture(name)] as const);
    job.put(Object.fromEntries(files.toSorted()));
    const expected = await readRows(openFiles(job));
    const joined = Buffer.concat(files.toSorted().map(([, content]) => content));
    const scratch = makeScratch();
    const train = openPipe(job);

    for (const epoch of [0, 1]) {
      const written = writeEpoch(job, epoch, joined);
      expect(await readRows(train)).toEqual(expected);
      await written;
    }

    expect(expected).toHaveLength(SAME_COLUMNS.length * 300);
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('are closed by a pass that ends early, and the next pass has the next epoch', async () => {
    const scratch = makeScratch();
    const train = openPipe(job);
    const first = writeEpoch(job, 0, Buffer.concat(Array.from({ length: 400 }, () => parquetFixture('none'))));

    for await (const block of train.blocks({ maxRows: 10 })) {
      expect(block.rows).toBe(10);
      break;
    }

    await expect(first).rejects.toMatchObject({ code: 'EPIPE' });
    expect(readdirSync(scratch)).toEqual([]);
    const second = writeEpoch(job, 1, parquetFixture('plain'));
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
    const expected = await readNamed(openFiles(job));
    const joined = Buffer.concat([parquetFixture('words'), parquetFixture('words-plain')]);
    const train = openPipe(job);

    const epochs = [0, 1, 2].map((epoch) => writeEpoch(job, epoch, joined));

    expect(await readNamed(train)).toEqual(expected);
    expect(await readNamed(train)).toEqual(expected);
    await Promise.all(epochs);
  });

  it('are refused by the number of the object and its column', async () => {
    const written = writeEpoch(job, 0, Buffer.concat([parquetFixture('plain'), parquetFixture('other-names')]));

    await expect(readRows(openPipe(job))).rejects.toThrow(/^train_0 object 2: .*"x"/);

    await written;
  });

  it('are refused where there is no room for them', async () => {
    const written = writeEpoch(job, 0, parquetFixture('plain'));
    process.env.TMPDIR = join(job.data, 'nowhere');

    await expect(readRows(openPipe(job))).rejects.toMatchObject({
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
    const written = writeEpoch(job, 0, content);

    await expect(readRows(openPipe(job))).rejects.toThrow(message);

    await written.catch(() => undefined);
  });
});
