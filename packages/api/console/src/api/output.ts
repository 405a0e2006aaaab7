/** Reads what a resource has printed since the last time, and where the whole log can be saved. */
import type { LogPlace } from '../state/kinds.js';
import { NO_OUTPUT, type OutputPage } from '../state/output.js';
import type { Store } from '../state/store.js';

const reading = new Map<string, Promise<void>>();

/** Until there is no more. One reader per resource at a time. */
export function readOutput(store: Store, key: string, place: LogPlace): Promise<void> {
  const running = reading.get(key);
  if (running) return running.then(() => readOutput(store, key, place));
  const run = readAll(store, key, place).finally(() => reading.delete(key));
  reading.set(key, run);
  return run;
}

export function logAddress({ group, stream }: LogPlace): string {
  return `/_console/log.txt?${new URLSearchParams({ group, stream })}`;
}

// --- internal ---

async function readAll(store: Store, key: string, { group, stream, resource }: LogPlace): Promise<void> {
  for (;;) {
    const { lastLine, lastValue } = store.get().outputs[key] ?? NO_OUTPUT;
    const query = new URLSearchParams({ group, stream, resource, line: `${lastLine}`, value: `${lastValue}` });
    const response = await fetch(`/_console/output?${query}`);
    if (!response.ok) return;
    const page = (await response.json()) as OutputPage;
    store.dispatch({ type: 'output', key, page });
    if (!page.hasMore) return;
  }
}
