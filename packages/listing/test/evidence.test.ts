import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readEvidence } from '../src/evidence.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'evidence-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(folder: string, files: Readonly<Record<string, object | string>>): void {
  mkdirSync(join(root, folder), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(root, folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

function read() {
  const folder = (name: string) => join(root, name);
  return readEvidence(
    {
      validations: [folder('process'), folder('container')],
      trial: folder('trial'),
      image: folder('image'),
      trainingImage: folder('training-image'),
      notebooks: folder('notebooks'),
    },
    root,
  );
}

it('is the newest of the validations, with what it was of', () => {
  const of = (startedAt: string, Name: string) => ({
    ...{ 'validation.json': { startedAt }, 'description.json': { Name }, 'validation-profile.json': {} },
  });
  write('process', of('2026-01-02T00:00:00Z', 'older'));
  write('container', of('2026-01-03T00:00:00Z', 'newer'));

  const { validation } = read();

  expect(validation.file).toBe(join('container', 'validation.json'));
  expect(validation.value?.description.Name).toBe('newer');
});

it('is missing where nothing was run, or a command was interrupted while it wrote', () => {
  write('image', { 'check.json': '{"image":' });

  const found = read();

  expect([found.validation.value, found.measurements.value, found.image.value, found.notebooks]).toEqual([
    ...[undefined, undefined, undefined],
    [],
  ]);
  expect(found.image.file).toBe(join('image', 'check.json'));
});

it('has a check of each image', () => {
  write('image', { 'check.json': { image: 'serves' } });
  write('training-image', { 'check.json': { image: 'trains' } });

  const { image, trainingImage } = read();

  expect([image.value?.image, trainingImage.value?.image]).toEqual(['serves', 'trains']);
});

it('has the measurements of a validation in an account only if it passed, and where they were taken if not on AWS', () => {
  const measured = { realTime: { instanceType: 'ml.m5.large', p50Ms: 4 } };
  write('trial', { 'validation.json': { result: 'passed', measured } });
  expect(read().measurements.value).toEqual(measured);

  write('trial', { 'validation.json': { result: 'passed', measured, elsewhere: 'at api.test' } });
  expect(read().measurements.value).toEqual({ ...measured, elsewhere: 'at api.test' });
  write('trial', { 'validation.json': { result: 'passed', measured, account: '000000000000' } });
  expect(read().measurements.value).toEqual({ ...measured, elsewhere: 'on this machine' });

  write('trial', { 'validation.json': { result: 'failed', measured } });
  expect(read().measurements.value).toBeUndefined();
});

it('has the notebooks in order, and what is wrong with one', () => {
  write('notebooks', {
    'b.ipynb': { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 },
    'a.ipynb': { nbformat: 3 },
    'notes.md': '',
  });

  expect(read().notebooks.map(({ file, problem }) => [file, problem?.includes('nbformat 4') ?? false])).toEqual([
    [join('notebooks', 'a.ipynb'), true],
    [join('notebooks', 'b.ipynb'), false],
  ]);
});
