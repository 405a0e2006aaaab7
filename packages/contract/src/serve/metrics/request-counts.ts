/**
 * What one process counts of its requests: plain numbers in arrays, so that counting costs a request no memory. A route
 * is counted by its pattern and whatever is no route as `other`, so that no caller makes a series of its own.
 */
import { CONVERSATION_PATH } from '../conversation/path.js';
import { createPathTable } from '../path-table.js';

export interface RequestCounts {
  /**
   * Counts a request that is done with.
   * @param path as `pathOf` gives it
   * @param status of its answer; ABORTED where the caller has left before it
   */
  count(path: string, status: number, milliseconds: number, rows: number): void;
  /** Routes in a fixed order, those that were asked for only. */
  routes(): readonly RouteCounts[];
  /** Rows predicted. */
  readonly rows: number;
  /** All that was counted since the last time, for another process; it is counted here no more. */
  take(): CountsTaken;
  add(counts: CountsTaken): void;
}

/** Counts on their way between processes. */
export interface CountsTaken {
  readonly rows: number;
  readonly routes: readonly {
    readonly route: string;
    /** Statuses that occurred, each with its count. */
    readonly statuses: readonly (readonly [status: number, count: number])[];
    readonly seconds: number;
    readonly buckets: readonly number[];
  }[];
}

/** The status of a request without answer. */
export const ABORTED = 0;

export interface RouteCounts {
  readonly route: string;
  /** Requests by status; the index is the status. */
  readonly statuses: Float64Array;
  /** Of a route that predicts. */
  readonly latency: LatencyCounts | undefined;
}

/** Answers by the time they took. */
export interface LatencyCounts {
  /** For each of BUCKET_SECONDS the answers that took at most so long and longer than the one before; last, longer than all. */
  readonly buckets: Float64Array;
  /** Of all together. */
  seconds: number;
}

/** Upper bounds, from a linear model to the platform's 60 s. */
export const BUCKET_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

/** What is counted apart; the routes that predict have a histogram, too. */
const MODEL_INVOCATIONS = '/models/{name}/invoke';
const ROUTES: readonly string[] = [
  ...['/ping', '/invocations', '/execution-parameters', '/metrics', CONVERSATION_PATH],
  ...['/models', '/models/{name}', MODEL_INVOCATIONS],
];
const PREDICTING: ReadonlySet<string> = new Set(['/invocations', MODEL_INVOCATIONS]);
const OTHER = 'other';

export function createRequestCounts(): RequestCounts {
  const counts = [...ROUTES, OTHER].map(routeCounts);
  const other = counts.at(-1)!;
  const find = createPathTable(new Map(counts.map((route) => [route.route, route])));
  let predicted = 0;
  return {
    count(path, status, milliseconds, rows) {
      const { statuses, latency } = find(path)?.value ?? other;
      statuses[status] = (statuses[status] ?? 0) + 1;
      predicted += rows;
      if (!latency || status === ABORTED) return;
      const seconds = milliseconds / 1000;
      latency.seconds += seconds;
      let bucket = 0;
      while (bucket < BUCKET_SECONDS.length && seconds > BUCKET_SECONDS[bucket]!) bucket += 1;
      latency.buckets[bucket]! += 1;
    },
    routes: () => counts.filter(isUsed),
    get rows() {
      return predicted;
    },
    take() {
      const rows = predicted;
      predicted = 0;
      return { rows, routes: counts.filter(isUsed).map(takeRoute) };
    },
    add({ rows, routes }) {
      predicted += rows;
      for (const taken of routes) {
        const { statuses, latency } = find(taken.route)?.value ?? other;
        for (const [status, count] of taken.statuses) statuses[status]! += count;
        if (!latency) continue;
        latency.seconds += taken.seconds;
        for (const [i, count] of taken.buckets.entries()) latency.buckets[i]! += count;
      }
    },
  };
}

// --- internal ---

const STATUSES = 600;

function isUsed({ statuses }: RouteCounts): boolean {
  return statuses.some((count) => count > 0);
}

function takeRoute({ route, statuses, latency }: RouteCounts): CountsTaken['routes'][number] {
  const taken = {
    route,
    statuses: [...statuses.entries()].filter(([, count]) => count > 0),
    seconds: latency?.seconds ?? 0,
    buckets: [...(latency?.buckets ?? [])],
  };
  statuses.fill(0);
  latency?.buckets.fill(0);
  if (latency) latency.seconds = 0;
  return taken;
}

function routeCounts(route: string): RouteCounts {
  const latency = PREDICTING.has(route)
    ? { buckets: new Float64Array(BUCKET_SECONDS.length + 1), seconds: 0 }
    : undefined;
  return { route, statuses: new Float64Array(STATUSES), latency };
}
