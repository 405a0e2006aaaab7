/** Files of the sample data by the paths of the validation profile. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sampleFiles } from '../../src/publish/sample-files.js';
import { makeFolder } from '../support/folder.js';

it('names the files of a folder below it, however its path is written', () => {
  const sampleData = makeFolder({ 'batch/input.csv': '1', 'batch/more/input.csv': '2', 'other.csv': '3' });

  for (const path of ['batch', 'batch/', './batch//']) {
    expect(sampleFiles(sampleData, path).map((found) => [found.name, found.path])).toEqual([
      ['input.csv', 'batch/input.csv'],
      ['more/input.csv', 'batch/more/input.csv'],
    ]);
  }
  expect(sampleFiles(sampleData, 'batch/more/input.csv')).toMatchObject([
    { name: 'input.csv', path: 'batch/more/input.csv' },
  ]);
});

it('refuses a path that is not there, by its name', () => {
  const sampleData = makeFolder({ 'a.csv': '1' });

  expect(() => sampleFiles(sampleData, 'train')).toThrow(
    `validation-profile.json, "train": there is no file or folder ${join(sampleData, 'train')}.`,
  );
});
