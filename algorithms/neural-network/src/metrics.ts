/** The metrics that a job may report, as declared to SageMaker. */
import type { MetricDefinition } from '@algo/contract';
import { metricsOf, NETWORK_METRICS } from './evaluation/index.js';
import type { Hyperparameters } from './hyperparameters/index.js';

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
