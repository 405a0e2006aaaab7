import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { syncFolder } from '../src/jobs/folder-sync.js';
import type { ObjectStore } from '../src/object-store.js';
import { makeFolder } from './support/scene.js';

/** Remembers the keys of its objects; `put` first does what it is given. */
function openBucket(beforePut: (key: string) => void) {
  const keys = new Set<string>();
  const objects: ObjectStore = {
    async *objects() {},
    fileOf: () => undefined,
    async put(_, key) {
      beforePut(key);
      keys.add(key);
    },
    delete: (_, key) => void keys.delete(key),
  };
  return { keys, objects };
}

it('what could not be put at first is put later, and is then no error', async () => {
  let failures = 0;
  const { keys, objects } = openBucket(() => {
    if (failures++ === 0) throw new Error('no room');
  });
  const folder = makeFolder();
  const sync = syncFolder(objects, folder, 'bucket', 'p/');
  writeFileSync(join(folder, 'a'), '1');
  await vi.waitFor(() => expect(failures).toBe(1), { timeout: 600_000 });

  await sync.close();

  expect([...keys]).toEqual(['p/a']);
});

it('what cannot be put at the end is an error', async () => {
  const { objects } = openBucket((key) => {
    throw new Error(`no room for ${basename(key)}`);
  });
  const folder = makeFolder();
  const sync = syncFolder(objects, folder, 'bucket', 'p/');
  writeFileSync(join(folder, 'a'), '1');

  await expect(sync.close()).rejects.toThrow('no room for a');
});
