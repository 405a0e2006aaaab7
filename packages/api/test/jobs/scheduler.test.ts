import { expect, it, onTestFinished, vi } from 'vitest';
import { type JobKind, RETRY_MS, startScheduler } from '../../src/jobs/scheduler.js';
import { openStore } from '../../src/store/store.js';
import { makeFolder } from '../support/scene.js';

it('a job whose end cannot be recorded stays in the list, hinders no other, and not the next start either', async () => {
  const store = openStore(makeFolder());
  const errors: unknown[] = [];
  const ended: string[] = [];
  const job: JobKind = {
    async run(name) {
      if (name === 'bad') throw new Error('run');
      return () => void ended.push(name);
    },
    abandon() {
      throw new Error('abandon');
    },
  };
  const options = { store, kinds: { job }, concurrency: 1, onError: (error: unknown) => errors.push(error) };
  for (const name of ['bad', 'good']) store.work.add({ kind: 'job', name });

  const scheduler = startScheduler(options);
  await vi.waitFor(() => expect(ended).toEqual(['good']));
  await scheduler.close();
  const next = startScheduler(options);
  await next.close();

  expect(errors.map(String)).toEqual(['Error: run', 'Error: abandon', 'Error: abandon']);
  expect(store.work.started(['job'])).toMatchObject([{ name: 'bad' }]);
  store.close();
});

it('a job that cannot be marked as started waits, and begins when it can be', async () => {
  const store = openStore(makeFolder());
  onTestFinished(() => store.close());
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const errors: unknown[] = [];
  const ended: string[] = [];
  let isFull = false;
  const markStarted: typeof store.work.markStarted = (unit) => {
    if (isFull) throw new Error('database or disk is full');
    return store.work.markStarted(unit);
  };
  const job: JobKind = {
    async run(name) {
      isFull = name === 'first'; // it has filled the disk when the next job is to begin
      return () => void ended.push(name);
    },
    abandon: () => undefined,
  };
  const options = { concurrency: 1, onError: (error: unknown) => errors.push(error) };
  for (const name of ['first', 'second']) store.work.add({ kind: 'job', name });

  const scheduler = startScheduler({
    ...options,
    store: { ...store, work: { ...store.work, markStarted } },
    kinds: { job },
  });
  while (errors.length === 0) await new Promise(setImmediate);
  isFull = false;
  vi.advanceTimersByTime(RETRY_MS);
  await scheduler.close();

  expect(errors.map(String)).toEqual(['Error: database or disk is full']);
  expect(ended).toEqual(['first', 'second']);
});
