/** The committed sample data of neural networks against its script and its source table. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sampleFiles } from '../neural-network/prepare.ts';

const folder = join(import.meta.dirname, '..', 'neural-network');
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const lines = (text: string): readonly string[] => text.trimEnd().split('\n');
const withoutLabel = (line: string) => line.slice(line.indexOf(',') + 1);

describe('sample data of neural networks', () => {
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
    const source = lines(read('source/digits.csv')).slice(1);
    const labelled = [...lines(read('train/train.csv')), ...lines(read('validation/validation.csv'))];
    const inference = lines(read('inference/batch/input.csv'));

    expect(new Set(source.map(withoutLabel)).size).toBe(1797); // no duplicates, so sets of lines are enough
    expect(labelled.filter((line) => !source.includes(line))).toEqual([]);
    const all = new Set([...labelled.map(withoutLabel), ...inference]);
    expect(all.size).toBe(1797);
    expect(labelled.length + inference.length).toBe(1797);
    expect([...all].filter((line) => !source.map(withoutLabel).includes(line))).toEqual([]);
  });

  it('has every digit in each labelled part, about as often as the others', () => {
    for (const path of ['train/train.csv', 'validation/validation.csv']) {
      const digits = lines(read(path)).map((line) => Number(line.slice(0, line.indexOf(','))));
      const counts = Array.from({ length: 10 }, (_, digit) => digits.filter((own) => own === digit).length);

      expect(Math.min(...counts)).toBeGreaterThan(digits.length / 10 / 2);
      expect(Math.max(...counts)).toBeLessThan((digits.length / 10) * 1.6);
    }
  });

  it('has a profile with files that exist, and each real-time input once', () => {
    const profile = JSON.parse(read('validation-profile.json')) as { realTime: { input: string }[] };
    const inputs = profile.realTime.map((entry) => entry.input);

    expect(new Set(inputs).size).toBe(10);
    for (const input of inputs) expect(statSync(join(folder, input)).isFile()).toBe(true);
  });

  it('stays below 300 kB for the table, 700 kB with everything generated from it', () => {
    const bytes = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

    expect(statSync(join(folder, 'source/digits.csv')).size).toBeLessThanOrEqual(300_000);
    expect(bytes).toBeLessThanOrEqual(700_000);
  });
});
