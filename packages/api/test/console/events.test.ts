import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { ChangeEvent, Row } from '../../src/console/answers.js';
import { sendEvents } from '../../src/console/events.js';
import { openRows, type Rows } from '../../src/console/rows.js';
import { openStore, type Store } from '../../src/store/store.js';
import { makeFolder } from '../support/scene.js';

const COUNT = 1201;

function recordOf(i: number, status = 'Completed') {
  const name = `job-${String(i).padStart(5, '0')}`;
  return { kind: 'training-job', name, arn: `arn:${name}`, status, created: i, modified: i, body: {} };
}

/** A store with rows of three pages, where something happens after the first page has been read. */
function openChangingStore(change: (store: Store) => void): { readonly store: Store; readonly rows: Rows } {
  const store = openStore(makeFolder());
  onTestFinished(() => store.close());
  store.transaction(() => {
    for (let i = 0; i < COUNT; i++) store.records.insert(recordOf(i));
  });
  const rows = openRows(store);
  return {
    store,
    rows: {
      ...rows,
      *pages() {
        let isFirst = true;
        for (const page of rows.pages()) {
          yield page;
          if (isFirst) change(store);
          isFirst = false;
        }
      },
    },
  };
}

it('what changes while the snapshot is sent is in the event after it', async () => {
  const { store, rows } = openChangingStore(({ records }) => {
    records.update(recordOf(0, 'Failed'));
    records.remove('training-job', recordOf(1).name);
    records.remove('training-job', recordOf(COUNT - 1).name);
    records.insert({ ...recordOf(COUNT), name: 'a-new-one' });
  });
  const server = createServer((_request, response) => void sendEvents(response, rows, store.changes));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.split('\n\n').length > 2) break;
  }
  const [snapshot, changes] = text
    .split('\n\n')
    .map((event) => JSON.parse(event.replace(/^event: \w+\ndata: /, '') || '0'));
  const all = new Map((snapshot as Row[]).map((row) => [row.name, row.status]));
  for (const { name, status } of (changes as ChangeEvent).rows) all.set(name, status);
  for (const { name } of (changes as ChangeEvent).removed) all.delete(name);

  expect((snapshot as Row[]).length).toBe(COUNT - 1);
  expect(all.size).toBe(COUNT - 1);
  expect(all.get(recordOf(0).name)).toBe('Failed');
  expect([all.has(recordOf(1).name), all.has(recordOf(COUNT - 1).name), all.has('a-new-one')]).toEqual([
    false,
    false,
    true,
  ]);
});
