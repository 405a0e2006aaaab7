/** The names that the templates' validation profiles give to columns and classes, for reports and notebooks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './support/repository.js';

const read = (kind: string, file: string) =>
  readFileSync(join(ROOT, 'packages/cli/templates', kind, 'sample-data', file), 'utf8');
const profileOf = (kind: string) => JSON.parse(read(kind, 'validation-profile.json'));
const rowsOf = (kind: string, file: string) => {
  const lines = read(kind, file).trimEnd().split('\n');
  return lines.map((line) => line.split(','));
};

describe('the validation profile of a new algorithm', () => {
  it.each([
    ['tabular', 'train/train.csv', 'species'],
    ['tabular', 'validation/validation.csv', 'species'],
    ['model-package', 'hold-out.csv', 'body_mass_g'],
  ])('%s: names each column of %s, the label %s first', (kind, file, label) => {
    const { columnNames } = profileOf(kind);
    const [header = [], ...source] = rowsOf(kind, 'source/penguins.csv');
    // Which column of the source each name is; all rows of the data are rows of the source.
    const columns = columnNames.map((name: string) => header.indexOf(name));
    const known = new Set(source.map((row) => columns.map((column: number) => Number(row[column])).join()));

    expect(columnNames[0]).toBe(label);
    for (const row of rowsOf(kind, file)) expect(known).toContain(row.map(Number).join());
  });

  it.each([
    ['tabular', () => rowsOf('tabular', 'train/train.csv').map(([label]) => label)],
    [
      'custom',
      () =>
        read('custom', 'train/train.jsonl')
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line).label),
    ],
  ])('%s: names each class of its training data', (kind, labels) => {
    expect(Object.keys(profileOf(kind).classNames).sort()).toEqual([...new Set(labels())].sort());
  });
});
