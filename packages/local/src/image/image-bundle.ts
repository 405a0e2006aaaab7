/** The bundle in an image: next to the main.js that its entry point starts. */
import { posix } from 'node:path';
import { bundleDigest, isOfBundle } from '../container/bundle.js';
import type { ImageConfig } from './export.js';
import { type ImageFiles, textOf } from './files.js';

/** Where it is; undefined where the entry point starts no main.js. */
export function bundleFolder({ config: { Entrypoint, Cmd } }: ImageConfig): string | undefined {
  const main = [...(Entrypoint ?? []), ...(Cmd ?? [])].find((word) => /^\/.*\/main\.js$/.test(word));
  return main === undefined ? undefined : posix.dirname(main);
}

/** Whether a file of the image belongs to it. */
export function isBundleFile(config: ImageConfig): (path: string) => boolean {
  const folder = bundleFolder(config);
  return (path) => posix.dirname(path) === folder && isOfBundle(posix.basename(path));
}

/** @param files with the text of those of the bundle */
export function bundleOfImage(config: ImageConfig, files: ImageFiles): string | undefined {
  const folder = bundleFolder(config);
  if (folder === undefined) return undefined;
  const names = [...files.keys()].filter((path) => posix.dirname(path) === folder).map((path) => posix.basename(path));
  return bundleDigest(names, (name) => textOf(files, posix.join(folder, name)));
}
