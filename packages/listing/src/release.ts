/** A version next to the published one: what changed for buyers, and the record of what they have from now on. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ArgumentError, textOf } from '@algo/local';
import { type ListingRequest, notesOf, readMaterial, sourceOf } from './material.js';
import { reportVersion, type VersionReport } from './versions/history.js';
import { PUBLISHED_FILE, type Published, parsePublished, publishedText } from './versions/published.js';

/** `published` is false for a product that has no published version: there is nothing to compare with. */
export type VersionChanges = ({ readonly published: true } & VersionReport) | { readonly published: false };

/**
 * @param since a `published.json`, or the output of `algo describe`, relative to `from`; the algorithm's own by default
 * @throws ArgumentError for a file that is neither, or a product.yaml with problems
 */
export async function listChanges({ since, ...request }: ListingRequest & { readonly since?: string | undefined }) {
  const material = await readMaterial(request);
  const { definition, history } = material;
  const { product } = sourceOf(material);
  if (since === undefined && history.publishedProblem !== undefined) throw new ArgumentError(history.publishedProblem);
  const published = since === undefined ? history.published : readSince(request.from, since);
  const changes: VersionChanges = published
    ? { published: true, ...reportVersion(published, { definition, product, pending: history.pending }) }
    : { published: false };
  return changes;
}

/**
 * Records this version as the one that buyers have, in `listing/published.json`.
 * @returns the file's path, relative to `from`
 * @throws ArgumentError where it has no release notes, or product.yaml has problems
 */
export async function recordRelease(request: ListingRequest): Promise<string> {
  const material = await readMaterial(request);
  const { product } = sourceOf(material);
  const notes = notesOf(material);
  if (notes === undefined) {
    const { changelogFile } = material.history;
    throw new ArgumentError(
      `${changelogFile} must have a part "## ${material.definition.Version}", or product.yaml releaseNotes.`,
    );
  }
  const path = join(request.folder, 'listing', PUBLISHED_FILE);
  writeFileSync(path, publishedText(material.definition, product, notes));
  return relative(request.from, path);
}

// --- internal ---

function readSince(from: string, file: string): Published {
  const path = resolve(from, file);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new ArgumentError(`--since must be a file; received "${file}".`);
  }
  return parsePublished(textOf(readFileSync(path), file), file);
}
