/**
 * Detailed observability: a container's /metrics is read every 60 s, or as often as its model or configuration says. The
 * platform keeps the samples in a store for PromQL, which is not here; GetMetricData shows them in a namespace of its own.
 * Sources: API MetricsConfig, ContainerMetricsConfig.
 */
import type { Metric, MetricValue } from '../../metrics/metric-store.js';
import { prometheusSamples, type Sample } from '../../metrics/prometheus-samples.js';
import { readingOf } from '../../metrics/reading.js';
import type { ContainerDefinition } from '../models/shapes.js';
import { keepReadings, type Readings } from './readings.js';
import type { EndpointConfigMembers } from './shapes.js';

const SCRAPED_NAMESPACE = 'local/ContainerMetrics';

export interface Scrape {
  readonly endpointName: string;
  readonly variantName: string;
  readonly path: string;
  readonly intervalMs: number;
  /** The server's address, while it is healthy. */
  url(): string | undefined;
  add(values: readonly (Metric & MetricValue)[]): void;
}

/** How a container is read; undefined where it is not. */
export function scrapeOf(
  { MetricsConfig }: Pick<EndpointConfigMembers, 'MetricsConfig'>,
  { ContainerMetricsConfig }: Pick<ContainerDefinition, 'ContainerMetricsConfig'>,
): Pick<Scrape, 'path' | 'intervalMs'> | undefined {
  if (MetricsConfig?.EnableDetailedObservability === false) return undefined;
  const [endpoint] = ContainerMetricsConfig?.MetricsEndpoints ?? [];
  const seconds =
    endpoint?.MetricPublishFrequencyInSeconds ?? MetricsConfig?.MetricPublishFrequencyInSeconds ?? DEFAULT_SECONDS;
  return { path: endpoint?.MetricsEndpointPath ?? '/metrics', intervalMs: seconds * 1000 };
}

/**
 * Reads again and again until the signal; a container without metrics, or without time for them, is left alone.
 * @returns what was read, and is read when somebody looks
 */
export function startScraping(scrape: Scrape, stop: AbortSignal): Readings {
  const look = async () => {
    const samples = await samplesNow(scrape, stop);
    return samples && readingOf(samples, Date.now());
  };
  const readings = keepReadings(look, scrape.intervalMs);
  const timer = setInterval(() => void readOnce(scrape, stop, readings), scrape.intervalMs).unref();
  stop.addEventListener('abort', () => clearInterval(timer), { once: true });
  return readings;
}

/** @returns how many values were added */
export async function readOnce(scrape: Scrape, stop?: AbortSignal, readings?: Readings): Promise<number> {
  const samples = await samplesNow(scrape, stop);
  if (!samples) return 0;
  const at = Date.now();
  const reading = readingOf(samples, at);
  if (reading) readings?.keep(reading);
  const values = valuesOf(scrape, samples, at / 1000);
  scrape.add(values);
  return values.length;
}

// --- internal ---

const DEFAULT_SECONDS = 60;
const TIMEOUT_MS = 10_000;
/** Of one metric, in the service's model. */
const MAX_DIMENSIONS = 30;

/** Undefined where there are none now; the next reading may succeed. */
async function samplesNow({ url, path }: Scrape, stop: AbortSignal | undefined): Promise<Sample[] | undefined> {
  const server = url();
  if (server === undefined) return undefined;
  try {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signal = stop ? AbortSignal.any([stop, timeout]) : timeout;
    const response = await fetch(`${server}${path}`, { signal });
    const text = await response.text();
    return response.ok ? prometheusSamples(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Without the buckets of histograms, of which each would be a metric. */
function valuesOf(
  { endpointName, variantName }: Scrape,
  samples: readonly Sample[],
  at: number,
): (Metric & MetricValue)[] {
  return samples.flatMap(({ name, labels, value }) => {
    if ('le' in labels) return [];
    const dimensions = Object.entries({ ...labels, EndpointName: endpointName, VariantName: variantName });
    if (dimensions.length > MAX_DIMENSIONS) return [];
    const sorted = dimensions.map(([Name, Value]) => ({ Name, Value })).toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
    return [{ namespace: SCRAPED_NAMESPACE, name, dimensions: sorted, at, value }];
  });
}
