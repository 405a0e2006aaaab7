/** The committed sample data of linear regression against its script and its source table. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sampleFiles } from '../linear-regression/prepare.ts';

const folder = join(import.meta.dirname, '..', 'linear-regression');
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const lines = (text: string): readonly string[] => text.trimEnd().split('\n');

describe('sample data of linear regression', () => {
  let made: ReadonlyMap<string, string>;

  beforeAll(async () => {
    made = await sampleFiles();
  });

  it('is what prepare.ts generates, byte for byte', () => {
    for (const [path, content] of made) expect(read(path), path).toBe(content);
  });

  it('has no inputs other than those of prepare.ts', () => {
    const committed = ['train', 'validation', 'inference/batch', 'inference/real-time'].flatMap((path) =>
      readdirSync(join(folder, path)).map((name) => `${path}/${name}`),
    );

    expect(committed.sort()).toEqual([...made.keys()].filter((path) => path !== 'validation-profile.json').sort());
  });

  it('has every row of the source table once', () => {
    const source = lines(read('source/diabetes.csv')).slice(1);
    const featuresOnly = source.map((line) => line.slice(line.indexOf(',') + 1));

    const labelled = [...lines(read('train/train.csv')), ...lines(read('validation/validation.csv'))];
    const inference = lines(read('inference/batch/input.csv'));

    expect(new Set(source).size).toBe(442); // no duplicates in the source, so sets of lines are enough
    expect(labelled.filter((line) => !source.includes(line))).toEqual([]);
    expect(inference.filter((line) => !featuresOnly.includes(line))).toEqual([]);
    const all = new Set([...labelled.map((line) => line.slice(line.indexOf(',') + 1)), ...inference]);
    expect(all.size).toBe(labelled.length + inference.length);
    expect(all.size).toBe(442);
  });

  it('has a profile with files that exist, and each real-time input once', () => {
    const profile = JSON.parse(read('validation-profile.json')) as { realTime: { input: string }[] };
    const inputs = profile.realTime.map((entry) => entry.input);

    expect(new Set(inputs).size).toBe(10);
    for (const input of inputs) expect(statSync(join(folder, input)).isFile()).toBe(true);
  });

  it('stays below 200 kB', () => {
    const bytes = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

    expect(bytes).toBeLessThanOrEqual(200_000);
  });
});
