/** What comes through a channel in Pipe mode: files, files as records, and the attributes of an augmented manifest. */
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { listFiles } from '../src/files/file-tree.js';
import {
  checkAttributeNames,
  fileSource,
  manifestSource,
  type PipeSource,
  recordSource,
} from '../src/training/pipe-source.js';
import { makeFolder, writeFiles } from './scene.js';

async function bytesOf(source: PipeSource, epoch = 0): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of source(epoch)) parts.push(part);
  return Buffer.concat(parts);
}

/** Payloads of RecordIO, taken apart as its description says. */
function recordsIn(bytes: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    expect(bytes.readUInt32LE(at)).toBe(0xced7230a);
    const length = bytes.readUInt32LE(at + 4);
    found.push(bytes.toString('utf8', at + 8, at + 8 + length));
    at += 8 + Math.ceil(length / 4) * 4;
  }
  return found;
}

function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = makeFolder();
  writeFiles(folder, files);
  return folder;
}

describe('a channel in Pipe mode has', () => {
  it('its files one after the other', async () => {
    const folder = folderOf({ 'data/a': 'one', 'data/b/c': 'two' });

    expect((await bytesOf(fileSource(listFiles(join(folder, 'data'), 'data'), { isGzip: false }))).toString()).toBe(
      'onetwo',
    );
  });

  it('each file as a record with RecordIO, unpacked with Gzip', async () => {
    const folder = folderOf({ 'data/a': 'one', 'data/b': '', 'data/c': 'three' });
    const packed = folderOf({ 'data/a': gzipSync('one') });

    const plain = await bytesOf(recordSource(listFiles(join(folder, 'data'), 'data'), { isGzip: false }));
    const unpacked = await bytesOf(recordSource(listFiles(join(packed, 'data'), 'data'), { isGzip: true }));

    expect(recordsIn(plain).filter((text) => text !== '')).toEqual(['one', 'three']);
    expect(recordsIn(unpacked)).toEqual(['one']);
  });

  it('no file that is longer than a record can be, and does not read it', async () => {
    const folder = folderOf({ 'data/a': '' });
    truncateSync(join(folder, 'data/a'), 2 ** 36); // more than there is memory

    const bytes = bytesOf(recordSource(listFiles(join(folder, 'data'), 'data'), { isGzip: false }));

    await expect(bytes).rejects.toThrow('a record must have at most 536870911 bytes; received 68719476736 or more.');
  });

  it.each([
    ['records with RecordIO', true, ['PNG a', '3', 'a note', 'PNG b', '4', '[1]']],
    ['nothing between them without', false, 'PNG a3a notePNG b4[1]'],
  ])(
    'the attributes of an augmented manifest in the order of their names, references as the content of files: %s',
    async (_case, isWrapped, expected) => {
      const folder = folderOf({
        'manifest.jsonl':
          '{"source-ref":"images/a.png","class":3,"note":"a note"}\n\n{"class":4,"source-ref":"b.png","note":[1]}\n',
        'images/a.png': 'PNG a',
        'b.png': 'PNG b',
      });

      const bytes = await bytesOf(
        manifestSource(join(folder, 'manifest.jsonl'), ['source-ref', 'class', 'note'], { isWrapped }),
      );

      expect(isWrapped ? recordsIn(bytes) : bytes.toString()).toEqual(expected);
    },
  );
});

describe('the lines of an augmented manifest', () => {
  it.each([
    ['a byte order mark, CRLF, and no end at the last line', '\ufeff{"x":"a"}\r\n\r\n{"x":"b"}', ['a', 'b']],
    [
      'separators of Unicode within texts',
      '{"x":"a\u2028b\u2029c\u0085d"}\n{"x":"e"}\n',
      ['a\u2028b\u2029c\u0085d', 'e'],
    ],
    ['more bytes than are read at once', `{"x":"${'é'.repeat(70_000)}"}\n{"x":"b"}`, ['é'.repeat(70_000), 'b']],
  ])('may have %s', async (_, text, values) => {
    const folder = folderOf({ manifest: text });

    const bytes = await bytesOf(manifestSource(join(folder, 'manifest'), ['x'], { isWrapped: true }));

    expect(recordsIn(bytes)).toEqual(values);
  });
});

