import { writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type JobKind, RETRY_MS, type SchedulerOptions, startScheduler } from '../../src/jobs/scheduler.js';
import { openStartMarks } from '../../src/jobs/start-marks.js';
import { WRITE_RETRY_MS } from '../../src/store/patient-write.js';
import { openStore, type Store } from '../../src/store/store.js';
import { makeFolder } from '../support/scene.js';

/** A store with these jobs, and a scheduler's options for jobs that do nothing; `ended` names those that have ended. */
function openScene(names: readonly string[], job: Partial<JobKind> = {}) {
  const folder = makeFolder();
  const store = openStore(folder);
  onTestFinished(() => store.close());
  for (const name of names) store.work.add({ kind: 'job', name });
  const [errors, ended]: [unknown[], string[]] = [[], []];
  const kind: JobKind = {
    run: async (name) => () => void ended.push(name),
    abandon: (name, cause) => void ended.push(`${name}: ${cause}`),
    ...job,
  };
  const onError = (error: unknown) => errors.push(String(error));
  const options: SchedulerOptions = { store, kinds: { job: kind }, concurrency: 1, onError };
  return { folder, store, errors, ended, options };
}

/** Timers that pass when told to. */
function fakeTimers() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
}

/** What SQLite says on a full disk. */
function diskFull(): Error {
  return Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
}

it('a job whose end cannot be recorded stays in the list, hinders no other, and not the next start either', async () => {
  const { store, errors, ended, options } = openScene(['bad', 'good'], {
    async run(name) {
      if (name === 'bad') throw new Error('run');
      return () => void ended.push(name);
    },
    abandon() {
      throw new Error('abandon');
    },
  });

  const scheduler = startScheduler(options);
  await expect.poll(() => ended).toEqual(['good']);
  expect(scheduler.isRunning({ kind: 'job', name: 'bad' })).toBe(true);
  await scheduler.close();
  const next = startScheduler(options);
  await next.close();

  expect(errors).toEqual(['Error: run', 'Error: abandon', 'Error: abandon']);
  expect(store.work.started(['job'])).toMatchObject([{ name: 'bad' }]);
});

it('a job whose end is a mistake is recorded with that as its cause', async () => {
  const { store, ended, options } = openScene(['job'], {
    run: async () => () => {
      throw new Error('no such member');
    },
  });

  const scheduler = startScheduler(options);
  await expect.poll(() => ended).toEqual(['job: no such member']);
  await scheduler.close();

  expect(store.work.started(['job'])).toEqual([]);
});

