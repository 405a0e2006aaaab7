/**
 * The metrics that a job may report, as declared to SageMaker. The API accepts 40 definitions: all metrics of the
 * validation data, and the default metrics of the training data. Other metrics are only in the log.
 */
import type { MetricDefinition } from '@algo/contract';
import { METRIC_DESCRIPTIONS } from './evaluation/descriptions.js';
import type { Hyperparameters } from './hyperparameters/index.js';

/** Metrics of the training data that a tuning job or a graph may use. */
const TRAIN_METRICS: readonly string[] = ['rmse', 'logloss', 'mlogloss', 'auc'];

const ENTRIES = Object.entries(METRIC_DESCRIPTIONS);

export const METRICS: Readonly<Record<string, MetricDefinition>> = Object.fromEntries([
  ...ENTRIES.map(([name, { goal, description }]) => [
    `validation:${name}`,
    { goal, description: `${description} Validation data.`, optional: true },
  ]),
  ...ENTRIES.filter(([name]) => TRAIN_METRICS.includes(name)).map(([name, { goal, description }]) => [
    `train:${name}`,
    { goal, description: `${description} Training data.`, optional: true },
  ]),
]);

/** What a job may report: cross-validation makes the validation data of its own. */
export function metricsOfJob({ _kfold }: Hyperparameters, channels: readonly string[]): readonly string[] {
  const measured = ['train', ...(_kfold !== undefined || channels.includes('validation') ? ['validation'] : [])];
  return measured.flatMap((channel) => ENTRIES.map(([name]) => `${channel}:${name}`));
}
