/** Channels of files: by name in File mode, as records of RecordIO in Pipe mode, with the attributes of an augmented manifest. */
import { createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import type { ChannelDefinition, ChannelItem } from '../../src/channels/channel.js';
import { MAGIC } from '../../src/formats/recordio/frames.js';
import { readRows, useJob } from './job.js';

const job = useJob();

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
const PIPE = { TrainingInputMode: 'Pipe', RecordWrapperType: 'RecordIO' } as const;

function definitionsOf(definition: Partial<ChannelDefinition> = {}) {
  const images = { content: 'files', description: 'Images.', contentTypes: ['image/png', 'image/jpeg'] } as const;
  return { definitions: { images: { ...images, ...definition } as ChannelDefinition } };
}

/** RecordIO frames around payloads, as the service writes them. */
function wrapped(...payloads: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    payloads.map((payload) => {
      const bytes = Buffer.from(payload);
      const record = Buffer.alloc(8 + Math.ceil(bytes.length / 4) * 4);
      record.writeUInt32LE(MAGIC, 0);
      record.writeUInt32LE(bytes.length, 4);
      bytes.copy(record, 8);
      return record;
    }),
  );
}

async function contentsOf(items: AsyncIterable<ChannelItem>) {
  const found: { name: string | undefined; label: string; bytes: string; attributes: unknown }[] = [];
  for await (const item of items) {
    const { name, label, attributes } = item;
    found.push({ name, label, bytes: Buffer.from(await item.bytes()).toString('latin1'), attributes });
  }
  return found;
}

describe('files in File mode', () => {
  it('come by name, in file order, folders and all', async () => {
    job.put({ 'images/b/1.png': 'one', 'images/a/2.png': PNG, 'images/c.txt': 'three', 'images/.hidden': 'x' });
    const { images } = job.open({ images: {} }, definitionsOf());

    expect(await contentsOf(images!.items())).toEqual([
      { name: 'a/2.png', label: 'images/a/2.png', bytes: '\x89PNG', attributes: {} },
      { name: 'b/1.png', label: 'images/b/1.png', bytes: 'one', attributes: {} },
      { name: 'c.txt', label: 'images/c.txt', bytes: 'three', attributes: {} },
    ]);
  });

  it('come again in each pass', async () => {
    job.put({ 'images/a.png': 'one' });
    const { images } = job.open({ images: {} }, definitionsOf());

    await contentsOf(images!.items());

    expect(await contentsOf(images!.items())).toHaveLength(1);
  });

  it('come in parts too, for what is larger than memory', async () => {
    job.put({ 'images/a.bin': Buffer.alloc(200_000, 7) });
    const { images } = job.open({ images: {} }, definitionsOf());

    const sizes: number[] = [];
    for await (const item of images!.items()) for await (const part of item.stream()) sizes.push(part.length);

    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(200_000);
  });

  it('that are gone when they are read are an error of the platform, which names them', async () => {
    job.put({ 'images/a.png': 'one' });
    const { images } = job.open({ images: {} }, definitionsOf());

    for await (const item of images!.items()) {
      rmSync(join(job.data, 'images', 'a.png'));
      await expect(item.bytes()).rejects.toThrow('images/a.png could not be read: ENOENT');
      await expect(item.stream()[Symbol.asyncIterator]().next()).rejects.toThrow('images/a.png could not be read');
    }
  });

  it('are not opened before they are asked for', async () => {
    job.put({ 'images/a.png': 'one' });
    const { images } = job.open({ images: {} }, definitionsOf());

    for await (const item of images!.items()) {
      job.put({ 'images/a.png': 'two' });
      expect(Buffer.from(await item.bytes()).toString()).toBe('two');
    }
  });
});

