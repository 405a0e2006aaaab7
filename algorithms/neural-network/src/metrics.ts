/** The metrics that a job may report, as SageMaker gets to know them. */
import type { MetricDefinition, MetricsWriter } from '@algo/contract';
import { metricsOf, NETWORK_METRICS } from './evaluation/index.js';
import type { Hyperparameters } from './hyperparameters/index.js';
import type { HistoryEntry } from './job/history.js';

const CHANNELS = { train: 'Training data.', validation: 'Validation data.' } as const;

/** Every job reports the loss; the other metrics depend on the task. */
export const METRICS: Readonly<Record<string, MetricDefinition>> = Object.fromEntries(
  Object.entries(CHANNELS).flatMap(([channel, rows]) =>
    NETWORK_METRICS.map(({ name, goal, description }) => [
      `${channel}:${name}`,
      { goal, description: `${description}. ${rows}`, optional: name !== 'loss' },
    ]),
  ),
);

/** The metrics of a job: those of its task for each channel that it has. */
export function metricsOfJob({ objective }: Hyperparameters, channels: readonly string[]): readonly string[] {
  const measured = Object.keys(CHANNELS).filter((channel) => channels.includes(channel));
  return measured.flatMap((channel) => metricsOf(objective).map((name) => `${channel}:${name}`));
}

/** Prints the metrics of an epoch on one line. */
export function writeMetrics(metrics: MetricsWriter, entry: HistoryEntry): void {
  const isDeclared = ([name]: readonly [string, number]) => Object.hasOwn(METRICS, name);
  const pairs = Object.entries(entry);
  metrics.write(
    Object.fromEntries(pairs.filter(isDeclared)),
    Object.fromEntries(pairs.filter((pair) => !isDeclared(pair))),
  );
}
