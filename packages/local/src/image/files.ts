/**
 * The files of an image as a container sees them: its layers merged, without the files that upper layers remove. Only
 * what a report needs is kept in memory: each file's kind and mode, and the text of a few. Source: OCI image
 * specification, "Image Layer Filesystem Changeset" (whiteouts).
 */
import { posix } from 'node:path';
import { list, type ReadEntry } from 'tar';
import type { ImageLayer } from './export.js';

export interface ImageFile {
  /** Absolute, without a slash at its end. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly mode: number;
  readonly bytes: number;
  /** Of a file that is wanted. */
  readonly text?: string;
  /** Where a symbolic link leads. */
  readonly linkTarget?: string;
}

export type ImageFiles = ReadonlyMap<string, ImageFile>;

/** An empty folder's marker for "nothing of the layers below", and the prefix of a single file's. */
const OPAQUE = '.wh..wh..opq';
const WHITEOUT = '.wh.';

/** @param isWanted which files' text is kept */
export async function readFiles(
  layers: readonly ImageLayer[],
  isWanted: (path: string) => boolean,
): Promise<ImageFiles> {
  const files = new Map<string, ImageFile>();
  for (const layer of layers) await addLayer(files, layer, isWanted);
  return files;
}

/** The text of a file, through links on the way; undefined when there is none or it was not wanted. */
export function textOf(files: ImageFiles, path: string): string | undefined {
  let at = '/';
  let rest = partsOf(path);
  for (let links = 0; rest.length > 0; ) {
    const [name = '', ...others] = rest;
    const next = posix.join(at, name);
    const target = files.get(next)?.linkTarget;
    if (target === undefined) {
      [at, rest] = [next, others];
    } else if (++links > LINKS_MAX) {
      return undefined;
    } else {
      rest = [...partsOf(posix.resolve(at, target)), ...others];
      at = '/';
    }
  }
  return files.get(at)?.text;
}

// --- internal ---

/** The maximum number of links that Linux follows. */
const LINKS_MAX = 40;

function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '');
}

async function addLayer(files: Map<string, ImageFile>, layer: ImageLayer, isWanted: (path: string) => boolean) {
  const added: ImageFile[] = [];
  await list({
    file: layer.path,
    onReadEntry: (entry: ReadEntry) => {
      const path = `/${entry.path.replace(/^\.?\//, '').replace(/\/$/, '')}`;
      const at = path.lastIndexOf('/');
      const [folder, name] = [path.slice(0, at), path.slice(at + 1)];
      if (name === OPAQUE) removeBelow(files, folder);
      else if (name.startsWith(WHITEOUT)) remove(files, `${folder}/${name.slice(WHITEOUT.length)}`);
      else if (path !== '/') keep(entry, path, isWanted(path), added);
    },
  });
  for (const file of added) {
    if (!file.isFolder) removeBelow(files, file.path);
    files.set(file.path, file);
  }
}

function keep(entry: ReadEntry, path: string, isWanted: boolean, added: ImageFile[]): void {
  const isLink = entry.type === 'SymbolicLink';
  const file = {
    path,
    isFolder: entry.type === 'Directory',
    mode: entry.mode ?? 0,
    bytes: entry.size,
    ...(isLink && { linkTarget: entry.linkpath ?? '' }),
  };
  const index = added.push(file) - 1;
  if (!isWanted || file.isFolder || isLink) return;
  const chunks: Buffer[] = [];
  entry.on('data', (chunk: Buffer) => chunks.push(chunk));
  entry.on('end', () => {
    added[index] = { ...file, text: Buffer.concat(chunks).toString('utf8') };
  });
}

function remove(files: Map<string, ImageFile>, path: string): void {
  files.delete(path);
  removeBelow(files, path);
}

function removeBelow(files: Map<string, ImageFile>, folder: string): void {
  for (const path of files.keys()) if (path.startsWith(`${folder}/`)) files.delete(path);
}
