/** Reads what a resource has printed since the last time, and where the whole log can be saved. */
import type { OutputPage } from '../../../src/console/answers.js';
import type { LogPlace } from '../state/kinds.js';
import { NO_OUTPUT } from '../state/output.js';
import type { Store } from '../state/store.js';

/** Resources that are being read; true: there is more since it began. */
const reading = new Map<string, boolean>();

/** Until there is no more. One reader per resource at a time: another call makes it read once more. */
export async function readOutput(store: Store, key: string, place: LogPlace): Promise<void> {
  if (reading.has(key)) {
    reading.set(key, true);
    return;
  }
  try {
    do {
      reading.set(key, false);
      await readAll(store, key, place);
    } while (reading.get(key));
  } finally {
    reading.delete(key);
  }
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
