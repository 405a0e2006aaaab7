/** Pipe mode: an epoch a FIFO, writers that come late or pause, and a stop at any moment. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { TEXT } from '../categories/channels.js';
import { expectSameRows } from '../same-rows.js';
import { writeFifo as write } from './fifo.js';
import { readRows, useJob } from './job.js';

const job = useJob();

const PIPE = { train: { TrainingInputMode: 'Pipe' } } as const;

const JSON_PIPE = { train: { TrainingInputMode: 'Pipe', ContentType: 'application/json' } } as const;
const JSON_CHANNEL = { train: { description: 'rows', required: true, contentTypes: ['application/json'] } } as const;

/** A writer that a reader has come for. */
async function openWriter(path: string): Promise<WriteStream> {
  const writer = createWriteStream(path);
  await once(writer, 'open');
  return writer;
}

async function close(writer: WriteStream): Promise<void> {
  writer.end();
  await finished(writer);
}

const text = (rows: number) => Array.from({ length: rows }, (_, row) => `${row},${row / 3},${-row}`).join('\n');

describe('epochs of a Pipe channel', () => {
  it('each pass reads the next FIFO', async () => {
    const { train } = job.open(PIPE);
    const epochs = ['1,1\n', '2,2\n', '3,3\n'];

    for (const [epoch, content] of epochs.entries()) {
      const written = write(job.makeFifo(`train_${epoch}`), content);
      expect(await readRows(train)).toEqual([[epoch + 1, epoch + 1]]);
      await written;
    }
  });

  it('a pass yields the same blocks as File mode, plain and packed', async () => {
    const content = text(50_000);
    job.put({ 'train/a.csv': content });
    const expected = await readRows(job.open({ train: {} }).train);
    const { train } = job.open(PIPE);

    for (const [epoch, bytes] of [Buffer.from(content), gzipSync(content), zstdCompressSync(content)].entries()) {
      const written = write(job.makeFifo(`train_${epoch}`), bytes);
      expectSameRows(await readRows(train), expected);
      await written;
    }
  });

  it('an error names the FIFO and the line', async () => {
    const { train } = job.open(PIPE);
    const written = write(job.makeFifo('train_0'), '1,2\n1,x\n');

    await expect(readRows(train)).rejects.toThrow('train_0 line 2 column 2: expected a number; received "x".');

    await written;
  });

  it('has the rows of all JSON documents that the service joins, and an error names the record of all', async () => {
    const { train } = job.open(JSON_PIPE, { definitions: JSON_CHANNEL });
    const epochs = ['[{"y":1,"x":2}]\n[]\n[{"x":3,"y":4}]', '[[1,2]][[3]]'].map((content, epoch) =>
      write(job.makeFifo(`train_${epoch}`), content),
    );

    expect(await readRows(train)).toEqual([
      [1, 2],
      [4, 3],
    ]);
    await expect(readRows(train)).rejects.toThrow(
      'train_1 record 2: expected 2 columns as in the first row; received 1.',
    );

    await Promise.all(epochs);
  });

  it('an epoch without rows is refused', async () => {
    const { train } = job.open(PIPE);
    const written = write(job.makeFifo('train_0'), '');

    await expect(readRows(train)).rejects.toMatchObject({ code: 'E_DATA_EMPTY' });

    await written;
  });

  it('truncated gzip data is refused', async () => {
    const { train } = job.open(PIPE);
    const written = write(job.makeFifo('train_0'), gzipSync(text(50_000)).subarray(0, 100_000));

    await expect(readRows(train)).rejects.toMatchObject({ code: 'E_DATA_COMPRESSED' });

    await written;
  });

  it('damaged gzip data is refused where a look at its start finds the damage first', async () => {
    const packed = gzipSync('1,2\n3,4\n');
    const { train } = job.open(PIPE, { policy: TEXT });
    const written = write(job.makeFifo('train_0'), packed.subarray(0, packed.length - 8));

    await expect(readRows(train)).rejects.toMatchObject({ code: 'E_DATA_COMPRESSED' });

    await written;
  });

  it('a regular file in place of a FIFO is read', async () => {
    job.put({ train_0: gzipSync('1,2\n') });

    expect(await readRows(job.open(PIPE).train)).toEqual([[1, 2]]);
  });
});

