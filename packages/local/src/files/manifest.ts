/**
 * A manifest: the files of a channel or a transform by name, in its order. Its prefix is a path from the manifest's folder,
 * in the place of an S3 URI.
 *
 *   [{"prefix": "data/"}, "a.csv", "sub/b.csv"]
 *
 * Source: AWS API reference, S3DataSource.
 */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ArgumentError, messageOf, reasonOf } from '../errors.js';
import type { TreeFile } from './file-tree.js';

export interface Manifest {
  readonly prefix: string;
  /** What follows the prefix; at least one. */
  readonly names: readonly string[];
}

/**
 * @param name of the manifest, in errors
 * @throws ArgumentError when it is none
 */
export function parseManifest(text: string, name: string): Manifest {
  const [head, ...names] = parseList(text, name);
  const prefix = typeof head === 'object' && head !== null && 'prefix' in head ? head.prefix : undefined;
  const areNames = (items: readonly unknown[]): items is readonly string[] =>
    items.length > 0 && items.every((item) => typeof item === 'string');
  if (typeof prefix === 'string' && areNames(names)) return { prefix, names };
  throw new ArgumentError(`The manifest ${name} must be [{"prefix": "s3://…"}, "name", …].`);
}

/**
 * The files of a manifest of this machine, in its order; a file's key is its name.
 * @param what names the channel in errors, e.g. `Channel "train"`
 * @throws ArgumentError for a manifest that is none, a name that is twice there or leads out of the prefix, a missing file
 */
export function listManifest(path: string, what: string): readonly TreeFile[] {
  const { prefix, names } = parseManifest(readText(path, what), path);
  if (prefix.includes('://')) {
    throw new ArgumentError(`${what}: the prefix of ${path} must be a path on this machine; received "${prefix}".`);
  }
  const keys = new Set<string>();
  return names.map((name) => {
    const parts = name.split('/').filter((part) => part !== '');
    const key = parts.join('/');
    if (parts.length === 0 || parts.includes('.') || parts.includes('..')) {
      throw new ArgumentError(`${what}: "${name}" of ${path} must be the path of a file below the prefix.`);
    }
    if (keys.has(key)) throw new ArgumentError(`${what}: "${name}" of ${path} must be in the list once.`);
    keys.add(key);
    const file = resolve(dirname(path), prefix + name);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (!stats?.isFile()) throw new ArgumentError(`${what}: "${name}" of ${path} must be a file; ${file} is none.`);
    return { key, path: file, bytes: stats.size };
  });
}

// --- internal ---

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ArgumentError(`${what}: the manifest ${path} could not be read: ${reasonOf(error)}.`, { cause: error });
  }
}

function parseList(text: string, name: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ArgumentError(`The manifest ${name} must be JSON; ${messageOf(error)}.`, { cause: error });
  }
  if (Array.isArray(value)) return value;
  throw new ArgumentError(`The manifest ${name} must be a JSON list.`);
}
