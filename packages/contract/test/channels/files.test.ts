/** Which files of a channel's folder are data. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listDataFiles } from '../../src/channels/files.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'files-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '1,2\n');
  }
}

it('lists files of all folders, sorted by the bytes of their paths', () => {
  put('b.csv', 'a/z.csv', 'a-1.csv', 'a/b/c.csv', 'B.csv', 'ü.csv', '\u{10000}.csv', '\uFFFD.csv', 'part-10', 'part-2');

  const files = listDataFiles(root);

  expect(files).toEqual([
    'B.csv',
    'a-1.csv',
    'a/b/c.csv',
    'a/z.csv',
    'b.csv',
    'part-10',
    'part-2',
    'ü.csv',
    '\uFFFD.csv',
    '\u{10000}.csv',
  ]);
});

it('skips dotfiles, dot-folders, markers and empty files', () => {
  put('a.csv', '.hidden.csv', '.ipynb_checkpoints/a.csv', '_SUCCESS', 'sub/_SUCCESS', 'sub_$folder$');
  writeFileSync(join(root, 'empty.csv'), '');

  expect(listDataFiles(root)).toEqual(['a.csv']);
});

it('follows links to files and folders', () => {
  put('store/real.csv', 'data/own.csv');
  symlinkSync(join(root, 'store', 'real.csv'), join(root, 'data', 'file.csv'));
  symlinkSync(join(root, 'store'), join(root, 'data', 'folder'));

  expect(listDataFiles(join(root, 'data'))).toEqual(['file.csv', 'folder/real.csv', 'own.csv']);
});

it('refuses a link that leads nowhere', () => {
  symlinkSync(join(root, 'gone.csv'), join(root, 'link.csv'));

  expect(() => listDataFiles(root)).toThrow(
    expect.objectContaining({ code: 'E_CHANNEL', message: expect.stringContaining('link.csv') }),
  );
});

it('refuses a link back to a folder above', () => {
  put('sub/a.csv');
  symlinkSync(root, join(root, 'sub', 'loop'));

  expect(() => listDataFiles(root)).toThrow(
    expect.objectContaining({ code: 'E_CHANNEL', message: expect.stringContaining('loop') }),
  );
});

it('finds nothing in an empty folder', () => {
  expect(listDataFiles(root)).toEqual([]);
});
