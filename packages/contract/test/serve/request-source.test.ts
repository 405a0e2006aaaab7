import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { requestSource } from '../../src/serve/body-stream/request-source.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const IDLE_MS = 100_000;

function open(highWaterMark = 4) {
  const socket = new PassThrough({ highWaterMark });
  return { socket, source: requestSource(socket as unknown as IncomingMessage, IDLE_MS) };
}

it('what nobody asks for is not read, so that its sender waits', async () => {
  const { socket, source } = open();
  const taken: string[] = [];
  for (const text of ['1,2,', '3\n4,', '5,6\n']) socket.write(text, () => taken.push(text));
  socket.end();
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);

  const before = [...taken];
  const texts: string[] = [];
  for (let bytes = await source.next(); bytes; bytes = await source.next()) texts.push(bytes.toString());

  expect(before).toEqual([]);
  expect(texts.join('')).toBe('1,2,3\n4,5,6\n');
  expect(taken).toHaveLength(3);
});

it('a body may pause while it is asked for, but not for too long', async () => {
  const { socket, source } = open();
  const first = source.next();
  vi.advanceTimersByTime(IDLE_MS - 1);
  socket.write('1');
  expect(String(await first)).toBe('1');

  const second = source.next();
  vi.advanceTimersByTime(IDLE_MS);

  await expect(second).rejects.toThrow('The body must not pause for longer than 100 s; it did.');
});
