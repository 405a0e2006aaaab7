/** Content types as clients write them, and none at all. */
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { writeNpy } from '../../src/formats/npy/write-predictions.js';
import { part, record } from '../formats/recordio-records.js';
import { readRows, useJob } from './job.js';

const job = useJob();

const definitions = {
  train: {
    description: 'rows',
    required: true,
    contentTypes: [
      'text/csv',
      'text/libsvm',
      'application/x-parquet',
      'application/x-recordio-protobuf',
      'application/x-npy',
    ],
  },
} as const;

const open = (config = {}) => job.open({ train: config }, { definitions }).train!;

const NPY = writeNpy({ a: { values: Float64Array.of(1, 2), width: 2 } }, 1, ['a'], {
  hasFinalNewline: true,
  gaps: new Map(),
});
const RECORD = part(record({ kind: 'float32', values: [2] }, { kind: 'float32', values: [1] }));

describe('the content type of a channel', () => {
  it.each([
    ['csv', '1,2\n', 'text/csv'],
    ['CSV;label_size = 1', '1,2\n', 'text/csv'],
    ['application/csv', '1,2\n', 'text/csv'],
    ['libsvm', '1 0:2\n', 'text/libsvm'],
    ['text/x-libsvm; index_base = 1', '1 1:2\n', 'text/libsvm'],
    ['recordio-protobuf', RECORD, 'application/x-recordio-protobuf'],
    ['x-recordio-protobuf', RECORD, 'application/x-recordio-protobuf'],
    ['npy', NPY, 'application/x-npy'],
  ])('can be written as %s', async (contentType, file, type) => {
    job.put({ 'train/a': file });

    const channel = open({ ContentType: contentType });

    expect(channel.contentType.type).toBe(type);
    expect(await readRows(channel)).toEqual([[1, 2]]);
  });

  it.each([
    ['text/csv;header=present;lable=x', 'unknown parameter "lable" of the content type; did you mean "label"?'],
    ['text/csv;haeder=present', 'unknown parameter "haeder" of the content type; did you mean "header"?'],
    ['csv;text_column="x"', 'unknown parameter "text_column" of the content type; did you mean "text_columns"?'],
    ['text/libsvm;indexbase=1', 'unknown parameter "indexbase" of the content type; did you mean "index_base"?'],
    ['text/csv;columns=9', 'unknown parameter "columns" of the content type; text/csv has: header, label, label_size,'],
  ])('with a parameter that nobody reads is refused: %s', (contentType, message) => {
    job.put({ 'train/a': 'y,x\n1,2\n' });

    expect(() => open({ ContentType: contentType })).toThrow(
      expect.objectContaining({
        code: 'E_CONTENT_TYPE',
        message: expect.stringContaining(`Channel "train": ${message}`),
      }),
    );
  });

  it.each([
    ['text/csv;delimiter=;', 'its parameters must be written NAME=VALUE, VALUE in quotes', 'received "delimiter=".'],
    [
      'csv; header="present',
      'its parameters must be written NAME=VALUE, VALUE in quotes',
      'received "header=\\\\"present".',
    ],
    ['application/csv; header=auto; header=auto', 'its parameter "header" must be there once', 'received it twice.'],
    [
      'text/csv header=present',
      'only parameters, each after a semicolon, must follow it',
      'received "header=present".',
    ],
  ])('with a malformed parameter is refused, which is named: %s', (contentType, rule, received) => {
    job.put({ 'train/a': 'y,x\n1,2\n' });

    expect(() => open({ ContentType: contentType })).toThrow(
      expect.objectContaining({
        code: 'E_CONTENT_TYPE',
        message: expect.stringMatching(new RegExp(`^Channel "train": content type text/csv: ${rule}.*; ${received}$`)),
      }),
    );
  });

  it('with a header line has no rows where a file has nothing else, and the error names it', async () => {
    job.put({ 'train/a': 'y,x\n' });

    await expect(readRows(open({ ContentType: 'text/csv;header=present' }))).rejects.toThrow(
      /has no rows: every file in .* is blank or has only a header line\.$/,
    );
  });

  it('may have a charset and the like', async () => {
    job.put({ 'train/a': '1,2\n' });

    expect(await readRows(open({ ContentType: 'text/csv; charset=utf-8; label_size=1; version=1' }))).toEqual([[1, 2]]);
  });

  it('can be a short name of Parquet', () => {
    job.put({ 'train/a': 'PAR1' });

    expect(open({ ContentType: 'parquet' }).contentType.type).toBe('application/x-parquet');
  });

  it.each<[string, string | Uint8Array, string]>([
    ['libsvm', '1 0:2\n', 'text/libsvm'],
    ['libsvm with weights, queries and a comment', '# made today\n1:0.5 qid:7 0:2 # c\n', 'text/libsvm'],
    ['packed libsvm', gzipSync('1 0:2\n'), 'text/libsvm'],
    ['libsvm packed by Zstandard', zstdCompressSync('1 0:2\n'.repeat(100_000)), 'text/libsvm'],
    ['RecordIO', RECORD, 'application/x-recordio-protobuf'],
    ['.npy', NPY, 'application/x-npy'],
    ['Parquet', 'PAR1....PAR1', 'application/x-parquet'],
    ['CSV', '1,2\n', 'text/csv'],
    ['CSV of one column', '1\n', 'text/csv'],
    ['text of another kind', '1 2\n', 'text/csv'],
  ])('is detected from the file if it is not given: %s', (_, file, type) => {
    job.put({ 'train/a': file });

    expect(open().contentType.type).toBe(type);
    expect(open({ ContentType: '' }).contentType.type).toBe(type);
  });

  it('is the first declared one if it is not given and the file matches none', () => {
    job.put({ 'train/a': '1 0:2\n' });
    const onlyCsv = { train: { description: 'rows', contentTypes: ['text/csv'] } } as const;

    expect(job.open({ train: {} }, { definitions: onlyCsv }).train!.contentType.type).toBe('text/csv');
  });

  it('that is unknown is refused, with invisible characters escaped', () => {
    job.put({ 'train/a': '1,2\n' });

    expect(() => open({ ContentType: 'text/csv\u200b' })).toThrow('received "text/csv\\u200b"');
  });
});
