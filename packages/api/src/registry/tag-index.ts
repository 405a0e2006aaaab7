/** Tags of the registry's images, in the database. */
import type { DatabaseSync } from 'node:sqlite';
import { columnOf } from './columns.js';

export interface TagIndex {
  digestOfTag(repository: string, tag: string): string | undefined;
  tagsOf(repository: string, digest: string): readonly string[];
  /** In their order, up to `count` after `after`. */
  tags(repository: string, after: string, count: number): readonly string[];
  setTag(repository: string, tag: string, digest: string): void;
  removeTag(repository: string, tag: string): void;
}

export function openTagIndex(sql: DatabaseSync): TagIndex {
  const set = sql.prepare(
    'INSERT INTO registry_tag VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET digest = excluded.digest',
  );
  const remove = sql.prepare('DELETE FROM registry_tag WHERE repository = ? AND tag = ?');
  const find = sql.prepare('SELECT digest FROM registry_tag WHERE repository = ? AND tag = ?');
  const ofImage = sql.prepare('SELECT tag FROM registry_tag WHERE repository = ? AND digest = ? ORDER BY tag');
  const page = sql.prepare('SELECT tag FROM registry_tag WHERE repository = ? AND tag > ? ORDER BY tag LIMIT ?');
  return {
    digestOfTag: (repository, tag) => (find.get(repository, tag) as { digest: string } | undefined)?.digest,
    tagsOf: (repository, digest) => columnOf(ofImage.all(repository, digest), 'tag'),
    tags: (repository, after, count) => columnOf(page.all(repository, after, count), 'tag'),
    setTag: (repository, tag, digest) => void set.run(repository, tag, digest),
    removeTag: (repository, tag) => void remove.run(repository, tag),
  };
}
