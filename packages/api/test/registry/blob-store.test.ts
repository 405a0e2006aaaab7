import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openBlobStore } from '../../src/registry/blob-store.js';
import { digestOf } from '../../src/registry/digest.js';
import { makeFolder } from '../support/scene.js';

it('no other request runs between the moment a content has its name and the end of its upload', async () => {
  const store = openBlobStore(makeFolder());
  const content = Buffer.from('a layer');
  const digest = digestOf(content);
  const { id } = store.begin('layers');
  await store.append('layers', id, chunksOf(content));
  let isFinished = false;
  let isSeenEarly = false;

  const finished = store.finish('layers', id, digest).then(() => {
    isFinished = true;
  });
  while (!isFinished) {
    // What another request would see in its turn of the event loop.
    for (let look = 0; look < 1000 && !isSeenEarly; look++) isSeenEarly = existsSync(store.pathOf(digest));
    await nextTurn();
  }
  await finished;

  expect(isSeenEarly).toBe(false);
  expect(store.sizeOf(digest)).toBe(content.length);
});

async function* chunksOf(content: Buffer) {
  yield content;
}
