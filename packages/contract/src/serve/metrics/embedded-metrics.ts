/**
 * Metrics as one line of the log from which CloudWatch makes metrics (Embedded Metric Format): the way to alarms for a
 * container without network. Counts are those since the line before, and the one dimension is the algorithm.
 * Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format".
 */
import type { ContainerMetrics } from './container-metrics.js';
import { ABORTED, BUCKET_SECONDS, type RouteCounts } from './request-counts.js';

/** A line as an object. @template M what it says besides */
export interface EmbeddedMetrics {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly [
      {
        readonly Namespace: string;
        readonly Dimensions: readonly [readonly ['Algorithm']];
        readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
      },
    ];
  };
  readonly Algorithm: string;
  readonly [metric: string]: unknown;
}

/** What has been counted up to a moment. */
export interface Totals {
  readonly requests: number;
  readonly clientErrors: number;
  readonly serverErrors: number;
  readonly aborted: number;
  readonly rows: number;
  readonly seconds: number;
  readonly buckets: readonly number[];
}

export const NO_TOTALS: Totals = {
  requests: 0,
  clientErrors: 0,
  serverErrors: 0,
  aborted: 0,
  rows: 0,
  seconds: 0,
  buckets: [],
};

/** Of the routes that predict: pings are no business of an alarm on errors. */
export function totalsOf({ counts }: Pick<ContainerMetrics, 'counts'>): Totals {
  const routes = counts.routes().filter(({ latency }) => latency);
  const sum = (of: (route: RouteCounts) => number) => routes.reduce((total, route) => total + of(route), 0);
  const within = (from: number, to: number) => sum(({ statuses }) => statuses.subarray(from, to).reduce(add, 0));
  return {
    requests: within(ABORTED, 600),
    clientErrors: within(400, 500),
    serverErrors: within(500, 600),
    aborted: within(ABORTED, ABORTED + 1),
    rows: counts.rows,
    seconds: sum(({ latency }) => latency!.seconds),
    buckets: [...BUCKET_SECONDS.keys(), BUCKET_SECONDS.length].map((index) =>
      sum(({ latency }) => latency!.buckets[index]!),
    ),
  };
}

/** @param before the totals of the line before. @param timestamp milliseconds since 1970 */
export function embeddedMetrics(
  metrics: ContainerMetrics,
  before: Totals,
  namespace: string,
  timestamp: number,
): EmbeddedMetrics {
  const totals = totalsOf(metrics);
  const since = (of: (totals: Totals) => number) => of(totals) - of(before);
  const buckets = totals.buckets.map((count, index) => count - (before.buckets[index] ?? 0));
  const answers = buckets.reduce(add, 0);
  const values: readonly (readonly [name: string, unit: string, value: number])[] = [
    ['Requests', 'Count', since(({ requests }) => requests)],
    ['ClientErrors', 'Count', since(({ clientErrors }) => clientErrors)],
    ['ServerErrors', 'Count', since(({ serverErrors }) => serverErrors)],
    ['Aborted', 'Count', since(({ aborted }) => aborted)],
    ['Rows', 'Count', since(({ rows }) => rows)],
    ...(answers === 0
      ? []
      : latencies(
          buckets,
          answers,
          since(({ seconds }) => seconds),
        )),
    ['QueueLength', 'Count', metrics.queueLength],
    ['RequestsInFlight', 'Count', metrics.inFlight],
    ['Workers', 'Count', metrics.workers],
    ['ResidentMemory', 'Bytes', metrics.residentBytes],
    ['EventLoopDelay', 'Seconds', metrics.loopDelay.max],
    ...(metrics.modelLoadSeconds === undefined ? [] : [['ModelLoad', 'Seconds', metrics.modelLoadSeconds] as const]),
  ];
  const Metrics = values.map(([Name, Unit]) => ({ Name, Unit }));
  return {
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [['Algorithm']], Metrics }],
    },
    Algorithm: metrics.algorithm.name,
    ...Object.fromEntries(values.map(([name, _, value]) => [name, value])),
  };
}

// --- internal ---

/** The 99th percentile as the bound of its bucket, which is all that is known of it. */
function latencies(buckets: readonly number[], answers: number, seconds: number) {
  let below = 0;
  const bucket = buckets.findIndex((count) => {
    below += count;
    return below >= 0.99 * answers;
  });
  return [
    ['LatencyMean', 'Seconds', seconds / answers],
    ['LatencyP99', 'Seconds', BUCKET_SECONDS[bucket] ?? BUCKET_SECONDS.at(-1)!],
  ] as const;
}

function add(a: number, b: number): number {
  return a + b;
}
