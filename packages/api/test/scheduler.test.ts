import { expect, it, vi } from 'vitest';
import { type JobKind, startScheduler } from '../src/jobs/scheduler.js';
import { openStore } from '../src/store/store.js';
import { makeFolder } from './support/scene.js';

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
