import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createCheckpointStore } from '../src/checkpoint.js';
import { makeContainerRoot } from '../src/testing/container-root.js';

it('finds what was written last and leaves no unfinished file', () => {
  const root = makeContainerRoot();
  const directory = join(root.paths.base, 'checkpoints');
  const store = createCheckpointStore(directory);

  store.write('state.json', '{"round":1}');
  store.write('state.json', '{"round":2}');

  expect(createCheckpointStore(directory).read('state.json')?.toString()).toBe('{"round":2}');
  expect(readdirSync(directory)).toEqual(['state.json']);
  root.remove();
});

it('does nothing when the job has no checkpoints', () => {
  const store = createCheckpointStore(undefined);

  store.write('state.json', '{}');

  expect(store.isEnabled).toBe(false);
  expect(store.read('state.json')).toBeUndefined();
});
