import { existsSync, readdirSync } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listFiles } from '../src/files/file-tree.js';
import { openPipeChannel } from '../src/training/pipe-channel.js';
import { fileSource } from '../src/training/pipe-source.js';
import { makeFolder, writeFiles } from './scene.js';

/** Several pipe buffers of bytes that differ everywhere. */
const first = Buffer.from(Uint32Array.from({ length: 300_000 }, (_, i) => Math.imul(i, 2654435761)).buffer);
const second = Buffer.from('the second file\n');

async function openChannel(isGzip = false) {
  const folder = makeFolder();
  const pack = (bytes: Buffer) => (isGzip ? gzipSync(bytes, { level: 1 }) : bytes);
  writeFiles(folder, { 'data/a': pack(first), 'data/b/c': pack(second) });
  const path = join(folder, 'train');
  const channel = await openPipeChannel(path, fileSource(listFiles(join(folder, 'data'), 'data'), { isGzip }));
  onTestFinished(() => channel.close());
  return { folder, path, channel };
}

function untilThere(path: string): Promise<void> {
  return expect.poll(() => existsSync(path), { interval: 1 }).toBe(true);
}

async function readSome(file: FileHandle, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes);
  return buffer.subarray(0, bytesRead);
}

describe('a channel in Pipe mode', () => {
  it.each([
    ['plain', false],
    ['gzip', true],
  ])('sends all files and then the end in each epoch: %s', async (_case, isGzip) => {
    const { path } = await openChannel(isGzip);

    for (const epoch of [0, 1, 2]) {
      await untilThere(`${path}_${epoch}`);
      const bytes = await readFile(`${path}_${epoch}`);
      expect(bytes.equals(Buffer.concat([first, second]))).toBe(true);
    }
  });

  it('starts the next epoch from the beginning for a reader that closed early', async () => {
    const { path } = await openChannel();

    const file = await open(`${path}_0`, 'r');
    const start = await readSome(file, 1000);
    await file.close();
    await untilThere(`${path}_1`);
    const next = await readFile(`${path}_1`);

    expect(start.equals(first.subarray(0, 1000))).toBe(true);
    expect(next.length).toBe(first.length + second.length);
  });

  it('has one FIFO at a time', async () => {
    const { folder, path } = await openChannel();

    expect(readdirSync(folder).sort()).toEqual(['data', 'train_0']);
    await readFile(`${path}_0`);
    await untilThere(`${path}_1`);
    expect(readdirSync(folder).sort()).toEqual(['data', 'train_1']);
  });

  it('stops when it is closed, and removes its FIFO', async () => {
    const { folder, path, channel } = await openChannel();
    const file = await open(`${path}_0`, 'r');
    onTestFinished(() => file.close());
    await readSome(file, 10);

    await channel.close();

    let rest = 0;
    for (let part = await readSome(file, 65_536); part.length > 0; part = await readSome(file, 65_536))
      rest += part.length;
    expect(rest).toBeLessThan(first.length);
    expect(readdirSync(folder)).toEqual(['data']);
  });
});
