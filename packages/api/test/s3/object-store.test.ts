import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ObjectStore } from '../../src/s3/object-store.js';
import { keysOf, makeFolder, openStore } from './scene.js';

const bytes = (text: string) => Buffer.from(text);

/** Keys that try to leave the folder, that a file system has no name for, or that take each other's place. */
const HOSTILE_KEYS = [
  '../a',
  '..',
  '.',
  './a',
  'a/../../b',
  '/a',
  '//',
  '/',
  'a//b',
  'a/',
  'a',
  'a/b',
  'a/b/',
  '%~',
  '%=a',
  '%+',
  '%2F',
  '%~..',
  'x'.repeat(255),
  'x'.repeat(256),
  `${'x'.repeat(256)}/y`,
  'x'.repeat(1024),
  'é'.repeat(512),
  '%'.repeat(1024),
  'a\0b',
  'ﬀ',
  '😀',
  '\u{ffff}',
  'a\\b',
  'C:\\a',
  'con',
  'a\nb',
  ' ',
  '/'.repeat(200),
  '../'.repeat(100),
]; // prettier-ignore

it('an object is a plain file at its key, and a file put into the folder is an object', async () => {
  const { store, folder } = openStore();

  await store.put('bucket', 'data/train.csv', bytes('1,2\n'));
  mkdirSync(join(folder, 'by-hand'));
  writeFileSync(join(folder, 'by-hand', 'ä b.csv'), '3,4\n');

  expect(readFileSync(join(folder, 'data', 'train.csv'), 'utf8')).toBe('1,2\n');
  expect(await keysOf(store)).toEqual(['by-hand/ä b.csv', 'data/train.csv']);
  expect(store.fileOf('bucket', 'by-hand/ä b.csv')).toMatch(/by-hand\/ä b\.csv$/);
  expect(store.find('bucket', 'by-hand/ä b.csv')).toMatchObject({ size: 4, details: { headers: {}, metadata: {} } });
});

it('the ETag is the MD5 of what was put; a file changed by hand has another one and no metadata', async () => {
  const { store, folder } = openStore();
  const details = { headers: { 'content-type': 'text/csv' }, metadata: { owner: 'me' } };

  const put = await store.put('bucket', 'a', bytes('one'), details);
  const kept = store.find('bucket', 'a');
  writeFileSync(join(folder, 'a'), 'other');
  const changed = store.find('bucket', 'a')!;

  expect(put.etag).toBe(createHash('md5').update('one').digest('hex'));
  expect(kept).toEqual({ ...put, details });
  expect(changed.etag).toMatch(/^[0-9a-f]{32}-1$/);
  expect(changed).toMatchObject({ size: 5, details: { headers: {}, metadata: {} } });
});

it('every key that S3 allows is kept, listed in UTF-8 order and removed, and none leaves its folder', async () => {
  const parent = makeFolder();
  const store = new ObjectStore(join(parent, 's3'));
  store.buckets.create('bucket');

  for (const key of HOSTILE_KEYS) await store.put('bucket', key, bytes(key));

  expect(await keysOf(store)).toEqual([...HOSTILE_KEYS].sort((a, b) => Buffer.compare(bytes(a), bytes(b))));
  for (const key of HOSTILE_KEYS) expect(readFileSync(store.fileOf('bucket', key)!, 'utf8')).toBe(key);
  expect(readdirSync(parent)).toEqual(['s3']);
  expect(readdirSync(join(parent, 's3')).filter((name) => !name.startsWith('.'))).toEqual(['bucket']);
  for (const key of HOSTILE_KEYS) store.delete('bucket', key);
  // Deep folders go in later turns of the event loop.
  await expect.poll(() => readdirSync(join(parent, 's3', 'bucket'))).toEqual([]);
  store.close();
});

