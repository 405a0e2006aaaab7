/**
 * News of training jobs for whoever waits for it: which job has ended or written a metric. It comes after the transaction
 * that records it, and several pieces of news about a job may come as one.
 */

export interface TrainingJobWatch {
  /** Call it in or after the transaction that has the news: what is written later is other news. */
  changed(name: string): void;
  /** Calls back for every job that has changed. */
  onChange(listener: (name: string) => void): void;
}

/** What comes within this time is one piece of news. */
const DELAY_MS = 25;

export function createTrainingJobWatch(): TrainingJobWatch {
  const listeners: ((name: string) => void)[] = [];
  const changed = new Set<string>();
  let isWaiting = false;
  const announce = () => {
    isWaiting = false;
    const names = [...changed];
    changed.clear();
    for (const name of names) for (const listener of listeners) listener(name);
  };
  return {
    changed(name) {
      changed.add(name);
      if (isWaiting) return;
      isWaiting = true;
      setTimeout(announce, DELAY_MS).unref();
    },
    onChange: (listener) => void listeners.push(listener),
  };
}