describe('records in Pipe mode', () => {
  it('are the objects, which have no names', async () => {
    job.put({ images_0: wrapped('one', PNG, '') });
    const { images } = job.open({ images: PIPE }, definitionsOf());

    expect(await contentsOf(images!.items())).toEqual([
      { name: undefined, label: 'images_0 record 1', bytes: 'one', attributes: {} },
      { name: undefined, label: 'images_0 record 2', bytes: '\x89PNG', attributes: {} },
      { name: undefined, label: 'images_0 record 3', bytes: '', attributes: {} },
    ]);
  });

  it('come from the next epoch in each pass', async () => {
    job.put({ images_0: wrapped('one'), images_1: wrapped('two') });
    const { images } = job.open({ images: PIPE }, definitionsOf());

    expect((await contentsOf(images!.items()))[0]!.bytes).toBe('one');
    expect((await contentsOf(images!.items()))[0]!.label).toBe('images_1 record 1');
  });

  it('are read from a FIFO as they are written, larger than any buffer', async () => {
    const large = Buffer.alloc(700_001, 'x');
    const writer = createWriteStream(job.makeFifo('images_0'));
    writer.end(wrapped(large, 'end'));
    const { images } = job.open({ images: PIPE }, definitionsOf());

    const found = await contentsOf(images!.items());
    await finished(writer);

    expect(found.map(({ bytes }) => bytes.length)).toEqual([700_001, 3]);
  });

  it('keep their bytes when the next one is read', async () => {
    job.put({ images_0: wrapped('one', 'two') });
    const { images } = job.open({ images: PIPE }, definitionsOf());

    const items: ChannelItem[] = [];
    for await (const item of images!.items()) items.push(item);
    const texts = await Promise.all(items.map(async (item) => Buffer.from(await item.bytes()).toString()));

    expect(texts).toEqual(['one', 'two']);
  });

  it.each([
    ['that end within a record', wrapped('one').subarray(0, 9), 'images_0 record 1 at byte 0: the record must have'],
    ['of something else', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'a record must begin with the number 0xced7230a'],
    ['of which there is none', Buffer.alloc(0), 'images_0: expected at least one record; received none.'],
  ])('%s are refused', async (_, bytes, message) => {
    job.put({ images_0: bytes });
    const { images } = job.open({ images: PIPE }, definitionsOf());

    await expect(contentsOf(images!.items())).rejects.toThrow(message);
  });

  it('without RecordIO around them are refused before the training, since nothing separates them', () => {
    expect(() => job.open({ images: { TrainingInputMode: 'Pipe' } }, definitionsOf())).toThrow(
      'Channel "images": RecordWrapperType must be "RecordIO" in Pipe mode for image/png, since nothing else says where an object ends; received "None".',
    );
  });
});

describe('an augmented manifest', () => {
  const attributes = ['source-ref', 'class', 'box', 'note'];

  it('gives each object its attributes: referred content as bytes, all others as JSON or text', async () => {
    job.put({ images_0: wrapped(PNG, '3', '{"left":1}', 'a note', 'two', '4', '[]', '"quoted"') });
    const { images } = job.open({ images: PIPE }, definitionsOf({ attributes }));

    const found = await contentsOf(images!.items());

    expect(found.map(({ attributes }) => attributes)).toEqual(
      [
        { 'source-ref': Buffer.from(PNG), class: 3, box: { left: 1 }, note: 'a note' },
        { 'source-ref': Buffer.from('two'), class: 4, box: [], note: 'quoted' },
      ].map((item) => ({ ...item, 'source-ref': new Uint8Array(item['source-ref']) })),
    );
    expect(found.map(({ label, bytes }) => [label, bytes])).toEqual([
      ['images_0 record 1', '\x89PNG'],
      ['images_0 record 2', 'two'],
    ]);
  });

  it('has the content of its first reference, wherever it is among the attributes', async () => {
    job.put({ images_0: wrapped('3', 'content') });
    const { images } = job.open({ images: PIPE }, definitionsOf({ attributes: ['class', 'source-ref'] }));

    expect((await contentsOf(images!.items()))[0]).toMatchObject({ bytes: 'content', attributes: { class: 3 } });
  });

  it('that ends within an object is refused, naming its attributes', async () => {
    job.put({ images_0: wrapped(PNG, '3', '{}', 'note', PNG) });
    const { images } = job.open({ images: PIPE }, definitionsOf({ attributes }));

    await expect(contentsOf(images!.items())).rejects.toThrow(
      'images_0 record 2: expected the attributes source-ref, class, box, note; received 1 of 4. List them in AttributeNames in this order.',
    );
  });

  it('in another order than declared is refused where content comes in the place of text', async () => {
    job.put({ images_0: wrapped('3', PNG) });
    const { images } = job.open({ images: PIPE }, definitionsOf({ attributes: ['source-ref', 'class'] }));

    await expect(contentsOf(images!.items())).rejects.toThrow(
      'images_0 record 1: attribute "class" must be text or JSON in UTF-8; received other bytes. Check the order of AttributeNames.',
    );
  });
});

describe('a channel of rows that may also be given as files', () => {
  const both = {
    definitions: {
      train: {
        description: 'Rows or images.',
        contentTypes: ['text/csv'],
        fileTypes: ['image/png'],
      } as const satisfies ChannelDefinition,
    },
  };

  it('has files where the job says so, and rows otherwise', async () => {
    job.put({ 'train/a': '1,2\n' });
    const rows = job.open({ train: {} }, both).train!;
    const files = job.open({ train: { ContentType: 'image/png' } }, both).train!;

    expect([rows.content, files.content]).toEqual(['rows', 'files']);
    expect(await readRows(rows)).toEqual([[1, 2]]);
    expect((await contentsOf(files.items()))[0]!.name).toBe('a');
    expect(() => files.blocks()).toThrow('Channel "train" of image/png has files, which have no rows.');
    expect(() => rows.items()).toThrow('Channel "train" has rows: read them with blocks().');
  });

  it('lists both where the content type is neither', () => {
    expect(() => job.open({ train: { ContentType: 'image/gif' } }, both)).toThrow(
      'Channel "train": content type must be text/csv or image/png; received "image/gif".',
    );
  });
});
