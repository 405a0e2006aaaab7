/** The resources in the database: one record each, which holds what Describe answers. */
import type { Changes } from './changes.js';
import type { Database } from './database.js';
import type { RecordRow, StoredRecord } from './record.js';
import { createRecordCache } from './record-cache.js';
import { type ListQuery, openPages, type Page } from './record-pages.js';

export interface Records {
  /** False, and nothing changed, when there is one of that kind and name. */
  insert(record: StoredRecord<object>): boolean;
  find<Body>(kind: string, name: string): StoredRecord<Body> | undefined;
  findByArn(arn: string): StoredRecord<unknown> | undefined;
  /** Replaces status, modification time and body. */
  update(record: StoredRecord<object>): void;
  /** False when there was none. */
  remove(kind: string, name: string): boolean;
  list<Body>(query: ListQuery): Page<StoredRecord<Body>>;
  /** All of a kind, oldest first. */
  all<Body>(kind: string): readonly StoredRecord<Body>[];
  /** How many of one status have a value at a JSON path of their body. */
  count(kind: string, status: string, path: string, value: string): number;
  /** All of one status, oldest first. */
  ofStatus<Body>(kind: string, status: string): readonly StoredRecord<Body>[];
}

export function openRecords({ sql }: Database, changes: Changes): Records {
  const insert = sql.prepare('INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const update = sql.prepare('UPDATE record SET status = ?, modified = ?, body = ? WHERE kind = ? AND name = ?');
  const find = sql.prepare('SELECT * FROM record WHERE kind = ? AND name = ?');
  const findByArn = sql.prepare('SELECT * FROM record WHERE arn = ?');
  const remove = sql.prepare('DELETE FROM record WHERE kind = ? AND name = ?');
  const ofStatus = sql.prepare('SELECT * FROM record WHERE kind = ? AND status = ? ORDER BY created, name');
  const count = sql.prepare(
    'SELECT count(*) AS count FROM record WHERE kind = ? AND status = ? AND json_extract(body, ?) = ?',
  );
  const all = sql.prepare('SELECT * FROM record WHERE kind = ? ORDER BY created, name');
  const selectPage = openPages(sql);
  const cache = createRecordCache();
  const change = (kind: string, name: string) => {
    cache.drop(kind, name);
    changes.note({ what: 'record', group: kind, name });
  };
  const findCached = <Body>(kind: string, name: string): StoredRecord<Body> | undefined => {
    const known = cache.get(kind, name);
    if (known !== undefined) return known as StoredRecord<Body>;
    const record = read<Body>(find.get(kind, name));
    // What is read in a transaction may be a change that is taken back.
    if (record !== undefined && !sql.isTransaction) cache.keep(record);
    return record;
  };
  return {
    insert({ kind, name, arn, status, created, modified, body }) {
      change(kind, name);
      return insert.run(kind, name, arn, status, created, modified, JSON.stringify(body)).changes === 1;
    },
    find: findCached,
    findByArn: (arn) => read(findByArn.get(arn)),
    update({ kind, name, status, modified, body }) {
      change(kind, name);
      update.run(status, modified, JSON.stringify(body), kind, name);
    },
    remove(kind, name) {
      change(kind, name);
      return remove.run(kind, name).changes === 1;
    },
    list: <Body>(query: ListQuery) => {
      const { items, nextToken } = selectPage(query);
      const page = items.map((name) => findCached<Body>(query.kind, name)!);
      return nextToken === undefined ? { items: page } : { items: page, nextToken };
    },
    all: <Body>(kind: string) => all.all(kind).map((row) => read<Body>(row)!),
    count: (kind, status, path, value) => (count.get(kind, status, path, value) as { count: number }).count,
    ofStatus: <Body>(kind: string, status: string) => ofStatus.all(kind, status).map((row) => read<Body>(row)!),
  };
}

// --- internal ---

function read<Body>(row: unknown): StoredRecord<Body> | undefined {
  if (row === undefined) return undefined;
  const record = row as RecordRow;
  return { ...record, body: JSON.parse(record.body) as Body };
}
