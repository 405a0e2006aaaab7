/** The committed sample data of gradient-boosted trees against its script and its source table. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sampleFiles } from '../gradient-boosting/prepare.ts';

const folder = join(import.meta.dirname, '..', 'gradient-boosting');
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const lines = (text: string): readonly string[] => text.trimEnd().split('\n');
const withoutLabel = (line: string) => line.slice(line.indexOf(',') + 1);

describe('sample data of gradient-boosted trees', () => {
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
    const source = lines(read('source/breast-cancer.csv')).slice(1);
    const labelled = [...lines(read('train/train.csv')), ...lines(read('validation/validation.csv'))];
    const inference = lines(read('inference/batch/input.csv'));

    expect(new Set(source.map(withoutLabel)).size).toBe(569); // no duplicates, so sets of lines are enough
    expect(labelled.filter((line) => !source.includes(line))).toEqual([]);
    const all = new Set([...labelled.map(withoutLabel), ...inference]);
    expect(all.size).toBe(569);
    expect(labelled.length + inference.length).toBe(569);
    expect([...all].filter((line) => !source.map(withoutLabel).includes(line))).toEqual([]);
  });

  it('has both classes in each labelled part, about as often as in the whole', () => {
    for (const path of ['train/train.csv', 'validation/validation.csv']) {
      const labels = lines(read(path)).map((line) => Number(line[0]));
      const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;

      expect(share).toBeGreaterThan(0.55); // 357 of 569 are benign, 0.627
      expect(share).toBeLessThan(0.7);
    }
  });

  it('has a profile with files that exist, and each real-time input once', () => {
    const profile = JSON.parse(read('validation-profile.json')) as { realTime: { input: string }[] };
    const inputs = profile.realTime.map((entry) => entry.input);

    expect(new Set(inputs).size).toBe(10);
    for (const input of inputs) expect(statSync(join(folder, input)).isFile()).toBe(true);
  });

  it('stays below 200 kB for the table, 300 kB with everything generated from it', () => {
    const bytes = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

    expect(statSync(join(folder, 'source/breast-cancer.csv')).size).toBeLessThanOrEqual(200_000);
    expect(bytes).toBeLessThanOrEqual(300_000);
  });
});
