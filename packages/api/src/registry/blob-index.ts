/** Contents of the registry's repositories, in the database. */
import type { DatabaseSync } from 'node:sqlite';

export interface BlobIndex {
  hasBlob(repository: string, digest: string): boolean;
  addBlob(repository: string, digest: string): void;
  removeBlob(repository: string, digest: string): void;
  /** Contents that no image of their repository names. */
  looseBlobs(): readonly { readonly repository: string; readonly digest: string }[];
}

export function openBlobIndex(sql: DatabaseSync): BlobIndex {
  const find = sql.prepare('SELECT 1 FROM registry_blob WHERE repository = ? AND digest = ?');
  const add = sql.prepare('INSERT INTO registry_blob VALUES (?, ?) ON CONFLICT DO NOTHING');
  const remove = sql.prepare('DELETE FROM registry_blob WHERE repository = ? AND digest = ?');
  const loose = sql.prepare(
    'SELECT repository, digest FROM registry_blob WHERE NOT EXISTS (SELECT 1 FROM registry_reference WHERE registry_reference.repository = registry_blob.repository AND registry_reference.digest = registry_blob.digest)',
  );
  return {
    hasBlob: (repository, digest) => find.get(repository, digest) !== undefined,
    addBlob: (repository, digest) => void add.run(repository, digest),
    removeBlob: (repository, digest) => void remove.run(repository, digest),
    looseBlobs: () => loose.all() as unknown as readonly { repository: string; digest: string }[],
  };
}
