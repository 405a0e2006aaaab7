/** Where a Parquet file in a stream ends. */
import { fstatSync, readdirSync, readSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ByteWindow } from '../../src/channels/objects/byte-window.js';
import { spoolParquet } from '../../src/channels/objects/parquet-objects.js';
import { ContractError } from '../../src/errors.js';
import { mutants } from '../mutants.js';
import { runs } from '../runs.js';
import { streamOf } from './byte-streams.js';
import { parquetFixture } from './job.js';

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
