/**
 * The stream of server-sent events that keeps a page up to date without polling: first all resources, then those that
 * change, and the names of logs that have grown. Changes of a short while are sent together.
 */
import type { ServerResponse } from 'node:http';
import type { Change, Changes } from '../store/changes.js';
import type { Row, Rows } from './rows.js';

interface ChangeEvent {
  readonly rows: readonly Row[];
  readonly removed: readonly { readonly kind: string; readonly name: string }[];
  readonly logs: readonly { readonly group: string; readonly stream: string }[];
}

/** Between a change and its event: short for a reader, and a page draws no more than 20 times per second. */
const COLLECT_MS = 50;
/** A page that reads no more is cut off here; it comes back for a whole list. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** Sends events until the page leaves or `response` is ended. */
export function sendEvents(response: ServerResponse, rows: Rows, changes: Changes): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  send(response, 'snapshot', rows.all());
  let waiting = new Map<string, Change>();
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    const event = eventOf([...waiting.values()], rows);
    waiting = new Map();
    if (response.writableLength > MAX_WAITING_BYTES) response.destroy();
    else send(response, 'changes', event);
  };
  const unfollow = changes.follow((more) => {
    for (const change of more) waiting.set(`${change.what} ${change.group} ${change.name}`, change);
    timer ??= setTimeout(flush, COLLECT_MS);
  });
  const stop = () => {
    unfollow();
    clearTimeout(timer);
  };
  response.once('close', stop);
  response.once('finish', stop);
}

// --- internal ---

function eventOf(changes: readonly Change[], rows: Rows): ChangeEvent {
  const records = changes
    .filter(({ what }) => what === 'record')
    .map(({ group: kind, name }) => ({ kind, name, row: rows.one(kind, name) }));
  return {
    rows: records.flatMap(({ row }) => (row ? [row] : [])),
    removed: records.flatMap(({ kind, name, row }) => (row ? [] : [{ kind, name }])),
    logs: changes.filter(({ what }) => what === 'log').map(({ group, name }) => ({ group, stream: name })),
  };
}

function send(response: ServerResponse, event: string, data: unknown): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