describe('a shuffled channel in Pipe mode', () => {
  const letters = [...'abcdefgh'];
  const epochsOf = async (source: PipeSource) =>
    Promise.all([0, 1, 2].map(async (epoch) => (await bytesOf(source, epoch)).toString()));

  it.each([
    ['files', fileSource],
    ['files as records', recordSource],
  ])('has all its %s in each epoch, in an order of its own by the seed', async (_case, sourceOf) => {
    const folder = folderOf(Object.fromEntries(letters.map((letter) => [`data/${letter}`, letter])));
    const files = listFiles(join(folder, 'data'), 'data');
    const run = async (shuffleSeed: number) => {
      const epochs = await epochsOf(sourceOf(files, { isGzip: false, shuffleSeed }));
      return epochs.map((text) => text.replaceAll(/[^a-h]/g, ''));
    };

    const [first, again, other] = [await run(7), await run(7), await run(8)];

    expect(first.map((text) => [...text].sort())).toEqual([letters, letters, letters]);
    expect(new Set([...first, ...other, letters.join('')]).size).toBe(7);
    expect(again).toEqual(first);
  });

  it('has all lines of an augmented manifest in each epoch, their attributes together', async () => {
    const folder = folderOf({ manifest: letters.map((letter) => `{"x":"${letter}","y":"${letter}!"}\n\n`).join('') });
    const source = manifestSource(join(folder, 'manifest'), ['x', 'y'], { isWrapped: true, shuffleSeed: 7 });

    const orders = [];
    for (const epoch of [0, 1]) orders.push(recordsIn(await bytesOf(source, epoch)));

    for (const order of orders) {
      expect(order.filter((_, i) => i % 2 === 0).map((letter) => `${letter}!`)).toEqual(
        order.filter((_, i) => i % 2 === 1),
      );
      expect([...order].sort()).toEqual(letters.flatMap((letter) => [letter, `${letter}!`]));
    }
    expect(orders[0]).not.toEqual(orders[1]);
  });

  it('names the line of a shuffled manifest that is wrong', async () => {
    const folder = folderOf({ manifest: '{"x":1}\n\n{"x":2}\n[]\n{"x":3}\n' });

    await expect(
      bytesOf(manifestSource(join(folder, 'manifest'), ['x'], { isWrapped: true, shuffleSeed: 3 })),
    ).rejects.toThrow(/manifest line 4: a line/);
  });
});

describe('a sharded channel in Pipe mode', () => {
  const letters = [...'abcdefgh'];
  const shares = [0, 1, 2].map((index) => ({ index, count: 3 }));

  it.each([undefined, 7])('has each file on one host in each epoch, with the seed %s', async (shuffleSeed) => {
    const folder = folderOf(Object.fromEntries(letters.map((letter) => [`data/${letter}`, letter])));
    const files = listFiles(join(folder, 'data'), 'data');
    const read = async (epoch: number) =>
      Promise.all(
        shares.map(async (share) =>
          (await bytesOf(fileSource(files, { isGzip: false, shuffleSeed, share }), epoch)).toString(),
        ),
      );

    const epochs = [await read(0), await read(1)];

    for (const epoch of epochs) expect([...epoch.join('')].sort()).toEqual(letters);
    if (shuffleSeed === undefined) expect(epochs[0]).toEqual(['adg', 'beh', 'cf']);
    else expect(epochs[0]).not.toEqual(epochs[1]);
  });

  it('has each line of an augmented manifest on one host', async () => {
    const folder = folderOf({ manifest: letters.map((letter) => `{"x":"${letter}"}\n\n`).join('') });

    const read = shares.map((share) =>
      bytesOf(manifestSource(join(folder, 'manifest'), ['x'], { isWrapped: false, share })),
    );

    expect((await Promise.all(read)).map(String)).toEqual(['adg', 'beh', 'cf']);
  });
});

describe('an augmented manifest is refused', () => {
  it.each([
    [
      'for a line that is no object',
      '[1]',
      'line 1: a line of an augmented manifest must be a JSON object; received [1].',
    ],
    ['for an attribute that is missing', '{"class":1}', 'line 1: attribute "source-ref" must be there; it is missing.'],
    [
      'for a reference that is no path',
      '{"source-ref":1}',
      'line 1: attribute "source-ref" must be the path of a file.',
    ],
    [
      'for a file that is not there',
      '{"source-ref":"gone.png"}',
      'line 1: attribute "source-ref": gone.png could not be read: no such file or directory (ENOENT)',
    ],
  ])('%s', async (_, text, message) => {
    const folder = folderOf({ manifest: text });

    await expect(
      bytesOf(manifestSource(join(folder, 'manifest'), ['source-ref'], { isWrapped: true })),
    ).rejects.toThrow(message);
  });

  it('for other numbers of attributes than the service takes', () => {
    expect(() => checkAttributeNames([], 'Channel "train"')).toThrow(
      'AttributeNames must have 1 to 16 names; received 0.',
    );
    expect(() => checkAttributeNames(Array(17).fill('a'), 'Channel "train"')).toThrow('received 17.');
    expect(() => checkAttributeNames(['a'.repeat(257)], 'Channel "train"')).toThrow('1 to 256 characters');
  });
});
