/** The addresses that the kernels and the TypeScript around them share. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTROL_BLOCK_BYTES } from '@algo/numerics';
import { describe, expect, it } from 'vitest';
import { ARENA_START, CONTROL } from '../../assembly/layout.js';

const text = readFileSync(join(import.meta.dirname, '../../assembly/layout.ts'), 'utf8');

/** The constants of the file between two marks, in the order of the file. */
function constants(from: string, to: string): { readonly name: string; readonly value: number }[] {
  const part = text.slice(text.indexOf(from), text.indexOf(to));
  return [...part.matchAll(/^export const (\w+) = (\d+);$/gm)].map(([, name, value]) => ({
    name: name!,
    value: Number(value),
  }));
}

const commands = constants('// Commands', '// --- settings of 4 bytes');
const words = constants('// --- settings of 4 bytes', '// --- settings of 8 bytes');
const reals = constants('// --- settings of 8 bytes', '/** First byte that TypeScript');

/** `count` numbers from `first` on, `step` apart. */
function series(first: number, step: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index * step);
}

describe('the layout of the kernel’s memory', () => {
  it('numbers the commands from 1 without gaps', () => {
    expect(commands.map(({ value }) => value)).toEqual(series(1, 1, commands.length));
    expect(commands.length).toBeGreaterThan(10);
  });

  it.each([
    ['words', words, 4],
    ['reals', reals, 8],
  ] as const)('places the %s next to each other, in the order of the file', (_, settings, bytes) => {
    const first = settings[0]!.value;

    expect(first % 1024).toBe(0);
    expect(settings.map(({ value }) => value)).toEqual(series(first, bytes, settings.length));
  });

  it('places the control block, words, reals and arena one after the other', () => {
    const ends = [CONTROL + CONTROL_BLOCK_BYTES, words.at(-1)!.value + 4, reals.at(-1)!.value + 8];

    expect(ends[0]).toBeLessThanOrEqual(words[0]!.value);
    expect(ends[1]).toBeLessThanOrEqual(reals[0]!.value);
    expect(ends[2]).toBeLessThanOrEqual(ARENA_START);
  });

  it('has no constant outside these sections', () => {
    const values = text.slice(text.indexOf('// --- values of settings')).match(/^export /gm)!;
    const single = ['CONTROL', 'ARENA_START'];

    expect(text.match(/^export /gm)).toHaveLength(
      commands.length + words.length + reals.length + values.length + single.length,
    );
  });
});
