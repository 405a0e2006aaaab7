/** Which repository has which contents, images and tags, in the database. The contents are files. */
import type { Database } from '../store/database.js';
import { type BlobIndex, openBlobIndex } from './blob-index.js';
import { columnOf } from './columns.js';
import { openReferenceIndex, type ReferenceIndex } from './reference-index.js';
import { openTagIndex, type TagIndex } from './tag-index.js';

export interface ImageRow {
  readonly digest: string;
  readonly media_type: string;
  readonly artifact_type: string | null;
  readonly bytes: number;
  /** Seconds since 1970. */
  readonly pushed: number;
  readonly pulled: number | null;
}

export interface RegistryIndex extends BlobIndex, TagIndex, Omit<ReferenceIndex, 'addReference'> {
  /** In the order of their names, up to `count` after `after`. */
  repositories(after: string, count: number): readonly string[];
  image(repository: string, digest: string): ImageRow | undefined;
  /** In the order of their digests, up to `count` after `after`. */
  images(repository: string, after: string, count: number): readonly ImageRow[];
  addImage(repository: string, image: Omit<ImageRow, 'pulled'>, references: readonly string[]): void;
  /** With its tags. */
  removeImage(repository: string, digest: string): void;
  markPulled(repository: string, digest: string, at: number): void;
  removeRepository(repository: string): readonly string[];
  /** Whether any repository has the content, as a blob or as an image. */
  isUsed(digest: string): boolean;
}

export function openRegistryIndex({ sql }: Database): RegistryIndex {
  const { addReference, ...references } = openReferenceIndex(sql);
  const repositories = sql.prepare(
    "SELECT name FROM record WHERE kind = 'repository' AND name > ? ORDER BY name LIMIT ?",
  );
  const image = sql.prepare('SELECT * FROM registry_image WHERE repository = ? AND digest = ?');
  const images = sql.prepare(
    'SELECT * FROM registry_image WHERE repository = ? AND digest > ? ORDER BY digest LIMIT ?',
  );
  const addImage = sql.prepare('INSERT INTO registry_image VALUES (?, ?, ?, ?, ?, ?, NULL) ON CONFLICT DO NOTHING');
  const pulled = sql.prepare('UPDATE registry_image SET pulled = ? WHERE repository = ? AND digest = ?');
  const removals = ['reference WHERE image', 'subject WHERE image', 'tag WHERE digest', 'image WHERE digest'].map(
    (place) => sql.prepare(`DELETE FROM registry_${place} = ? AND repository = ?`),
  );
  const contents = sql.prepare(
    'SELECT digest FROM registry_blob WHERE repository = ?1 UNION SELECT digest FROM registry_image WHERE repository = ?1',
  );
  const tables = ['registry_blob', 'registry_image', 'registry_reference', 'registry_tag', 'registry_subject'];
  const clear = tables.map((table) => sql.prepare(`DELETE FROM ${table} WHERE repository = ?`));
  const isUsed = sql.prepare(
    'SELECT 1 WHERE EXISTS (SELECT 1 FROM registry_blob WHERE digest = ?1) OR EXISTS (SELECT 1 FROM registry_image WHERE digest = ?1)',
  );
  return {
    ...openBlobIndex(sql),
    ...openTagIndex(sql),
    ...references,
    repositories: (after, count) => columnOf(repositories.all(after, count), 'name'),
    image: (repository, digest) => image.get(repository, digest) as ImageRow | undefined,
    images: (repository, after, count) => images.all(repository, after, count) as unknown as readonly ImageRow[],
    addImage(repository, { digest, media_type, artifact_type, bytes, pushed }, named) {
      addImage.run(repository, digest, media_type, artifact_type, bytes, pushed);
      for (const reference of named) addReference(repository, digest, reference);
    },
    removeImage(repository, digest) {
      for (const removal of removals) removal.run(digest, repository);
    },
    markPulled: (repository, digest, at) => void pulled.run(at, repository, digest),
    removeRepository(repository) {
      const all = columnOf(contents.all(repository), 'digest');
      for (const statement of clear) statement.run(repository);
      return all;
    },
    isUsed: (digest) => isUsed.get(digest) !== undefined,
  };
}
