import { expect, it, onTestFinished } from 'vitest';
import { openLogStore } from '../../src/logs/log-store.js';
import { openDatabase } from '../../src/store/database.js';
import { MIGRATIONS } from '../../src/store/migrations.js';
import { makeFolder } from '../support/scene.js';

it('events of a data folder from before there were log streams are in streams of theirs', () => {
  const folder = makeFolder();
  const old = openDatabase(folder, 'state.db', MIGRATIONS.slice(0, 1));
  const insert = old.sql.prepare('INSERT INTO log_event (log_group, log_stream, at, message) VALUES (?, ?, ?, ?)');
  for (const [stream, at] of [
    ['a', 5],
    ['a', 3],
    ['b', 4],
  ] as const)
    insert.run('group', stream, at, `at ${at}`);
  old.close();

  const database = openDatabase(folder, 'state.db', MIGRATIONS);
  onTestFinished(() => database.close());
  const store = openLogStore(database);

  expect(store.groups('', '', '', 10)).toEqual([{ name: 'group', created: 3, retentionDays: null }]);
  expect(store.streams('group')).toEqual([
    { name: 'a', created: 3, firstAt: 3, lastAt: 5 },
    { name: 'b', created: 4, firstAt: 4, lastAt: 4 },
  ]);
  const events = store.firstOf('group', undefined, { start: 0, end: 9, limit: 9 });
  expect(Array.from(events, ({ message }) => message)).toEqual(['at 3', 'at 4', 'at 5']);
});
