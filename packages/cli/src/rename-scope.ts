/**
 * Gives the packages of a repository another scope, so that a template becomes one's own: in package.json files, imports,
 * documents, scripts, Dockerfiles and the lock file. A scope is only ever written `@scope/`, so text is all there is to it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError } from '@algo/local';
import { dependenciesOf, LOCK_FILE } from './rename-dependencies.js';
import { findWorkspace } from './workspace.js';

export interface RenameRequest {
  /** The new scope: `@acme`. */
  readonly scope: string;
  /** A folder in the repository. */
  readonly from: string;
  /** Whether files with changes that are not committed may be rewritten. */
  readonly isForced: boolean;
}

export interface Renamed {
  /** The scope until now. */
  readonly previous: string;
  /** Files that were rewritten, from the root of the repository; none when the scope was right already. */
  readonly files: readonly string[];
}

/**
 * Rewrites the files that git tracks, and new ones that it does not ignore. Doing it again changes nothing.
 * @throws ArgumentError for what is no scope of npm, outside of a repository with workspaces, for one of several scopes,
 *   for a dependency in the old or the new scope, for changes that are not committed
 */
export function renameScope({ scope, from, isForced }: RenameRequest): Renamed {
  if (!SCOPE.test(scope)) {
    throw new ArgumentError(
      `--scope must be @ and a name of lower-case letters, digits, hyphens, dots and underscores; received "${scope}".`,
    );
  }
  const root = findRoot(from);
  const tracked = filesOf(root, ['--cached']);
  const previous = currentScope(root, tracked);
  if (previous === scope) return { previous, files: [] };
  requireUnused(root, tracked, [scope, previous]);
  const added = filesOf(root, ['--others', '--exclude-standard']);
  if (!isForced)
    requireClean(
      root,
      added.filter((path) => renamed(join(root, path), previous, scope) !== undefined),
    );
  const files = [...tracked, ...added].filter((path) => rewrite(join(root, path), path, previous, scope));
  return { previous, files };
}

// --- internal ---

/** As npm allows it. */
const SCOPE = /^@[a-z0-9][a-z0-9._-]*$/;

function findRoot(from: string): string {
  const root = findWorkspace(from);
  if (root && existsSync(join(root, 'package.json')) && existsSync(join(root, '.git'))) return root;
  throw new ArgumentError(
    `${from} must be in a git repository with a package.json and a folder "algorithms" at its top; it is not.`,
  );
}

/** The scope that the packages of the repository have, other than those of tests' fixtures. */
function currentScope(root: string, tracked: readonly string[]): string {
  const scopes = new Set<string>();
  for (const path of tracked) {
    if (!/^(packages|algorithms)\/[^/]+\/package\.json$/.test(path) || !existsSync(join(root, path))) continue;
    const { name }: { name?: unknown } = JSON.parse(readFileSync(join(root, path), 'utf8'));
    const found = typeof name === 'string' ? /^(@[^/]+)\//.exec(name)?.[1] : undefined;
    if (found !== undefined) scopes.add(found);
  }
  const [scope, ...others] = scopes;
  if (scope !== undefined && others.length === 0) return scope;
  const received = scopes.size === 0 ? 'none' : [...scopes].join(', ');
  throw new ArgumentError(`The packages in packages/ and algorithms/ must have one scope; received ${received}.`);
}

/** Packages of others in the old or the new scope would be rewritten, by this renaming or by the next. */
function requireUnused(root: string, tracked: readonly string[], scopes: readonly string[]): void {
  for (const name of dependenciesOf(root, tracked)) {
    const scope = scopes.find((one) => name.startsWith(`${one}/`));
    if (scope === undefined) continue;
    throw new ArgumentError(
      `A scope must be that of this repository's packages alone; received ${scope}, which the dependency ${name} has.`,
    );
  }
}

/** @param added new files that would be rewritten */
function requireClean(root: string, added: readonly string[]): void {
  const changed = git(root, ['diff', '--name-only', '-z', 'HEAD']).split('\0').filter(Boolean);
  const [first, ...others] = [...changed, ...added];
  if (first === undefined) return;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  throw new ArgumentError(
    `Every change must be committed, so that the renaming can be undone; these are not: ${first}${more}. Commit or stash ` +
      'them, or add --force.',
  );
}

/** Whether the file had the scope in it. */
function rewrite(path: string, name: string, previous: string, scope: string): boolean {
  const text = renamed(path, previous, scope);
  if (text === undefined) return false;
  writeFileSync(path, name === LOCK_FILE ? sortPackages(text) : text);
  return true;
}

/** The file's text with the new scope; undefined where it has none of the previous. Files with a zero byte are data. */
function renamed(path: string, previous: string, scope: string): string | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined; // removed, not committed
  const bytes = readFileSync(path);
  if (bytes.includes(0)) return undefined;
  const text = bytes.toString('utf8');
  const changed = text.replaceAll(`${previous}/`, () => `${scope}/`);
  return changed === text ? undefined : changed;
}

/** In npm's order, so that the next `npm install` finds nothing to change. */
function sortPackages(text: string): string {
  const lock: { packages: Record<string, Record<string, unknown>> } = JSON.parse(text);
  const packages = Object.entries(lock.packages).map(([path, entry]) => [path, withSortedDependencies(path, entry)]);
  return `${JSON.stringify({ ...lock, packages: sorted(Object.fromEntries(packages)) }, null, 2)}\n`;
}

/** Those of a workspace; packages from a registry keep what they have. */
function withSortedDependencies(path: string, entry: Record<string, unknown>): Record<string, unknown> {
  if (path.includes('node_modules/')) return entry;
  const isDependencies = (key: string) => /ependencies$/.test(key);
  return Object.fromEntries(
    Object.entries(entry).map(([key, value]) => [key, isDependencies(key) ? sorted(value as object) : value]),
  );
}

function sorted(record: object): object {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => a.localeCompare(b, 'en')));
}

/** Paths from the root, as `git ls-files` lists them. */
function filesOf(root: string, options: readonly string[]): readonly string[] {
  return git(root, ['ls-files', '-z', ...options])
    .split('\0')
    .filter(Boolean);
}

function git(root: string, command: readonly string[]): string {
  try {
    return execFileSync('git', command, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  } catch (error) {
    throw new ArgumentError(`git ${command[0]} must work in ${root}; it does not: ${error}`);
  }
}
