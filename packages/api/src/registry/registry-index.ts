/** Which repository has which contents, images and tags, in the database. The contents are files. */
import type { Database } from '../store/database.js';

export interface ImageRow {
  readonly digest: string;
  readonly media_type: string;
  readonly artifact_type: string | null;
  readonly bytes: number;
  /** Seconds since 1970. */
  readonly pushed: number;
  readonly pulled: number | null;
}

export interface RegistryIndex {
  /** In the order of their names, up to `count` after `after`. */
  repositories(after: string, count: number): readonly string[];
  hasBlob(repository: string, digest: string): boolean;
  addBlob(repository: string, digest: string): void;
  removeBlob(repository: string, digest: string): void;
  image(repository: string, digest: string): ImageRow | undefined;
  /** In the order of their digests, up to `count` after `after`. */
  images(repository: string, after: string, count: number): readonly ImageRow[];
  addImage(repository: string, image: Omit<ImageRow, 'pulled'>, references: readonly string[]): void;
  /** With its tags. */
  removeImage(repository: string, digest: string): void;
  markPulled(repository: string, digest: string, at: number): void;
  digestOfTag(repository: string, tag: string): string | undefined;
  tagsOf(repository: string, digest: string): readonly string[];
  /** In their order, up to `count` after `after`. */
  tags(repository: string, after: string, count: number): readonly string[];
  setTag(repository: string, tag: string, digest: string): void;
  removeTag(repository: string, tag: string): void;
  /** Contents that no image of their repository names. */
  looseBlobs(): readonly { readonly repository: string; readonly digest: string }[];
  setSubject(repository: string, image: string, subject: string): void;
  /** Images whose subject this one is, in the order of their digests. */
  referrersOf(repository: string, subject: string): readonly string[];
  /** Images of the repository whose manifests name this content. */
  referrers(repository: string, digest: string): readonly string[];
  /** Contents that an image names. */
  references(repository: string, image: string): readonly string[];
  removeRepository(repository: string): readonly string[];
  /** Whether any repository has the content, as a blob or as an image. */
  isUsed(digest: string): boolean;
}

export function openRegistryIndex({ sql }: Database): RegistryIndex {
  const repositories = sql.prepare(
    "SELECT name FROM record WHERE kind = 'repository' AND name > ? ORDER BY name LIMIT ?",
  );
  const blob = sql.prepare('SELECT 1 FROM registry_blob WHERE repository = ? AND digest = ?');
  const addBlob = sql.prepare('INSERT INTO registry_blob VALUES (?, ?) ON CONFLICT DO NOTHING');
  const removeBlob = sql.prepare('DELETE FROM registry_blob WHERE repository = ? AND digest = ?');
  const image = sql.prepare('SELECT * FROM registry_image WHERE repository = ? AND digest = ?');
  const images = sql.prepare(
    'SELECT * FROM registry_image WHERE repository = ? AND digest > ? ORDER BY digest LIMIT ?',
  );
  const addImage = sql.prepare('INSERT INTO registry_image VALUES (?, ?, ?, ?, ?, ?, NULL) ON CONFLICT DO NOTHING');
  const addReference = sql.prepare('INSERT INTO registry_reference VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const pulled = sql.prepare('UPDATE registry_image SET pulled = ? WHERE repository = ? AND digest = ?');
  const tag = sql.prepare('SELECT digest FROM registry_tag WHERE repository = ? AND tag = ?');
  const tagsOf = sql.prepare('SELECT tag FROM registry_tag WHERE repository = ? AND digest = ? ORDER BY tag');
  const tags = sql.prepare('SELECT tag FROM registry_tag WHERE repository = ? AND tag > ? ORDER BY tag LIMIT ?');
  const setTag = sql.prepare(
    'INSERT INTO registry_tag VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET digest = excluded.digest',
  );
  const removeTag = sql.prepare('DELETE FROM registry_tag WHERE repository = ? AND tag = ?');
  const referrers = sql.prepare('SELECT image FROM registry_reference WHERE repository = ? AND digest = ?');
  const references = sql.prepare('SELECT digest FROM registry_reference WHERE repository = ? AND image = ?');
  const looseBlobs = sql.prepare(
    'SELECT repository, digest FROM registry_blob WHERE NOT EXISTS (SELECT 1 FROM registry_reference WHERE registry_reference.repository = registry_blob.repository AND registry_reference.digest = registry_blob.digest)',
  );
  const setSubject = sql.prepare('INSERT INTO registry_subject VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const referrersOf = sql.prepare(
    'SELECT image FROM registry_subject WHERE repository = ? AND subject = ? ORDER BY image',
  );
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
  const column = (rows: readonly unknown[], name: string) => rows.map((row) => (row as Record<string, string>)[name]!);
  return {
    repositories: (after, count) => column(repositories.all(after, count), 'name'),
    hasBlob: (repository, digest) => blob.get(repository, digest) !== undefined,
    addBlob: (repository, digest) => void addBlob.run(repository, digest),
    removeBlob: (repository, digest) => void removeBlob.run(repository, digest),
    image: (repository, digest) => image.get(repository, digest) as ImageRow | undefined,
    images: (repository, after, count) => images.all(repository, after, count) as unknown as readonly ImageRow[],
    addImage(repository, { digest, media_type, artifact_type, bytes, pushed }, named) {
      addImage.run(repository, digest, media_type, artifact_type, bytes, pushed);
      for (const reference of named) addReference.run(repository, digest, reference);
    },
    removeImage(repository, digest) {
      for (const removal of removals) removal.run(digest, repository);
    },
    markPulled: (repository, digest, at) => void pulled.run(at, repository, digest),
    digestOfTag: (repository, name) => (tag.get(repository, name) as { digest: string } | undefined)?.digest,
    tagsOf: (repository, digest) => column(tagsOf.all(repository, digest), 'tag'),
    tags: (repository, after, count) => column(tags.all(repository, after, count), 'tag'),
    setTag: (repository, name, digest) => void setTag.run(repository, name, digest),
    removeTag: (repository, name) => void removeTag.run(repository, name),
    looseBlobs: () => looseBlobs.all() as unknown as readonly { repository: string; digest: string }[],
    setSubject: (repository, name, subject) => void setSubject.run(repository, subject, name),
    referrersOf: (repository, subject) => column(referrersOf.all(repository, subject), 'image'),
    referrers: (repository, digest) => column(referrers.all(repository, digest), 'image'),
    references: (repository, name) => column(references.all(repository, name), 'digest'),
    removeRepository(repository) {
      const all = column(contents.all(repository), 'digest');
      for (const statement of clear) statement.run(repository);
      return all;
    },
    isUsed: (digest) => isUsed.get(digest) !== undefined,
  };
}
