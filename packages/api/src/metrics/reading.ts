/** One reading of a container's /metrics in few numbers: the sum of each metric's samples, and histograms by their buckets. */
import type { Sample } from './prometheus-samples.js';

export interface Reading {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** By metric; one whose samples have a `status` has a value for each, such as `requests_total 200`. */
  readonly values: Readonly<Record<string, number>>;
  readonly histograms: Readonly<Record<string, readonly Bucket[]>>;
}

/** How many values are up to a bound, in the order of bounds; the last bound is null, which is above all. */
export type Bucket = readonly [bound: number | null, count: number];

/** Of one reading, of each kind; others are left out. */
const MAX_METRICS = 100;
const MAX_BUCKETS = 100;

/** @returns undefined where the page has no metrics */
export function readingOf(samples: readonly Sample[], at: number): Reading | undefined {
  const values = new Map<string, number>();
  const histograms = new Map<string, Map<number, number>>();
  for (const { name, labels, value } of samples) {
    if ('quantile' in labels) continue; // the sum of medians is no median
    const { le, status } = labels;
    const of = le === undefined ? undefined : /^(.+)_bucket$/.exec(name)?.[1];
    if (le === undefined) addTo(values, status === undefined ? name : `${name} ${status}`, value, MAX_METRICS);
    else if (of !== undefined) addBucket(histograms, of, le, value);
  }
  for (const name of histograms.keys()) for (const part of ['sum', 'count']) values.delete(`${name}_${part}`);
  if (values.size + histograms.size === 0) return undefined;
  return {
    at,
    values: Object.fromEntries(values),
    histograms: Object.fromEntries([...histograms].map(([name, counts]) => [name, bucketsOf(counts)])),
  };
}

// --- internal ---

function addTo<K>(counts: Map<K, number>, key: K, value: number, limit: number): void {
  const before = counts.get(key);
  if (before === undefined && counts.size >= limit) return;
  counts.set(key, (before ?? 0) + value);
}

function addBucket(histograms: Map<string, Map<number, number>>, name: string, le: string, count: number): void {
  const bound = /^\+?inf$/i.test(le) ? Number.POSITIVE_INFINITY : Number(le);
  if (Number.isNaN(bound) || (!histograms.has(name) && histograms.size >= MAX_METRICS)) return;
  const counts = histograms.get(name) ?? new Map<number, number>();
  histograms.set(name, counts);
  addTo(counts, bound, count, MAX_BUCKETS);
}

function bucketsOf(counts: ReadonlyMap<number, number>): Bucket[] {
  const sorted = [...counts].toSorted(([a], [b]) => a - b);
  return sorted.map(([bound, count]) => [Number.isFinite(bound) ? bound : null, count]);
}
