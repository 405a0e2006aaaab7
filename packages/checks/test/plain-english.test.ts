/** The count of habits: what is prose in each language, which words are hits, and which are allowed. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findHabits } from '../src/plain-english.ts';
import { proseOf } from '../src/prose.ts';

const program = fileURLToPath(new URL('../src/plain-english.ts', import.meta.url));

const hits = (text: string, path = 'notes.md') => findHabits(path, text).map(({ habit, line }) => `${line} ${habit}`);

describe('proseOf', () => {
  it('keeps comments and strings of TypeScript at their positions and blanks out the code', () => {
    const source = [
      `const told = 'a string'; // a comment`,
      'const text = `before $' + '{told + "inner"} after`;',
      '/* a block',
      '   of two lines */ stand();',
    ].join('\n');

    const prose = proseOf('file.ts', source);

    expect(prose.split('\n').map((line) => line.trimEnd())).toEqual([
      `             'a string'  // a comment`,
      '              before          "inner"  after',
      '/* a block',
      '   of two lines */',
    ]);
  });

  it('does not take a quote inside a regular expression for the start of a string', () => {
    expect(proseOf('file.ts', `split(/'/, told); x = a / b; y = 'text'`).trim()).toBe(`'text'`);
  });

  it('keeps the whole of a Markdown file, a shell script, a style sheet or a page', () => {
    for (const path of ['list.css', 'list.tsx'])
      expect(proseOf(path, "<p>It isn't told</p>")).toBe("<p>It isn't told</p>");
    expect(proseOf('README.md', 'told `told`')).toBe('told `told`');
    expect(proseOf('run.sh', 'told=1 # told')).toBe('told=1 # told');
  });
});

describe('findHabits', () => {
  it('returns the line of each hit, counted from 1', () => {
    expect(hits('The key stands first.\n\nThe log tells why; training goes on.')).toEqual([
      '1 stand',
      '3 tell',
      '3 go on',
    ]);
  });

  it.each([
    ['one entry a row', 'bytes a value', 'A folder an algorithm', 'once a second'],
    ['one entry per row', 'a row of numbers', 'the file of a channel', 'reads a record'],
  ])('finds "a" for "per" after a counted noun only', (...texts) => {
    const isHabit = texts[0] === 'one entry a row';

    for (const text of texts) expect(hits(text), text).toEqual(isHabit ? ['1 a for per'] : []);
  });

  it('does not count words in contexts that the list allows', () => {
    expect(hits('Least squares; at most 3; most of the rows; the most recent; a stand-in.')).toEqual([]);
    expect(hits('Most leaves of a tree.')).toEqual(['1 most, least']);
  });
});

describe('the program', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'english-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = () => spawnSync(process.execPath, [program, folder], { encoding: 'utf8' });

  it('exits 0 without listing hits while every habit occurs less than 10 times', () => {
    writeFileSync(join(folder, 'notes.md'), 'It stands there.\n'.repeat(9));

    const { status, stdout } = run();

    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {3}9 × "stand": passed\n/);
  });

  it('exits 1 and lists file and line of each hit when a habit occurs 10 times', () => {
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src/code.ts'), '/** It stands there. */\n'.repeat(10));

    const { status, stdout } = run();

    expect(status).toBe(1);
    expect(stdout).toContain('src/code.ts:10: /** It stands there. */\n');
    expect(stdout).toContain('  10 × "stand": must be below 10; write: is, are\n');
  });

  it.each([
    ['algorithms/linear-regression/src', 1],
    ['algorithms/my-model/src', 0],
    ['sample-data/my-model', 0],
    ['packages/my-model', 1],
  ])('counts what the template contains, not the algorithms that are added to it: %s', (path, status) => {
    mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, path, 'README.md'), 'It stands there.\n'.repeat(10));

    expect(run().status).toBe(status);
  });

  it('skips node_modules, build output, fixtures and generated code', () => {
    for (const name of ['node_modules', 'dist', 'fixtures']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'text.md'), 'It stands there.\n'.repeat(10));
    }
    writeFileSync(join(folder, 'kernel.generated.ts'), '// It stands there.\n'.repeat(10));

    expect(run().status).toBe(0);
  });
});
