/**
 * Says which resources and log streams have changed, to whoever follows them. A change is a hint to read again: it comes
 * after the event loop's turn, when a transaction that made it has ended, and once for all changes of the turn.
 */

export interface Change {
  /** A resource's kind, or the name of a log group. */
  readonly group: string;
  /** A resource's or a log stream's name. */
  readonly name: string;
  readonly what: 'record' | 'log';
}

export type OnChanges = (changes: readonly Change[]) => void;

export interface Changes {
  note(change: Change): void;
  /** @returns ends it */
  follow(listener: OnChanges): () => void;
}

export function createChanges(): Changes {
  const listeners = new Set<OnChanges>();
  let waiting = new Map<string, Change>();
  const publish = () => {
    const changes = [...waiting.values()];
    waiting = new Map();
    for (const listener of listeners) listener(changes);
  };
  return {
    note(change) {
      if (listeners.size === 0) return;
      if (waiting.size === 0) setImmediate(publish);
      waiting.set(`${change.what} ${change.group} ${change.name}`, change);
    },
    follow(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
