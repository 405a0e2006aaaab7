/** What a page about one resource follows: its row, its description, its output. */
import { useEffect } from 'preact/hooks';
import { callSageMaker, messageOf } from '../api/aws.js';
import { readOutput } from '../api/output.js';
import { infoOf, type Kind } from './kinds.js';
import { NO_OUTPUT } from './output.js';
import { type Detail, findRow, identifierOf, keyOf, type Output, type Row } from './state.js';
import { usePart, useStore } from './store.js';

export function useRow(kind: Kind, name: string): Row | undefined {
  return usePart((state) => findRow(state, kind, name));
}

/** Described when the page opens, and again each time it has changed. */
export function useDetail(kind: Kind, name: string): Detail | undefined {
  const store = useStore();
  const row = useRow(kind, name);
  const version = row === undefined ? undefined : `${row.modified} ${row.status} ${row.phase}`;
  // Not all that is used is named: the version says that there is something new
  useEffect(() => {
    if (row === undefined) return;
    const { operation, nameMember } = infoOf(kind);
    const put = (detail: Detail) => store.dispatch({ type: 'detail', kind, name, detail });
    callSageMaker(`Describe${operation}`, { [nameMember]: identifierOf(row) }).then(
      (members) => put({ status: 'ready', members }),
      (error) => put({ status: 'failed', message: messageOf(error) }),
    );
  }, [kind, name, version]);
  return usePart((state) => state.details[keyOf(kind, name)]);
}

/** Read when the page opens, and again each time there is more. */
export function useOutput(kind: Kind, name: string): Output {
  const store = useStore();
  const key = keyOf(kind, name);
  const place = infoOf(kind).logPlace?.(name);
  const version = usePart((state) => {
    if (!place) return '';
    const start = `${place.group} ${place.stream}`;
    const grown = Object.entries(state.logVersions).filter(([stream]) => stream.startsWith(start));
    return grown.map(([, count]) => count).join();
  });
  const isLive = usePart(({ connection }) => connection === 'live');
  // Not all that is used is named: the version says that there is something new
  useEffect(() => {
    // A server that does not answer is shown as such; the output is read again when it does.
    if (place && isLive) readOutput(store, key, place).catch(() => undefined);
  }, [key, version, isLive]);
  return usePart((state) => state.outputs[key]) ?? NO_OUTPUT;
}
