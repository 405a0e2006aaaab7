/** What a container shows of itself: the page that is scraped, and lines in the log where these are asked for. */
import type { Log } from '../../log.js';
import { createMetricsReader, type MetricsSources } from './container-metrics.js';
import { embeddedMetrics, NO_TOTALS, totalsOf } from './embedded-metrics.js';
import { prometheusText } from './prometheus-text.js';

export interface Observation {
  /** The page. */
  text(): string;
  /** Writes what no line has yet. */
  stop(): void;
}

export interface ObservationOptions extends MetricsSources {
  readonly log: Log;
  /** In CloudWatch; undefined: no lines. */
  readonly namespace: string | undefined;
}

/** As often as the platform scrapes by default. */
const LINE_MS = 60_000;

export function observe({ log, namespace, ...sources }: ObservationOptions): Observation {
  const page = createMetricsReader(sources);
  const lines = namespace === undefined ? undefined : writeLines(sources, log, namespace);
  return {
    text: () => prometheusText(page.read()),
    stop() {
      page.stop();
      lines?.stop();
    },
  };
}

// --- internal ---

function writeLines(sources: MetricsSources, log: Log, namespace: string): { stop(): void } {
  const reader = createMetricsReader(sources);
  let totals = NO_TOTALS;
  const write = () => {
    const metrics = reader.read();
    const line = embeddedMetrics(metrics, totals, namespace, Date.now());
    totals = totalsOf(metrics);
    if (log.facts) log.facts(line);
    else log.info(JSON.stringify(line));
  };
  const timer = setInterval(write, LINE_MS).unref();
  return {
    stop() {
      clearInterval(timer);
      write();
      reader.stop();
    },
  };
}
