import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { limitReader } from '../../src/serve/slow-reader.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An answer of which `left` bytes are not taken; `take` is progress, as Node's own clock sees it. */
function createAnswer(left: number, isFinished = false) {
  const events = new EventEmitter();
  let timer: NodeJS.Timeout | undefined;
  let restart = () => {};
  const socket = {
    writableLength: left,
    isDestroyed: false,
    destroy: () => Object.assign(socket, { isDestroyed: true }),
  };
  const response = Object.assign(events, {
    socket: isFinished ? null : socket, // Node takes it off
    writableFinished: isFinished,
    closed: false,
    setTimeout(ms: number, onIdle: () => void) {
      restart = () => {
        clearTimeout(timer);
        timer = setTimeout(onIdle, ms);
      };
      restart();
      return response;
    },
  });
  const reasons: string[] = [];
  limitReader(
    response as unknown as ServerResponse,
    socket as never,
    { unreadMs: 1000, answerMs: 5000 },
    (reason) => void reasons.push(reason),
  );
  const end = () => {
    clearTimeout(timer);
    events.emit('close');
  };
  return { socket, reasons, take: () => restart(), end };
}

describe('a caller that reads slowly', () => {
  it('is given up when it takes nothing for a while', () => {
    const { socket, reasons } = createAnswer(10);

    vi.advanceTimersByTime(999);
    const before = socket.isDestroyed;
    vi.advanceTimersByTime(1);

    expect(before).toBe(false);
    expect(socket.isDestroyed).toBe(true);
    expect(reasons).toEqual(['read none of it for 1 s']);
  });

  it('is given up when it takes too long for all of it, however little it takes each time', () => {
    const { socket, reasons, take } = createAnswer(10);

    for (let seconds = 0; seconds < 4.9; seconds += 0.7) {
      take();
      vi.advanceTimersByTime(700);
    }
    take();
    vi.advanceTimersByTime(100);

    expect(reasons).toEqual(['did not read all of it within 5 s']);
    expect(socket.isDestroyed).toBe(true);
  });

  it('is left alone once it has all of it, or the system has', () => {
    const { reasons, socket, end } = createAnswer(10);
    const other = createAnswer(0);
    const finished = createAnswer(10, true);

    end();
    vi.advanceTimersByTime(60_000);

    expect([socket, other.socket, finished.socket].map(({ isDestroyed }) => isDestroyed)).toEqual([
      false,
      false,
      false,
    ]);
    expect([...reasons, ...other.reasons, ...finished.reasons]).toEqual([]);
  });
});
