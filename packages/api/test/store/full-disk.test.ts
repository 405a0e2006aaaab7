import { expect, it, onTestFinished, vi } from 'vitest';
import { openStore } from '../../src/store/store.js';
import { makeFolder } from '../support/scene.js';

const GROUP = '/aws/sagemaker/TrainingJobs';

function openScene() {
  const store = openStore(makeFolder());
  onTestFinished(() => store.close());
  /** As on a full disk, the database's file cannot grow until \`pages\` are free. */
  const leave = (pages: number) => {
    const { page_count: count } = store.sql.prepare('PRAGMA page_count').get() as { page_count: number };
    store.sql.exec(`PRAGMA max_page_count = ${count + pages}`);
  };
  const messages = () =>
    (store.sql.prepare('SELECT message FROM log_event ORDER BY id').all() as unknown as { message: string }[]).map(
      ({ message }) => message,
    );
  return { store, leave, messages };
}

it('a log drops what a full disk does not take, and says so in its place when there is space again', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { store, leave, messages } = openScene();
  const log = store.logs.open(GROUP, 'job/algo-1', { namespace: GROUP, resource: 'job' });
  log.write('before');
  vi.runAllTimers();

  leave(0);
  log.write('x'.repeat(100_000));
  log.metric('loss', 1);
  vi.runAllTimers();
  log.write('y'.repeat(100_000));
  log.close();
  leave(1000);
  log.write('after');
  log.close();

  expect(messages()).toEqual([
    'before',
    'Of this log and its metrics 3 entries are missing here, as they could not be written: database or disk is full.',
    'after',
  ]);
  expect(store.logs.values(GROUP, 'job', 'loss')).toEqual([]);
});

it('a transaction that SQLite itself has rolled back throws what went wrong in it', () => {
  const { store } = openScene();
  store.work.add({ kind: 'job', name: 'same' });

  const run = () =>
    store.transaction(() => store.sql.exec("INSERT OR ROLLBACK INTO work (kind, name) VALUES ('job', 'same')"));

  expect(run).toThrow('UNIQUE constraint failed');
  expect(store.sql.isTransaction).toBe(false);
});
