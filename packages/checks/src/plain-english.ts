/**
 * Counts habits of writing (habits.ts) in the prose of the repository: comments, strings, documents. Prints each hit of a
 * habit that occurs LIMIT times or more, and then exits 1. One that slips in does no harm; a style of writing does. The limit
 * is for what this template contains, so the algorithms that its users add are not counted.
 *
 *   npm run english --workspace @algo/checks [-- --all] [FOLDER]     --all: print every hit
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { HABITS } from './habits.ts';
import { proseOf } from './prose.ts';
import { ROOT } from './workspaces.ts';

const LIMIT = 10;
const EXTENSIONS = /\.(?:tsx?|js|css|md|py|sh)$/;
/** Scripts without an extension. */
const SCRIPTS = /(?:^|\/)\.ci\/\w/;
/** Not written by hand, or data: generated code, build results, fixtures, and the files with these very words. */
const SKIPPED =
  /^(?:node_modules|dist|coverage|fixtures|\..*)$|\.generated\.ts$|\.api\.md$|^habits\.ts$|^plain-english\.test\.ts$/;
/** Of the folders in algorithms/ and sample-data/, those that are counted. */
const COUNTED = [
  'danfojs-tensorflow',
  'formats',
  'gradient-boosting',
  'linear-regression',
  'neural-network',
  'penguins',
  'test',
];
const HIDDEN_FOLDERS = ['.ci', '.github', '.changeset'];

interface Hit {
  readonly habit: string;
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** The words around it. */
  readonly text: string;
}

export function findHabits(path: string, text: string): Hit[] {
  const prose = proseOf(path, text);
  return HABITS.flatMap(({ name, pattern, allowed = [] }) =>
    [...prose.matchAll(pattern)]
      .filter(({ 0: words, index }) => !allowed.some((use) => covers(use.pattern, prose, index, words.length)))
      .map(({ 0: words, index }) => ({
        habit: name,
        path,
        line: prose.slice(0, index).split('\n').length,
        text: around(prose, index, words.length),
      })),
  );
}

// --- internal ---

/** Whether a match of `use` near the hit includes the hit. */
function covers(use: RegExp, prose: string, index: number, length: number): boolean {
  const start = Math.max(0, index - 20);
  const near = prose.slice(start, index + length + 30);
  return [...near.matchAll(new RegExp(use.source, 'gi'))].some((found) => {
    const from = start + found.index;
    return from <= index && index + length <= from + found[0].length;
  });
}

function around(prose: string, index: number, length: number): string {
  const start = prose.lastIndexOf('\n', index) + 1;
  const end = prose.indexOf('\n', index + length);
  const last = Math.min(end < 0 ? prose.length : end, index + length + 50);
  return prose.slice(Math.max(start, index - 60), last).trim();
}

/** The files below `folder` whose prose is counted, in order. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !SKIPPED.test(name) || HIDDEN_FOLDERS.includes(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return EXTENSIONS.test(path) || SCRIPTS.test(path) ? [path] : [];
    });
}

/** Whether a path from the root is in an algorithm that `algo new` or a user of the template made, or in its sample data. */
function isAdded(path: string): boolean {
  const folder = /^(?:algorithms|sample-data)[/\\]([^/\\]+)[/\\]/.exec(path)?.[1];
  return folder !== undefined && !COUNTED.includes(folder);
}

function main(args: readonly string[]): void {
  const showsAll = args.includes('--all');
  const root = args.find((arg) => !arg.startsWith('-')) ?? ROOT;
  const hits = filesBelow(root)
    .map((path) => relative(root, path))
    .filter((path) => !isAdded(path))
    .flatMap((path) => findHabits(path, readFileSync(join(root, path), 'utf8')));
  for (const { name, instead } of HABITS) {
    const found = hits.filter(({ habit }) => habit === name);
    const isTooMany = found.length >= LIMIT;
    if (isTooMany) process.exitCode = 1;
    if (isTooMany || showsAll) for (const { path, line, text } of found) console.log(`${path}:${line}: ${text}`);
    const verdict = isTooMany ? `must be below ${LIMIT}; write: ${instead}` : 'passed';
    console.log(`${String(found.length).padStart(4)} × "${name}": ${verdict}`);
  }
}

if (import.meta.main) main(process.argv.slice(2));
