/**
 * A process that has the model and accepts connections next to the first one: what costs little is answered here, so that
 * small requests have as many processors as the container. All others go to the first process with their connection. It is
 * a worker (worker.ts) that gets the listening socket in place of tasks.
 */
import { Server, type Socket } from 'node:net';
import type { Log } from '../../log.js';
import { createDirectConnections } from '../direct/connections.js';
import { errorAnswer } from '../message.js';
import { createRequestCounts } from '../metrics/request-counts.js';
import type { LoadedModel } from '../model-loading.js';
import { createRequestLog } from '../request-log.js';
import { keepYoungGenerationSmall } from '../young-generation.js';
import type { DoorLimits, DoorReport, DoorTask } from './door-message.js';

/** Waits for the listening socket; without it nothing happens. */
export function waitForDoor(model: Pick<LoadedModel, 'invokeIfCheap'>, log: Log): void {
  let door: Door | undefined;
  process.on('message', (task: DoorTask, socket: unknown) => {
    if (task.kind === 'open' && socket instanceof Server) door = openDoor(socket, model, task.limits, log);
    else if (task.kind === 'available') door?.setAvailable(task.isAvailable);
    else if (task.kind === 'drain') door?.drain();
  });
}

// --- internal ---

interface Door {
  setAvailable(isAvailable: boolean): void;
  drain(): void;
}

/** How long counts may be here only. */
const COUNTS_MS = 200;

function openDoor(
  server: Server,
  model: Pick<LoadedModel, 'invokeIfCheap'>,
  { maxBytes, ...limits }: DoorLimits,
  log: Log,
): Door {
  keepYoungGenerationSmall();
  const counts = createRequestCounts();
  let isAvailable = true;
  let countsTimer: NodeJS.Timeout | undefined;
  let isDraining = false;

  const sendCounts = () => {
    clearTimeout(countsTimer);
    countsTimer = undefined;
    report({ kind: 'counts', counts: counts.take() });
  };
  const count: typeof counts.count = (path, status, milliseconds, rows) => {
    countsTimer ??= setTimeout(sendCounts, COUNTS_MS);
    counts.count(path, status, milliseconds, rows);
  };
  const handOver = (socket: Socket, unread: Buffer) =>
    send({ kind: 'connection', unread: withBuffered(socket, unread) }, socket);
  // The first process has logged that the container is well.
  const { direct: logRequest } = createRequestLog(log, { count }, new Map([['/ping', 200]]));
  const connections = createDirectConnections({
    service: {
      unavailable: () => (isAvailable ? undefined : UNAVAILABLE),
      isAlive: () => true, // this process can
      invokeNow: model.invokeIfCheap,
    },
    maxBytes,
    limits,
    handOver,
    refuse: handOver, // that nothing more comes is seen there, too
    report: logRequest,
    onUnread: () => log.info(`POST response aborted: the client read none of it for ${limits.unreadMs / 1000} s`),
    onEmpty: () => {
      if (!isDraining) return;
      sendCounts();
      report({ kind: 'drained' });
    },
  });
  server.on('error', ignore).on('connection', (socket: Socket) => {
    socket.allowHalfOpen = true;
    socket.setNoDelay(true);
    connections.take(socket);
  });
  return {
    setAvailable(value) {
      isAvailable = value;
    },
    drain() {
      isDraining = true;
      server.close();
      connections.drain();
    },
  };
}

/** Only that it is one counts: it is never sent. */
const UNAVAILABLE = errorAnswer(new Error('unavailable'), 503);

/** Stops reading, so that all that comes from now on is read by whoever gets the connection. */
function withBuffered(socket: Socket, unread: Buffer): string {
  // There is no other way: `pause` reads on into the stream's own buffer, which does not travel.
  (socket as Socket & { readonly _handle?: { readStop(): void } | null })._handle?.readStop();
  const buffered: Buffer | null = socket.read();
  return (buffered ? Buffer.concat([unread, buffered]) : unread).toString('base64');
}

function send(message: DoorReport, socket: Socket): void {
  process.send?.(message, socket, undefined, ignore);
}

function report(message: DoorReport): void {
  process.send?.(message, undefined, undefined, ignore);
}

/** Without its channel this process ends. */
function ignore(): void {}
