import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openStore as open } from '../../src/store/store.js';

function openStore() {
  const folder = mkdtempSync(join(tmpdir(), 'algo-store-'));
  const store = open(folder);
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });
  return store;
}

const record = (name: string, status: string, created = 1) => ({
  ...{ kind: 'job', name, arn: `arn:${name}`, status, created, modified: created },
  body: { Status: status, Steps: [{ Name: status }] },
});

it('a record is what was written last, however often it was read before', () => {
  const { records } = openStore();

  records.insert(record('a', 'New'));
  const seen = [records.find('job', 'a')];
  records.update(record('a', 'Running'));
  seen.push(records.find('job', 'a'));
  records.remove('job', 'a');
  seen.push(records.find('job', 'a'));
  records.insert(record('a', 'Again'));
  seen.push(records.find('job', 'a'), records.find('job', 'a'));

  expect(seen.map((found) => found?.status)).toEqual(['New', 'Running', undefined, 'Again', 'Again']);
});

it('a change that its transaction takes back is not seen, also when it was read in between', () => {
  const { records, transaction } = openStore();
  records.insert(record('a', 'New'));
  records.find('job', 'a');

  const failing = () =>
    transaction(() => {
      records.update(record('a', 'Running'));
      records.insert(record('b', 'New'));
      expect([records.find('job', 'a')?.status, records.find('job', 'b')?.status]).toEqual(['Running', 'New']);
      throw new Error('taken back');
    });

  expect(failing).toThrow('taken back');
  expect(records.find('job', 'a')).toMatchObject({ status: 'New', body: { Status: 'New' } });
  expect(records.find('job', 'b')).toBeUndefined();
});

it('a record that all readers share cannot be changed by one', () => {
  const { records } = openStore();
  records.insert(record('a', 'New'));

  const { body } = records.find<{ Steps: { Name: string }[] }>('job', 'a')!;

  expect(() => body.Steps.push({ Name: 'Mine' })).toThrow(TypeError);
  expect(() => Object.assign(body.Steps[0]!, { Name: 'Mine' })).toThrow(TypeError);
});

it('more records than are kept in memory are all found and listed', () => {
  const { records, transaction } = openStore();
  const names = Array.from({ length: 2500 }, (_, i) => `job-${String(i).padStart(4, '0')}`);
  transaction(() => {
    for (const [i, name] of names.entries()) records.insert(record(name, 'New', i));
  });
  const list = (nextToken?: string) =>
    records.list({ kind: 'job', sortBy: 'created', isDescending: true, maxResults: 1000, nextToken });

  const pages = [list()];
  while (pages.at(-1)!.nextToken !== undefined) pages.push(list(pages.at(-1)!.nextToken));
  const listed = pages.flatMap(({ items }) => items.map(({ name }) => name));

  expect(pages.map(({ items }) => items.length)).toEqual([1000, 1000, 500]);
  expect(listed).toEqual(names.toReversed());
  expect(names.every((name) => records.find('job', name)?.name === name)).toBe(true);
});
