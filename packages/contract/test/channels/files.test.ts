/** Which files of a channel's folder are data. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { entriesOf } from '../../src/channels/channel-files.js';
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

it('refuses a broken link', () => {
  symlinkSync(join(root, 'gone.csv'), join(root, 'link.csv'));

  expect(() => listDataFiles(root)).toThrow(
    expect.objectContaining({ code: 'E_CHANNEL', message: expect.stringContaining('link.csv') }),
  );
});

it('refuses a link to itself', () => {
  put('a.csv');
  symlinkSync('link.csv', join(root, 'link.csv'));

  expect(() => listDataFiles(root)).toThrow(
    expect.objectContaining({ code: 'E_CHANNEL', message: expect.stringContaining('it is a broken link') }),
  );
});

it('refuses a link to a parent folder', () => {
  put('sub/a.csv');
  symlinkSync(root, join(root, 'sub', 'loop'));

  expect(() => listDataFiles(root)).toThrow(
    expect.objectContaining({ code: 'E_CHANNEL', message: expect.stringContaining('loop') }),
  );
});

it('returns nothing for an empty folder', () => {
  expect(listDataFiles(root)).toEqual([]);
});

it('skips files and folders that begin with _ or . like pyarrow and Spark, except for a partition folder of a column with such a name', () => {
  put('a.csv', '_metadata', '_committed_1', '_temporary/0/task_1/a.csv', '_tmp/b.csv', 'sub/_started_2', '_y=1/c.csv');
  const skipped: string[] = [];

  expect(listDataFiles(root, 'rows', skipped)).toEqual(['_y=1/c.csv', 'a.csv']);
  expect(skipped.sort()).toEqual(['_committed_1', '_metadata', '_temporary/', '_tmp/', 'sub/_started_2']);
});

it('keeps files of any name in a channel without rows, except for markers', () => {
  put('_weights.bin', '_net/a.json', '.manifest.json', '.DS_Store', '_SUCCESS', '_committed_12', 'model.json');

  expect(listDataFiles(root, 'files')).toEqual(['.manifest.json', '_net/a.json', '_weights.bin', 'model.json']);
});

it.each([
  ['Delta', '_delta_log/00000000000000000000.json'],
  ['Delta', 'sub/table/_delta_log/00000000000000000010.checkpoint.parquet'],
  ['Hudi', '.hoodie/hoodie.properties'],
  ['Iceberg', 'metadata/v1.metadata.json'],
  ['Iceberg', 'metadata/00000-a.gz.metadata.json'],
  ['Iceberg', 'metadata/00000-a.metadata.json.gz'],
  ['Iceberg', 'metadata/snap-1-1-a.avro'],
])('refuses a %s table because of its log %s', (kind, path) => {
  put('data/a.parquet', path);

  expect(() => listDataFiles(root)).toThrow(
    expect.objectContaining({ code: 'E_CHANNEL', message: expect.stringMatching(`is the log of an? ${kind} table`) }),
  );
  expect(listDataFiles(root, 'files')).toContain('data/a.parquet');
});

it('accepts a folder named metadata that is not the log of a table', () => {
  put('metadata/a.csv');

  expect(listDataFiles(root)).toEqual(['metadata/a.csv']);
});

it('says once why a folder cannot be read', () => {
  const folder = join(root, 'x'.repeat(300));

  expect(() => entriesOf(folder)).toThrow(`${folder} could not be read: ENAMETOOLONG: `);
});
