import { globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { missingInput, type S3DataType, stageInput } from '../../src/jobs/input-data.js';
import { platformText } from '../../src/jobs/platform-names.js';
import { ObjectStore } from '../../src/s3/object-store.js';
import { makeFolder } from '../support/scene.js';

async function openBucket(files: Readonly<Record<string, string>>): Promise<ObjectStore> {
  const store = new ObjectStore(makeFolder());
  onTestFinished(() => store.close());
  store.buckets.create('bucket');
  for (const [key, content] of Object.entries(files)) await store.put('bucket', key, Buffer.from(content));
  return store;
}

const augmented = (line: object, ...names: string[]) =>
  [{ manifest: `${JSON.stringify(line)}\n\n`, 'in/a': 'A', 'in/b': 'B' }, names] as const;

it.each([
  ['s3://bucket/train/a', ['a1.csv', 'a2.csv']],
  ['s3://bucket/train', ['a1.csv', 'a2.csv', 'b']],
  ['s3://bucket/train/', ['a1.csv', 'a2.csv', 'b']],
  ['s3://bucket/train/b', ['b']],
  ['s3://bucket/tr', ['train/a1.csv', 'train/a2.csv', 'train/b']],
  ['s3://bucket/ünï', ['ö .csv']],
  ['s3://bucket', ['train/a1.csv', 'train/a2.csv', 'train/b', 'ünï/ö .csv']],
])('the prefix %s becomes the files below it', async (uri, keys) => {
  const names = ['train/a1.csv', 'train/a2.csv', 'train/b', 'ünï/ö .csv'];
  const store = await openBucket(Object.fromEntries(names.map((name) => [name, name])));

  const folder = await stageInput(store, 'S3Prefix', uri, join(makeFolder(), 'x'));

  const staged = globSync('**/*', { cwd: folder }).filter((path) => statSync(join(folder, path)).isFile());
  expect(staged.sort()).toEqual(keys);
});

it.each([
  ['s3://bucket/%~in/', '%~in/a.csv'],
  ['s3://bucket/a//b', 'a//b'],
  [`s3://bucket/${'x'.repeat(300)}/`, `${'x'.repeat(300)}/a.csv`],
  ['s3://bucket/%+', '%+a.csv'],
])('the folder of the prefix %s is named as the prefix in errors', async (uri, key) => {
  const store = await openBucket({ [key]: '1' });
  const places = { objects: store, workFolder: makeFolder(), programs: { algorithms: () => [] } };

  const folder = await stageInput(store, 'S3Prefix', uri, join(places.workFolder, 'x'));

  expect(platformText(places, `Channel ${folder}: no rows.`)).toBe(`Channel ${uri}: no rows.`);
});

it.each([
  ['{', 'The manifest s3://bucket/manifest must be JSON'],
  ['{}', 'must be a JSON list'],
  ['[{"prefix":"s3://bucket/in/"},1]', 'must be [{"prefix": "s3://…"}, "name", …]'],
  ['[{"prefix":"s3://bucket/in/"}]', 'must be [{"prefix": "s3://…"}, "name", …]'],
  ['[{"prefix":"s3://bucket/in/"},"none"]', 'There is no object s3://bucket/in/none.'],
  ['[{"prefix":"s3://bucket/in/"},"../../../x"]', 's3://bucket/in/../../../x'],
])('the manifest %s is refused', async (manifest, message) => {
  const store = await openBucket({ manifest, 'in/a': '1' });

  const staged = stageInput(store, 'ManifestFile', 's3://bucket/manifest', join(makeFolder(), 'x'));

  await expect(staged).rejects.toThrow(message);
});

it('an augmented manifest becomes a file whose references are files, each linked once', async () => {
  const lines = [
    { 'a-ref': 's3://bucket/in/a', label: 1 },
    { 'a-ref': 's3://bucket/in/a', label: 2 },
    { 'a-ref': 's3://bucket/in/b', label: 3 },
  ];
  const manifest = lines.map((line) => JSON.stringify(line)).join('\n');
  const store = await openBucket({ manifest, 'in/a': 'A', 'in/b': 'B' });

  const file = await stageInput(store, 'AugmentedManifestFile', 's3://bucket/manifest', join(makeFolder(), 'x'), [
    'a-ref',
  ]);

  const staged = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(staged.map(({ label }) => label)).toEqual([1, 2, 3]);
  expect(staged.map((line) => readFileSync(join(dirname(file), line['a-ref']), 'utf8'))).toEqual(['A', 'A', 'B']);
});

it.each([
  [augmented({ label: 1 }, 'a-ref'), 's3://bucket/manifest line 1 must have "a-ref" with an s3:// URL.'],
  [
    augmented({ 'a-ref': 'https://x/y' }, 'a-ref'),
    'The URL of input data must be s3://BUCKET/KEY; received "https://x/y".',
  ],
  [augmented({ 'a-ref': 's3://bucket/none' }, 'a-ref'), 'There is no object s3://bucket/none.'],
  [augmented([1], 'a-ref'), 's3://bucket/manifest line 1 must have "a-ref"'],
])('an augmented manifest that cannot be used says where', async ([files, names], message) => {
  const store = await openBucket(files);

  const staged = stageInput(store, 'AugmentedManifestFile', 's3://bucket/manifest', join(makeFolder(), 'x'), names);

  await expect(staged).rejects.toThrow(message);
});

it('a key that cannot be a path, or is in the way of another, is refused by its name', async () => {
  const manifest = JSON.stringify([{ prefix: 's3://bucket/' }, './a']);
  const store = await openBucket({ manifest, './a': '1', 'p//a': '1', 'p/a': '2', 'q/c.csv': '1', 'q/c.csv/d': '2' });

  const stage = (type: S3DataType, uri: string) => stageInput(store, type, uri, join(makeFolder(), 'x'));

  await expect(stage('ManifestFile', 's3://bucket/manifest')).rejects.toThrow(
    'The key of s3://bucket/./a cannot be a path of a file.',
  );
  await expect(stage('S3Prefix', 's3://bucket/p/')).rejects.toThrow(
    '"a" of s3://bucket/p/a is in the way of s3://bucket/p//a.',
  );
  await expect(stage('S3Prefix', 's3://bucket/q/')).rejects.toThrow(
    'Each object becomes the file of its key below the prefix: "c.csv/d" of s3://bucket/q/c.csv/d is in the way of s3://bucket/q/c.csv. Rename one of the two.',
  );
});

it('input is missing where there is no bucket, no key, or no s3:// URL', async () => {
  const store = await openBucket({ a: '1' });

  const found = await Promise.all(
    ['s3://bucket/a', 's3://bucket', 's3://bucket/b', 's3://none/a', 'https://bucket/a'].map((uri) =>
      missingInput(store, uri),
    ),
  );

  expect(found).toEqual([
    ...[undefined, undefined],
    'No S3 objects found',
    'The specified bucket does not exist',
    '"https://bucket/a" is not s3://BUCKET/KEY',
  ]);
});
