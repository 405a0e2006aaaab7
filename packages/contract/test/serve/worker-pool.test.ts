/** When the pool starts a worker again, on a clock of the test's own. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { memoryLog } from '../../src/log.js';
import { startWorkers, type WorkerPool } from '../../src/serve/worker-pool.js';
import type { WorkerProcess } from '../../src/serve/worker-process.js';

const FACTS = { processBytes: 1, maxProcesses: undefined, isConcurrent: false, isBatched: false, isForFront: false };

interface FakeWorker extends WorkerProcess {
  become(state: 'ready' | 'ended'): void;
}

let workers: FakeWorker[];
let pool: WorkerPool;
let log: ReturnType<typeof memoryLog>;
beforeEach(() => {
  vi.useFakeTimers();
  workers = [];
  log = memoryLog();
  pool = startWorkers({ start: startFake, log, onReady: () => {} });
  void pool.tryModel();
});
afterEach(() => vi.useRealTimers());

function startFake(): FakeWorker {
  const ready = Promise.withResolvers<typeof FACTS>();
  const ended = Promise.withResolvers<string>();
  const worker: FakeWorker = {
    pid: workers.length + 1,
    ready: ready.promise,
    isReady: true,
    openCount: 0,
    invoke: () => Promise.resolve(undefined),
    talkCount: 0,
    converse: () => {
      throw new Error('No conversation is begun here.');
    },
    order: () => Promise.resolve(undefined),
    ended: ended.promise,
    end: () => ended.resolve('exit code 0'),
    kill: () => ended.resolve('signal SIGKILL'),
    become: (state) => (state === 'ready' ? ready.resolve(FACTS) : ended.resolve('exit code 1')),
  };
  workers.push(worker);
  return worker;
}

/** Ends the newest worker after it has answered for so long; the seconds that the log names until the next one. */
async function end(readyMs: number): Promise<number> {
  const worker = workers.at(-1)!;
  worker.become('ready');
  await vi.advanceTimersByTimeAsync(readyMs);
  worker.become('ended');
  await vi.advanceTimersByTimeAsync(0);
  return Number(/another starts in ([\d.]+) s/.exec(log.lines.at(-1)!)![1]);
}

it('doubles the delay before a worker that keeps dying is started again, up to half a minute', async () => {
  const seconds: number[] = [];
  for (let ends = 0; ends < 10; ends++) {
    seconds.push(await end(1));
    await vi.advanceTimersByTimeAsync(seconds.at(-1)! * 1000 - 1);
    expect(workers).toHaveLength(ends + 1);
    await vi.advanceTimersByTimeAsync(1);
    expect(workers).toHaveLength(ends + 2);
  }

  expect(seconds).toEqual([0.25, 0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
});

it('starts a worker that ran for more than a minute again after the shortest delay', async () => {
  for (let ends = 0; ends < 4; ends++) await vi.advanceTimersByTimeAsync((await end(1)) * 1000);

  expect(await end(60_001)).toBe(0.25);
});

it('starts a replacement of a worker immediately, and the next worker that dies after the shortest delay', async () => {
  for (let ends = 0; ends < 4; ends++) await vi.advanceTimersByTimeAsync((await end(1)) * 1000);
  workers.at(-1)!.become('ready');

  pool.replace(workers.at(-1)!, 'it did not answer');
  await vi.advanceTimersByTimeAsync(0);

  expect(workers).toHaveLength(6);
  expect(log.lines.at(-1)).toBe('worker 5 is stopped and replaced: it did not answer');
  expect(await end(1)).toBe(0.25);
});

it('starts no worker after the pool was stopped', async () => {
  const delay = (await end(1)) * 1000;

  await pool.stop();
  await vi.advanceTimersByTimeAsync(delay + 60_000);

  expect(workers).toHaveLength(1);
});

it('knows for how long no worker can answer, though another is on its way', async () => {
  const before = pool.emptyMs();
  await end(1000);
  await vi.advanceTimersByTimeAsync(6000); // another has started and is not ready
  const meanwhile = pool.emptyMs();
  workers.at(-1)!.become('ready');
  await vi.advanceTimersByTimeAsync(0);

  expect([before, meanwhile, pool.emptyMs()]).toEqual([0, 6000, 0]);
});
