/**
 * Signals that came before the program was there to handle them. An algorithm's bundle takes a moment to be evaluated,
 * and process 1 of a container has no default handlers: a SIGTERM in that moment would be lost. So the entry of the
 * bundle installs handlers first, which put the names of signals into a list under a global symbol.
 */
import type { StopName } from './stop.js';

/** Where the entry leaves the list; packages/build/entry.js spells it the same way. */
const LIST = Symbol.for('@algo/contract early signals');

/** Names of the signals that have come so far, in order. */
export function earlySignals(): StopName[] {
  const list: unknown = Reflect.get(globalThis, LIST);
  return Array.isArray(list) ? list.filter((name) => name === 'SIGTERM' || name === 'SIGINT') : [];
}
