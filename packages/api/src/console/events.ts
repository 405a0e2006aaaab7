/**
 * The stream of server-sent events that keeps a page up to date without polling: first all resources, then those that
 * change, and the names of logs that have grown. Changes of a short while are sent together.
 */
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Change, Changes } from '../store/changes.js';
import type { ChangeEvent } from './answers.js';
import type { Rows } from './rows.js';

/** Between a change and its event: short for a reader, and a page draws no more than 20 times per second. */
const COLLECT_MS = 50;
/** A page that reads no more is cut off here; it comes back for a whole list. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** Sends events until the page leaves or `response` is ended. */
export async function sendEvents(response: ServerResponse, rows: Rows, changes: Changes): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  let waiting = new Map<string, Change>();
  let timer: NodeJS.Timeout | undefined;
  let isFollowing = false;
  const flush = () => {
    timer = undefined;
    if (!isFollowing || waiting.size === 0) return;
    const noted = [...waiting.values()];
    waiting = new Map();
    try {
      const event = eventOf(noted, rows);
      if (response.writableLength > MAX_WAITING_BYTES) response.destroy();
      else response.write(`event: changes\ndata: ${JSON.stringify(event)}\n\n`);
    } catch {
      response.destroy(); // what changed cannot be read; the page comes back for a whole list
    }
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
  await sendSnapshot(response, rows);
  // What has changed since the snapshot began may be in it as it was before.
  isFollowing = true;
  if (!response.writableEnded) flush();
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

/** One event, written page by page, so that the server answers others meanwhile. */
async function sendSnapshot(response: ServerResponse, rows: Rows): Promise<void> {
  response.write('event: snapshot\ndata: [');
  let isFirst = true;
  for (const page of rows.pages()) {
    const text = JSON.stringify(page).slice(1, -1);
    if (text !== '') response.write(isFirst ? text : `,${text}`);
    isFirst &&= text === '';
    await nextTurn();
    if (response.writableEnded || response.destroyed) return;
  }
  response.write(']\n\n');
}
