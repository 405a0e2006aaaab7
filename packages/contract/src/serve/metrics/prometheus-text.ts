/**
 * Metrics in Prometheus's text format, version 0.0.4: per metric its HELP and TYPE, then its samples together.
 * Names have units as suffixes, counters end in `_total`. Source: Prometheus documentation, "Exposition formats" and
 * "Metric and label naming".
 */
import type { ContainerMetrics } from './container-metrics.js';
import { ABORTED, BUCKET_SECONDS, type LatencyCounts, type RouteCounts } from './request-counts.js';

export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The page that a scraper gets. */
export function prometheusText(metrics: ContainerMetrics): string {
  const { algorithm, counts, loopDelay, modelLoadSeconds } = metrics;
  const routes = counts.routes();
  const labels = { algorithm: algorithm.name, version: algorithm.version, node: process.version };
  return [
    metric('algo_info', 'gauge', 'The algorithm that answers.', [sample('algo_info', labels, 1)]),
    metric('algo_requests_total', 'counter', 'Requests by route and status.', routes.flatMap(requestSamples)),
    metric(
      'algo_request_duration_seconds',
      'histogram',
      'Time from the head of a request to its answer.',
      routes.flatMap(durationSamples),
    ),
    counter('algo_rows_total', 'Rows predicted.', counts.rows),
    gauge('algo_queue_length', 'Requests that wait for a worker.', metrics.queueLength),
    gauge('algo_requests_in_flight', 'Requests that workers are at.', metrics.inFlight),
    gauge('algo_workers', 'Worker processes that can answer.', metrics.workers),
    counter('algo_workers_ended_total', 'Worker processes that ended and were replaced.', metrics.endedWorkers),
    modelLoadSeconds === undefined
      ? ''
      : gauge('algo_model_load_seconds', 'Time from the start of loading to readiness.', modelLoadSeconds),
    gauge('process_resident_memory_bytes', 'Resident memory of all processes.', metrics.residentBytes),
    gauge('algo_memory_limit_bytes', 'Memory that the container may use.', metrics.memoryLimitBytes),
    gauge(
      'algo_event_loop_delay_mean_seconds',
      'Mean delay of the event loop that accepts connections, since the last reading.',
      loopDelay.mean,
    ),
    gauge('algo_event_loop_delay_max_seconds', 'Largest such delay.', loopDelay.max),
  ].join('');
}

// --- internal ---

type Labels = Readonly<Record<string, string>>;

function metric(name: string, type: string, help: string, samples: readonly string[]): string {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples, ''].join('\n');
}

function gauge(name: string, help: string, value: number): string {
  return metric(name, 'gauge', help, [sample(name, {}, value)]);
}

function counter(name: string, help: string, value: number): string {
  return metric(name, 'counter', help, [sample(name, {}, value)]);
}

function requestSamples({ route, statuses }: RouteCounts): string[] {
  return [...statuses.entries()].flatMap(([status, count]) => {
    const labels = { route, status: status === ABORTED ? 'aborted' : String(status) };
    return count > 0 ? [sample('algo_requests_total', labels, count)] : [];
  });
}

/** Buckets are cumulative, and the last one holds all. */
function durationSamples({ route, latency }: RouteCounts): string[] {
  if (!latency) return [];
  const { buckets, seconds }: LatencyCounts = latency;
  const bounds = [...BUCKET_SECONDS.map(String), '+Inf'];
  let answers = 0;
  const samples = bounds.map((le, index) => {
    answers += buckets[index]!;
    return sample('algo_request_duration_seconds_bucket', { route, le }, answers);
  });
  return [
    ...samples,
    sample('algo_request_duration_seconds_sum', { route }, seconds),
    sample('algo_request_duration_seconds_count', { route }, answers),
  ];
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
