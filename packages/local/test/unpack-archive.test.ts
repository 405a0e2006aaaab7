/** Archives that are not to be unpacked to their end: those that are no longer wanted, too large, or lead outside. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, gzipSync } from 'node:zlib';
import { Header, Pax } from 'tar';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runTransformJob, startEndpoint, unpackArchive } from '../src/index.js';
import { makeFolder, sumProgram, writeFiles } from './scene.js';
import { makeRequest } from './transform-scene.js';

type Entry = ConstructorParameters<typeof Header>[0] & object;

function headerOf(entry: Entry): Buffer {
  const header = new Header({ path: 'weights', size: 0, type: 'File', mode: 0o644, ...entry });
  header.encode();
  return header.block!;
}

function makeTarget(): string {
  const folder = join(makeFolder(), 'unpacked');
  mkdirSync(folder);
  return folder;
}

/** A FIFO from which model.tar.gz comes: 1 MiB of a large file, and then nothing for as long as the test runs. */
function makeStalled(folder: string): string {
  return makeFifo(folder, async function* (ended) {
    yield headerOf({ path: 'weights', size: 2 ** 26 });
    yield Buffer.alloc(2 ** 20);
    await once(ended, 'abort');
  });
}

/** The same with a file of 8 TiB, for as long as anybody reads. */
function makeEndless(folder: string): string {
  return makeFifo(folder, async function* () {
    yield headerOf({ path: 'weights', size: 2 ** 43 });
    for (;;) yield Buffer.alloc(65_536);
  });
}

function makeFifo(folder: string, bytes: (ended: AbortSignal) => AsyncIterable<Buffer>): string {
  const archive = join(folder, 'endless.tar.gz');
  execFileSync('mkfifo', [archive]);
  const ending = new AbortController();
  const { signal } = ending;
  const gzip = createGzip({ level: 1, flush: constants.Z_SYNC_FLUSH });
  const writing = pipeline(bytes(signal), gzip, createWriteStream(archive), { signal }).catch(() => undefined); // EPIPE
  onTestFinished(() => {
    ending.abort();
    return writing;
  });
  return archive;
}

/** Settles when bytes of the large file are on the disk. */
async function hasBegun(folder: string): Promise<void> {
  await expect.poll(() => statSync(join(folder, 'weights')).size, { interval: 5 }).toBeGreaterThan(0);
}

describe('an archive that is no longer wanted', () => {
  it("is not unpacked to its end, the error is the signal's reason, and nothing is left of it", async () => {
    const target = makeTarget();
    const ending = new AbortController();

    const unpacking = unpackArchive(makeEndless(makeFolder()), target, {
      ...{ signal: ending.signal, maxBytes: Number.POSITIVE_INFINITY },
    });
    await hasBegun(target);
    ending.abort(new Error('no longer wanted'));

    await expect(unpacking).rejects.toThrow('no longer wanted');
    expect(readdirSync(target)).toEqual([]);
  });

  it('is not opened where it was not wanted to begin with', async () => {
    const stop = AbortSignal.abort(new Error('too late'));

    await expect(unpackArchive('/nowhere/model.tar.gz', makeTarget(), { signal: stop })).rejects.toThrow('too late');
  });
});

describe('a stop while the model is unpacked', () => {
  it('ends a batch transform as Stopped, and starts no server', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1\n' });
    const stop = new AbortController();
    const request = await makeRequest(folder, { model: makeStalled(folder), stop: stop.signal });

    const running = runTransformJob(request);
    await hasBegun(join(folder, 'work/opt/ml/model'));
    stop.abort();

    expect(await running).toMatchObject({ status: 'Stopped', files: [] });
    expect(existsSync(request.logFile)).toBe(false);
    expect(readdirSync(join(folder, 'work/opt/ml/model'))).toEqual([]);
  });

  it("ends the start of an endpoint with the signal's reason", async () => {
    const folder = makeFolder();
    const stop = new AbortController();

    const starting = startEndpoint({
      ...{ program: sumProgram, model: makeStalled(folder), stop: stop.signal },
      ...{ workDirectory: join(folder, 'work'), logFile: join(folder, 'log.txt') },
    });
    await hasBegun(join(folder, 'work/opt/ml/model'));
    stop.abort(new Error('the endpoint is deleted'));

    await expect(starting).rejects.toThrow('the endpoint is deleted');
  });
});

describe('what is packed in an archive', () => {
  const put = (bytes: Buffer) => {
    const archive = join(makeFolder(), 'm.tar.gz');
    writeFileSync(archive, bytes);
    return archive;
  };
  const tar = Buffer.concat([headerOf({ path: 'first' }), headerOf({ path: 'second' }), Buffer.alloc(1024)]);

  it('is read from all gzip members, with padding between them', async () => {
    const target = makeTarget();
    const members = [tar.subarray(0, 512), tar.subarray(512)].map((part) => gzipSync(part));

    await unpackArchive(put(Buffer.concat([members[0]!, Buffer.alloc(512), members[1]!])), target);

    expect(readdirSync(target).sort()).toEqual(['first', 'second']);
  });

  it.each([
    ['packed twice', gzipSync(tar)],
    ['packed twice and damaged', gzipSync(tar).fill(0xff, 20, 40)],
    ['noise that begins as gzip does', Buffer.alloc(4096, 0x77).fill(Buffer.from([0x1f, 0x8b]), 0, 2)],
    ['noise that begins as Zstandard does', Buffer.alloc(4096, 0x77).fill(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 0, 4)],
    ['zeros packed twice', gzipSync(Buffer.alloc(2 ** 21))],
  ])('is refused where it is %s', async (_, bytes) => {
    await expect(unpackArchive(put(gzipSync(bytes)), makeTarget())).rejects.toThrow(
      'must be a gzip-compressed tar archive',
    );
  });
});

