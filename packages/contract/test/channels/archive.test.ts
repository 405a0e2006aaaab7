import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readerOf, unpackFiles } from '../../src/channels/archive.js';
import { readTar } from '../../src/channels/tar.js';
import { tarOf } from '../../src/testing/tar-of.js';

describe('a tar archive', () => {
  it.each(['ustar', 'gnu', 'pax'])('of tar --format=%s is read', (format) => {
    const directory = mkdtempSync(join(tmpdir(), 'tar-'));
    writeFileSync(join(directory, 'model.json'), '{"a":1}');
    writeFileSync(join(directory, 'empty'), '');

    const archive = execFileSync('tar', ['-c', `--format=${format}`, '-C', directory, '.']);
    rmSync(directory, { recursive: true });
    const files = readTar(archive, 'model.tar');

    expect([...files.keys()].sort()).toEqual(['empty', 'model.json']);
    expect(Buffer.from(files.get('model.json')!).toString()).toBe('{"a":1}');
  });

  it('that ends early is refused, naming the place', () => {
    const archive = tarOf(new Map([['a', Buffer.alloc(2000)]]));

    expect(() => readTar(archive.subarray(0, 1000), 'model/model.tar.gz')).toThrow(
      'model/model.tar.gz must be a tar archive; it is damaged at byte 0',
    );
  });
});

describe('files at hand', () => {
  const files = new Map([
    ['a.json', Buffer.from('{"a":1}')],
    ['b.json', Buffer.from('{')],
  ]);
  const { read, readJson } = readerOf(files, 'model/');
  const schema = z.object({ a: z.number() });

  it('are read as those of a model directory', () => {
    expect(read('b.json').toString()).toBe('{');
    expect(readJson('a.json', schema)).toEqual({ a: 1 });
  });

  it('are refused by name', () => {
    expect(() => read('c.bin')).toThrow('model/c.bin must be there; found a.json, b.json.');
    expect(() => readJson('b.json', schema)).toThrow('model/b.json: not valid JSON.');
  });
});

describe('the files of a channel', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'model-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const channelOf = (contents: Readonly<Record<string, Uint8Array>>) => {
    const files = Object.entries(contents).map(([name, content]) => {
      writeFileSync(join(directory, name), content);
      return { name, path: join(directory, name) };
    });
    return { name: 'model', files: () => files };
  };

  it('are found inside of archives, and beside them', () => {
    const archive = tarOf(new Map([['model.json', Buffer.from('{}')]]));

    const files = unpackFiles(
      channelOf({
        'model.tar.gz': gzipSync(archive),
        'notes.txt': Buffer.from('plain'),
        'weights.bin': gzipSync('packed'),
      }),
    );

    const texts = Object.fromEntries([...files].map(([name, content]) => [name, Buffer.from(content).toString()]));
    expect(texts).toEqual({ 'model.json': '{}', 'notes.txt': 'plain', 'weights.bin': 'packed' });
  });

  it('are refused when gzip ends early, naming the archive', () => {
    const packed = gzipSync(Buffer.alloc(1000, 'a'));

    expect(() => unpackFiles(channelOf({ 'model.tar.gz': packed.subarray(0, 12) }))).toThrow(
      'model/model.tar.gz: the gzip file is damaged or ends early.',
    );
  });
});
