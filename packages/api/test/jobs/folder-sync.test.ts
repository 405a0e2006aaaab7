import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { syncFolder } from '../../src/jobs/folder-sync.js';
import type { ObjectStore } from '../../src/object-store.js';
import { makeFolder } from '../support/scene.js';

/** Remembers the keys of its objects; `put` first does what it is given. */
function openBucket(beforePut: (key: string) => void) {
  const keys = new Set<string>();
  const objects: ObjectStore = {
    folder: '/nowhere',
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
  await expect.poll(() => failures).toBe(1);

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

it.each<[string, (checkpoints: string, secret: string) => void]>([
  ['a link to a file elsewhere', (checkpoints, secret) => symlinkSync(join(secret, 'key'), join(checkpoints, 'leak'))],
  ['a link to a folder elsewhere', (checkpoints, secret) => symlinkSync(secret, join(checkpoints, 'leaks'))],
  [
    'a link in the place of the folder',
    (checkpoints, secret) => {
      rmSync(checkpoints, { recursive: true });
      symlinkSync(secret, checkpoints);
    },
  ],
])('%s becomes no object', async (_case, link) => {
  const { keys, objects } = openBucket(() => undefined);
  const folder = makeFolder();
  const [checkpoints, secret] = [join(folder, 'checkpoints'), join(folder, 'secret')];
  for (const path of [checkpoints, secret]) mkdirSync(path);
  writeFileSync(join(secret, 'key'), 'k');
  const sync = syncFolder(objects, checkpoints, 'bucket', 'p/');

  link(checkpoints, secret);
  await sync.close();

  expect([...keys]).toEqual([]);
});