describe('the writer of a Pipe channel', () => {
  it('may create the FIFO later than the reader opens it', async () => {
    const reading = readRows(job.open(PIPE).train);
    // The reader has looked once, in vain, before anything else runs.
    await new Promise(setImmediate);

    const written = write(job.makeFifo('train_0'), '1,2\n');

    expect(await reading).toEqual([[1, 2]]);
    await written;
  });

  it('may open the FIFO after the reader', async () => {
    const path = job.makeFifo('train_0');
    const reading = readRows(job.open(PIPE).train);
    await new Promise(setImmediate);

    await write(path, '1,2\n');

    expect(await reading).toEqual([[1, 2]]);
  });

  it('may pause, even within the first two bytes', async () => {
    const path = job.makeFifo('train_0');
    const reading = readRows(job.open(PIPE).train);
    const writer = await openWriter(path);

    for (const piece of ['1', ',', '2\n3', ',4']) {
      await new Promise((resolve) => writer.write(piece, resolve));
      await new Promise(setImmediate);
    }
    await close(writer);

    expect(await reading).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('gets a broken pipe if the pass stops early', async () => {
    const path = job.makeFifo('train_0');
    const written = write(path, text(1_000_000)).catch((error: NodeJS.ErrnoException) => error.code);

    for await (const block of job.open(PIPE).train!.blocks({ maxRows: 100 })) {
      expect(block.rows).toBe(100);
      break;
    }

    expect(await written).toBe('EPIPE');
  });

  it('gets a broken pipe if a pass over gzip data stops while the writer is paused', async () => {
    const path = job.makeFifo('train_0');
    const rows = job.open(PIPE).train!.blocks({ maxRows: 1 })[Symbol.asyncIterator]();
    const first = rows.next();
    const writer = await openWriter(path);
    writer.write(gzipSync(text(50_000)).subarray(0, 100_000));
    expect((await first).value.rows).toBe(1);

    await rows.return?.();

    const broken = once(writer, 'error');
    writer.write(Buffer.alloc(100_000));
    expect(await broken).toMatchObject([{ code: 'EPIPE' }]);
  });

  it('can write the next epoch after a pass that stopped early', async () => {
    const { train } = job.open(PIPE);
    const first = write(job.makeFifo('train_0'), text(1000));
    for await (const _ of train!.blocks({ maxRows: 1 })) break;
    await first.catch(() => {});

    const second = write(job.makeFifo('train_1'), '5,6\n');

    expect(await readRows(train)).toEqual([[5, 6]]);
    await second;
  });
});

describe('a stop of the job', () => {
  const stopped = { name: 'ClientError', code: 'E_STOPPED', message: expect.stringContaining('train_0') };

  it('ends the wait for a FIFO that does not exist', async () => {
    const reading = readRows(job.open(PIPE).train);
    await new Promise(setImmediate);

    job.requestStop();

    await expect(reading).rejects.toMatchObject(stopped);
    await expect(reading).rejects.toThrow('train_0: the job was stopped (SIGTERM) before it read the channel.');
  });

  it('during a read is reported differently from one before any data', async () => {
    const path = job.makeFifo('train_0');
    const blocks = job.open(PIPE).train!.blocks({ maxRows: 10 })[Symbol.asyncIterator]();
    const first = blocks.next();
    const writer = await openWriter(path);
    writer.on('error', () => {}); // the reader goes away while the writer still has data
    writer.write(text(50_000));
    await first;

    job.requestStop();

    const drain = async () => {
      while (!(await blocks.next()).done);
    };
    await expect(drain()).rejects.toThrow(
      /^train_0: the job was stopped \(SIGTERM\) while it read the channel, \d+ bytes of which had come\.$/,
    );
    writer.destroy();
  });

  it('ends the wait for a writer', async () => {
    job.makeFifo('train_0');
    const reading = readRows(job.open(PIPE).train);
    await new Promise(setImmediate);

    job.requestStop();

    await expect(reading).rejects.toMatchObject(stopped);
    await expect(reading).rejects.toThrow('while it waited for the first data of the channel.');
  });

  it.each([
    ['plain', Buffer.from('1,2\n3')],
    ['gzip', gzipSync(text(50_000)).subarray(0, 100_000)],
  ])('ends the wait for a writer that paused within %s data', async (_, content) => {
    const path = job.makeFifo('train_0');
    const reading = readRows(job.open(PIPE).train);
    const writer = await openWriter(path);
    await new Promise((resolve) => writer.write(content, resolve));

    job.requestStop();

    await expect(reading).rejects.toMatchObject(stopped);
    await close(writer);
  });

  it('before a pass keeps it from starting', async () => {
    job.makeFifo('train_0');
    job.requestStop();

    await expect(readRows(job.open(PIPE).train)).rejects.toMatchObject(stopped);
  });

  it.each(['never opened', 'never made'])('by SIGTERM ends a process whose FIFO is %s', async (fifo) => {
    if (fifo === 'never opened') job.makeFifo('train_0');
    const channels = new URL('../../dist/channels/open.js', import.meta.url);
    expect(existsSync(fileURLToPath(channels)), 'npm run build comes before this test').toBe(true);
    const program = `
      import { openChannels } from '${channels}';
      const stop = { requested: false, check: async () => false, signal: new AbortController().signal };
      const config = { TrainingInputMode: 'Pipe', RecordWrapperType: 'None', CompressionType: 'None' };
      const { train } = openChannels({
        environment: { paths: { data: ${JSON.stringify(job.data)} }, inputDataConfig: { train: config } },
        definitions: { train: { description: '', contentTypes: ['text/csv'] } },
        policy: { missingValues: 'refuse', infiniteValues: 'refuse' },
        allowUnknownChannels: false,
        stop,
      });
      process.on('SIGTERM', () => process.exit(7));
      setImmediate(() => console.log('waiting'));
      for await (const block of train.blocks()) console.log(block.rows);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');

    child.kill('SIGTERM');

    expect(await once(child, 'exit')).toEqual([7, null]);
  });
});
