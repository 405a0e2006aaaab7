import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contentHint } from '../../src/formats/content-hint.js';
import { readLibsvmBuffer } from '../../src/formats/libsvm/read-libsvm-buffer.js';
import { readRecordioBuffer } from '../../src/formats/recordio/read-recordio-buffer.js';

const utf16 = (text: string) => Buffer.from(text, 'utf16le');

describe('the hint about data of another kind', () => {
  it.each<[string, Uint8Array | string]>([
    ['a zip archive', 'PK\u0003\u0004aaaa'],
    ['compressed with gzip', gzipSync('1,2\n')],
    ['compressed with zstd', zstdCompressSync('1,2\n')],
    ['compressed with bzip2', 'BZh91AY&SY'],
    ['compressed with lz4', Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x64])],
    ['compressed with snappy', Buffer.from([0xff, 6, 0, 0, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59])],
    ['text in UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16('1,2\n')])],
    ['text in UTF-16', Buffer.concat([Buffer.from([0xfe, 0xff]), utf16('1,2\n').swap16()])],
    ['text in UTF-16', utf16('1,2\n2,3\n')],
    ['an HTML page', '<!DOCTYPE html>\n<html>'],
    ['XML', '<?xml version="1.0"?><Error><Code>AccessDenied</Code>'],
    ['an S3 manifest', '[{"prefix":"s3://b/"},"a.csv"]\n'],
    ['an augmented manifest', '{"source-ref":"s3://b/a.jpg","class":1}\n'],
    ['JSON', '{"features":[1,2]}\n'],
    ['JSON', '[[1,2],[3,4]]'],
    ['base64', Buffer.from('5.1,3.5,1.4,0.2\n4.9,3.0,1.4,0.2\n').toString('base64')],
    ['Parquet', 'PAR1'],
    ['RecordIO', Buffer.from([0x0a, 0x23, 0xd7, 0xce])],
    ['a Python pickle', Buffer.from([0x80, 4, 0x95])],
    ['binary', Buffer.from([1, 2, 0, 0, 9])],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\n'],
  ])('names the kind: %s', (name, data) => {
    expect(contentHint(Buffer.from(data as Uint8Array))).toContain(name);
  });

  it.each<[string, Uint8Array | string, string]>([
    ['what is packed by a program that nothing here unpacks', 'BZh91AY&SY', 'only gzip and Zstandard are supported'],
    ['what is packed once too often', zstdCompressSync('1,2\n'), 'send it uncompressed'],
    ['JSON', '{"a":1}\n', 'application/json or application/jsonlines'],
  ])('says what to do with %s', (_, data, advice) => {
    expect(contentHint(Buffer.from(data as Uint8Array))).toContain(advice);
  });

  it.each([
    '1,2\n2,3\n',
    'y,a,b\n1,2,3\n',
    '"y","a"\n',
    '1 2\n',
    '1 0:2\n',
    '',
    'sepal_length,sepal_width\n',
    '-1,[2]\n',
  ])('is empty for %j', (text) => {
    expect(contentHint(Buffer.from(text))).toBe('');
  });
});

describe('an error message about data of another kind', () => {
  const policy = { missingValues: 'accept', infiniteValues: 'refuse' } as const;

  it('names the actual format of a libsvm body', () => {
    expect(() => readLibsvmBuffer(Buffer.from('1,2\n2,3\n'), { policy })).toThrow('its content type is text/csv.');
    expect(() => readLibsvmBuffer(Buffer.from('PK\u0003\u0004aaaa\n'), { policy })).toThrow(
      'The data is a zip archive',
    );
    expect(() => readLibsvmBuffer(Buffer.from('1 0:1\n2,3\n'), { policy })).toThrow(/received "2,3"\.$/);
  });

  it('names the actual format of a RecordIO body', () => {
    expect(() => readRecordioBuffer(Buffer.from('PAR1....PAR1'), { policy })).toThrow('The data is Parquet');
    expect(() => readRecordioBuffer(Buffer.from('{"instances":[[1]]}'), { policy })).toThrow('The data is JSON');
    expect(() => readRecordioBuffer(Buffer.from('123456789'), { policy })).toThrow('damaged or not RecordIO');
  });
});