it('any sequence of puts and deletes leaves what a map of keys would hold', async () => {
  const segment = fc.oneof(
    fc.constantFrom('', '.', '..', 'a', 'b', '%~', '%=a', 'x'.repeat(300)),
    fc.string({ maxLength: 3 }),
  );
  const key = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
  const step = fc.record({ key: key.filter((text) => text !== '' && text.isWellFormed()), isPut: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { store, folder } = openStore();
      const expected = new Map<string, string>();
      for (const [i, { key, isPut }] of steps.entries()) {
        if (isPut) await store.put('bucket', key, bytes(String(i)));
        else store.delete('bucket', key);
        if (isPut) expected.set(key, String(i));
        else expected.delete(key);
      }

      const keys = await keysOf(store);

      expect(keys).toEqual([...expected.keys()].sort((a, b) => Buffer.compare(bytes(a), bytes(b))));
      for (const key of keys) expect(readFileSync(store.fileOf('bucket', key)!, 'utf8')).toBe(expected.get(key));
      if (keys.length === 0) expect(readdirSync(folder)).toEqual([]);
    }),
    { numRuns: 25, seed: 13 },
  );
});

it('a link in the folder is not followed: it is no object, and nothing is written through it', async () => {
  const { store, folder } = openStore();
  const outside = makeFolder();
  writeFileSync(join(outside, 'secret'), 'x');
  symlinkSync(outside, join(folder, 'folder'));
  symlinkSync(join(outside, 'secret'), join(folder, 'file'));

  await expect(store.put('bucket', 'folder/new', bytes('y'))).rejects.toMatchObject({ code: 'InvalidRequest' });
  await store.put('bucket', 'file', bytes('mine'));

  expect(store.fileOf('bucket', 'folder/secret')).toBeUndefined();
  expect(await keysOf(store)).toEqual(['file']);
  expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('x');
  expect(existsSync(join(outside, 'new'))).toBe(false);
});

it('a FIFO in the folder is no object, and nothing waits for it', async () => {
  const { store, folder } = openStore();
  execFileSync('mkfifo', [join(folder, 'fifo')]);

  expect(await keysOf(store)).toEqual([]);
  expect(store.open('bucket', 'fifo')).toBeUndefined();
});

it('a key of more than 1,024 bytes is refused, as is a bucket that does not exist', async () => {
  const { store } = openStore();

  await expect(store.put('bucket', 'é'.repeat(513), bytes(''))).rejects.toMatchObject({ code: 'KeyTooLongError' });
  await expect(store.put('none', 'a', bytes(''))).rejects.toMatchObject({ code: 'NoSuchBucket', status: 404 });
  await expect(keysOf(store, '', '../bucket')).rejects.toMatchObject({ code: 'NoSuchBucket' });
});

it('a file is copied into the store, and a prefix limits the listing', async () => {
  const { store } = openStore();
  const source = join(makeFolder(), 'model.tar.gz');
  writeFileSync(source, Buffer.alloc(3_000_000, 7));

  const put = await store.put('bucket', 'job/output/model.tar.gz', source);
  await store.put('bucket', 'job-2', bytes(''));

  expect(put).toMatchObject({
    size: 3_000_000,
    etag: createHash('md5').update(Buffer.alloc(3_000_000, 7)).digest('hex'),
  });
  expect(existsSync(source)).toBe(true);
  expect(await keysOf(store, 'job/')).toEqual(['job/output/model.tar.gz']);
  expect(await keysOf(store, 'job')).toEqual(['job-2', 'job/output/model.tar.gz']);
});

it('a folder has one store at a time, and another one changes nothing in it', () => {
  const { store } = openStore();
  writeFileSync(join(store.staging, 'being-written'), '');

  expect(() => new ObjectStore(dirname(store.staging))).toThrow('in use by another server');

  expect(readdirSync(store.staging)).toEqual(['being-written']);
});

it('buckets and objects are there after the store is opened again, and files half written are gone', async () => {
  const folder = makeFolder();
  const first = new ObjectStore(folder);
  first.buckets.create('bucket');
  await first.put('bucket', 'a', bytes('x'), { headers: {}, metadata: { k: 'v' } });
  writeFileSync(join(first.staging, 'half'), 'x');
  first.close();

  const second = new ObjectStore(folder);

  expect(second.find('bucket', 'a')).toMatchObject({ details: { metadata: { k: 'v' } } });
  expect(readdirSync(second.staging)).toEqual([]);
  second.close();
});
