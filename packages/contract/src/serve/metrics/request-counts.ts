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
const ROUTES: readonly string[] = ['/ping', '/invocations', '/execution-parameters', '/metrics', CONVERSATION_PATH];
const PREDICTING: ReadonlySet<string> = new Set(['/invocations']);
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
    routes: () => counts.filter(({ statuses }) => statuses.some((count) => count > 0)),
    get rows() {
      return predicted;
    },
  };
}

// --- internal ---

const STATUSES = 600;

function routeCounts(route: string): RouteCounts {
  const latency = PREDICTING.has(route)
    ? { buckets: new Float64Array(BUCKET_SECONDS.length + 1), seconds: 0 }
    : undefined;
  return { route, statuses: new Float64Array(STATUSES), latency };
}
