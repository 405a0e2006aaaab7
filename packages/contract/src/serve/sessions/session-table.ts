/**
 * The sessions of a container, in the process that owns the sockets: which worker has the state of which, and until
 * when. A session ends with its time, with its worker, or when it is closed.
 */
import { randomUUID } from 'node:crypto';
import type { WorkerProcess } from '../worker-process.js';
import type { SessionRules } from './session-rules.js';

export interface SessionEntry {
  readonly id: string;
  /** Milliseconds since 1970, in whole seconds, as the answer says. */
  readonly expiresAt: number;
  /** The process that has its state; undefined until its first request has one. */
  worker: Pick<WorkerProcess, 'isReady'> | undefined;
}

export interface SessionTable {
  /** A new session; undefined when there are as many as there may be. */
  open(): SessionEntry | undefined;
  /** The session, if it has not ended. */
  find(id: string): SessionEntry | undefined;
  close(id: string): void;
}

/** @param now milliseconds since 1970; tests hand in theirs */
export function createSessionTable({ maxCount, lifeMs }: SessionRules, now: () => number = Date.now): SessionTable {
  const entries = new Map<string, SessionEntry>();
  const hasEnded = ({ worker, expiresAt }: SessionEntry) => expiresAt <= now() || worker?.isReady === false;
  const removeEnded = () => {
    for (const entry of entries.values()) if (hasEnded(entry)) entries.delete(entry.id);
  };
  return {
    open() {
      if (entries.size >= maxCount) removeEnded();
      if (entries.size >= maxCount) return undefined;
      const entry: SessionEntry = {
        id: randomUUID(),
        expiresAt: Math.floor((now() + lifeMs) / 1000) * 1000,
        worker: undefined,
      };
      entries.set(entry.id, entry);
      return entry;
    },
    find(id) {
      const entry = entries.get(id);
      if (!entry || !hasEnded(entry)) return entry;
      entries.delete(id);
      return undefined;
    },
    close: (id) => void entries.delete(id),
  };
}
