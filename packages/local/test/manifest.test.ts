import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listManifest } from '../src/files/manifest.js';
import { makeFolder, writeFiles } from './scene.js';

function list(manifest: unknown) {
  const folder = writeFiles(makeFolder(), {
    'in/list': typeof manifest === 'string' ? manifest : JSON.stringify(manifest),
    'data/b': '22',
    'data/sub/a': '1',
  });
  const files = listManifest(join(folder, 'in/list'), 'Channel "train"');
  return files.map(({ key, path, bytes }) => [key, path.slice(folder.length + 1), bytes]);
}

it('the files of a manifest are in its order, by the names that follow its prefix', () => {
  expect(list([{ prefix: '../data/' }, 'sub/a', 'b'])).toEqual([
    ['sub/a', 'data/sub/a', 1],
    ['b', 'data/b', 2],
  ]);
  expect(list([{ prefix: '../data/s' }, 'ub/a'])).toEqual([['ub/a', 'data/sub/a', 1]]);
});

describe('a manifest is refused', () => {
  it.each<[unknown, string]>([
    ['{', 'in/list must be JSON;'],
    [{}, 'in/list must be a JSON list.'],
    [['b'], 'in/list must be [{"prefix": "s3://…"}, "name", …].'],
    [[{ prefix: '../data/' }], 'in/list must be [{"prefix": "s3://…"}, "name", …].'],
    [[{ prefix: 's3://bucket/' }, 'b'], 'must be a path on this machine; received "s3://bucket/".'],
    [[{ prefix: '../data/' }, '../b'], 'Channel "train": "../b" of '],
    [[{ prefix: '../data/' }, ''], 'must be the path of a file below the prefix.'],
    [[{ prefix: '../data/' }, 'b', '/b'], '"/b" of '],
    [[{ prefix: '../data/' }, 'none'], 'must be a file; '],
    [[{ prefix: '../data/' }, 'sub'], 'must be a file; '],
  ])('%j', (manifest, message) => {
    expect(() => list(manifest)).toThrow(message);
  });

  it('that is not there', () => {
    expect(() => listManifest('/nowhere', 'Channel "train"')).toThrow(
      'Channel "train": the manifest /nowhere could not be read: no such file or directory (ENOENT).',
    );
  });
});
