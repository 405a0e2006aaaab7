import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { list } from 'tar';
import { describe, expect, it } from 'vitest';
import { isInnerLink } from '../src/files/archive-entries.js';
import { packFolders } from '../src/files/pack-archive.js';
import { packFolder, unpackArchive } from '../src/index.js';
import { makeFolder, writeFiles } from './scene.js';

async function entriesOf(archive: string) {
  const entries: { path: string; mtime: number | undefined; uid: number | undefined; uname: string | undefined }[] = [];
  await list({
    file: archive,
    onReadEntry: ({ path, mtime, uid, uname }) => entries.push({ path, mtime: mtime?.getTime(), uid, uname }),
  });
  return entries;
}

describe('an archive of a folder', () => {
  it('has its files, sorted, without owner, time or path of this machine', async () => {
    const folder = makeFolder();
    const tree = writeFiles(join(folder, 'model'), { 'b.json': '1', 'a/z.bin': '2', '@c': '3', 'B.txt': '4' });
    mkdirSync(join(tree, 'empty'));

    await packFolder(tree, join(folder, 'model.tar.gz'));

    const entries = await entriesOf(join(folder, 'model.tar.gz'));
    expect(entries.map(({ path }) => path)).toEqual(['@c', 'B.txt', 'a/', 'a/z.bin', 'b.json', 'empty/']);
    for (const { path, mtime, uid, uname } of entries) {
      const time = path.endsWith('/') ? undefined : Date.UTC(1980, 0); // node-tar gives folders no time at all
      expect([mtime, uid, uname || undefined]).toEqual([time, undefined, undefined]);
    }
  });

  it('is the same for the same files, whatever their times', async () => {
    const folder = makeFolder();
    for (const name of ['one', 'two']) writeFiles(join(folder, name), { 'x/y': 'same', z: 'same' });
    utimesSync(join(folder, 'one/z'), 1, 1);

    for (const name of ['one', 'two']) await packFolder(join(folder, name), join(folder, `${name}.tar.gz`));

    const [one, two] = ['one', 'two'].map((name) => readFileSync(join(folder, `${name}.tar.gz`)));
    expect(one!.equals(two!)).toBe(true);
  });

  it('has the content of linked files, and unpacks to what was packed', async () => {
    const folder = makeFolder();
    const tree = writeFiles(join(folder, 'model'), { 'a/b.json': 'content', zeros: Buffer.alloc(5_000_000) });
    symlinkSync(join(tree, 'a/b.json'), join(tree, 'link'));
    mkdirSync(join(folder, 'unpacked'));

    await packFolder(tree, join(folder, 'm.tar.gz'));
    await unpackArchive(join(folder, 'm.tar.gz'), join(folder, 'unpacked'));

    expect(readdirSync(join(folder, 'unpacked'), { recursive: true }).sort()).toEqual([
      'a',
      'a/b.json',
      'link',
      'zeros',
    ]);
    expect(readFileSync(join(folder, 'unpacked/link'), 'utf8')).toBe('content');
    expect(statSync(join(folder, 'unpacked/zeros')).size).toBe(5_000_000);
  });

  it('that is damaged is an error that names it', async () => {
    const folder = makeFolder();
    await packFolder(writeFiles(join(folder, 'model'), { a: 'content'.repeat(1000) }), join(folder, 'm.tar.gz'));
    const whole = readFileSync(join(folder, 'm.tar.gz'));
    writeFiles(folder, { 'cut.tar.gz': whole.subarray(0, whole.length - 20) });
    mkdirSync(join(folder, 'unpacked'));

    await expect(unpackArchive(join(folder, 'cut.tar.gz'), join(folder, 'unpacked'))).rejects.toThrow(
      /cut\.tar\.gz must be a gzip-compressed tar archive/,
    );
  });

  it('has links within a folder that is given, and is refused for those that lead elsewhere', async () => {
    const folder = writeFiles(makeFolder(), { 'ml/model/weights': 'w', 'secret/key': 'k' });
    const [base, model] = [join(folder, 'ml'), join(folder, 'ml', 'model')];
    symlinkSync('weights', join(model, 'newest'));
    const pack = (path: string) => packFolder(path, join(folder, 'm.tar.gz'), { within: base });
    await pack(model);
    const entries = await entriesOf(join(folder, 'm.tar.gz'));

    symlinkSync(join(folder, 'secret/key'), join(model, 'leak'));
    symlinkSync(join(folder, 'secret'), join(base, 'output'));

    expect(entries.map(({ path }) => path)).toEqual(['newest', 'weights']);
    await expect(pack(model)).rejects.toThrow(`leak is a link to ${join(folder, 'secret/key')}, outside of ${base}`);
    await expect(pack(join(base, 'output'))).rejects.toThrow('output is a link to');
  });

  it('is not created for an empty folder', async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'model'));

    expect(await packFolder(join(folder, 'model'), join(folder, 'm.tar.gz'))).toBe(false);
  });

  it('keeps odd names, links to nothing and to folders, and both of two hard links', async () => {
    const folder = makeFolder();
    const long = `${'x'.repeat(120)}/${'y'.repeat(120)}`;
    const tree = writeFiles(join(folder, 'model'), { 'a\\b': '1', 'step-1/weights': '2', [long]: '3', one: '4' });
    linkSync(join(tree, 'one'), join(tree, 'two'));
    symlinkSync('gone', join(tree, 'latest'));
    symlinkSync(join(tree, 'step-1'), join(tree, 'newest'));
    symlinkSync('circle', join(tree, 'circle'));
    const unpacked = join(folder, 'unpacked');
    mkdirSync(unpacked);

    await packFolder(tree, join(folder, 'm.tar.gz'));
    await unpackArchive(join(folder, 'm.tar.gz'), unpacked);

    const read = (name: string) => readFileSync(join(unpacked, name), 'utf8');
    expect(['a\\b', 'newest/weights', long, 'one', 'two'].map(read)).toEqual(['1', '2', '3', '4', '4']);
    expect(['latest', 'newest', 'circle'].map((name) => readlinkSync(join(unpacked, name)))).toEqual([
      'gone',
      'step-1',
      'circle',
    ]);
  });

  it.runIf(process.platform === 'linux')('leaves out what it cannot have, and names it', async () => {
    const folder = makeFolder();
    const tree = writeFiles(join(folder, 'model'), { kept: '1' });
    writeFileSync(Buffer.concat([Buffer.from(`${tree}/b`), Buffer.from([0xff])]), '');
    symlinkSync('../../gone', join(tree, 'out'));
    const leftOut: string[] = [];

    await packFolder(tree, join(folder, 'm.tar.gz'), { onLeftOut: (path, why) => leftOut.push(`${path}: ${why}`) });

    expect((await entriesOf(join(folder, 'm.tar.gz'))).map(({ path }) => path)).toEqual(['kept']);
    expect(leftOut.sort()).toEqual([
      'b\ufffd: its name is not UTF-8',
      'out: it is a link to ../../gone, which is not there',
    ]);
  });

  it('has the files of several folders, of equal names the first', async () => {
    const folder = makeFolder();
    const folders = [
      writeFiles(join(folder, 'one'), { 'both/a': '1', same: '1', place: '1' }),
      writeFiles(join(folder, 'two'), { 'both/b': '2', same: '2', 'place/c': '2' }),
    ];
    const leftOut: string[] = [];

    await packFolders(
      folders.map((one) => ({ folder: one })),
      join(folder, 'm.tar.gz'),
      {
        onLeftOut: (path, why, index) => leftOut.push(`${index} ${path}: ${why}`),
      },
    );

    const entries = await entriesOf(join(folder, 'm.tar.gz'));
    expect(entries.map(({ path }) => path)).toEqual(['both/', 'both/a', 'both/b', 'place', 'same']);
    expect(leftOut).toEqual([
      '1 place: another host has one of this name',
      '1 place/c: another host has one of this name',
      '1 same: another host has one of this name',
    ]);
  });

  it('that is no longer wanted is not packed to its end, and nothing is left of it', async () => {
    const folder = makeFolder();
    const tree = writeFiles(join(folder, 'model'), { huge: '' });
    truncateSync(join(tree, 'huge'), 300 * 2 ** 30);
    const ending = new AbortController();

    const packing = packFolder(tree, join(folder, 'm.tar.gz'), { signal: ending.signal });
    ending.abort();

    await expect(packing).rejects.toThrow(/abort/);
    expect(existsSync(join(folder, 'm.tar.gz'))).toBe(false);
  });
});

it.each([
  ['a', 'b/c', true],
  ['a/b', '../c', true],
  ['a/b', '..', true],
  ['a', '..', false],
  ['a', '/etc/passwd', false],
  ['a/b', '../../c', false],
  ['a', 'b/../../c', false],
])('a link %s -> %s leads within its archive: %s', (path, target, isInner) => {
  expect(isInnerLink(path, target)).toBe(isInner);
});
