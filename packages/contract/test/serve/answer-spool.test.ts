/** What is ready of a streamed answer, in memory and beyond it. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAnswerSpool } from '../../src/serve/body-stream/answer-spool.js';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spool-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const piece = (i: number) => Buffer.from(`${i},`.repeat(100));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('an answer that nobody reads yet', () => {
  it('waits in a file without a name, and comes in order, whenever it is read', async () => {
    const folder = makeFolder();
    const spool = createAnswerSpool(1000, folder);
    const read: string[] = [];
    const readOne = async () => read.push((await spool.next())!.toString());

    for (const i of range(0, 50)) await spool.push(piece(i));
    await readOne();
    for (const i of range(50, 60)) await spool.push(piece(i));
    const rest = (async () => {
      for (let bytes = await spool.next(); bytes; bytes = await spool.next()) read.push(bytes.toString());
    })();
    for (const i of range(60, 100)) await spool.push(piece(i));
    spool.end();
    await rest;

    expect(read.join('')).toBe(range(0, 100).map(piece).join(''));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('holds up whoever makes it where there is no such file', async () => {
    const spool = createAnswerSpool(500, '/proc/no-such-folder');
    let pushed = 0;
    const pushing = (async () => {
      for (const i of range(0, 10)) {
        await spool.push(piece(i));
        pushed += 1;
      }
      spool.end();
    })();
    await new Promise((resolve) => setImmediate(resolve));
    const before = pushed;
    let text = '';
    for (let bytes = await spool.next(); bytes; bytes = await spool.next()) text += bytes;
    await pushing;

    expect(before).toBeLessThan(5);
    expect(text).toBe(range(0, 10).map(piece).join(''));
  });

  it('ends with the error behind all that was ready before', async () => {
    const spool = createAnswerSpool();
    await spool.push(piece(1));
    spool.end(new Error('no more'));

    expect((await spool.next())?.toString()).toBe(piece(1).toString());
    await expect(spool.next()).rejects.toThrow('no more');
  });

  it('is freed when nobody wants it any more', async () => {
    const spool = createAnswerSpool(100, makeFolder());
    for (const i of range(0, 5)) await spool.push(piece(i));

    await spool.close();

    expect(await spool.next()).toBeUndefined();
    await spool.push(piece(9));
  });
});