describe('an archive that is refused', () => {
  const write = (folder: string, ...entries: Entry[]) => {
    const archive = join(folder, 'm.tar.gz');
    writeFileSync(archive, gzipSync(Buffer.concat([...entries.map(headerOf), Buffer.alloc(1024)])));
    return archive;
  };

  it.each<[string, Entry, string]>([
    ['leads out', { path: '../out' }, 'plain files, folders and links within it; "../out" leads out of the folder'],
    ['is absolute', { path: '/out' }, 'plain files, folders and links within it; "/out" leads out of the folder'],
    ['leads out by way of a folder', { path: 'a/../../out' }, '"a/../../out" leads out of the folder'],
    ['is a hard link', { type: 'Link', linkpath: 'first' }, '"weights" is a Link'],
    ['is a device', { type: 'CharacterDevice' }, '"weights" is a CharacterDevice'],
    ['is a FIFO', { type: 'FIFO' }, '"weights" is a FIFO'],
    ['is a link above its folder', { type: 'SymbolicLink', linkpath: '../x' }, '"weights" is a SymbolicLink'],
    ['is a link that goes down and up', { type: 'SymbolicLink', linkpath: 'a/../../x' }, '"weights" is a SymbolicLink'],
    ['is a link out', { type: 'SymbolicLink', linkpath: '/etc' }, '"weights" is a SymbolicLink'],
    ['is too large', { size: 1001 }, '1000 bytes, the room that there is for it; with "weights" it has 1001'],
  ])('for an entry that %s is an error that names it, and the others are removed', async (_, entry, message) => {
    const target = makeTarget();
    const archive = write(makeFolder(), { path: 'first' }, entry);

    await expect(unpackArchive(archive, target, { maxBytes: 1000 })).rejects.toThrow(message);
    expect(readdirSync(target)).toEqual([]);
  });

  it('for a path that only a header before its own says is an error, too', async () => {
    const target = makeTarget();
    const archive = join(makeFolder(), 'm.tar.gz');
    const header = new Pax({ path: '../out', size: 0 }).encode();
    writeFileSync(archive, gzipSync(Buffer.concat([header, headerOf({ path: 'plain' }), Buffer.alloc(1024)])));

    await expect(unpackArchive(archive, target)).rejects.toThrow('"../out" leads out of the folder');
    expect(readdirSync(target)).toEqual([]);
  });

  it.each<[string, Entry]>([
    ['an inner link to a folder', { path: 'link', type: 'SymbolicLink', linkpath: 'sub' }],
    ['a link to itself', { path: 'link', type: 'SymbolicLink', linkpath: 'link' }],
    ['a link to nothing', { path: 'link', type: 'SymbolicLink', linkpath: 'nothing' }],
  ])('for a file behind %s, where it would be in another place than it says, leaves nothing', async (_, link) => {
    const folder = makeFolder();
    const target = makeTarget();
    const archive = write(folder, { path: 'sub/', type: 'Directory' }, link, { path: 'link/file' });

    await expect(unpackArchive(archive, target)).rejects.toThrow('Cannot extract through symbolic link');
    expect(readdirSync(target)).toEqual([]);
  });

  it('for too many entries, or for one that is packed tighter than a model, says how many there may be', async () => {
    const target = makeTarget();
    const archive = write(makeFolder(), { path: 'first' }, { path: 'second' });
    const zeros = join(makeFolder(), 'm.tar.gz');
    writeFileSync(zeros, gzipSync(Buffer.concat([headerOf({ size: 2 ** 22 }), Buffer.alloc(2 ** 22 + 1024)])));
    const limit = 500 * statSync(zeros).size;

    await expect(unpackArchive(archive, target, { maxEntries: 1 })).rejects.toThrow('1 entries; "second" is one more');
    await expect(unpackArchive(zeros, target, { freeBytes: 1000 })).rejects.toThrow(
      `${limit} bytes (500 per packed byte, once it is large); with "weights" it has ${2 ** 22}.`,
    );
    await unpackArchive(zeros, target);
    expect(statSync(join(target, 'weights')).size).toBe(2 ** 22);
  });

  it('for a file that its disk has no room for is refused before it is written', async () => {
    const target = makeTarget();

    await expect(unpackArchive(makeEndless(makeFolder()), target)).rejects.toThrow(
      /must contain only \d+ bytes, the room that there is for it; with "weights" it has 8796093022208\./,
    );
    expect(readdirSync(target)).toEqual([]);
  });
});
