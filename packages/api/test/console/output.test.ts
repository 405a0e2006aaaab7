import { expect, it, onTestFinished } from 'vitest';
import { openOutputs } from '../../src/console/output.js';
import { openStore } from '../../src/store/store.js';
import { makeFolder } from '../support/scene.js';

it('a log is read as a whole by several readers at the same time', () => {
  const store = openStore(makeFolder());
  onTestFinished(() => store.close());
  const log = store.logs.open('group', 'job/algo-1', { namespace: 'group', resource: 'job' });
  const count = 100;
  for (let i = 0; i < count; i++) log.write(`line ${i}`);
  log.close();
  const outputs = openOutputs(store);

  const readers = [1, 2].map(() => outputs.lines('group', 'job/')[Symbol.iterator]());
  const pairs = Array.from({ length: count + 1 }, () => readers.map((reader) => reader.next().value));

  const lines = Array.from({ length: count }, (_, i) => `line ${i}`);
  expect(pairs).toEqual([...lines, undefined].map((line) => [line, line]));
});
