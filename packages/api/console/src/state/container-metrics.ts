/** What a page shows of a container's metrics: their last values, and charts of how they came about. */
import type { ContainerMetrics } from '../../../src/console/answers.js';
import { formatBytes, formatNumber, formatSeconds } from '../text/format.js';

type Reading = ContainerMetrics['readings'][number];
type Bucket = Reading['histograms'][string][number];

export interface TimeChart {
  readonly title: string;
  /** Of the values, in seconds since 1970. */
  readonly times: readonly number[];
  /** Null where there is none. */
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

/** Older ones are dropped, as the server does. */
const MAX_READINGS = 240;
const MAX_CHARTS = 8;
const PERCENTILES = [50, 90, 99] as const;

/** Those that are known and those that came; a container that is no longer there goes. */
export function addReadings(
  known: readonly ContainerMetrics[],
  fresh: readonly ContainerMetrics[],
): readonly ContainerMetrics[] {
  return fresh.map((one) => {
    const before = known.find(({ variant, container }) => variant === one.variant && container === one.container);
    return { ...one, readings: [...(before?.readings ?? []), ...one.readings].slice(-MAX_READINGS) };
  });
}

/** The time of the last reading; 0 for none. */
export function lastTime(containers: readonly ContainerMetrics[]): number {
  return Math.max(0, ...containers.map(({ readings }) => readings.at(-1)?.at ?? 0));
}

/** The last values as title and text: percentiles of all requests since the server began, then the others. */
export function tilesOf(readings: readonly Reading[]): readonly (readonly [title: string, text: string])[] {
  const last = readings.at(-1);
  if (!last) return [];
  const percentiles = Object.entries(last.histograms).flatMap(([name, buckets]) =>
    PERCENTILES.flatMap((percent) => {
      const value = percentileOf(buckets, percent);
      return value === undefined ? [] : [[`${titleOf(name)}, p${percent}`, textOf(name, value)] as const];
    }),
  );
  const values = Object.entries(last.values).flatMap(([key, value]) => {
    const { name, status } = partsOf(key);
    if (HIDDEN.has(name)) return [];
    return [[status === undefined ? titleOf(name) : `${titleOf(name)}, ${status}`, textOf(name, value)] as const];
  });
  return [...percentiles, ...values];
}

/** Rates of counters, percentiles of histograms between two readings, and gauges. None before there are two readings. */
export function timeChartsOf(readings: readonly Reading[]): readonly TimeChart[] {
  const last = readings.at(-1);
  if (!last || readings.length < 2) return [];
  const keys = Object.keys(last.values).filter((key) => !HIDDEN.has(partsOf(key).name));
  const groups = Map.groupBy(keys, (key) => chartOf(partsOf(key).name));
  const ofValues = [...groups].flatMap(([title, members]) =>
    title === undefined ? [] : [valueChart(title, members, readings)],
  );
  const ofHistograms = Object.keys(last.histograms).map((name) => percentileChart(name, readings));
  return [...ofHistograms, ...ofValues].slice(0, MAX_CHARTS);
}

/**
 * The value that so many percent of the counted ones are up to, taken as evenly spread in each bucket, as PromQL's
 * histogram_quantile does; above the last bound, that bound. Undefined where nothing was counted.
 */
export function percentileOf(buckets: readonly Bucket[], percent: number): number | undefined {
  const total = buckets.at(-1)?.[1] ?? 0;
  if (!(total > 0)) return undefined;
  const rank = (total * percent) / 100;
  const found = buckets.findIndex(([, count]) => count >= rank);
  const [bound, count] = buckets[found]!;
  const [below, countBelow] = found === 0 ? [0, 0] : buckets[found - 1]!;
  if (bound === null || below === null) return found === 0 || below === null ? undefined : below;
  if (found === 0 && bound <= 0) return bound;
  return below + ((bound - below) * (rank - countBelow)) / (count - countBelow);
}

// --- internal ---

/** Titles of the metrics that the containers of this repository have, and of which chart those are a line that have one. */
const KNOWN: Readonly<Record<string, { readonly title: string; readonly chart?: string | undefined }>> = {
  algo_requests_total: { title: 'Requests', chart: 'Requests per second' },
  algo_request_duration_seconds: { title: 'Latency' },
  algo_rows_total: { title: 'Rows', chart: 'Rows per second' },
  algo_queue_length: { title: 'Queue', chart: 'Requests that wait or are worked at' },
  algo_requests_in_flight: { title: 'In flight', chart: 'Requests that wait or are worked at' },
  algo_workers: { title: 'Workers' },
  algo_workers_ended_total: { title: 'Workers ended' },
  algo_model_load_seconds: { title: 'Model load' },
  process_resident_memory_bytes: { title: 'Memory', chart: 'Memory, MB' },
  algo_memory_limit_bytes: { title: 'Memory limit' },
  algo_event_loop_delay_mean_seconds: { title: 'Event loop delay, mean' },
  algo_event_loop_delay_max_seconds: { title: 'Event loop delay, max' },
};
/** What says nothing as a number. */
const HIDDEN: ReadonlySet<string> = new Set(['algo_info', 'process_start_time_seconds']);

function known(name: string) {
  return Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
}

function titleOf(name: string): string {
  return known(name)?.title ?? name;
}

/** The title of the chart that a metric's values are in; undefined for none. */
function chartOf(name: string): string | undefined {
  const { title, chart } = known(name) ?? {};
  if (title !== undefined) return chart;
  if (isCounter(name)) return `${name} per second`;
  return name.endsWith('_bytes') ? `${name}, MB` : name;
}

/** A key of a reading: the metric, and the status that its samples have. */
function partsOf(key: string): { readonly name: string; readonly status: string | undefined } {
  const at = key.indexOf(' ');
  return at < 0 ? { name: key, status: undefined } : { name: key.slice(0, at), status: key.slice(at + 1) };
}

function isCounter(name: string): boolean {
  return name.endsWith('_total');
}

function textOf(name: string, value: number): string {
  if (name.endsWith('_bytes')) return formatBytes(value);
  return name.endsWith('_seconds') ? formatSeconds(value) : formatNumber(value);
}

function valueChart(title: string, keys: readonly string[], readings: readonly Reading[]): TimeChart {
  const isRate = isCounter(partsOf(keys[0]!).name);
  const shown = isRate ? readings.slice(1) : readings;
  const series = keys.map((key) => {
    const { name, status } = partsOf(key);
    const scale = name.endsWith('_bytes') ? 1e6 : 1;
    const values = shown.map((reading, i) =>
      isRate ? rateOf(readings[i]!, reading, key) : numberIn(reading, key, null, scale),
    );
    return { name: status ?? titleOf(name), values };
  });
  return { title, times: timesOf(shown), series };
}

function numberIn<T>(reading: Reading, key: string, missing: T, scale = 1): number | T {
  return Object.hasOwn(reading.values, key) ? reading.values[key]! / scale : missing;
}

/** Per second. A counter that is less than before began again at 0, with its server. */
function rateOf(before: Reading, reading: Reading, key: string): number {
  const [from, to] = [numberIn(before, key, 0), numberIn(reading, key, 0)];
  return ((to >= from ? to - from : to) * 1000) / Math.max(1, reading.at - before.at);
}

function percentileChart(name: string, readings: readonly Reading[]): TimeChart {
  const [scale, unit] = name.endsWith('_seconds') ? [1000, ', ms'] : [1, ''];
  const between = readings.slice(1).map((reading, i) => countedBetween(readings[i]!, reading, name));
  return {
    title: `${titleOf(name)}${unit}`,
    times: timesOf(readings.slice(1)),
    series: PERCENTILES.map((percent) => ({
      name: `p${percent}`,
      values: between.map((buckets) => {
        const value = percentileOf(buckets, percent);
        return value === undefined ? null : value * scale;
      }),
    })),
  };
}

function countedBetween(before: Reading, reading: Reading, name: string): readonly Bucket[] {
  const [from, to] = [before, reading].map(({ histograms }) =>
    Object.hasOwn(histograms, name) ? histograms[name]! : [],
  ) as [readonly Bucket[], readonly Bucket[]];
  const hasBegunAgain = (to.at(-1)?.[1] ?? 0) < (from.at(-1)?.[1] ?? 0);
  if (hasBegunAgain) return to;
  const counts = new Map(from);
  return to.map(([bound, count]) => [bound, count - (counts.get(bound) ?? 0)]);
}

function timesOf(readings: readonly Reading[]): number[] {
  return readings.map(({ at }) => at / 1000);
}
