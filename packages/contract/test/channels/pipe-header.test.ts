/** Header lines in Pipe mode, which joins the objects of a channel: the first line, and those of later objects. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readNamed, TEXT } from '../categories/channels.js';
import { readRows, useJob } from './job.js';

const job = useJob();

const rows = { description: 'Rows.', contentTypes: ['text/csv'] } as const;
const definitions = { train: { ...rows, required: true }, validation: rows } as const;
const NUMBERS = { missingValues: 'refuse', infiniteValues: 'refuse' } as const;

/** The channels in Pipe mode. */
function openPipes(policy: typeof TEXT = NUMBERS, header = 'present') {
  const pipe = { TrainingInputMode: 'Pipe', ContentType: `text/csv;header=${header}` } as const;
  return job.open({ train: pipe, validation: pipe }, { definitions, policy });
}

/** The rows of objects that a pipe joins. */
function train(objects: readonly (string | Uint8Array)[], policy: typeof TEXT = NUMBERS, header = 'present') {
  const joined = Buffer.concat(objects.map((object) => Buffer.from(object)));
  job.put({ train_0: joined, train_1: joined });
  return readNamed(openPipes(policy, header).train);
}

describe('the header line of a pipe', () => {
  it('names the columns, and is skipped where other objects begin', async () => {
    expect(await train(['y,x,z\n1,2,3\n', 'y,x,z\n4,5,6\n', 'y,x,z\r\n7,8,9\r\n'])).toEqual({
      rows: [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ],
      categories: undefined,
      columnNames: ['x', 'z'],
    });
  });

  it.each([
    ['objects without rows', ['y,x\n', 'y,x\n', '1,2\n', 'y,x\n', 'y,x']],
    ['byte order marks', ['\ufeffy,x\n1,2\n', '\ufeffy,x\n']],
    ['another delimiter', ['y;x\n1;2\n', 'y;x\n']],
    ['quoted names', ['"y","x"\n1,2\n', '"y","x"\n']],
  ])('is skipped in %s', async (_, objects) => {
    expect(await train(objects)).toMatchObject({ rows: [[1, 2]], columnNames: ['x'] });
  });

  it('is skipped in objects that gzip packed', async () => {
    const objects = ['y,x\n1,2\n', 'y,x\n3,4\n'].map((object) => gzipSync(object));

    expect((await train(objects)).rows).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('is skipped among columns of text', async () => {
    const { rows, categories } = await train(['y,x\na,b\n', 'y,x\nc,y\n'], TEXT);

    expect(rows).toEqual([
      ['a', 'b'],
      ['c', 'y'],
    ]);
    expect(categories).toEqual({ labels: [['a', 'c']], features: [['b', 'y']] });
  });

  it('is no part of a longer line that holds it', async () => {
    const { rows } = await train(['y,x\na y,x\na,y x\n'], TEXT);

    expect(rows).toEqual([
      ['a y', 'x'],
      ['a', 'y x'],
    ]);
  });

  it('ends a block, so that rows keep the numbers of their lines', async () => {
    job.put({ train_0: 'y,x\n1,2\n3,4\ny,x\ny,x\n5,6\n' });
    const lines: number[][] = [];
    for await (const { firstLine, rows } of openPipes().train!.blocks()) lines.push([firstLine, rows]);

    expect(lines).toEqual([
      [2, 2],
      [6, 1],
    ]);
  });

  it('is skipped wherever the pieces of the stream begin', async () => {
    const object = `y,x\n${'1,2\n3,4\n'.repeat(20_000)}`;
    const { train: channel } = openPipes();
    const writer = createWriteStream(job.makeFifo('train_0'));
    writer.end(object.repeat(4));

    const read = await readRows(channel);
    await finished(writer);

    expect(read).toHaveLength(160_000);
    expect(new Set(read.map(String))).toEqual(new Set(['1,2', '3,4']));
  });

  it('leaves the numbers of lines in errors as they are in the stream', async () => {
    await expect(train(['y,x\n1,2\n', 'y,x\n3,o\n'])).rejects.toThrow('train_0 line 4 column 2 "x": expected a number');
  });

  it('puts the columns of another channel in order', async () => {
    job.put({ train_0: 'y,x,z\n1,2,3\n', validation_0: 'z,y,x\n6,4,5\nz,y,x\n9,7,8\n' });

    expect(await readRows(openPipes().validation)).toEqual([
      [4, 5, 6],
      [7, 8, 9],
    ]);
  });
});

describe('a header line of a pipe that is not the first one', () => {
  const another =
    'line 3: expected a row, or the header line as on line 1; received its names in another order or form. In Pipe mode the header lines of all objects must be the same.';

  it.each([
    ['in another order', ['y,x\n1,2\n', 'x,y\n3,4\n']],
    ['with other quotes', ['y,x\n1,2\n', '"y",x\n3,4\n']],
  ])('%s is refused', async (_, objects) => {
    await expect(train(objects)).rejects.toThrow(`train_0 ${another}`);
  });

  it('in another order is refused among columns of text', async () => {
    await expect(train(['y,x\na,b\n', 'x,y\nc,d\n'], TEXT)).rejects.toThrow(another);
  });

  it('behind an object without a last line break is refused', async () => {
    await expect(train(['y,x\n1,2', 'y,x\n3,4\n'])).rejects.toThrow(
      'train_0 line 2: expected 2 columns as on line 1; received a row with a header line behind it. In Pipe mode each object must end with a line break.',
    );
  });
});

describe('header=auto in a pipe', () => {
  it('finds a header line by the line after it, however late that comes', async () => {
    const { train: channel } = openPipes(NUMBERS, 'auto');
    const writer = createWriteStream(job.makeFifo('train_0'));
    const reading = readNamed(channel);
    await once(writer, 'open');
    for (const piece of ['y,x\n', '1', ',2\n', 'y,x\n3,4']) {
      await new Promise((resolve) => writer.write(piece, resolve));
      await new Promise(setImmediate);
    }
    writer.end();

    expect(await reading).toMatchObject({
      rows: [
        [1, 2],
        [3, 4],
      ],
      columnNames: ['x'],
    });
    await finished(writer);
  });

  it('takes the first line for a row where it has numbers', async () => {
    expect(await train(['1,2\n3,4\n'], NUMBERS, 'auto')).toMatchObject({
      rows: [
        [1, 2],
        [3, 4],
      ],
      columnNames: undefined,
    });
  });
});
