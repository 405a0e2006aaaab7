import { execFileSync } from 'node:child_process';
import { appendFileSync, linkSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readerOf, unpackFiles } from '../../src/channels/archive.js';
import { readTar } from '../../src/channels/tar.js';
import { ContractError } from '../../src/errors.js';
import { tarOf } from '../../src/testing/tar-of.js';
import { mutants } from '../mutants.js';
import { runs } from '../runs.js';

/** Writes the checksum of the first header. */
function sign(archive: Buffer): void {
  archive.write('        ', 148, 'latin1');
  const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  archive.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
}

/** As tar programs wrote archives before POSIX. */
function withoutMark(archive: Buffer): Buffer {
  archive.fill(0, 257, 265);
  sign(archive);
  return archive;
}

describe('a tar archive', () => {
  it.each(['v7', 'ustar', 'gnu', 'pax'])('made with tar --format=%s is read', (format) => {
    const directory = mkdtempSync(join(tmpdir(), 'tar-'));
    writeFileSync(join(directory, 'model.json'), '{"a":1}');
    writeFileSync(join(directory, 'empty'), '');

    const archive = execFileSync('tar', ['-c', `--format=${format}`, '-C', directory, '.']);
    rmSync(directory, { recursive: true });
    const files = readTar(archive, 'model.tar');

    expect([...files.keys()].sort()).toEqual(['empty', 'model.json']);
    expect(Buffer.from(files.get('model.json')!).toString()).toBe('{"a":1}');
  });

  it.each(['gnu', 'pax'])('made with tar --format=%s is read, including long names and links within it', (format) => {
    const directory = mkdtempSync(join(tmpdir(), 'tar-'));
    const name = `${'long'.repeat(40)}.json`;
    writeFileSync(join(directory, name), '{"a":1}');
    linkSync(join(directory, name), join(directory, 'z-hard.json'));
    symlinkSync(name, join(directory, 'z-soft.json'));
    symlinkSync('z-soft.json', join(directory, 'a-link-to-a-later-link.json'));
    symlinkSync('z-circle', join(directory, 'z-circle'));
    symlinkSync('gone', join(directory, 'z-nothing'));
    symlinkSync('.', join(directory, 'z-folder'));

    const archive = execFileSync('tar', ['-c', `--format=${format}`, '--sort=name', '-C', directory, '.']);
    rmSync(directory, { recursive: true });
    const files = readTar(archive, 'model.tar');

    expect([...files.keys()].sort()).toEqual(['a-link-to-a-later-link.json', name, 'z-hard.json', 'z-soft.json']);
    for (const content of files.values()) expect(Buffer.from(content).toString()).toBe('{"a":1}');
  });

  it.each([
    ['a size below 0', (header: Buffer) => header.write('-0000000001\0', 124, 'latin1'), 'damaged at byte 0'],
    ['a size of base 256 below 0', (header: Buffer) => header.fill(0xff, 124, 136), 'damaged at byte 0'],
    ['a size beyond its end', (header: Buffer) => header.write('77777777777\0', 124, 'latin1'), 'damaged at byte 0'],
    ['a size that is no number', (header: Buffer) => header.write('12x', 124, 'latin1'), 'damaged at byte 0'],
    ['a name above its folder', (header: Buffer) => header.write('../a', 0, 'latin1'), 'its file "../a" must stay in'],
    ['a name from the root', (header: Buffer) => header.write('/etc/a', 0, 'latin1'), 'its file "/etc/a" must stay in'],
    [
      'a link above its folder',
      (header: Buffer) => {
        header.write('2', 156, 'latin1');
        header.write('../../etc/passwd', 157, 'latin1');
      },
      'its file "a" must stay in the archive\'s folder; it leads to "../../etc/passwd"',
    ],
    [
      'a hard link to nothing',
      (header: Buffer) => {
        header.write('1', 156, 'latin1');
        header.write('b', 157, 'latin1');
      },
      'its file "a" must link to a file of the archive; it links to "b"',
    ],
    [
      'a long header that is longer than any path',
      (header: Buffer) => {
        header.write('x', 156, 'latin1');
        header.write('00004000001\0', 124, 'latin1');
      },
      'an extended header of it has 1048577 bytes, and may have 1048576',
      Buffer.alloc(2 ** 21),
    ],
    ['a file with holes', (header: Buffer) => header.write('S', 156, 'latin1'), 'must be a whole file'],
  ])('with %s is refused', (_, change, message, content = Buffer.alloc(0)) => {
    const archive = Buffer.concat([tarOf(new Map([['a', Buffer.alloc(0)]])), content]);
    change(archive.subarray(0, 512));
    sign(archive);

    expect(() => readTar(archive, 'model.tar')).toThrow(
      expect.objectContaining({ code: 'E_MODEL', message: expect.stringContaining(message) }),
    );
  });

  it.each(['0.0', '0.1', '1.0'])('of files with holes, as pax has them (version %s), is refused', (version) => {
    const directory = mkdtempSync(join(tmpdir(), 'tar-'));
    writeFileSync(join(directory, 'weights.bin'), '');
    truncateSync(join(directory, 'weights.bin'), 2 ** 20);
    appendFileSync(join(directory, 'weights.bin'), 'end');

    const form = ['--format=pax', '--sparse', `--sparse-version=${version}`];
    const archive = execFileSync('tar', ['-c', ...form, '-C', directory, 'weights.bin']);
    rmSync(directory, { recursive: true });

    expect(() => readTar(archive, 'model.tar')).toThrow(
      expect.objectContaining({ code: 'E_MODEL', message: expect.stringContaining('must be a whole file') }),
    );
  });

  it('with too many entries is refused', () => {
    const archive = tarOf(new Map(['a', 'b', 'c'].map((name) => [name, Buffer.alloc(0)])));

    expect(readTar(archive, 'model.tar', 3).size).toBe(3);
    expect(() => readTar(archive, 'model.tar', 2)).toThrow('model.tar must have at most 2 entries; it has more.');
  });

  it('with a changed header is refused because of its checksum', () => {
    const archive = tarOf(new Map([['a', Buffer.alloc(10)]]));
    archive[3]! ^= 1;

    expect(() => readTar(archive, 'model.tar')).toThrow('model.tar must be a tar archive; it is damaged at byte 0.');
  });

  it('with any byte changed is read or refused, and never returns more bytes than it has', () => {
    const seed = tarOf(
      new Map([
        ['model.json', Buffer.from('{}')],
        ['b/weights.bin', Buffer.alloc(600, 7)],
      ]),
    ).subarray(0, 2560);
    for (const bytes of mutants(seed, 82, runs(5000, 1_000_000))) {
      // Else nearly all of them would be refused for their checksums.
      if (bytes.length >= 512) sign(bytes);
      try {
        let size = 0;
        for (const content of readTar(bytes, 'model.tar').values()) size += content.length;
        if (size > bytes.length) expect.fail(bytes.toString('hex'));
      } catch (error) {
        if (!(error instanceof ContractError)) throw error;
      }
    }
  });

  it('that ends early is refused, naming the position', () => {
    const archive = tarOf(new Map([['a', Buffer.alloc(2000)]]));

    expect(() => readTar(archive.subarray(0, 1000), 'model/model.tar.gz')).toThrow(
      'model/model.tar.gz must be a tar archive; it is damaged at byte 0',
    );
  });
});

