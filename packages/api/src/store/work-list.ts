/**
 * The work that has been asked for and has not ended. A unit is marked as started in the same transaction in which its
 * resource says so, before anything runs: after a crash what is marked has failed, if a program of it was started, and all
 * else starts then. So no job runs twice and none is lost.
 */
import type { Database } from './database.js';

export interface WorkUnit {
  readonly kind: string;
  readonly name: string;
}

/** As the key of a map. */
export function keyOf({ kind, name }: WorkUnit): string {
  return `${kind}/${name}`;
}

export interface WorkList {
  add(unit: WorkUnit): void;
  /** False when it is not there, or has been started: then it must not run. */
  markStarted(unit: WorkUnit): boolean;
  /** Back to its place among those that wait. */
  unmark(unit: WorkUnit): void;
  remove(unit: WorkUnit): void;
  /** Of these kinds, in the order of their requests, up to `count`. */
  waiting(kinds: readonly string[], count: number): readonly WorkUnit[];
  /** What ran of these kinds when the last process ended; of a process that has just begun. */
  started(kinds: readonly string[]): readonly WorkUnit[];
}

export function openWorkList({ sql }: Database): WorkList {
  const add = sql.prepare('INSERT INTO work (kind, name) VALUES (?, ?)');
  const mark = sql.prepare('UPDATE work SET started = ? WHERE kind = ? AND name = ? AND started IS NULL');
  const unmark = sql.prepare('UPDATE work SET started = NULL WHERE kind = ? AND name = ?');
  const remove = sql.prepare('DELETE FROM work WHERE kind = ? AND name = ?');
  const ofKinds = 'kind IN (SELECT value FROM json_each(?))';
  const waiting = sql.prepare(`SELECT kind, name FROM work WHERE started IS NULL AND ${ofKinds} ORDER BY id LIMIT ?`);
  const started = sql.prepare(`SELECT kind, name FROM work WHERE started IS NOT NULL AND ${ofKinds} ORDER BY id`);
  return {
    add: ({ kind, name }) => void add.run(kind, name),
    markStarted: ({ kind, name }) => mark.run(Date.now() / 1000, kind, name).changes === 1,
    unmark: ({ kind, name }) => void unmark.run(kind, name),
    remove: ({ kind, name }) => void remove.run(kind, name),
    waiting: (kinds, count) => waiting.all(JSON.stringify(kinds), count) as unknown as readonly WorkUnit[],
    started: (kinds) => started.all(JSON.stringify(kinds)) as unknown as readonly WorkUnit[],
  };
}
