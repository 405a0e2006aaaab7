/** What the manifests of the registry's images name, in the database: their contents, and the image they are about. */
import type { DatabaseSync } from 'node:sqlite';
import { columnOf } from './columns.js';

export interface ReferenceIndex {
  addReference(repository: string, image: string, digest: string): void;
  /** Images of the repository whose manifests name this content. */
  referrers(repository: string, digest: string): readonly string[];
  /** Contents that an image names. */
  references(repository: string, image: string): readonly string[];
  setSubject(repository: string, image: string, subject: string): void;
  /** Images whose subject this one is, in the order of their digests. */
  referrersOf(repository: string, subject: string): readonly string[];
}

export function openReferenceIndex(sql: DatabaseSync): ReferenceIndex {
  const add = sql.prepare('INSERT INTO registry_reference VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const setSubject = sql.prepare('INSERT INTO registry_subject VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const ofSubject = sql.prepare(
    'SELECT image FROM registry_subject WHERE repository = ? AND subject = ? ORDER BY image',
  );
  const referrers = sql.prepare('SELECT image FROM registry_reference WHERE repository = ? AND digest = ?');
  const references = sql.prepare('SELECT digest FROM registry_reference WHERE repository = ? AND image = ?');
  return {
    addReference: (repository, image, digest) => void add.run(repository, image, digest),
    referrers: (repository, digest) => columnOf(referrers.all(repository, digest), 'image'),
    references: (repository, image) => columnOf(references.all(repository, image), 'digest'),
    setSubject: (repository, image, subject) => void setSubject.run(repository, subject, image),
    referrersOf: (repository, subject) => columnOf(ofSubject.all(repository, subject), 'image'),
  };
}