describe('on a full disk', () => {
  it('a job that ends is recorded as it ended once there is space, and the pauses until then grow', async () => {
    fakeTimers();
    let attempts = 0;
    let isFull = false;
    const { store, errors, ended, options } = openScene(['first', 'second'], {
      async run(name) {
        isFull = name === 'second'; // it has filled the disk
        return () => void ended.push(name);
      },
    });
    const transaction: Store['transaction'] = (work) => {
      if (!isFull) return store.transaction(work);
      attempts++;
      throw diskFull();
    };
    const pass = (ms: number) => {
      vi.advanceTimersByTime(ms);
      return attempts;
    };

    const scheduler = startScheduler({ ...options, store: { ...store, transaction } });
    while (errors.length === 0) await new Promise(setImmediate);
    const { first } = WRITE_RETRY_MS;
    const counts = [pass(first - 1), pass(1), pass(2 * first - 1), pass(1), pass(WRITE_RETRY_MS.limit * 9)];
    expect(scheduler.isRunning({ kind: 'job', name: 'second' })).toBe(true);
    isFull = false;
    pass(WRITE_RETRY_MS.limit);

    expect(counts.slice(0, 4)).toEqual([1, 2, 2, 3]);
    expect(counts[4]).toBeLessThan(3 + 9 + 6); // each minute at the latest, after the shorter pauses
    expect(ended).toEqual(['first', 'second']);
    expect(errors).toEqual(['Error: database or disk is full']);
    expect(store.work.started(['job'])).toEqual([]);
    await scheduler.close();
  });

  it('a job that ends is recorded when the server is closed, if there is space then', async () => {
    const { store, errors, ended, options } = openScene(['job']);
    const transaction = vi.fn(store.transaction).mockImplementationOnce(() => {
      throw diskFull();
    });

    const scheduler = startScheduler({
      ...options,
      store: { ...store, transaction: transaction as typeof store.transaction },
    });
    while (errors.length === 0) await new Promise(setImmediate);
    await scheduler.close();

    expect(ended).toEqual(['job']);
  });

  it('a job that can begin again after a kill does so once there is space for its record', async () => {
    fakeTimers();
    let isFull = true;
    const { folder, store, ended, options } = openScene(['job'], { requeue: () => true });
    store.work.markStarted({ kind: 'job', name: 'job' });
    const transaction: Store['transaction'] = (work) => {
      if (isFull) throw diskFull();
      return store.transaction(work);
    };

    const marks = openStartMarks(folder);
    const scheduler = startScheduler({ ...options, marks, store: { ...store, transaction } });
    isFull = false;
    vi.advanceTimersByTime(WRITE_RETRY_MS.first);
    for (let turns = 0; ended.length === 0 && turns < 1000; turns++) await new Promise(setImmediate);
    await scheduler.close();

    expect(ended).toEqual(['job']);
  });

  it('a job that cannot be marked as started waits, and begins when it can be', async () => {
    fakeTimers();
    let isFull = false;
    const { store, errors, ended, options } = openScene(['first', 'second'], {
      async run(name) {
        isFull = name === 'first'; // it has filled the disk when the next job is to begin
        return () => void ended.push(name);
      },
    });
    const markStarted: typeof store.work.markStarted = (unit) => {
      if (isFull) throw diskFull();
      return store.work.markStarted(unit);
    };

    const scheduler = startScheduler({ ...options, store: { ...store, work: { ...store.work, markStarted } } });
    while (errors.length === 0) await new Promise(setImmediate);
    isFull = false;
    vi.advanceTimersByTime(RETRY_MS);
    await scheduler.close();

    expect(errors).toEqual(['Error: database or disk is full']);
    expect(ended).toEqual(['first', 'second']);
  });
});

describe('a job that was begun when the server was killed', () => {
  const units = ['started', 'placed', 'early', 'stopping'].map((name) => ({ kind: 'job', name }));
  const SERVER_ENDED = 'The server ended while the job was running.';

  it('begins again where no program of it was started, and is abandoned where one was', async () => {
    const names = units.map(({ name }) => name);
    const requeue = vi.fn((name: string) => name !== 'stopping');
    const { folder, store, ended, options } = openScene([...names, 'waiting'], { requeue });
    const before = openStartMarks(folder);
    for (const unit of units) store.work.markStarted(unit);
    writeFileSync(before.place(units[0]!), '');
    before.place(units[1]!);
    before.place({ kind: 'job', name: 'recorded' });

    const marks = openStartMarks(folder);
    const scheduler = startScheduler({ ...options, marks });
    while (ended.length < 5) await new Promise(setImmediate);
    await scheduler.close();

    expect(requeue.mock.calls.flat()).toEqual(['placed', 'early', 'stopping']);
    expect(ended).toEqual([
      ...[`started: ${SERVER_ENDED}`, `stopping: ${SERVER_ENDED}`],
      ...['placed', 'early', 'waiting'], // in the order of their requests
    ]);
    expect([...units, { kind: 'job', name: 'recorded' }].some((unit) => marks.hasStarted(unit))).toBe(false);
  });

  it('is abandoned where its kind cannot begin again', async () => {
    const { folder, store, ended, options } = openScene(['placed']);
    store.work.markStarted(units[1]!);

    const scheduler = startScheduler({ ...options, marks: openStartMarks(folder) });
    await scheduler.close();

    expect(ended).toEqual([`placed: ${SERVER_ENDED}`]);
  });
});