describe('files that are already unpacked', () => {
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

  it('are refused with an error that names the file', () => {
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

  it('are read from inside archives and next to them', () => {
    const archive = tarOf(new Map([['model.json', Buffer.from('{}')]]));

    const files = unpackFiles(
      channelOf({
        'model.tar.gz': gzipSync(archive),
        'other.tar.zst': zstdCompressSync(tarOf(new Map([['other.json', Buffer.from('[]')]]))),
        'notes.txt': Buffer.from('plain'),
        'weights.bin': gzipSync('packed'),
        'old.tar': withoutMark(tarOf(new Map([['old.json', Buffer.from('1')]]))),
      }),
    );

    const texts = Object.fromEntries([...files].map(([name, content]) => [name, Buffer.from(content).toString()]));
    expect(texts).toEqual({
      'model.json': '{}',
      'other.json': '[]',
      'notes.txt': 'plain',
      'weights.bin': 'packed',
      'old.json': '1',
    });
  });

  it('in a truncated gzip archive are refused, naming the archive', () => {
    const packed = gzipSync(Buffer.alloc(1000, 'a'));

    expect(() => unpackFiles(channelOf({ 'model.tar.gz': packed.subarray(0, 12) }))).toThrow(
      'model/model.tar.gz: the file must be complete gzip data; it is damaged or ends early (unexpected end of file).',
    );
  });
});
