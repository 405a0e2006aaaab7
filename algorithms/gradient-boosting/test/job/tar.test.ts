import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTar } from '../../src/job/tar.js';
import { tarOf } from './tar-of.js';

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
