/** The times of a stream, on a clock of the test's own. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Parts } from '../../src/serve/part-flow.js';
import { limitStream } from '../../src/serve/stream-limits.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const part = { value: new Uint8Array(1), done: false } as const;

function limited(overrides: Partial<Parts>) {
  const events: string[] = [];
  const parts: Parts = { next: async () => part, return: async () => {}, ...overrides };
  const stream = limitStream(parts, {
    totalMs: 1000,
    cancelMs: 100,
    kill: () => void events.push('kill'),
    onEnd: () => void events.push('end'),
  });
  return { stream, events };
}

it('a stream that ends by itself is not ended again', async () => {
  const { stream, events } = limited({ next: async () => ({ value: undefined, done: true }) });

  await stream.next();
  await stream.return();
  await vi.advanceTimersByTimeAsync(5000);

  expect(events).toEqual(['end']);
});

it('a stream whose time is over is ended, and its reader gets an error that says so', async () => {
  const ended = Promise.withResolvers<void>();
  const { stream, events } = limited({
    next: () => ended.promise.then(() => ({ value: undefined, done: true })),
    return: async () => ended.resolve(),
  });
  const reading = expect(stream.next()).rejects.toThrow('must be complete within 1 s');

  await vi.advanceTimersByTimeAsync(1001);

  await reading;
  expect(events).toEqual(['end']);
});

it('a stream that does not end when nobody wants it any more is killed', async () => {
  const { stream, events } = limited({ return: () => new Promise(() => {}) });

  void stream.return();
  await vi.advanceTimersByTimeAsync(99);
  expect(events).toEqual([]);
  await vi.advanceTimersByTimeAsync(2);

  expect(events).toEqual(['kill']);
});

it('a stream that fails has ended', async () => {
  const { stream, events } = limited({ next: () => Promise.reject(new Error('broken')) });

  await expect(stream.next()).rejects.toThrow('broken');

  expect(events).toEqual(['end']);
});
