/** The doors of a container as the first process sees them: how many, what they hand over, and their end. */
import { Socket } from 'node:net';
import type { Log } from '../../log.js';
import { CHEAP_BYTES } from '../invocation.js';
import type { RequestCounts } from '../metrics/request-counts.js';
import { fittingProcesses } from '../process-count.js';
import type { InferenceServer } from '../server.js';
import { SERVER_TIMEOUTS, type ServerTimeouts } from '../server-timeouts.js';
import { startWorkers } from '../worker-pool.js';
import { type StartWorker, startWorkerProcess, type WorkerProcess } from '../worker-process.js';
import type { DoorLimits, DoorReport, DoorTask } from './door-message.js';

export interface Doors {
  readonly pids: readonly number[];
  /** Starts as many, in a moment. */
  open(count: number): void;
  /** Whether the container can answer. */
  setAvailable(isAvailable: boolean): void;
  /** They accept no more and answer what has begun; settles when they have handed over all other connections. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

export interface DoorsOptions {
  readonly server: Pick<InferenceServer, 'listening' | 'handIn'>;
  readonly counts: Pick<RequestCounts, 'add'>;
  readonly limits: DoorLimits;
  readonly log: Log;
  readonly start?: StartWorker;
}

/** With more, the system wakes too many processes for each new connection, and no client sends as much. */
const MAX_DOORS = 7;

/**
 * How many doors there are next to the first process, so that small requests have a process for each worker.
 * @param processBytes resident bytes of one
 */
export function countDoors(workers: number, processBytes: number, limitBytes: number): number {
  const wanted = Math.min(workers - 1, MAX_DOORS);
  return Math.max(0, fittingProcesses(workers + wanted, processBytes, limitBytes) - workers);
}

/** @param maxBytes of a body, whoever reads it */
export function doorLimits(maxBytes: number, timeouts: Partial<ServerTimeouts> = {}): DoorLimits {
  const { keepAliveMs, headersMs, checkMs, unreadMs } = { ...SERVER_TIMEOUTS, ...timeouts };
  return { keepAliveMs, headersMs, checkMs, unreadMs, maxBytes: Math.min(CHEAP_BYTES, maxBytes) };
}

export function createDoors({ server, counts, limits, log, start = startWorkerProcess }: DoorsOptions): Doors {
  const open = new Set<WorkerProcess>();
  const draining = new Set<WorkerProcess>();
  const drained = Promise.withResolvers<void>();
  let isAvailable = true;
  let isDraining = false;
  const tell = ({ channel }: WorkerProcess, task: DoorTask) => channel?.send(task);
  const isDrained = (door: WorkerProcess) => {
    draining.delete(door);
    if (isDraining && draining.size === 0) drained.resolve();
  };
  const hear = (door: WorkerProcess, report: DoorReport, socket: unknown) => {
    if (report.kind === 'counts') counts.add(report.counts);
    else if (report.kind === 'drained') isDrained(door);
    // One that was closed on its way does not come.
    else if (socket instanceof Socket) server.handIn(socket, Buffer.from(report.unread, 'base64'));
  };
  const startDoor: StartWorker = () => {
    const door = start();
    door.channel?.on('message', (report: DoorReport, socket: unknown) => hear(door, report, socket));
    void door.ready.then((facts) => {
      if ('message' in facts || isDraining) return;
      open.add(door);
      door.channel?.send({ kind: 'open', limits } satisfies DoorTask, server.listening);
      tell(door, { kind: 'available', isAvailable });
    });
    void door.ended.then(() => {
      open.delete(door);
      isDrained(door);
    });
    return door;
  };
  const pool = startWorkers({ start: startDoor, log, onReady: () => {} });
  return {
    get pids() {
      return [...open].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    },
    open: pool.grow,
    setAvailable(value) {
      if (value === isAvailable) return;
      isAvailable = value;
      for (const door of open) tell(door, { kind: 'available', isAvailable });
    },
    drain() {
      isDraining = true;
      for (const door of open) {
        draining.add(door);
        tell(door, { kind: 'drain' });
      }
      if (draining.size === 0) drained.resolve();
      return drained.promise;
    },
    stop: pool.stop,
  };
}
