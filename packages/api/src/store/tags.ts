/** Tags of resources, by ARN, in the order of their keys. */
import type { Database } from './database.js';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface Tags {
  /** Sets these, and leaves others. */
  set(arn: string, tags: readonly Tag[]): void;
  remove(arn: string, keys: readonly string[]): void;
  removeAll(arn: string): void;
  of(arn: string): readonly Tag[];
}

/**
 * Keys of a request: each once, and none with the prefix that AWS keeps for the tags of its services, in letters of either
 * case.
 * @param refuse makes the service's error of a sentence
 */
export function checkTagKeys(tags: readonly Pick<Tag, 'Key'>[], refuse: (message: string) => Error): void {
  if (tags.some(({ Key }) => /^aws:/i.test(Key))) {
    throw refuse('aws: prefixed tag key names are not allowed for external use.');
  }
  const keys = new Set<string>();
  for (const { Key } of tags) {
    if (keys.has(Key)) throw refuse(`Duplicate tag key: each must be given once; "${Key}" is given twice.`);
    keys.add(Key);
  }
}

export function openTags({ sql }: Database): Tags {
  const set = sql.prepare('INSERT INTO tag VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
  const remove = sql.prepare('DELETE FROM tag WHERE arn = ? AND key = ?');
  const removeAll = sql.prepare('DELETE FROM tag WHERE arn = ?');
  const of = sql.prepare('SELECT key AS Key, value AS Value FROM tag WHERE arn = ? ORDER BY key');
  return {
    set(arn, tags) {
      for (const { Key, Value } of tags) set.run(arn, Key, Value);
    },
    remove(arn, keys) {
      for (const key of keys) remove.run(arn, key);
    },
    removeAll: (arn) => void removeAll.run(arn),
    of: (arn) => of.all(arn).map((row) => ({ ...row }) as unknown as Tag),
  };
}
