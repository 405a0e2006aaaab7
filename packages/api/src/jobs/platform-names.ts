/**
 * Errors of jobs in the platform's names: an object's file, and a link to it in a job's folder, is `s3://bucket/key`; the tree
 * of a container is /opt/ml. Paths of this machine mean nothing to a client.
 */
import { lstatSync, readlinkSync } from 'node:fs';
import type { ObjectStore } from '../object-store.js';

export interface Places {
  readonly objects: Pick<ObjectStore, 'folder'>;
  /** Of jobs and endpoints. */
  readonly workFolder: string;
}

/** What was generated of an object, as a manifest with paths, has a link to the object next to it. */
export const SOURCE = '.source';

/** `text` with the platform's names. Call it while the job's folder is there: its links say which object a path is. */
export function platformText({ objects, workFolder }: Places, text: string): string {
  return withTargets(text, `${workFolder}/`)
    .replace(new RegExp(`${escapeText(workFolder)}/[^\\s'"]*?/opt/ml(?=/|\\W|$)`, 'g'), '/opt/ml')
    .replaceAll(`${objects.folder}/`, 's3://');
}

/** The same error, its message with the platform's names. */
export function platformError(places: Places, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const value = platformText(places, error.message);
  if (value !== error.message) Object.defineProperty(error, 'message', { value, configurable: true, writable: true });
  return error;
}

// --- internal ---

/** Each path below `start` that is a link, or has one as its source, as what the link leads to. */
function withTargets(text: string, start: string): string {
  const at = text.indexOf(start);
  if (at === -1) return text;
  const rest = text.slice(at);
  // A key may have spaces and full stops itself, so the longest path that is there is meant.
  const ends = [...rest.matchAll(/[\s:;,.'"]|$/g)].map(({ index }) => index).reverse();
  for (const end of ends) {
    const target = targetOf(rest.slice(0, end)) ?? targetOf(rest.slice(0, end) + SOURCE);
    if (target !== undefined) return text.slice(0, at) + target + withTargets(rest.slice(end), start);
  }
  return text.slice(0, at) + start + withTargets(rest.slice(start.length), start);
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
