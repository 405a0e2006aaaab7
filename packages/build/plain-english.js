#!/usr/bin/env node
/**
 * Counts habits of writing (habits.js) in the prose of the repository: comments, strings, documents. Prints each hit of a
 * habit that occurs LIMIT times or more, and exits 1 then. With --all it prints every hit.
 *
 *     node packages/build/plain-english.js [--all] [FOLDER]
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HABITS } from './habits.js';
import { proseOf } from './prose.js';

/** Each habit stays below this many hits: one that slips in does no harm, a style of writing does. */
export const LIMIT = 10;

const EXTENSIONS = /\.(?:ts|js|md|py|sh)$/;
/** Not written by hand, or data: generated code, build results, fixtures, and this list of the very words. */
const SKIPPED =
  /^(?:node_modules|dist|coverage|fixtures|\..*)$|\.generated\.ts$|\.d\.ts$|^habits\.js$|^plain-english\.test\.ts$/;

/** Every hit in `text`: the name of its habit, its line from 1, and the words around it. */
export function findHabits(path, text) {
  const prose = proseOf(path, text);
  return HABITS.flatMap(({ name, pattern, allowed = [] }) =>
    [...prose.matchAll(pattern)]
      .filter(
        ({ 0: words, index }) => !allowed.some((context) => isAllowed(prose, index, words.length, context.pattern)),
      )
      .map(({ 0: words, index }) => ({
        name,
        path,
        line: prose.slice(0, index).split('\n').length,
        text: around(prose, index, words.length),
      })),
  );
}

/** Paths of the files that are read, in order, relative to `folder`. */
export function filesToRead(folder) {
  const files = (inside) =>
    readdirSync(inside, { withFileTypes: true })
      .filter(({ name }) => !SKIPPED.test(name) || name === '.ci' || name === '.github')
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const path = join(inside, entry.name);
        if (entry.isDirectory()) return files(path);
        return EXTENSIONS.test(entry.name) || inside.endsWith('.ci') ? [path] : [];
      });
  return files(folder).map((path) => relative(folder, path));
}

// --- internal ---

/** Whether an allowed context covers the hit: it is searched in the words close by. */
function isAllowed(prose, index, length, context) {
  const start = Math.max(0, index - 20);
  const near = prose.slice(start, index + length + 30);
  const all = new RegExp(context.source, 'gi');
  return [...near.matchAll(all)].some((found) => {
    const from = start + found.index;
    return from <= index && index + length <= from + found[0].length;
  });
}

function around(prose, index, length) {
  const start = prose.lastIndexOf('\n', index) + 1;
  const end = prose.indexOf('\n', index + length);
  const before = prose.slice(Math.max(start, index - 60), index);
  const after = prose.slice(index + length, Math.min(end < 0 ? prose.length : end, index + length + 50));
  return `${before}${prose.slice(index, index + length)}${after}`.trim();
}

function main(args) {
  const showAll = args.includes('--all');
  const folder = args.find((arg) => !arg.startsWith('-')) ?? fileURLToPath(new URL('../..', import.meta.url));
  const hits = filesToRead(folder).flatMap((path) => findHabits(path, readFileSync(join(folder, path), 'utf8')));

  let tooMany = 0;
  for (const { name, instead } of HABITS) {
    const found = hits.filter((hit) => hit.name === name);
    const isTooMany = found.length >= LIMIT;
    if (isTooMany) tooMany += 1;
    if (isTooMany || showAll) for (const { path, line, text } of found) console.log(`${path}:${line}: ${text}`);
    const verdict = isTooMany ? `must be below ${LIMIT}; write: ${instead}` : 'passed';
    console.log(`${String(found.length).padStart(4)} × "${name}": ${verdict}`);
  }
  return tooMany === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2));
