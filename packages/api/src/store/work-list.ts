/**
 * The work that has been asked for and has not ended. A unit is marked as started in the same transaction in which its
 * resource says so, before anything runs: after a crash what is marked has failed, and what is not starts then. So no job
 * runs twice and none is lost.
 */
import type { Database } from './database.js';

export interface WorkUnit {
  readonly kind: string;
  readonly name: string;
}

export interface WorkList {
  add(unit: WorkUnit): void;
  /** False when it is not there, or has been started: then it must not run. */
  markStarted(unit: WorkUnit): boolean;
  remove(unit: WorkUnit): void;
  /** In the order of their requests, up to `count`. */
  waiting(count: number): readonly WorkUnit[];
  /** What ran when the last process ended; of a process that has just begun. */
  started(): readonly WorkUnit[];
}

export function openWorkList({ sql }: Database): WorkList {
  const add = sql.prepare('INSERT INTO work (kind, name) VALUES (?, ?)');
  const mark = sql.prepare('UPDATE work SET started = ? WHERE kind = ? AND name = ? AND started IS NULL');
  const remove = sql.prepare('DELETE FROM work WHERE kind = ? AND name = ?');
  const waiting = sql.prepare('SELECT kind, name FROM work WHERE started IS NULL ORDER BY id LIMIT ?');
  const started = sql.prepare('SELECT kind, name FROM work WHERE started IS NOT NULL ORDER BY id');
  return {
    add: ({ kind, name }) => void add.run(kind, name),
    markStarted: ({ kind, name }) => mark.run(Date.now() / 1000, kind, name).changes === 1,
    remove: ({ kind, name }) => void remove.run(kind, name),
    waiting: (count) => waiting.all(count) as unknown as readonly WorkUnit[],
    started: () => started.all() as unknown as readonly WorkUnit[],
  };
}
