/**
 * The raise that the changesets of a package ask for: `.changeset/*.md`, each with the packages it concerns. Until
 * `npm run version` has moved them, a package still has its last version.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import type { Raise } from './version-number.js';

const LEVELS: readonly Raise[] = ['major', 'minor', 'patch'];

/** @param folder of the package, with its package.json; the changesets are in a folder around it */
export function pendingRaise(folder: string): Raise {
  const changesets = changesetFolder(folder);
  const name = packageName(folder);
  if (changesets === undefined || name === undefined) return 'none';
  const raises = readdirSync(changesets)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => raiseIn(readFileSync(join(changesets, file), 'utf8'), name));
  return LEVELS.find((level) => raises.includes(level)) ?? 'none';
}

// --- internal ---

function changesetFolder(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = join(at, '.changeset');
    if (existsSync(join(found, 'config.json'))) return found;
    if (dirname(at) === at) return undefined;
  }
}

function packageName(folder: string): string | undefined {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: string }).name;
}

/** The front matter is a map from packages to raises. One that is none is for changesets itself to report. */
function raiseIn(text: string, name: string): unknown {
  const head = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '';
  const document = parseDocument(head);
  const packages: unknown = document.errors.length === 0 ? document.toJS() : undefined;
  return typeof packages === 'object' && packages !== null ? Reflect.get(packages, name) : undefined;
}
