/**
 * Texts of failures in the platform's names: an object's file, and a link to it in a job's folder, is `s3://bucket/key`; the
 * tree of a container is /opt/ml; a program is `NAME/dist/main.js`. Paths of this machine mean nothing to a client.
 */
import { lstatSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ObjectStore } from '../object-store.js';
import { keyOfPath } from '../s3/key-path.js';
import type { Programs } from './programs.js';

export interface Places {
  readonly objects: Pick<ObjectStore, 'folder'>;
  /** Of jobs and endpoints, in the data folder. */
  readonly workFolder: string;
  readonly programs: Pick<Programs, 'algorithms'>;
}

/** What was generated of objects has a link to them next to it: a manifest with paths, a folder. No channel's name has `~`. */
export const SOURCE = '~source';

/** `text` with the platform's names. Call it while the job's folder is there: its links say which object a path is. */
export function platformText(places: Places, text: string): string {
  const { objects, workFolder, programs } = places;
  const start = `${workFolder}/`;
  const named = withTargets(text, start, objects)
    .replace(new RegExp(`${escapeText(workFolder)}/[^\\s'"]*?/opt/ml(?=/|\\W|$)`, 'g'), '/opt/ml')
    .replace(new RegExp(`${escapeText(objects.folder)}/[^\\s'"]*`, 'g'), (path) => objectUri(objects, path))
    .replace(new RegExp(`${escapeText(workFolder)}/[^/\\s]+/[^/\\s]+/`, 'g'), '');
  // What is left of the data folder, then the folder of the algorithms and the workspace that has it.
  const algorithms = programs.algorithms().map(({ folder }) => dirname(folder));
  const roots = [workFolder, dirname(workFolder), ...algorithms, ...algorithms.map(dirname)];
  return [...new Set(roots)]
    .filter((root) => root !== '/')
    .reduce((kept, root) => kept.replaceAll(`${root}/`, ''), named);
}

/** The same error, its message with the platform's names. */
export function platformError(places: Places, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const value = platformText(places, error.message);
  if (value !== error.message) Object.defineProperty(error, 'message', { value, configurable: true, writable: true });
  return error;
}

/** The URI of the object whose file a path is; another path as it is. */
export function objectUri({ folder }: Pick<ObjectStore, 'folder'>, path: string): string {
  return path.startsWith(`${folder}/`) ? `s3://${keyOfPath(path.slice(folder.length + 1))}` : path;
}

// --- internal ---

/** No path is longer, on Linux. */
const MAX_PATH = 4096;

/** Each path below `start` that is a link, or has one as its source, as what the link leads to. */
function withTargets(text: string, start: string, objects: Places['objects']): string {
  const at = text.indexOf(start);
  if (at === -1) return text;
  const rest = text.slice(at);
  // A key may have spaces and full stops itself, so the longest path that is there is meant.
  const ends = [...rest.slice(0, MAX_PATH).matchAll(/[\s:;,.'"]|$/g)].map(({ index }) => index).reverse();
  for (const end of ends) {
    const target = targetOf(rest.slice(0, end)) ?? targetOf(rest.slice(0, end) + SOURCE);
    if (target === undefined) continue;
    return text.slice(0, at) + objectUri(objects, target) + withTargets(rest.slice(end), start, objects);
  }
  return text.slice(0, at) + start + withTargets(rest.slice(start.length), start, objects);
}

function targetOf(path: string): string | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined; // no path at all: too long, or below a file
  }
}

function escapeText(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
