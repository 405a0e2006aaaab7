/** Objects that come through a pipe with RecordIO around them, in any format. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ByteWindow } from '../../src/channels/objects/byte-window.js';
import { recordObjects } from '../../src/channels/objects/record-objects.js';
import { part, split } from '../formats/recordio-records.js';
import { streamOf } from './byte-streams.js';
import { parquetFixture, readRows, useJob } from './job.js';
import { openPipe, writeEpoch } from './object-channels.js';

const job = useJob();

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
    const written = writeEpoch(job, 0, wrapped(objects));

    expect(await readRows(openPipe(job, { ContentType, ...WRAPPED }))).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);

    await written;
  });

  it('are read as Parquet files', async () => {
    const written = writeEpoch(job, 0, wrapped([parquetFixture('plain'), parquetFixture('swapped')]));

    expect(await readRows(openPipe(job, WRAPPED))).toEqual([1, 2, 3, 4, 1, 2, 3, 4].map((y) => [y, y + 4]));

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
    const written = writeEpoch(job, 0, wrapped(['1,2\n', '3,4\n5\n']));

    await expect(readRows(openPipe(job, { ContentType: 'text/csv', ...WRAPPED }))).rejects.toThrow(
      'train_0 object 2 line 2: ',
    );

    await written;
  });

  it('are larger than any buffer, and passed over where their reader stops early', async () => {
    const long = Array.from({ length: 200_000 }, (_, row) => `${row},${row}\n`).join('');
    const epochs = [0, 1].map((epoch) => writeEpoch(job, epoch, wrapped([long, '7,8\n'])));
    const train = openPipe(job, { ContentType: 'text/csv', ...WRAPPED });

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
    const written = writeEpoch(job, 0, content);

    await expect(readRows(openPipe(job, { ContentType: 'text/csv', ...WRAPPED }))).rejects.toThrow(message);

    await written.catch(() => undefined);
  });
});
